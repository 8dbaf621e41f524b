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
// being looked at: see likeness.go.
//
// Of hits, most repeat another: they are kept as echoes (see package echo). Of
// findings, most are below what reports show: they are counted (quiet.go).
//
// Nothing here knows a log format or a report format: the reader comes in as
// parsers.Reader, the findings go out through a callback.
//
// # Rotation
//
// The records of an event may lie in two files of a rotation set, which two
// workers, machines or nights read. Such an event is neither counted nor matched
// when it is read: its records go into the partial result (see partedEvent), and are
// joined when all partials are together (see settle). So it is one event however
// the files were dealt out.
//
// # Actors
//
// Who did it is settled in two steps. While hits pass in event-time order, an act whose
// log names nobody (a Docker event, a process in a container) is given to whoever another
// log saw start it moments before. When all hits have passed, principals that are one
// actor under several names are merged: see package identity. What is new about an act is
// measured against a baseline, or against the first part of the evidence: see package
// baseline. A story tells one step for each act, whoever told of it.
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
// Hits beyond a limit go to sorted temporary runs (see package spill). A hit that
// repeats another is kept as an echo, its place and time only, so that ten million
// hits of one principal take the room of one. What findings add to the accounts of
// actors goes there too (see package actor), so that actors are made one after the
// other, and those of the highest scores have their stories whole. Aggregates
// keep a limited number of rows, which depends on neither order nor grouping: see
// package tally.
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
//	kit        what a worker needs for events of one format: matchers, and likenesses
//	twin       what hits that repeat one template have in common when they are concluded
//	parted     of an event: another file may hold the rest of its records
//	pending    of a hit: its outcome is awaited, from a later stage of its request
//	retold     of a request: two logs tell of it
//	quiet      of a finding: no report will show it, so it is only counted
//	credit     a finding as it counts for its actor
//	reach      what the rules could ask of one source; blind is a rule that could
//	           not have fired
//	unlisted   what a full list has no room for, counted
//	night      one run over evidence that grows; a checkpoint is where it began
//
// # Where things are
//
// Each file has one concept, and begins with it. Begin reading with collect.go and
// conclude.go.
//
// Collect:
//
//	options.go collect.go order.go worker.go    inputs are found, brought into order, dealt out and read
//	sink.go hit.go                              events are matched, and hits made of those that match (packages principal, given, pending)
//	parted.go settle.go                         events that a rotation parted
//	ledger.go                                   the ledger; what is said of one source: package ledger
//
// Repetition, of which most of a log is:
//
//	kit.go likeness.go repeat.go                what repeats is recognised before an event or a hit is made of it
//
// The partial result:
//
//	partial.go hitbuffer.go partialfile.go      in memory, from several workers, and on disk
//
// Conclude:
//
//	conclude.go report.go                       the order of things, and what comes of it
//	stages.go instant.go retold.go              hits in order; what tells of one request is joined
//	firstseen.go habits.go                      what is new
//	correlations.go recent.go member.go         correlations that fired, and the events that they name
//	act.go fold.go quiet.go                     acts become findings, and those that no report shows are counted
//	overview.go                                 what a report says besides findings: see package overview
//
// Nights:
//
//	night.go night_plan.go night_index.go       one night, where it begins, and what it knows in the end
//	checkpoint.go checkpointfile.go             where the next ones may begin
//	night_input.go night_sums.go night_archive.go   which inputs are known
//	night_read.go night_resume.go night_left.go   new ones are read, grown ones from where they ended
//	night_load.go night_conclude.go night_tell.go   what was read before joins in, and what is news is told
//
// # Beside it
//
// Some packages know nothing of collecting and concluding, and are told of what they need:
//
//	text       what a log says as text, valid and bounded
//	block      the tideline: block of a rule
//	ruleset    rules that are compiled, and what is asked of them
//	principal  who acted in an event
//	given      which credentials it gave away
//	ledger     what the ledger says of a source
//	pending    hits whose outcome a later record of the stream tells
//	tally      the counts of all events (aggregates)
//	identity   which principals are one actor, and whose nameless acts are
//	spill      sorting more than memory has room for
//	item       what hits, findings and entries are made of there, and how much room they take
//	echo       hits that repeat one, kept as place and time
//	actor      actors, as many as there is room for, and what they did
//	overview   which rules could have fired, what could not be seen, and the verdict
//	fileid     what a file is known by in another night
//	livelog    where a log that grows may be cut
//
// As do source, sigma, correlate, score, exposure, baseline and state, whose names say it.
package scanner
