// Package report turns findings into what people and programs read. One file
// holds one format; formats.go is the one list.
//
// A report is written in one pass: Begin with everything but the findings,
// Write for each finding in event-time order, Close. Writers hold no list of
// findings (the table holds its top rows). Whatever comes from evidence is
// hostile and secret: it goes through redact.go first, then through safe.go
// for the place it goes to. A finding is masked once for all writers: see Masker.
//
// # Masking
//
// A Redactor (redact.go) masks the secrets in every text of a finding
// (redactfinding.go) and of what a report says besides (redactoverview.go), in place
// and in whatever encoding they stand there. Package secret finds them. A secret known
// from one text of a finding is masked in its other texts (learned.go), also where a
// line was cut in two (redactparted.go).
//
// # CSV
//
// RFC 4180, a header, a finding a line. A cell that a spreadsheet could take
// for a formula begins with an apostrophe; take one leading apostrophe off
// every cell that has one to get the text. Control and bidi characters are
// shown as escapes, and a cell that is longer than one of a spreadsheet can be is
// cut, which it says; Options.CSVRaw writes cells exactly as logged instead.
//
// # Adding a format
//
// Write one file with a Writer and its New function: mask the overview with
// NewRedactor, write findings as Shown.Masked has them, encode with jsonEncoder
// or a Safe function. Add a line to Formats. Add the format's golden with
// UPDATE_GOLDEN=1 go test ./report and read it, and a line to
// writers_fuzz_test.go.
package report
