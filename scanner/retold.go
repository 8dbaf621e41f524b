package scanner

import (
	"strings"
	"time"

	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/identity"
)

// A retold request is one that two logs tell of: the audit log, which names the user,
// and the access lines of the API server, which do not. What rules found of the first
// stands. What they find of the second is left out, for it is the same act, and was
// judged without the user. An access line has the audit-ID of the request, but only the
// time it was done and what it took, so the two are never of one instant (see
// stageJoiner): the line's time is the later one, by microseconds if its head tells
// them, and by as much as an envelope delays if not. Where the envelope has no more than
// milliseconds and the head is gone, it may be the earlier one: then both are told.
//
// A client may choose the audit-ID of its request. It has to be that of an act of the
// same address, on the same kind of object, moments before, to leave anything out; then
// the act that stands says no less.
type retold struct {
	queue   []toldRequest   // in the order of time
	seen    map[toldKey]int // how often each is among the first of queue
	counted int             // those first ones: most evidence has no access lines, so nobody asks
}

// maxRetold bounds the requests that are remembered. One that was forgotten is told of
// twice.
const maxRetold = 1 << 14

// A toldKey is what both logs tell of a request in the same words.
type toldKey struct {
	Request   uint64 `json:"request"` // see echo.RequestHash
	Address   string `json:"address"`
	Action    string `json:"action"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
}

// A toldRequest is one that was seen.
type toldRequest struct {
	Time time.Time `json:"time"`
	Key  toldKey   `json:"key"`
}

func toldKeyOf(h *finding.Hit) toldKey {
	return toldKey{echo.RequestHash(h.Request), strings.TrimSpace(h.Actor.Address()), h.Action, h.Target.Kind, h.Target.Namespace}
}

// is reports whether h is of a request that the audit log told of. Hits come in
// event-time order.
func (r *retold) is(h *finding.Hit) bool {
	if h.Request == "" || h.Time.IsZero() || parsers.ActorKind(h.Actor.Kind) != parsers.KubernetesClient {
		return false
	}
	r.forget(h.Time.Time)
	if r.seen == nil {
		r.seen = map[toldKey]int{}
	}
	for ; r.counted < len(r.queue); r.counted++ {
		r.seen[r.queue[r.counted].Key]++
	}
	return r.seen[toldKeyOf(h)] > 0
}

// remember keeps h, if it is one of the audit log.
func (r *retold) remember(h *finding.Hit) {
	if h.Request == "" || h.Time.IsZero() || !parsers.ActorKind(h.Actor.Kind).Kubernetes() || len(h.Actor.Addresses) == 0 {
		return
	}
	r.forget(h.Time.Time)
	r.add(toldRequest{h.Time.Time, toldKeyOf(h)})
}

func (r *retold) add(x toldRequest) {
	if n := len(r.queue); n > 0 && r.queue[n-1].Key == x.Key {
		r.queue[n-1].Time = x.Time // several rules find something of one request
		return
	}
	if len(r.queue) >= maxRetold {
		r.drop(1)
	}
	r.queue = append(r.queue, x)
}

func (r *retold) forget(now time.Time) {
	n := 0
	for n < len(r.queue) && now.Sub(r.queue[n].Time) > identity.JoinWindow {
		n++
	}
	r.drop(n)
}

func (r *retold) drop(n int) {
	for _, x := range r.queue[:min(n, r.counted)] {
		if r.seen[x.Key]--; r.seen[x.Key] == 0 {
			delete(r.seen, x.Key)
		}
	}
	r.queue, r.counted = r.queue[n:], max(0, r.counted-n)
}
