package pending

import (
	"encoding/binary"
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"sync"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// maxPending bounds the hits of one stream whose outcome is awaited.
const maxPending = 8192

// answeredWindow is how many answers a pending remembers at least when several
// sinks share a stream. It must exceed the events in flight between the sinks: the
// reader keeps them within 16 MiB of the stream, or two for each sink, whatever is
// more, so that this is enough for events of 128 bytes, or 256 with 16 sinks. An
// event that was answered has more.
const answeredWindow = 128 << 10

// Hits are those of requests that were received and not yet answered,
// for one stream. The answer decides: if the rule matches there too, that hit
// has the outcome, and if it does not, the outcome was what the rule excludes.
// Requests that are not answered later in the stream keep their hit, outcome
// unknown.
//
// Several sinks may share it. They may then see an answer before the request,
// which was earlier in the stream: answers are remembered with their place, so
// that the result is the same as for one sink. The zero value is ready to use.
type Hits struct {
	shared bool // from when several sinks use it on

	mu       sync.Mutex
	held     map[uint64]*waiting // by the hash of the request
	hits     int
	answered answers
}

// An Answer is a stage that decided, by the hash of its request.
type Answer struct {
	hash   uint64
	offset int64
}

// answersAtOnce is how many answers a sink lists before it tells the others: to
// do so for each would cost more than all else that is done with it.
const answersAtOnce = 64

// A waiting request has hits on what was received of it: on copies, too, which stand
// in one stream where two exports of a log were joined.
type waiting struct {
	key  string
	hits []heldHit
}

// A heldHit is a hit with its place in the stream.
type heldHit struct {
	*finding.Hit
	offset int64
}

// seed makes hashes comparable within this process; they decide nothing that
// is reported.
var seed = maphash.MakeSeed()

func requestKey(dst []byte, ev *parsers.Event) []byte {
	dst = append(dst, ev.Request.ID...)
	dst = append(dst, 0)
	return binary.BigEndian.AppendUint64(dst, uint64(ev.Request.Received.UnixNano()))
}

// IsAnswer tells the stages after the first apart from it.
func IsAnswer(ev *parsers.Event) bool {
	return len(ev.Request.ID) > 0 && string(ev.Request.Stage) != "RequestReceived"
}

// Settle drops what waits for the request that ev answers. Where sinks share the
// stream, it may do so later: list is the sink's own, of what it has to tell.
func (p *Hits) Settle(ev *parsers.Event, scratch []byte, list *[]Answer) {
	if !p.shared && len(p.held) == 0 {
		return
	}
	a := Answer{maphash.Bytes(seed, requestKey(scratch, ev)), ev.Pos[ev.Decisive].Offset}
	if !p.shared {
		p.answer(a)
		return
	}
	if *list == nil {
		*list = make([]Answer, 0, answersAtOnce)
	}
	if *list = append(*list, a); len(*list) == answersAtOnce {
		p.Tell(list)
	}
}

// Share is told, before anybody does, that several sinks use p from now on.
func (p *Hits) Share() { p.shared = true }

// Tell empties a sink's list. A request that is held meanwhile by another sink
// is settled then.
func (p *Hits) Tell(list *[]Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range *list {
		p.answer(a)
		p.answered.add(a)
	}
	*list = (*list)[:0]
}

// Answer drops the hits before a. Sinks that share a stream may hold those behind it
// already.
func (p *Hits) answer(a Answer) {
	w := p.held[a.hash]
	if w == nil {
		return
	}
	before := len(w.hits)
	w.hits = slices.DeleteFunc(w.hits, func(h heldHit) bool { return h.offset < a.offset })
	p.hits -= before - len(w.hits)
	if len(w.hits) == 0 {
		delete(p.held, a.hash)
	}
}

// Hold keeps h until its request is answered. It reports false if there is no
// room: then h stands as it is.
func (p *Hits) Hold(ev *parsers.Event, h *finding.Hit, scratch []byte) bool {
	key := requestKey(scratch, ev)
	hash, offset := maphash.Bytes(seed, key), ev.Pos[ev.Decisive].Offset
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shared && p.answered.after(hash, offset) {
		return true // answered already: that stage decided
	}
	if p.hits >= maxPending {
		return false
	}
	if p.held == nil {
		p.held = map[uint64]*waiting{}
	}
	w := p.held[hash]
	if w == nil {
		w = &waiting{key: string(key)}
		p.held[hash] = w
	}
	w.hits = append(w.hits, heldHit{h, offset})
	p.hits++
	return true
}

// EachRule calls f with the rule, by its key, of each hit that still waits: they will stand.
func (p *Hits) EachRule(f func(rule string)) {
	for _, w := range p.held {
		for _, h := range w.hits {
			f(h.Rule)
		}
	}
}

// Flush ends the stream: what is still held are hits of unknown outcome, which add takes
// over. It returns the first error of add.
func (p *Hits) Flush(add func(*finding.Hit) error) error {
	for _, w := range slices.SortedFunc(maps.Values(p.held), func(a, b *waiting) int { return strings.Compare(a.key, b.key) }) {
		for _, h := range w.hits {
			if err := add(h.Hit); err != nil {
				return err
			}
		}
	}
	p.held, p.hits, p.answered = nil, 0, answers{}
	return nil
}
