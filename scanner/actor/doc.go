// Package actor makes the accounts of who did what, and gathers the rotation list.
//
//	book := actor.NewBook(rules, labels)
//	book.Logins = ...
//	book.Add(finding, &actor.Credit{...}) // each, once it is scored and given to its actor
//	actors, err := book.List(ctx)         // highest score first
//
// Of each finding a Book keeps a credit, which goes to temporary runs when there are many
// (package spill), and actors are made one after the other when all are there. Those of
// highest score have their stories whole; of the others Overflow and Shortened say how many
// have less. What comes out does not depend on the order in which findings came.
//
//	book.go   findings become credits, and credits accounts
//	list.go   the actors that there is room for
//	story.go  what one actor did, a step for each act
package actor
