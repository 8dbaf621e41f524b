// Package overview says what a report says besides its findings, from what is known when all
// of them are made: which rules could have fired and what could not be seen (Coverage), the
// findings that stand first (Top), and in a few sentences what a tired person needs first
// (Verdict).
//
// All of it is in words for a reader, who has no other page at hand, and depends on what it is
// given alone.
//
//	verdict.go    the sentences at the head
//	top.go        the findings of highest score
//	coverage.go   which rules could have fired, and why others could not
//	blind.go      what that means a reader could not see, in words
//	persource.go  the same for each kind of source, and for one log of several
package overview
