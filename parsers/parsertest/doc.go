// Package parsertest is the conformance suite that every log format passes.
//
// A format's own tests say what its events mean. This suite says what all
// formats owe the scanner whatever their events mean, in the manner of
// testing/slogtest: every check has a name and a sentence that explains the
// rule that was broken.
//
//	func TestConformance(t *testing.T) {
//		parsertest.Run(t, Format,
//			parsertest.Case{Name: "list-secrets", Input: line + "\n"},
//			parsertest.Case{Name: "pretty", Records: []string{"{\n \"a\": 1\n}"}},
//		)
//	}
//
// # Where things are
//
//	run.go checks.go damage.go            the suite: its checks, and those of damaged input
//	case.go decode.go render.go           an input, what it is decoded to, and how that is printed
//	lines.go alike.go fuzz.go             what tests of a format use besides
//	shared.go                             where real logs lie, if they are here
//
// The suite cuts records itself, in the simplest way that can be right: lines
// without their ending, or the records a case lists. Cutting streams of any
// layout is the business of the reader in package formats, and is tested there.
package parsertest
