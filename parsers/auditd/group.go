package auditd

import (
	"bytes"

	"tideline/parsers"
)

// A span is a place in group.buf.
type span struct{ at, end uint32 }

func (s span) len() int { return int(s.end - s.at) }

// A group is the records of one event, copied out of the stream. It is reused.
type group struct {
	stamp   stamp
	node    span
	buf     []byte        // everything that spans refer to
	stamped span          // the stamp as spelled, if it has ghosts
	size    int           // bytes that count for the limits of the window
	pos     []parsers.Pos // of its records in the stream
	raws    []rawRecord   // those records
	recs    []record
	fields  []field
	holes   []hole // of the stencils that records fit
	gist    gist
	origin  parsers.Origin
	older   *group // in the window, see window.chain
	names   *nameTable
	shapes  *shapes
	local   bool
	// crowded: fields were left out, see maxFields.
	crowded bool
}

// A gist is what an event that follows a routine is finished by. It was noted as the
// records came: when the event leaves the window, they have long left the caches.
type gist struct {
	stencils  [maxGathered]*stencil // of the first records
	count     int                   // of those
	step      *step                 // behind them; nil if no routine begins so
	pid, ppid uint64                // of its SYSCALL record
	hasPid    bool
	hasPpid   bool
}

// A rawRecord is a record as it stands in the stream.
type rawRecord struct {
	text span
	data span // what was decoded: text, or a part of it that envelopes were taken off
}

// A record is one audit record of a group. Of a line there is one, of a JSON
// object that carries a whole event several.
type record struct {
	number rectype
	kind   []byte // the type's name if it is a known one, shared
	name   span   // the type as spelled
	body   span
	raw    int32 // index into group.raws
	form   form
	first  int32 // its fields are group.fields[first:last], or -1: not cut yet
	last   int32
	shape  *shape // of its fields; nil if that is not known

	ghost   bool     // its text was not kept: see group.restore
	stencil *stencil // that it fits; nil if there is none
	holes   int32    // its holes are group.holes[holes:]
}

// A form says how the body of a record is written.
type form uint8

const (
	rawForm         form = iota // as auditd writes it
	interpretedForm             // as "ausearch -i" prints it
	readForm                    // its fields are there already
)

// A field is one name and value of a record.
type field struct {
	name, value span
	id          nameID
	how         how
	part        part
}

// how says what became of a value on its way into the log.
type how uint8

const (
	bare   how = iota // as it stands; encoded, if the name is an encodable one
	quoted            // literal
	plain             // decoded by whoever rendered the record
)

// part says where in a record a field stands.
type part uint8

const (
	outer    part = iota
	inner         // inside msg='...'
	enriched      // behind 0x1D: interpreted on the machine itself
)

func (g *group) reset() {
	*g = group{buf: g.buf[:0], pos: g.pos[:0], raws: g.raws[:0], recs: g.recs[:0], fields: g.fields[:0], holes: g.holes[:0]}
}

func (g *group) text(s span) []byte { return g.buf[s.at:s.end:s.end] }

// keep copies bytes into the group.
func (g *group) keep(b []byte) span {
	at := uint32(len(g.buf))
	g.buf = append(g.buf, b...)
	return span{at, uint32(len(g.buf))}
}

// within is the span of part, which is a piece of whole, whose copy is at s.
// Neither knows its place in memory, so that it is told by their capacities:
// both end at the same array.
func within(s span, whole, part []byte) span {
	if part == nil {
		return span{}
	}
	at := s.at + uint32(cap(whole)-cap(part))
	return span{at, at + uint32(len(part))}
}

// addRaw copies a record in and returns where its payload stands.
func (g *group) addRaw(rec *parsers.Record) span {
	text := g.keep(rec.Raw)
	data := text
	if !sameMemory(rec.Raw, rec.Data) && !bytes.Equal(rec.Raw, rec.Data) {
		data = g.keep(rec.Data)
	}
	g.pos = append(g.pos, rec.Pos)
	g.raws = append(g.raws, rawRecord{text, data})
	return data
}

// addLine copies in a record whose header was read from rec.Data.
func (g *group) addLine(rec *parsers.Record, h *header, t typeName) {
	data := g.addRaw(rec)
	r := record{raw: int32(len(g.raws) - 1), first: -1, number: t.number, kind: t.name}
	r.name = within(data, rec.Data, h.kind)
	if h.spelled != nil {
		r.body = g.keep(h.body)
	} else {
		r.body = within(data, rec.Data, h.body)
	}
	if h.interpreted {
		r.form = interpretedForm
	}
	if g.node.len() == 0 && len(h.node) > 0 {
		g.node = within(data, rec.Data, h.node)
	}
	g.local = g.local || h.local
	g.recs = append(g.recs, r)
}

// typeName is the type of a record as rules name it.
func (g *group) typeName(r *record) []byte {
	if r.kind != nil {
		return r.kind
	}
	if r.stencil != nil {
		return r.stencil.kind
	}
	return g.text(r.name)
}

// is reports whether a record has a type.
func (r *record) is(t rectype) bool { return r.number == t }

// of are the fields of a record, which is cut into them when first asked.
func (g *group) of(r *record) []field {
	if r.first < 0 {
		g.lex(r)
	}
	return g.fields[r.first:r.last]
}

// maxFields is how many fields of one event are told apart. A line of auditd is
// at most 8970 bytes long; this is fifty such lines full of fields.
const maxFields = 1 << 17

// hasRoom reports whether one more field can be kept, and remembers if not.
func (g *group) hasRoom() bool {
	if len(g.fields) < maxFields {
		return true
	}
	g.crowded = true
	return false
}

// find returns the first field of a record with that name, nil if it has none.
func (g *group) find(r *record, id nameID) *field {
	fields := g.of(r)
	if r.shape != nil {
		if i := r.shape.first[id]; i > 0 {
			return &fields[i-1]
		}
		return nil
	}
	for i := range fields {
		if fields[i].id == id {
			return &fields[i]
		}
	}
	return nil
}

// has reports whether a record has a field of that name.
func (g *group) has(r *record, id nameID) bool {
	if r.stencil != nil {
		return r.stencil.shape.first[id] > 0
	}
	return g.find(r, id) != nil
}

// value is the first value with that name, as it stands; nil if there is none.
func (g *group) value(r *record, id nameID) []byte {
	if r == nil {
		return nil
	}
	if r.stencil != nil {
		return r.stencil.raw(g, r, id)
	}
	if f := g.find(r, id); f != nil {
		return g.text(f.value)
	}
	return nil
}

// record returns the first record of a type, nil if the event has none.
func (g *group) record(t rectype) *record {
	for i := range g.recs {
		if g.recs[i].number == t {
			return &g.recs[i]
		}
	}
	return nil
}
