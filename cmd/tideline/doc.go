// Command tideline scans collected Kubernetes, Docker and Linux audit logs for
// who took which credentials through the container APIs.
//
// # How it is laid out
//
// This package wires: it is the only one that knows the formats, the scanner, the
// rules and the reports at once, and nothing imports it. main calls run, which
// never ends the process, so tests run whole commands in process and look at the
// exit status (run.go lists them).
//
//	main.go run.go interrupt.go              the program, its exit status, and its end by a signal
//	scan.go exposure.go inventory.go         a file for each command
//	principals.go search.go formats.go
//	baseline.go merge.go
//	rules.go rulelist.go ruleshow.go         tideline rules ...
//	rulecoverage.go eval.go
//	expr.go                                  the expressions of search
//	night.go                                 scan --state
//	manifest.go                              inventory -f sha256sum
//	listing.go                               what the commands share that print one list
//	flags.go usage.go selection.go           the flags that several commands take; mistakes in the call
//	help.go man.go completion.go             what is printed about the program itself
//	version.go schema.go
//	ruleload.go engagement.go                rules and lists, of files and of the program
//	rulecost.go rulefields.go                what fields of rules cost, and how they are spelled
//	outputs.go delivery.go drafts.go         reports on their way to files, each for itself
//	stdout.go progress.go text.go            what goes to standard output and to the terminal
//	sevenzip.go sevenzipmethods.go           the library that reads 7z, behind the interface of package source
//	garbage.go largepages_linux.go           how much memory is used, and in pages of which size
//	largepages_other.go
//
// Standard output carries the report and nothing else. Text that may hold evidence
// goes through printable or cell before it reaches a terminal.
//
// # Tests
//
// What commands print and return is written down as scripts in
// testdata/script/*.txtar. Other tests here are about the program as a whole: the
// real logs of the corpus, hostile evidence, nights, labelled attacks, memory and
// speed.
package main
