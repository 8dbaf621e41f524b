// Package tally counts: what a scan knows of all events, those included of which nothing
// comes.
//
// Each sink has a Tally of its own, which counts an event without allocating if it is like
// those before. What it counted goes to Aggregates, which are the part of a partial result
// that every event is in: who did what from where, which names of Secrets and images
// occurred, how many events there were in each minute, and in which of them a log had any.
// From those come the timeline of a report, the silences of logs, the table of
// principals, and what is usual (package baseline).
//
// Aggregates are sums, minima and maxima, so they merge in any order and grouping to the
// same. They are bounded, and their limits are so too: which rows stay depends on nothing
// but their keys (see standing). Events whose row did not stay are counted as Overflow.
//
// # Where things are
//
// While events pass:
//
//	tally.go rows.go counters.go    a Tally, its rows, and where those that are alike are counted
//
// What is kept:
//
//	aggregates.go names.go minutes.go activity.go    the sums, and how they merge
//	crowd.go                                         how many rows are kept, and which
//	lines.go                                         how they are written to files
//
// What is made of it:
//
//	timeline.go silence.go          events in time, and when there were none
//	principals.go baseline.go       who did what, what of that is new, and what is usual
//	changes.go                      whether the audit log holds changes only
package tally
