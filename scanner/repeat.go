package scanner

import (
	"encoding/binary"

	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/given"
	"tideline/scanner/ruleset"
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

// repeat keeps a hit of rule as an echo, if it repeats one whose template is
// known and need not be kept in full. Otherwise nothing has happened but that
// fields were asked for that making the hit asks for too.
func (s *sink) repeat(f *parsers.Format, ev *parsers.Event, v *parsers.View, rule int) (bool, error) {
	r := &s.repeater
	r.has, r.long = false, false
	stage := echo.Stage(ev.Request.Stage)
	m := s.rules.MadeOf(rule)
	if stage < 0 || m.Masked || s.rules.Set.Dear(rule) || listsTooMuch(ev) {
		return false, nil
	}
	r.key = append(binary.LittleEndian.AppendUint32(r.key[:0], uint32(rule)), byte(ev.Facts.Outcome))
	for _, field := range m.Given {
		if r.values = v.Fields.Values(r.values[:0], field); len(r.values) > 1 {
			return false, nil // see given
		}
	}
	s.keyFacts(f, ev)
	if s.keyFields(ev, v, m); r.long {
		return false, nil
	}
	if a := s.rules.Adjuster(rule); a != nil {
		r.key = a.AppendHeld(r.key, v.Fields)
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
func (s *sink) keyFields(ev *parsers.Event, v *parsers.View, m *ruleset.Makings) {
	for _, field := range m.Fields {
		s.keyField(v, field)
	}
	for _, a := range m.All {
		if a.Field >= 0 && !isAll(s.keyField(v, a.Field)) {
			continue
		}
		s.keyNamed(v, given.FieldRequestURI)
		if a.Secret && given.Certainty(a.Limit, ev.Facts.Outcome.String()) == finding.Obtained {
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
