// Package formats reads streams: it holds the one list of formats, finds out
// which of them a record is of, and accounts for every byte.
//
// # From a stream to events
//
// Package frame cuts a stream into records; of a binary journal, package journal
// makes a record of every entry. Each record is decided on its own,
// because files are mixed (/var/log/messages holds dockerd and audit lines), but
// what the last one was is tried first, so that in a file of one format nothing
// is decided twice. A record that this format calls foreign is shown to the
// others, as it stands and with its envelopes taken off (package envelope), to a
// depth of four. Text is taken out of its envelope first, since a line's prefix
// tells host and time; of JSON the format is asked first that knows it whole.
// Container output comes last: a line of it that carries an audit event is an
// audit event.
//
// Most lines of containers are nothing else, and finding that out by asking every
// format is dear. So kinds of line that were looked into and held nothing, barren
// ones, are remembered, and their next ones only read as output. A kind is what is left
// without numbers and words. What of them formats ask for is kept or is a mark, and a
// line with a mark is looked into; some refuse a line for a time that cannot be, so
// only lines are remembered whose digits are plausible. Of a line that is looked
// into, the words that it lacks are found out at once (vocabulary): most envelopes
// open nothing without one of theirs, and are then not asked. Formats do the same for
// themselves (package words).
//
// A long line that a container's runtime cut into parts is put together again
// when it begins like a record of another format: that is how audit events look
// that an API server prints instead of writing a file.
//
// With more than one sink, lanes take turns at a stream of a stateless format, page by
// page, once its first mebibyte was read: two, and more while nobody has to wait for
// another; see sharer. Each sink gets
// its events in the order of the stream; the account is the same as with one.
//
// # Where things are
//
//	list.go reader.go lane.go             the one list, the reader, and what decodes one stream or a share of it
//	beside.go search.go                   whose a record is
//	open.go vocabulary.go                 and what it is wrapped in
//	run.go batch.go parallel.go           many lines at a time; many lanes on one stream
//	join.go journal.go carry.go           long lines that were cut; journals, and Docker's local driver; logs that grew
//	barren.go masked.go plausible.go      lines that are known to hold nothing
//	klog.go
//	account.go book.go                    what became of every byte
//	looks.go unread.go                    what a stream looks like, and what of it is evidence all the same
//
// # Accounting
//
// For every stream, bytes read = bytes in events + bytes in notes + bytes in
// gaps. A record that no format takes is a gap if other records of its stream
// were understood (code line.unknown); a stream of which none was is one note
// (code file.unrecognised) that says what it looks like, and each format says why
// it refused; lines of it that have the words of records are a gap all the same (code
// file.unread). In a journal, binary or as JSON, whole entries of programs that none of the
// formats is of are a note (code journal.other), and damage stays a gap even if no
// entry was recognised. So are lines of klog that are about no request (klog.other).
// Remarks are aggregated by code: a million bad lines are one Remark with a count.
//
// # Adding a format
//
// One line in All; a test fails for a package under parsers that is not there.
package formats
