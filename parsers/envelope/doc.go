// Package envelope takes records out of what collectors, shippers and clouds
// wrap them in.
//
// An envelope is one file and one line in All. Opening one is cheap to refuse,
// keeps nothing, and never fails: bytes that are not an envelope of the kind are
// simply no such envelope, and what was inside a damaged one is handed on as far
// as it goes, with Cut set. One that opens nothing without certain words says which:
// see Envelope.Words.
//
// What an envelope tells beside the record goes to the record's Origin: its own
// name, the time it was stamped with, the host, the cluster, the container.
// Wrappers around many records ({"records":[...]}) are taken apart before, by the
// reader that cuts the stream; what remains to be done here is their members,
// which know the wrapper as Record.Context.
//
// # Fields
//
// JSON is read with a scanner of this package that finds members without building
// a tree: most of a record is the payload, one string, which is copied only if it
// has escapes.
//
// # Where things are
//
// A file is an envelope, and called after it, but for these, which several share:
//
//	envelope.go open.go                   what an envelope is, the list of all, and how one is entered
//	json.go row.go member.go              members of JSON, rows of tables, objects of any shape
//	outputline.go shippedline.go          lines that runtimes cut, and those that were shipped so
//	cloudrow.go                           entries of clouds as rows
//	journaltime.go                        times that syslog and journalctl begin lines with
//
// # Losses
//
// A line of a container that its runtime cut into parts is joined by package
// formats, not here, since an envelope keeps nothing, and only if the parts follow
// one another. Base64 payloads are unpacked up to 64 MiB.
package envelope
