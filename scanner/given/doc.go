// Package given says which credentials an event gave away, as its hit tells it: by what the
// rule says in exposes (package block), the outcome, and what the log says beside.
//
// Of does so for one of the credentials of a rule. Refine then calls all of one hit as every
// log does, so that a credential is one on the rotation list, however it was named.
//
//	given.go  what a rule says was given away, and with what certainty
//	names.go  what it is called: what a list was narrowed to and brought, pods, files, accounts
package given
