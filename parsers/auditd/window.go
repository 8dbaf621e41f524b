package auditd

import "tideline/parsers"

// Limits of the window of events that are still open.
const (
	// maxOpen is how many events may be open: one is finished when so many
	// younger ones have begun. Records of one event lie apart by as many
	// events as the machine has processors at work, not by thousands.
	maxOpen = 256
	// maxOpenBytes is how many bytes all open events may take.
	maxOpenBytes = 8 << 20
	// maxEventBytes and maxEventRecords bound one event. What is longer is
	// given as several: its end is never lost. The kernel hands a program 2 MiB of
	// arguments (a quarter of the limit of its stack), which take twice that in
	// hexadecimal.
	maxEventBytes   = 6 << 20
	maxEventRecords = 1 << 13
)

// windowChains is how many lists the open events are spread over. Serial
// numbers follow one another, so that their lowest bits spread them evenly.
const windowChains = 2 * maxOpen

// alone reports whether nothing says which event a record of that stamp
// belongs to.
func (s stamp) alone() bool { return s.has == 0 || s.has == hasTime }

// A window holds the open events of a stream, in the order in which they
// began. No clock decides: an event is finished when maxOpen younger ones have
// begun, when memory runs out, or at the end of the stream.
type window struct {
	queue []*group // ring
	head  int
	count int
	chain [windowChains]*group // youngest first, by serial number
	last  *group
	bytes int
	spare []*group
}

func newWindow() *window {
	return &window{queue: make([]*group, maxOpen)}
}

// find returns the open event that a record of that stamp and node belongs to;
// nil if it begins a new one.
func (w *window) find(s stamp, node []byte) *group {
	if s.alone() {
		return nil
	}
	if g := w.last; g != nil && g.stamp == s && g.accepts(node) {
		return g
	}
	for g := *w.chained(s); g != nil; g = g.older { // of one that was too long, the last part
		if g.stamp == s && g.accepts(node) {
			w.last = g
			return g
		}
	}
	return nil
}

// chained is the list that an open event of that stamp is in.
func (w *window) chained(s stamp) **group { return &w.chain[s.serial%windowChains] }

// accepts reports whether records of a node may belong to a group: those of the
// same one, and those of which one side does not tell.
func (g *group) accepts(node []byte) bool {
	return len(node) == 0 || g.node.len() == 0 || string(g.text(g.node)) == string(node)
}

// open begins an event.
func (w *window) open(s stamp) *group {
	var g *group
	if n := len(w.spare); n > 0 {
		g, w.spare = w.spare[n-1], w.spare[:n-1]
	} else {
		g = &group{buf: make([]byte, 0, 512), recs: make([]record, 0, 8)}
	}
	g.stamp = s
	w.queue[(w.head+w.count)%len(w.queue)] = g
	w.count++
	if !s.alone() {
		first := w.chained(s)
		g.older, *first = *first, g
	}
	w.last = g
	return g
}

// full reports whether an event has to be finished before another is begun.
func (w *window) full() bool {
	return w.count == len(w.queue) || (w.bytes > maxOpenBytes && w.count > 0)
}

// pop takes out the oldest event.
func (w *window) pop() *group {
	g := w.queue[w.head]
	w.queue[w.head] = nil
	w.head = (w.head + 1) % len(w.queue)
	w.count--
	w.bytes -= g.size
	if w.last == g {
		w.last = nil
	}
	if !g.stamp.alone() {
		at := w.chained(g.stamp)
		for *at != g {
			at = &(*at).older
		}
		*at = g.older
	}
	return g
}

// counts counts bytes that an open event took up.
func (w *window) counts(g *group, size int) {
	g.size += size
	w.bytes += size
}

// free gives a group back for reuse. One that grew large is let go.
func (w *window) free(g *group) {
	if cap(g.buf) > 1<<20 || cap(g.fields) > 1<<14 {
		return
	}
	g.reset()
	w.spare = append(w.spare, g)
}

// tooLong reports whether a group has no room for a record.
func (g *group) tooLong(rec *parsers.Record) bool {
	return len(g.recs) >= maxEventRecords || (len(g.recs) > 0 && g.size+len(rec.Raw) > maxEventBytes)
}

// serials calls yield for the serial numbers of open events of a node.
func (w *window) serials(node []byte, yield func(uint64)) {
	for i := range w.count {
		g := w.queue[(w.head+i)%len(w.queue)]
		if g.stamp.has&hasSerial != 0 && !g.ofDaemon() && g.accepts(node) {
			yield(g.stamp.serial)
		}
	}
}

// ofDaemon reports whether auditd numbered the event itself.
func (g *group) ofDaemon() bool { return len(g.recs) > 0 && g.recs[0].number.daemon() }
