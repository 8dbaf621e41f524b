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
// Nothing here knows a log format or a report format: the reader comes in as
// parsers.Reader, the findings go out through a callback.
//
// # Memory
//
// Hits beyond a limit go to sorted temporary runs (see sorter), in files that
// are unlinked as soon as they are open. Aggregates are bounded by the number
// of distinct principals and minutes, not by the number of events.
package scanner
