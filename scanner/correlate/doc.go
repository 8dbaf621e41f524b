// Package correlate evaluates Sigma correlations over matches that arrive in
// event-time order.
//
// # Windows
//
// Matches are counted per correlation and group: the values of its group-by
// fields. A match without one of them has no group; it is not counted, and
// Skipped says how many there were, as for matches without a time. A field
// with several values puts the match into the group of each.
//
// A condition is never looked at over more than a timespan, both ends included,
// and windows are not tied to the clock: they slide with the matches.
//
//   - Conditions that more matches can only bring about (gt, gte, all rules of
//     a temporal correlation) are looked at with every match, over the
//     timespan that ends with it. When one is met the window has fired. It is
//     extended by every further match at which the condition still holds, and
//     reported once, when it no longer does or nothing came for a timespan: a
//     burst of a thousand matches is one Fired with a thousand members. Its
//     members are used up: the next window begins behind them.
//   - Conditions that a further match can undo (lt, lte, eq, neq, a `not`) are
//     decided once, at the end of a window that begins with the first match of
//     the group and lasts a timespan, or at Close. A group without any match
//     has no window, so that "fewer than" means at least one. The next window
//     begins with the next match.
//
// One event counts once for event_count, whichever rules it matched, and gives a
// number once to a sum, an average, a percentile or a median. A number beyond 1e290
// is taken for that, so that there is a sum of any of them. An event that lacks the
// field of a value type, or has no number where one is needed, is not counted either.
//
// # Chains
//
// A correlation that counts another sees it as a match at the moment its
// condition was met (at the end of the window, for the second kind above), with
// the values of its group. Its members are those of the counted one.
// Correlations that others count are reported only with `generate: true`.
//
// # Bounds
//
// State is bounded by Options.MaxState members: of the open windows, and of those
// that they count. Beyond it the group that was quiet for longest is given up:
// reported if it had fired, and counted by Evicted if not, since what it would
// have become is not known. That is a gap in the answer, and callers report it
// as one.
//
// # Where things are
//
//	engine.go counter.go window.go entry.go   matches go to correlations, their groups and windows
//	tally.go                                  whether a condition holds
//	lone.go thin.go                           groups of one match, and windows of very many
//	saved.go                                  what is open at the end of a night
package correlate
