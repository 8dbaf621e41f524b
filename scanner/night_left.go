package scanner

import (
	"fmt"
	"io"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/livelog"
	"tideline/scanner/state"
)

// codeLeft is the note on a line that is left for the next run.
const codeLeft = "line.left"

// leftFor is how many bytes at the end of f, which is size bytes long, a night leaves to
// the next one: an unfinished line, which is read with its end then. What was left before
// and has not changed since is read as it is: nobody goes on writing it. start
// is where reading begins; from is the source that f has grown from, if any.
func leftFor(f io.ReaderAt, start, size int64, from *state.Source) int64 {
	if from != nil && from.Left > 0 && from.Size+from.Left == size {
		return 0
	}
	left := livelog.Left(f, start, size)
	if from != nil && size-left < from.Length {
		return 0 // a part of it was read already
	}
	return left
}

// noteLeft says in the entry of a log what was left of it.
func noteLeft(e *finding.Entry, left, end int64) {
	if left == 0 {
		return
	}
	r := remarks{e.Notes}
	r.add(finding.Remark{Code: codeLeft, Pos: parsers.Pos{Offset: end}, Count: 1,
		Reason: fmt.Sprintf("%d bytes of an unfinished line at its end were left for the next run", left)})
	r.sort()
	e.Notes = r.list
}
