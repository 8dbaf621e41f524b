// Package state keeps, from one night to the next, what was read and what was
// told. It is a folder that one run at a time holds:
//
//	lock                 held with flock(2); says who holds it
//	index-N              what is known: sources, segments, findings told; N counts commits
//	segments/SHA256      partial results, one or two a source, immutable, named by their content
//	*.damaged-N          what was found damaged and set aside
//
// # Safety
//
// A segment is written to a temporary name, synced and renamed, and only then
// may an index name it. Commit writes the next index the same way. The index
// before it stays, with its segments, so a damaged index costs one night at
// most: its findings are told again. Whatever no index names is removed when
// the state is opened; so a run that was killed, at any moment, leaves the
// state of the run before it.
//
// An index says its own length and SHA-256, a segment is named by its own. What
// does not hold is set aside, never deleted, and said: see Store.Damage.
//
// # Sources
//
// A Source is known by its content: the digest of its decompressed bytes, or of
// its stored bytes for an archive. Names, inodes and times only say where to
// look first. This package does not read evidence: package scanner does, and
// decides what a file is.
package state
