package scanner

import (
	"encoding/binary"
	"hash/maphash"
	"sync"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// maxPending bounds the hits of one stream whose outcome is awaited.
const maxPending = 8192

// answeredWindow is how many answers a pending remembers at least when several
// sinks share a stream. It must exceed the events in flight between the sinks.
const answeredWindow = 128 << 10

// pending holds the hits of requests that were received and not yet answered,
// for one stream. The answer decides: if the rule matches there too, that hit
// has the outcome, and if it does not, the outcome was what the rule excludes.
// Requests that are not answered later in the stream keep their hit, outcome
// unknown.
//
// Several sinks may share it. They may then see an answer before the request,
// which was earlier in the stream: answers are remembered with their place, so
// that the result is the same as for one sink.
type pending struct {
	shared bool // from when several sinks use it on

	mu       sync.Mutex
	held     map[string]*waiting
	hits     int
	answered [2]map[uint64]int64 // key hash to offset; two generations
	recent   []answer            // answers that are not in the maps yet
}

// An answer is a stage that decided, by the hash of its request.
type answer struct {
	hash   uint64
	offset int64
}

type waiting struct {
	offset int64
	hits   []*finding.Hit
}

// seed makes hashes comparable within this process; they decide nothing that
// is reported.
var seed = maphash.MakeSeed()

func requestKey(dst []byte, ev *parsers.Event) []byte {
	dst = append(dst, ev.Request.ID...)
	dst = append(dst, 0)
	return binary.BigEndian.AppendUint64(dst, uint64(ev.Request.Received.UnixNano()))
}

// isAnswer tells the stages after the first apart from it.
func isAnswer(ev *parsers.Event) bool {
	return len(ev.Request.ID) > 0 && string(ev.Request.Stage) != "RequestReceived"
}

// settle drops what waits for the request that ev answers.
func (p *pending) settle(ev *parsers.Event, scratch []byte) {
	if !p.shared && len(p.held) == 0 {
		return
	}
	key := requestKey(scratch, ev)
	offset := ev.Pos[ev.Decisive].Offset
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := p.held[string(key)]; w != nil && w.offset < offset {
		p.hits -= len(w.hits)
		delete(p.held, string(key))
	}
	if p.shared {
		p.remember(maphash.Bytes(seed, key), offset)
	}
}

// remember notes an answer. Most streams never ask for one, so that a list does
// until the first question.
func (p *pending) remember(hash uint64, offset int64) {
	if p.answered[0] == nil && len(p.recent) < answeredWindow {
		p.recent = append(p.recent, answer{hash, offset})
		return
	}
	p.index()
	p.enter(hash, offset)
}

// index takes what was only listed into the maps.
func (p *pending) index() {
	for _, a := range p.recent {
		p.enter(a.hash, a.offset)
	}
	p.recent = nil
}

func (p *pending) enter(hash uint64, offset int64) {
	if len(p.answered[0]) >= answeredWindow || p.answered[0] == nil {
		p.answered[0], p.answered[1] = map[uint64]int64{}, p.answered[0]
	}
	p.answered[0][hash] = offset
}

// hold keeps h until its request is answered. It reports false if there is no
// room: then h stands as it is.
func (p *pending) hold(ev *parsers.Event, h *finding.Hit, scratch []byte) bool {
	key := requestKey(scratch, ev)
	offset := ev.Pos[ev.Decisive].Offset
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shared {
		p.index()
		hash := maphash.Bytes(seed, key)
		for _, generation := range p.answered {
			if at, ok := generation[hash]; ok && at > offset {
				return true // answered already: that stage decided
			}
		}
	}
	if p.hits >= maxPending {
		return false
	}
	if p.held == nil {
		p.held = map[string]*waiting{}
	}
	w := p.held[string(key)]
	if w == nil {
		w = &waiting{offset: offset}
		p.held[string(key)] = w
	}
	w.hits = append(w.hits, h)
	p.hits++
	return true
}

// reach adds the rules of the hits that still wait: they will stand.
func (p *pending) reach(r *reach) {
	for _, w := range p.held {
		for _, h := range w.hits {
			r.matched[h.Rule] = true
		}
	}
}

// flush ends the stream: what is still held are hits of unknown outcome.
func (p *pending) flush(out *hitBuffer) error {
	for _, key := range sortedKeys(p.held) {
		for _, h := range p.held[key].hits {
			if err := out.add(h); err != nil {
				return err
			}
		}
	}
	p.held, p.hits, p.answered, p.recent = nil, 0, [2]map[uint64]int64{}, nil
	return nil
}
