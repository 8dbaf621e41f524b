// Package ruleset makes of the texts of rules what a scan asks them: Sigma rules and
// correlations that are compiled (package sigma), with their tideline: blocks (package
// block), the conditions of their scores and the value lists of the user.
//
//	rules := ruleset.New(texts, ruleset.Options{})
//	for _, p := range rules.Refused() { ... }   // the others are used
//
// A Ruleset does not change, but for what Views keeps, and all goroutines of a scan share
// it. Rules are known by their index in Set while a scan lasts, and by their key (Key) in
// hits, reports and states. Package sigma knows nothing of ours; what rules mean for hits,
// findings and scores is here.
//
//	ruleset.go parse.go  texts become rules, on all processors
//	key.go label.go      what they are called by, and what findings say of them
//	hits.go made.go      what is asked of a rule for each hit, and what its hits are made of
//	adjust.go lists.go   the conditions of score adjustments, and value lists
//	join.go              what correlations may group by beside the fields of rules
//	views.go             the rules for the events of one format
//	tests.go             the tests in the rules
package ruleset
