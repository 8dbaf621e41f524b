// Package report turns findings into what people and programs read. One file
// holds one format; formats.go is the one list.
//
//	writer.go shown.go                       what a format implements, and what it is handed
//	ndjson.go json.go csv.go timesketch.go   formats for programs
//	ecs.go sarif.go navigator.go schema.go
//	html.go html_template.go html_actors.go  the page: its frame, what stands in it as HTML,
//	html_data.go                             and the findings that it holds as data
//	screen.go layout.go                      the screen: what stands on it, and how much of it fits
//	screenparts.go deed.go rotate.go         its parts: the way, told as deeds; what to rotate; others
//	screenevidence.go news.go                what could not be seen and what was read; what is new
//	closing.go closingsources.go             the closing summary
//	exposure.go coverage.go                  the rotation list and the coverage, each alone
//	table.go narrow.go printer.go            tables, columns and colours of a terminal
//	deliver.go                               a report becomes a file when it is whole
//	redact.go redactfinding.go               masking: see below
//	redactoverview.go learned.go
//	redactparted.go resumed.go
//	safe.go safejson.go                      text is made harmless for the place it goes to
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
// line was cut in two (redactparted.go). A sentence that was cut within a command goes on
// where a long secret made room by being masked (resumed.go).
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
// Write one file with a Writer and the function that makes one: mask the overview with
// NewRedactor, write findings as Shown.Masked has them, encode with jsonEncoder
// or a Safe function. Add a line to Formats, and the file to the list above. Add the
// format's golden with UPDATE_GOLDEN=1 go test ./report and read it, and a line to
// writers_fuzz_test.go. The table of reports in README.md names it; a test asks for that.
package report
