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
	line := lastLine(f, start, size)
	if !unfinished(line) {
		return 0
	}
	return int64(len(line))
}

// LeftUncut is Left of a log in which there is no place to cut, and of which there is a
// line before: one of any shape of which each line is, or ends in, an object, as shippers
// write them; or one of auditd, which has but one event as yet.
func LeftUncut(f io.ReaderAt, size int64) int64 {
	head := make([]byte, min(size, headWindow))
	if _, err := f.ReadAt(head, 0); err != nil || bytes.ContainsFunc(head, isControl) {
		return 0 // it is compressed, an archive, or UTF-16
	}
	line := lastLine(f, 0, size)
	if len(line) == 0 || int64(len(line)) == size {
		return 0
	}
	if object := bytes.IndexByte(line[:min(len(line), headWindow)], '{'); object >= 0 {
		if areValues(line[object:]) {
			return 0
		}
		return int64(len(line))
	}
	before, ok := cutLineOf(lastLine(f, 0, size-int64(len(line))-1))
	if !ok || before.kind != bySerial || !unfinished(line) {
		return 0
	}
	return int64(len(line))
}

// headWindow is how much of a log tells that it is text, and of a line what it ends in.
const headWindow = 512

func isControl(c rune) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\x1b' }

// lastLine is what stands behind the last newline of f; nothing if that is not known.
func lastLine(f io.ReaderAt, start, size int64) []byte {
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, size-1); err != nil || last[0] == '\n' {
		return nil
	}
	window := make([]byte, min(size-start, leftWindow))
	if _, err := f.ReadAt(window, size-int64(len(window))); err != nil {
		return nil // reading it says why
	}
	end := bytes.LastIndexByte(window, '\n')
	if end < 0 && int64(len(window)) < size-start {
		return nil
	}
	return window[end+1:]
}

// unfinished reports whether a line without a newline behind it is cut. One
// that is whole as it stands is not: many files end without a newline.
func unfinished(line []byte) bool {
	line = bytes.TrimRight(line, "\x00\r ")
	if len(line) == 0 {
		return false
	}
	if line[0] == '{' || line[0] == '[' {
		return !areValues(line)
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

// areValues reports whether a text is values of JSON, one behind the other.
func areValues(text []byte) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err == io.EOF
		}
	}
}
