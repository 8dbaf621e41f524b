// Package ledger gathers what the ledger says of sources while they are read: its notes and
// gaps, how far the rules reached, and what stands for members that there is no room for.
// An entry itself is a word of the domain: finding.Entry.
//
// All of it is made of sums and sets, so that a source which several goroutines read, or that
// was cut, is told of as one that was read in one piece. One goroutine uses each at a time.
//
//	remarks.go   notes and gaps, one for each code
//	reach.go     which details events had, which rules matched, and lists that entries share
//	unlisted.go  the members of one input that are told of together
//	copies.go    sources with the same bytes as another
package ledger
