// Package echo keeps hits that repeat another one by their place and time alone, in 57
// bytes each: of most hits nothing else is new, and ten million of one noisy principal take
// the room of one. A report that is made of them is the same as one of whole hits.
//
// A Store is asked of each hit whether it keeps it (Take). The first of its kind it does
// not: that stays with the caller in full, since reports quote it, and is the template of
// those that come later. Who knows the template of a hit before the hit is made may keep
// it as an Echo without making it (Again, Quoted). Readers make hits of echoes again, with
// Like set to their template.
//
// The evidence of acts without a principal is kept aside in a file (quotes), as they may
// turn out to be somebody's, and the first of a finding.
//
//	store.go    which hits become echoes, and how they become hits again
//	runs.go     sorted runs of echoes on disk
//	quotes.go   the evidence of those that a report may show
//	request.go  the id of a request, of which an echo keeps a hash
package echo
