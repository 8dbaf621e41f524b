package scanner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/state"
)

// codeLeft is the note on a line that is left for the next run.
const codeLeft = "line.left"

// leftWindow is how long an unfinished line may be at most to be left.
const leftWindow = 4 << 20

// leftFor is how many bytes at the end of f, which is size bytes long, are an
// unfinished line: whoever writes the log has not come to its end. A night
// leaves it to the next one, which reads it with its end. What was left before
// and has not changed since is read as it is: nobody goes on writing it. start
// is where reading begins; from is the source that f has grown from, if any.
func leftFor(f io.ReaderAt, start, size int64, from *state.Source) int64 {
	if from != nil && from.Left > 0 && from.Size+from.Left == size {
		return 0
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, size-1); err != nil || last[0] == '\n' {
		return 0
	}
	window := make([]byte, min(size-start, leftWindow))
	if _, err := f.ReadAt(window, size-int64(len(window))); err != nil {
		return 0 // reading it says why
	}
	end := bytes.LastIndexByte(window, '\n')
	if end < 0 && int64(len(window)) < size-start || !unfinished(window[end+1:]) {
		return 0
	}
	left := int64(len(window) - end - 1)
	if from != nil && size-left < from.Length {
		return 0 // a part of it was read already
	}
	return left
}

// unfinished reports whether a line without a newline behind it is cut. One
// that is whole as it stands is not: many files end without a newline.
func unfinished(line []byte) bool {
	line = bytes.TrimRight(line, "\x00\r ")
	if len(line) == 0 {
		return false
	}
	if line[0] == '{' || line[0] == '[' {
		return !json.Valid(line)
	}
	l, ok := cutLineOf(line)
	switch {
	case !ok:
		return true
	case l.kind == bySerial: // a record is text="quoted" and msg='quoted'
		return bytes.Count(line, []byte{'"'})%2 == 1 || bytes.Count(line, []byte{'\''})%2 == 1
	}
	return false
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
