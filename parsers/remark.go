package parsers

import (
	"errors"
	"fmt"
)

// A Remark explains bytes that did not become events. A note is bytes that
// carry no event (padding, a byte order mark, the brackets of an array) or an
// explained loss at the source; a gap is bytes that may hold evidence and were
// not understood. Only a gap makes a scan incomplete.
type Remark struct {
	Code   string `json:"code"` // stable, "line.truncated_tail"
	Gap    bool   `json:"-"`
	Pos    Pos    `json:"pos"`            // of the first occurrence
	Bytes  int64  `json:"bytes"`          // decompressed bytes it accounts for; 0 if they are counted as events
	Count  int64  `json:"count"`          // occurrences; 0 means 1
	Reason string `json:"reason"`         // what and why, for a person; quoted input capped and neutralised
	Lift   string `json:"lift,omitempty"` // what would make it readable
}

// ErrForeign is returned by Decoder.Decode for a record that belongs to
// another format.
var ErrForeign = errors.New("parsers: record of another format")

// A RecordError says that a record is unusable, wholly or past its head. It
// never ends a stream.
type RecordError struct {
	Code   string // of the Remark it becomes
	Note   bool   // a note instead of a gap: nothing that could be evidence was lost
	Kept   bool   // events were emitted from the record nevertheless
	Reason string
	Lift   string // optional: what would make it readable
	Err    error  // optional cause
}

// Error gives the code and the reason, without the position, which the reader
// that knows it adds.
func (e *RecordError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Reason, e.Err)
	}
	return e.Code + ": " + e.Reason
}

// Unwrap returns the cause.
func (e *RecordError) Unwrap() error { return e.Err }
