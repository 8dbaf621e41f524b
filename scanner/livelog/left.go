package livelog

import (
	"bytes"
	"encoding/json"
	"io"
)

// leftWindow is how long an unfinished line may be at most to be told from a long one.
const leftWindow = 4 << 20

// Left is how many bytes at the end of f, which is size bytes long and of which a line
// begins at start, are an unfinished line: whoever writes the log has not come to its
// end.
func Left(f io.ReaderAt, start, size int64) int64 {
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
	return int64(len(window) - end - 1)
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
