// Package pending holds the hits of requests whose outcome a later record of the stream
// tells: a rule that matched when a request was received may have matched one that failed.
//
//	p := &pending.Hits{}
//	p.Hold(ev, hit, scratch)     // a hit on a request that is not answered yet
//	p.Settle(ev, scratch, &list) // an answer (IsAnswer) came: what waits for it goes
//	p.Flush(keep)                // the stream ended: what still waits stands
//
// Sinks that share a stream share its Hits, and tell each other of answers in batches, each
// from a list of its own (Tell). What comes out is the same as with one sink.
//
//	pending.go  the hits that wait
//	answers.go  the last answers of the stream, for requests that are seen behind them
package pending
