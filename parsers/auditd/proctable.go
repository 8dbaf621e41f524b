package auditd

import (
	"bytes"
	"hash/maphash"
	"math/bits"
)

// Limits of the process table.
const (
	// maxProcs is how many processes are remembered; those not heard of for
	// longest are forgotten first, and then a parent is unknown.
	maxProcs = 1 << 14
	// maxProcLine is how many bytes of a command line are remembered.
	maxProcLine = 8 << 10
	// maxProcBytes is how many bytes all remembered texts may take.
	maxProcBytes = 8 << 20
)

// A proc is a process that was heard of. There are many, and most are never asked
// for again: what is known of it is shared with others.
type proc struct {
	key   procKey
	guise *guise // never nil
	newer *proc
	older *proc
	next  *proc // in its bucket
}

// A guise is what was last heard of a process. It does not change while somebody
// holds it, nor do its texts.
type guise struct {
	exe       []byte
	line      []byte // command line of its last exec, nil if none was seen
	user      []byte
	container []byte // id of its container
	hasLine   bool
	inside    bool // it runs in a container
	size      int  // bytes of its texts
	held      int  // processes that wear it, and others that keep it
}

// unknown is the guise of a process of which nothing is known.
var unknown = new(guise)

// A procKey is a process of a node.
type procKey struct {
	node uint64
	pid  uint32
}

func (g *guise) same(o *guise) bool {
	return g.hasLine == o.hasLine && g.inside == o.inside && string(g.exe) == string(o.exe) && string(g.line) == string(o.line) &&
		string(g.user) == string(o.user) && string(g.container) == string(o.container)
}

// A procTable remembers processes in the order of events, for the parents of
// those that follow. A process id that is used again is a new process as soon
// as its fork or its exec is logged.
type procTable struct {
	buckets []*proc // a power of two of them, nil at first
	count   int
	factor  uint64 // odd
	newest  *proc
	oldest  *proc
	bytes   int
	spare   *proc // linked by older
	texts   map[string][]byte
	guises  []*guise // those met last, by hash
	idle    []*guise // held by nobody
}

// Limits of the texts that are looked for among those of other processes: a log
// has the same few programs and command lines over and over.
const (
	maxShared     = 4096 // texts; then all are forgotten, and found anew
	maxSharedText = 512  // bytes of one
	sharedGuises  = 512
	maxIdle       = 256 // guises
)

// share returns the one copy of b that entries share; it does not keep b.
func (t *procTable) share(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	if text, ok := t.texts[string(b)]; ok {
		return text
	}
	text := bytes.Clone(b)
	if len(b) > maxSharedText {
		return text
	}
	if t.texts == nil || len(t.texts) >= maxShared {
		t.texts = make(map[string][]byte)
	}
	t.texts[string(text)] = text
	return text
}

// shared returns the guise that is like g and that entries share; it does not keep
// g. One that no process wears any more may be made another by the next call.
func (t *procTable) shared(g *guise) *guise {
	h := uint64(0)
	for _, text := range [...][]byte{g.exe, g.line, g.user, g.container} {
		h = sample(h, text)
	}
	if t.guises == nil {
		t.guises = make([]*guise, sharedGuises)
	}
	at := &t.guises[h>>16%sharedGuises]
	if *at == nil || !(*at).same(g) {
		own := t.made(g)
		own.held++
		if *at != nil {
			t.drop(*at)
		}
		*at = own
	}
	return *at
}

// made makes a guise, of one that is not needed any more if there is such. Command
// lines are its own, the other texts are shared.
func (t *procTable) made(g *guise) *guise {
	own := new(guise)
	if n := len(t.idle); n > 0 {
		own, t.idle = t.idle[n-1], t.idle[:n-1]
	}
	*own = guise{exe: t.share(g.exe), line: append(own.line[:0], g.line...), user: t.share(g.user), container: t.share(g.container), hasLine: g.hasLine, inside: g.inside}
	if len(own.line) == 0 {
		own.line = nil // whether or not it had room
	}
	own.size = len(own.exe) + len(own.line) + len(own.user) + len(own.container)
	return own
}

// drop says that one less holds g.
func (t *procTable) drop(g *guise) {
	if g == unknown {
		return
	}
	if g.held--; g.held == 0 && len(t.idle) < maxIdle {
		t.idle = append(t.idle, g)
	}
}

// wear gives a process a guise.
func (t *procTable) wear(p *proc, g *guise) {
	if g != unknown {
		g.held++
	}
	t.drop(p.guise)
	t.bytes += g.size - p.guise.size
	p.guise = g
}

// bucket is where a process is, or belongs. It is spread by a multiplier that
// nobody knows who writes a log (multiply-shift, a universal hash); but for the
// lowest bits, so that processes that begin one after the other lie together.
func (t *procTable) bucket(k procKey) **proc {
	h := (k.node ^ uint64(k.pid>>rowBits)) * t.factor
	row := h >> (64 - bits.Len(uint(len(t.buckets)-1)) + rowBits)
	return &t.buckets[row<<rowBits|uint64(k.pid&(1<<rowBits-1))]
}

// rowBits says how many buckets are a row: as many as a line of a cache holds.
const rowBits = 3

// lookup finds a process; nil if nothing is known of it.
func (t *procTable) lookup(k procKey) *proc {
	if t.count == 0 {
		return nil
	}
	p := *t.bucket(k)
	for p != nil && p.key != k {
		p = p.next
	}
	return p
}

// insert puts in a process that is not there.
func (t *procTable) insert(p *proc) {
	if t.count++; t.count > len(t.buckets) {
		if t.factor == 0 {
			t.factor = maphash.Bytes(maphash.MakeSeed(), nil) | 1
		}
		old := t.buckets
		t.buckets = make([]*proc, max(64, 2*len(old)))
		for _, q := range old {
			for q != nil {
				next := q.next
				t.link(q)
				q = next
			}
		}
	}
	t.link(p)
}

func (t *procTable) link(p *proc) {
	at := t.bucket(p.key)
	p.next, *at = *at, p
}

// remove takes out a process that is there.
func (t *procTable) remove(p *proc) {
	at := t.bucket(p.key)
	for *at != p {
		at = &(*at).next
	}
	*at = p.next
	t.count--
}

// touch returns the entry of a process, new if need be, as the newest.
func (t *procTable) touch(k procKey) *proc {
	p := t.lookup(k)
	if p == nil {
		p = t.fresh(k)
		t.insert(p)
		t.asNewest(p)
		return p
	}
	t.renew(p)
	return p
}

// renew makes a process the newest.
func (t *procTable) renew(p *proc) {
	if p != t.newest {
		t.unlink(p)
		t.asNewest(p)
	}
}

func (t *procTable) asNewest(p *proc) {
	p.older, p.newer = t.newest, nil
	if t.newest != nil {
		t.newest.newer = p
	}
	t.newest = p
	if t.oldest == nil {
		t.oldest = p
	}
}

func (t *procTable) fresh(k procKey) *proc {
	if t.spare == nil {
		for chunk := make([]proc, 64); len(chunk) > 0; chunk = chunk[1:] {
			chunk[0].older, t.spare = t.spare, &chunk[0]
		}
	}
	p := t.spare
	t.spare = p.older
	*p = proc{key: k, guise: unknown}
	return p
}

func (t *procTable) unlink(p *proc) {
	if p.newer != nil {
		p.newer.older = p.older
	} else {
		t.newest = p.older
	}
	if p.older != nil {
		p.older.newer = p.newer
	} else {
		t.oldest = p.newer
	}
}

// trim forgets the oldest processes beyond the limits.
func (t *procTable) trim() {
	for (t.count > maxProcs || t.bytes > maxProcBytes) && t.oldest != t.newest {
		t.forgetOldest()
	}
}

func (t *procTable) forgetOldest() {
	p := t.oldest
	t.unlink(p)
	t.remove(p)
	t.wear(p, unknown)
	*p = proc{guise: unknown, older: t.spare}
	t.spare = p
}

// forget forgets all processes, but not the texts and guises that others may have
// again.
func (t *procTable) forget() {
	for t.oldest != nil {
		t.forgetOldest()
	}
}

// fork makes child a copy of parent.
func (t *procTable) fork(parent *proc, child procKey) { t.wear(t.touch(child), parent.guise) }
