// Package journal reads the binary files of systemd-journald, so that dockerd,
// podman, containers and the audit subsystem are heard where they logged
// nowhere else.
//
// # Format
//
// "Journal File Format" (systemd.io/JOURNAL_FILE_FORMAT) in the regular and the
// compact layout; data compressed with XZ, LZ4 or ZSTD. A file is a header and
// then objects, one behind the other. A DATA object is one field, NAME=value,
// stored once however often it is used; an ENTRY object is a list of references
// to DATA objects. The rest (hash tables, arrays, tags) serves look-ups.
//
// # From objects to records
//
// A Cutter takes the place of frame.Framer for such a stream: it gives out
// pieces, each an entry as a line of "journalctl -o json". From there on nothing
// needs to know that the journal was binary.
//
// The objects are walked as they lie in the file and not along the entry
// arrays. A journal is only ever appended to, an entry behind its data, so this
// is the order of the arrays; and it also finds what no array leads to: entries
// that were written and not yet linked when the machine went down, that damage
// cut off, or that someone unlinked.
//
// # Positions
//
// A record's line is the number of its entry in the file, from 1. Offset and
// length are those of the ENTRY object in the file; the bytes there are not the
// bytes of the record, which is spelled out of several objects. A note
// (journal.transcoded) says so.
//
// # Accounting
//
// An entry accounts for its own object and for the DATA objects that were
// written for it, which are those before it that no earlier entry had. The
// header and the objects for look-ups are a note (journal.index), as is space
// that was reserved and never used (journal.unused).
//
// # Damage
//
// No offset and no size is believed before it was held against the file. Where
// no object can be, the next sound one is looked for and what is skipped is a
// gap (journal.damaged). DATA objects whose entry is lost are given out as a
// record without the entry's time (journal.no_entry). An entry is given out with
// those of its fields that can be read (journal.field_lost names the loss). When
// the header counts more entries than were found, that is a gap too
// (journal.entries_missing). Hashes and seals are not verified.
//
// # Memory
//
// References go anywhere in the file, so it must be there as a whole: the first
// 16 MiB in memory, a longer one in a temporary file without a name. There is no
// recursion, and no allocation by what the file says of itself.
//
// # Exports
//
// What "journalctl -o export" printed is cut by an Exporter, into the same
// records; their Raw and place are those of the entry in the stream. So is what
// "journalctl -o verbose" printed, which has all fields but those that are not text.
//
// # Where things are
//
//	cutter.go                           the walk over the objects
//	layout.go object.go                 the header, and the head of an object; where it goes on behind damage
//	entry.go orphan.go                  an entry, and fields whose entry is lost
//	payload.go lz4.go                   what is in a field, decompressed
//	json.go                             the record that is made of it
//	store.go                            the file, which is needed as a whole
//	export.go verbose.go                what journalctl printed
//
// # Sources
//
// Journal File Format and Journal Export Formats (systemd.io);
// systemd.journal-fields(7); The .xz File Format 1.2.1; RFC 8878 (Zstandard);
// the LZ4 block format.
package journal
