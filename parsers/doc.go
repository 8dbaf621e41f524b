// Package parsers is the contract between logs and the scanner: what a format
// is, what it yields, and how it says that something could not be read.
//
// # From bytes to events
//
//	stream -> records -> (envelopes taken off) -> events
//
// A stream is what source decompressed and unpacked. Package formats cuts it
// into records (lines, or JSON values of any layout), takes off whatever a
// record is wrapped in (package envelope) and hands it to the Decoder of the
// format that recognises it. A Decoder turns records into Events. Everything
// that is not an event is said as a Remark, so that for every stream
//
//	bytes read = bytes in events + bytes in notes + bytes in gaps
//
// # Adding a format
//
//  1. Write a package parsers/<name> that exports one variable of type Format.
//     Its doc.go has the headings Format, Time, Fields, Grouping, Losses and
//     Sources.
//  2. Add it to the list in parsers/formats.
//  3. Run parsertest.Run on it from its own tests, with its fixtures, and parsertest.Fuzz
//     from a fuzz target.
//  4. Add a line of it to the forms of parsers/formats/forms_test.go, which looks for
//     it in the output of containers.
//  5. Run UPDATE_GOLDEN=1 go test ./... and read the difference: what the demo lacks
//     is one format more.
//
// Nothing else knows the list: help texts, detection and the ledger follow it.
//
// # What a format may do besides
//
// A Decoder that only implements Decode and Flush is complete. What is optional:
//
//   - Format.Needs says what a field can only come with (an audit level, a type of
//     record), so that a report can list rules that could not have fired.
//   - Carrier: a stateful Decoder that can go on in another stream, where the log
//     of yesterday grew. Format.Rejoin: events that a rotation parted.
//   - Likeness: a Decoder that recognises an event as a repetition says so, and
//     the scanner counts it without matching rules. Event.Unread leaves the
//     copying of records to whoever wants them.
//   - Runner: a Decoder that reads many plain lines in one call.
//   - Reuser: a Decoder that goes on to another stream with what it has found out
//     about records that come again, and nothing else.
//
// The last three are for speed and must change nothing: parsertest.Alike and
// parsertest.Same hold a decoder with short cuts to one without, parsertest.Reused
// one that was used before to a new one.
//
// # Ownership
//
// Bytes that a Decoder is given are borrowed until Decode returns; bytes that
// an Event refers to are borrowed until the emit function returns. Whoever
// wants to keep something copies it. This is what lets a boring record cost no
// allocation: one that no rule matches, as almost all are.
package parsers
