// Package locallog reads the files of Docker's logging driver local, which are
// binary: containers/<id>/local-logs/container.log, and container-cached.log, which
// the engine keeps beside drivers whose logs it cannot read.
//
// # Format
//
// An entry is its length in four bytes, big-endian, a message LogEntry of protocol
// buffers, and the length again. The message has the stream (1), the time in
// nanoseconds since 1970 (2), the line without its newline (3), whether it is a part of
// a longer one (4), and of which part that is (5, in it 1: the last).
//
// # From entries to records
//
// A Cutter takes the place of frame.Framer for such a stream: it gives out pieces, each
// an entry as a line of the json-file driver. Record.Raw, and the place of the record,
// are those of the entry; its line is its number, from 1.
//
// # Losses
//
// Where no entry can be, the next sound one is looked for, and what is skipped is a gap
// (container.damaged). NUL bytes, as a crash leaves them, are a note (bytes.nul_run).
//
// # Sources
//
// moby/moby: daemon/logger/local/local.go and read.go, api/types/plugins/logdriver/entry.proto.
package locallog
