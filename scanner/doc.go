// Package scanner is the conductor: it turns evidence into findings.
//
//	PATH... -> source -> parsers.Reader -> events -> rules -> hits | conclude -> findings
//	           \______________ Collect (parallel, per source) ___/ \__ Conclude, once __/
//
// Collect reads inputs on any number of goroutines and yields a Partial: the
// hits, small mergeable aggregates, and the ledger. Conclude takes any number
// of partials, in any order and grouping, and yields the same overview and the
// same findings: it orders hits by event time, collapses the stages of one
// request, runs correlations, folds repetitions, scores with the whole picture
// at hand, and streams findings in event-time order.
//
// Most events are like many before, and nothing comes of them but counts. A
// decoder that knows it says so (parsers.Likeness), and they are counted without
// being looked at: see like.go.
//
// Of hits, most repeat another: they are kept as echoes, of 57 bytes each, and the
// evidence of those that may turn out to be somebody's in a file (quotes). Of
// findings, most are below what reports show: they are counted (quiet.go).
//
// Nothing here knows a log format or a report format: the reader comes in as
// parsers.Reader, the findings go out through a callback.
//
// # Rotation
//
// The records of an event may lie in two files of a rotation set, which two
// workers, machines or nights read. Such an event is neither counted nor matched
// when it is read: its records go into the partial result (see loose), and are
// joined when all partials are together (see settle). So it is one event however
// the files were dealt out.
//
// # Actors
//
// Who did it is settled in two steps. While hits pass in event-time order, an
// act whose log names nobody (a Docker event, a process in a container) is given
// to whoever another log saw start it moments before: see namedActs. When all
// hits have passed, principals that are one actor under several names are
// merged, the strongest key first: see identities. Neither changes the id of a
// finding, which is made of what its own log says. What is new about an act is
// measured against a baseline, or against the first part of the evidence: see
// package baseline. A story tells one step for each act, whoever told of it.
//
// # Nights
//
// A Night is a run over evidence that grows. It reads what the state does not
// know (see night_input.go for how a file is recognised, night_resume.go for how
// one that grew is gone on with), and concludes from a checkpoint: a Conclude that
// stopped at a moment, with its acts folded and its windows open. That the report
// is the one of a Conclude over everything is what tests hold it to. Events of before the
// checkpoint make a night go on from an older one; only those of before the
// oldest are late, and correlate among each other.
//
// # Memory
//
// Hits beyond a limit go to sorted temporary runs (see sorter), in files that
// are unlinked as soon as they are open. A hit that repeats another is kept as
// an echo, its place and time only, so that ten million hits of one principal
// take the room of one. What findings add to the accounts of actors goes there
// too (see cast), so that actors are made one after the other, and those of the
// highest scores have their stories whole (see billing). Aggregates keep a
// limited number of rows, which depends on neither order nor grouping: see
// standing.
//
// # Words
//
// What the domain calls things is in package finding. Besides, here:
//
//	boring     of an event: no rule matches it, so it is counted and forgotten
//	act        a hit, or a correlation that fired, on its way to a finding
//	template   a hit that is kept in full because others repeat it
//	echo       a hit that repeats a template: its place and time only
//	quote      the record of an echo, kept aside because a report may show it
//	likeness   what came of an event, for the events that are like it
//	loose      of an event: another file may hold the rest of its records
//	pending    of a hit: its outcome is awaited, from a later stage of its request
//	named act  an act with a principal, to which a nameless one may belong
//	standing   the place of a row among those that aggregates keep
//	facet      an identity as one act showed it; a player is an actor in the making
//	reach      what the rules could ask of one source; blind is a rule that could
//	           not have fired
//	unlisted   what a full list has no room for, counted
//	night      one run over evidence that grows; a checkpoint is where it began
//
// # Where to begin reading
//
// Each file has one concept, and begins with it. Along the way of the evidence:
//
//	collect.go worker.go sink.go              inputs are dealt out and read, events counted and matched
//	hit.go given.go                           hits made of events that match
//	like.go repeat.go echo.go echoruns.go     repetitions, which are counted and kept without being made
//	tally.go tallyrows.go aggregate.go        the counts; crowd.go minutes.go: their limits
//	pending.go loose.go settle.go             hits that wait for an answer, events that a rotation parted
//	partial.go hitbuffer.go sorter.go         the partial result, in memory and in temporary runs; partialfile.go: on disk
//	runcodec.go runitems.go                   how runs are written; rulelabel.go: what they leave out
//	conclude.go stages.go namedact.go         hits in order, as acts; report.go: what comes of it
//	correlations.go recent.go                 correlations that fired, and the events that they may name
//	retold.go                                 requests that the audit log and access lines both tell of
//	fold.go cast.go story.go overview.go      findings, actors (billing.go: as many as there is room for), and what a report says besides
//	identify.go identity.go addresses.go      who somebody is, and which names are one actor
//	coverage.go blind.go reach.go silence.go  what could not be seen
//	ruleset.go block.go template.go           rules with their tideline: block; adjust.go: what moves a score; ruletests.go: their tests
//	night.go night_plan.go checkpoint.go      nights; the other files of night_ are their steps
package scanner
