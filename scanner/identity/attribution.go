package identity

import (
	"tideline/parsers"
	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

// An Attribution says whose acts are. Hits pass it in event-time order; when all have, it
// says of each identity who is behind it. One goroutine uses it.
type Attribution struct {
	acts  namedActs
	known *identities
}

// New knows of identities what a, which counted all events, and habits say.
func New(a *tally.Aggregates, habits *baseline.Index) *Attribution {
	return &Attribution{known: newIdentities(a, habits)}
}

// Attribute gives an act that names nobody to whom another log names, if one does, and
// remembers whose h is now. What it returns may be a copy: h is the partial's.
func (x *Attribution) Attribute(h *finding.Hit) (*finding.Hit, *finding.Link) {
	actor, link := x.acts.resolve(h)
	x.known.terminals.remember(h, actor)
	if actor != nil {
		copied := *h
		copied.Exposed = x.acts.named(h)
		h, copied.Actor, copied.Like = &copied, *actor, nil
	}
	x.acts.remember(h)
	x.known.remember(h)
	return h, link
}

// Passed says that no hit will come any more.
func (x *Attribution) Passed() { x.acts.seen = nil }

// Settled says that Behind will not be asked any more.
func (x *Attribution) Settled() { x.known = nil }

// Behind says who is behind an identity that acted at a time, in a container if that is
// known: the id of the actor, and a link for each step on the way; the identity's own id
// if it is nobody else's.
func (x *Attribution) Behind(ref *finding.ActorRef, at finding.Time, in parsers.Container) (string, []finding.Link) {
	return x.known.resolve(facetOf(ref, at), in)
}

// Logins are the addresses that identities logged in from, by their id, in order.
func (x *Attribution) Logins() map[string][]string { return x.known.logins.of }

// Unsure is of how many acts without a principal it was not looked for whose they are.
func (x *Attribution) Unsure() int64 { return x.acts.unsure }
