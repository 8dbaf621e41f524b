// Package frame cuts a decompressed stream into records.
//
// # What a record is
//
// A record is a line, or a JSON value of any layout. Which of the two is decided
// from the bytes, record by record, because files are joined, cut and mixed:
//
//   - one JSON object a line (the fast path: no byte-level walk),
//   - objects printed over many lines, one after another, or joined without
//     anything between them, or each behind 0x1E (RFC 7464),
//   - the members of a top-level array, also where they are strings that begin like
//     records,
//   - the members of the array inside a wrapper object, such as
//     {"kind":"EventList","items":[...]} or {"hits":{"hits":[...]}}: the bytes
//     of the wrapper up to the bracket are the Context of each member,
//   - the rows of a CSV file with a header, whose quoted fields may hold
//     newlines: the header is the Context of each row; and those of one without,
//     whose first cells hold records,
//   - the documents of a YAML stream of log entries,
//   - everything else: lines, ended by LF, CRLF, or CR alone where a stream
//     has no LF.
//
// A UTF-8 byte order mark is taken off; UTF-16 is transcoded, and positions then
// count bytes of the UTF-8 text, while sizes still count bytes as read.
//
// # Where things are
//
//	frame.go step.go lines.go             the pieces of a stream, one after the other
//	buffer.go refill.go utf16.go          what of it is in memory, as UTF-8
//	walk.go value.go wrapper.go           where a JSON value ends; arrays and wrappers around records
//	rows.go docs.go                       rows of CSV, documents of YAML
//	damage.go lost.go                     values that are torn, and the next one in the same line
//	fold.go foldkeep.go                   values that are too long
//
// # Damage
//
// No damage ends a stream. A value that cannot be one any more (a raw newline in
// a string, a bracket that closes another, two values side by side) is broken
// where that shows; what stands before is handed on as a record with Cut set, and
// cutting resumes at the line that broke it or at the next beginning of a record
// within the line. A run of NULs ends a record. A record above the limit is handed
// on as its head, the rest is skipped to the end of the value or line and said as
// a gap; of an object, members behind the head are handed on as far as there is room
// (see fold). Nesting is counted, not recursed into.
//
// # Accounting
//
// The pieces that Next returns lie side by side and cover the stream: their sizes
// add up to the bytes read. What ends a record (newline, comma) counts with it.
// Which pieces a stream has does not depend on how its bytes arrive; the fuzz
// target of this package holds it to that.
package frame
