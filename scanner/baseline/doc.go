// Package baseline knows the habits of principals: what they do, to what, with
// which program and from where. What a principal never did before is worth more
// attention than what it does every day.
//
// A Habit is deliberately coarse (a class of verbs, the name of a program
// without its version, a network instead of an address), so that an upgrade or
// a new replica is no news, and a baseline of a year stays small. It holds no
// name of an object, no command and nothing of a record: there is no secret in
// it.
//
// Baselines are sums, minima and maxima: merging is associative and
// commutative, and learning from two halves of the evidence is learning from
// all of it. The file form is versioned JSON, sorted, so that the same habits
// give the same bytes.
//
// An Index answers what is new. It is made of a whole baseline, or of the log
// that is judged: what lies before an act, but for the last quarter of it, and
// no more than the first week, is the baseline of the act. So what is said of
// an act depends on nothing that comes after it, and holds from night to night.
package baseline
