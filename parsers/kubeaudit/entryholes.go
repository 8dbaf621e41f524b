package kubeaudit

import (
	"bytes"
	"slices"

	"tideline/parsers"
)

// Entries of Cloud Logging repeat themselves as events do, and have stencils of their
// own: see stencil. They are found when the head has been read.

// findEntry is find for an entry of Cloud Logging, which was read.
func (d *decoder) findEntry() *slot {
	data, e := d.rec.Data, &d.entry
	if d.hash != 0 || e.answered() != nil || e.doc != nil || len(data) == 0 || len(e.data) != len(data) || &e.data[0] != &data[0] {
		return nil
	}
	if d.hash = d.stencils.hashOfEntry(d.rec, e); d.hash == 0 {
		return nil
	}
	return d.lookup(data)
}

// hashOfEntry is hashOf for an entry of Cloud Logging.
func (s *stencils) hashOfEntry(rec *parsers.Record, e *entry) uint64 {
	if s.off || rec.Cut || len(e.id()) == 0 || !e.isKubernetes() || !s.worth() {
		return 0
	}
	h := uint64(0)
	for _, slot := range [...]int{entryMethod, entryEmail, entrySubject, entryIP, entryAgent, entryCode} {
		h = mix(h, e.head.Spelled(slot))
	}
	path := e.text(entryResource)
	from, to := nameAt(path)
	if from == to {
		return s.withName(mix(h, path), nil, nil, nil)
	}
	return s.withName(mix(mix(h, path[:from]), path[to:]), path[from:to], e.text(entryMethod), nil)
}

// nameAt is where in a resourceName the name of the object stands; from equals to if it
// has none.
func nameAt(resource []byte) (from, to int) {
	parts := 3 // group, version, resource
	for n := 0; n < parts; n++ {
		at := bytes.IndexByte(resource[from:], '/')
		if at < 0 {
			return 0, 0
		}
		if n == 2 && string(resource[from:from+at]) == "namespaces" {
			parts = 5
		}
		from += at + 1
	}
	if to = bytes.IndexByte(resource[from:], '/'); to < 0 {
		return from, len(resource)
	}
	return from, from + to
}

// gaps is record.gaps of an entry that the cheap pass has read. What stands in two of
// its holes has no name of its own there: the insertId has that of a date, and when the
// entry arrived that of a shipper's stamp.
func (e *entry) gaps(out []gap) []gap {
	if _, ok := stamp(e.text(entryTime)); !ok || len(e.id()) == 0 {
		return out[:0]
	}
	f := finder{data: e.data, out: out[:0]}
	if len(e.text(entryOperation)) > 0 {
		f.add(holeDate, e.text(entryInsertID))
	}
	f.add(holeID, e.id())
	e.names(&f)
	f.bodies(e.object(entryRequest), e.object(entryResponse))
	f.add(holeShipped, e.text(entryArrived))
	f.add(holeReceived, e.text(entryTime))
	if f.lost {
		return out[:0]
	}
	for i, g := range f.out {
		if g.hole == holeDate || g.hole == holeShipped {
			f.out[i].from, f.out[i].to = g.from-1, g.to+1 // with its quotes: values of any type
		}
	}
	slices.SortFunc(f.out, func(a, b gap) int { return a.from - b.from })
	return f.out
}

// names adds the name of the object, where the resource has it, and where the grant does.
func (e *entry) names(f *finder) {
	resource, grants := e.text(entryResource), e.text(entryGrants)
	from, to := nameAt(resource)
	o := cloudObject(string(resource))
	if from == to || to-from > maxObjectName || o.name != string(resource[from:to]) || o.resource == "namespaces" || o.subresource == "exec" || o.subresource == "proxy" {
		return
	}
	if n := bytes.Count(grants, resource); n > 1 {
		return
	} else if n == 1 {
		at := bytes.Index(grants, resource)
		f.add(holeSegment, grants[at+from:at+to])
	}
	f.add(holeName, resource[from:to])
}

// endOfResourceName is endOfSegment for the name in the resource of an entry.
func endOfResourceName(data []byte, i int) int {
	end := endOfSegment(data, i)
	for _, c := range data[i:max(i, end)] {
		if c < ' ' || c == '\\' || c >= 0x80 {
			return -1
		}
	}
	if end == i {
		return -1 // whether there is a name matters
	}
	return end
}
