// Package state keeps, from one night to the next, what was read and what was
// told. It is a folder that one run at a time holds:
//
//	lock                 held with flock(2); says who holds it
//	index-N              what is known: sources, segments, findings told; N counts commits
//	committed            there was an index once
//	segments/SHA256      immutable, named by their content: partial results, checkpoints,
//	                     and what the decoders of logs knew where reading goes on
//	*.damaged-N          what was found damaged and set aside
//
// # Safety
//
// A segment is written to a temporary name, synced and renamed, and only then
// may an index name it. Commit writes the next index the same way. The index
// before it stays, with its segments, so a damaged index costs one night at
// most: its findings are told again. Whatever no index names is removed when
// the state is opened; so a run that was killed, at any moment, leaves the
// state of the run before it. So does a disk that is full: see ErrWrite.
//
// An index says its own length and SHA-256, a segment is named by its own. What
// does not hold is set aside, never deleted, and said: see Store.Damage. So is that
// no index is left, lest a state that was copied without it pass for a first night.
//
// # Sources
//
// A Source is known by its content: the digest of its decompressed bytes, or of
// its stored bytes for an archive. Names, inodes and times only say where to
// look first. This package does not read evidence: package scanner does, and
// decides what a file is.
//
// # Size
//
// Two checkpoints hold what was concluded of all events before a moment,
// folded: one act for each finding, the correlation windows that are open, what
// is known of identities, the accounts of what was read. Recent stands about a
// day before the newest event: a night of which all news are younger goes on
// from it, and costs what they cost. Past stands where hits are not kept one by
// one any more (scanner.Options.Keep, 35 days); segments that only it needs are
// dropped, and so are sources that are gone and have none left. The state is
// thus bounded by the files that are there, the hits of Keep and a fifth more,
// the different findings of 400 days, and the limits of the accounts
// (principals, names, minutes and identities are capped). What the decoder of a
// log knew is kept for two days after the log last grew. Of dense logs, of which
// every tenth byte matches a rule if only an informational one, the state takes
// about a hundredth: each match is kept with its record, which the report quotes.
//
// Forgotten are: the single hits of before Past, the places of repetitions, and
// ledger entries of files that went away before. Events that arrive later than
// that are counted, folded and told like all others, but they are correlated
// among each other only.
package state
