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
//	scan.go exposure.go inventory.go principals.go search.go    a file for each command
//	rules.go rulelist.go ruleshow.go rulecoverage.go eval.go    tideline rules ...
//	baseline.go merge.go formats.go
//	listing.go                                                  what the commands share that print one list
//	night.go                                                    scan --state
//	flags.go usage.go selection.go                              the flags that several commands take; mistakes in the call
//	help.go man.go completion.go version.go schema.go           what is printed about the program itself
//	ruleload.go rulecost.go rulefields.go engagement.go         rules and lists of files and of the program; what fields cost, and how they are spelled
//	delivery.go drafts.go                                       reports on their way, each for itself
//	outputs.go stdout.go progress.go                            where reports and progress go
//	garbage.go                                                  how much memory is used
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
