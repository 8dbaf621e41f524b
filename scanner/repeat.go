package scanner

import (
	"encoding/binary"
	"slices"

	"tideline/parsers"
	"tideline/scanner/block"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/given"
	"tideline/scanner/text"
)

// A repeater tells hits that repeat one whose template is known by the bytes they
// would be made of, before they are made: most hits are kept as echoes, and to
// make one in full costs more than all the rest that is done with it.
//
// It is right if a hit is made of nothing that does not go into its key, which
// a test holds buildHit to.
type repeater struct {
	known  map[parsers.TextKey]repeated
	key    []byte
	values [][]byte
	id     parsers.TextKey // of the hit at hand
	has    bool            // id is set
	long   bool            // a field has more values than are kept: such hits are made
}

// A repeated is a hit of which repetitions are kept as echoes.
type repeated struct {
	template uint32
	named    bool // their evidence is needed by nobody: see echo.Own
}

// maxRepeats bounds the hits that a repeater knows; then it begins anew.
const maxRepeats = 4 * echo.MaxTemplates

// ofHit are the fields that a hit of one rule is made of, as indices.
type ofHit struct {
	fields []int
	given  []int // of those: which of several values is given away depends on whatever the rule asks
	all    []allOf
	masked bool  // it depends on what cannot be foretold: such hits are made
	reads  []int // all fields that it depends on, with those that adjustments of its score ask
}

// An allOf is a credential that a rule may name "all of": then it matters what a
// request narrowed that to, and what it brought.
type allOf struct {
	field  int // that names it; -1: it is always all of them
	limit  string
	secret bool
}

// madeOf lists what hits of rule i depend on.
func (rs *Ruleset) madeOf(i int) ofHit {
	var m ofHit
	add := func(names ...string) {
		for _, name := range names {
			if block.IsWord(name) {
				continue // of the event, not of its fields: see look
			}
			if at, ok := rs.Set.FieldIndex(name); ok && !slices.Contains(m.fields, at) {
				m.fields = append(m.fields, at)
			}
		}
	}
	add(rs.blocks[i].Fields()...)
	add(rs.keep[i]...)
	for _, e := range rs.blocks[i].AllExposes() {
		if at, ok := rs.Set.FieldIndex(e.Name.Field()); ok && !block.IsWord(e.Name.Field()) {
			m.given = append(m.given, at)
		}
		if e.Kind != "secret" && e.Kind != "configmap" {
			continue
		}
		a := allOf{field: -1, limit: e.Certainty, secret: e.Kind == "secret"}
		name, plain := e.Name.Literal()
		switch field := e.Name.Field(); {
		case plain && (name == "" || name == "*"):
		case plain:
			continue
		case field != "":
			at, ok := rs.Set.FieldIndex(field)
			if !ok || block.IsWord(field) {
				m.masked = true
			}
			a.field = at
		default:
			m.masked = true
		}
		m.all = append(m.all, a)
	}
	m.reads = rs.readBy(i, &m)
	return m
}

// readBy lists the fields that hits of rule i, made of m, depend on.
func (rs *Ruleset) readBy(i int, m *ofHit) []int {
	reads := slices.Clone(m.fields)
	for _, a := range m.all {
		reads = append(reads, a.field)
	}
	if a := rs.adjusts[i]; a != nil {
		for _, hidden := range a.hidden {
			if hidden >= 0 {
				reads = append(reads, rs.Set.Reads(hidden)...)
			}
		}
	}
	return reads
}

// differs reports whether a hit may differ from that of an event akin to its own, of
// which one view varies so.
func (m *ofHit) differs(varies *parsers.Variation) bool {
	if m.masked || varies == nil {
		return m.masked
	}
	return slices.ContainsFunc(m.reads, func(f int) bool { return slices.Contains(varies.Fields, f) || slices.Contains(varies.Numbers, f) })
}

// repeat keeps a hit of rule as an echo, if it repeats one whose template is
// known and need not be kept in full. Otherwise nothing has happened but that
// fields were asked for that making the hit asks for too.
func (s *sink) repeat(f *parsers.Format, ev *parsers.Event, v *parsers.View, rule int) (bool, error) {
	r := &s.repeater
	r.has, r.long = false, false
	stage := echo.Stage(ev.Request.Stage)
	m := &s.rules.made[rule]
	if stage < 0 || m.masked || s.rules.Set.Dear(rule) || listsTooMuch(ev) {
		return false, nil
	}
	r.key = append(binary.LittleEndian.AppendUint32(r.key[:0], uint32(rule)), byte(ev.Facts.Outcome))
	for _, field := range m.given {
		if r.values = v.Fields.Values(r.values[:0], field); len(r.values) > 1 {
			return false, nil // see given
		}
	}
	s.keyFacts(f, ev)
	if s.keyFields(ev, v, m); r.long {
		return false, nil
	}
	if a := s.rules.adjusts[rule]; a != nil {
		r.key = a.appendHeld(r.key, v.Fields)
	}
	r.id, r.has = parsers.TextKeyOf(r.key), true
	like, known := r.known[r.id]
	if !known {
		return false, nil
	}
	x, ok := echo.At(ev, stage)
	if !ok {
		return false, nil
	}
	s.event.template[0] = like.template
	if !like.named {
		s.event.quoted = finding.Hit{Matched: s.event.quoted.Matched[:0]}
		s.addEvidence(&s.event.quoted, ev, v, rule)
		return s.partial.quoted(like.template, s.stream.path, x, &s.event.quoted)
	}
	kept, err := s.partial.again(s.event.template[:], s.stream.path, x)
	if kept {
		s.event.templates = append(s.event.templates, like.template)
	}
	return kept, err
}

// know remembers the template of the hit that repeat was asked for last.
func (r *repeater) know(template int, named bool) {
	if !r.has || template < 0 {
		return
	}
	if r.known == nil || len(r.known) >= maxRepeats {
		r.known = map[parsers.TextKey]repeated{}
	}
	r.known[r.id] = repeated{uint32(template), named}
}

// keyFacts appends what a format tells of an event in the words of all formats.
func (s *sink) keyFacts(f *parsers.Format, ev *parsers.Event) {
	k, x, o := s.repeater.key, &ev.Facts, &ev.Origin
	for _, text := range [...]string{f.Name, s.stream.place, string(x.Actor), o.Host, o.Cluster, o.Envelope, o.ID, o.Name, o.Pod, o.Namespace, o.Image} {
		k = append(binary.AppendUvarint(k, uint64(len(text))), text...)
	}
	for _, text := range x.Texts() {
		k = append(binary.AppendUvarint(k, uint64(len(*text))), *text...)
	}
	k = binary.AppendUvarint(k, uint64(len(ev.Pos)))
	s.repeater.key = appendAll(appendAll(k, x.Groups), x.Addresses)
}

// keyFields appends the values of the fields that the hit would be made of.
func (s *sink) keyFields(ev *parsers.Event, v *parsers.View, m *ofHit) {
	for _, field := range m.fields {
		s.keyField(v, field)
	}
	for _, a := range m.all {
		if a.field >= 0 && !isAll(s.keyField(v, a.field)) {
			continue
		}
		s.keyNamed(v, given.FieldRequestURI)
		if a.secret && given.Certainty(a.limit, ev.Facts.Outcome.String()) == finding.Obtained {
			s.keyNamed(v, given.FieldItemName)
			s.keyNamed(v, given.FieldItemNamespace)
		}
	}
}

func (s *sink) keyField(v *parsers.View, field int) [][]byte {
	r := &s.repeater
	r.values = said(v.Fields, r.values[:0], field)
	if len(r.values) > text.MaxList {
		r.long = true
		return r.values
	}
	r.key = appendAll(r.key, r.values)
	return r.values
}

func (s *sink) keyNamed(v *parsers.View, field string) {
	if i, ok := s.rules.Set.FieldIndex(field); ok {
		s.keyField(v, i)
	}
}

// isAll reports whether a name made of values may come to "*".
func isAll(values [][]byte) bool {
	return len(values) == 0 || len(values) == 1 && (len(values[0]) == 0 || string(values[0]) == "*")
}

func appendAll(k []byte, list [][]byte) []byte {
	k = binary.AppendUvarint(k, uint64(len(list)))
	for _, b := range list {
		k = append(binary.AppendUvarint(k, uint64(len(b))), b...)
	}
	return k
}
