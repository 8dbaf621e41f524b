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
	// given as several: its end is never lost.
	maxEventBytes   = 16 << 20
	maxEventRecords = 1 << 13
)

// A windowKey is what records of one event have in common. The node is not
// part of it: some records of an event may lack theirs.
type windowKey struct {
	sec    int64
	serial uint64
	nsec   int32
	has    stampParts
}

func (s stamp) key() windowKey { return windowKey{s.sec, s.serial, s.nsec, s.has} }

// A window holds the open events of a stream, in the order in which they
// began. No clock decides: an event is finished when maxOpen younger ones have
// begun, when memory runs out, or at the end of the stream.
type window struct {
	queue []*group // ring
	head  int
	count int
	byKey map[windowKey][]*group
	last  *group
	bytes int
	spare []*group
	lists [][]*group // spare values of byKey
}

func newWindow() *window {
	return &window{queue: make([]*group, maxOpen), byKey: make(map[windowKey][]*group, maxOpen)}
}

// find returns the open event that a record of that stamp and node belongs to;
// nil if it begins a new one.
func (w *window) find(s stamp, node []byte) *group {
	if s.has == 0 || s.has == hasTime {
		return nil // nothing says what it belongs to
	}
	if g := w.last; g != nil && g.stamp == s && g.accepts(node) {
		return g
	}
	list := w.byKey[s.key()]
	for i := len(list) - 1; i >= 0; i-- { // of one that was too long, the last part
		if g := list[i]; g.accepts(node) {
			w.last = g
			return g
		}
	}
	return nil
}

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
		g = &group{buf: make([]byte, 0, 4<<10), raws: make([]rawRecord, 0, 8), recs: make([]record, 0, 8), fields: make([]field, 0, 64)}
	}
	g.stamp = s
	w.queue[(w.head+w.count)%len(w.queue)] = g
	w.count++
	k := s.key()
	list, known := w.byKey[k]
	if n := len(w.lists); !known && n > 0 {
		list, w.lists = w.lists[n-1], w.lists[:n-1]
	}
	w.byKey[k] = append(list, g)
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
	w.bytes -= len(g.buf)
	if w.last == g {
		w.last = nil
	}
	k := g.stamp.key()
	list := w.byKey[k]
	for i, o := range list {
		if o == g {
			list = append(list[:i], list[i+1:]...)
			break
		}
	}
	if len(list) == 0 {
		delete(w.byKey, k)
		w.lists = append(w.lists, list)
	} else {
		w.byKey[k] = list
	}
	return g
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
	return len(g.recs) >= maxEventRecords || (len(g.recs) > 0 && len(g.buf)+len(rec.Raw) > maxEventBytes)
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
