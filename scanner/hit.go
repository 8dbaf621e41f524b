package scanner

import (
	"cmp"
	"fmt"
	"slices"

	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/given"
	"tideline/scanner/pending"
	"tideline/scanner/principal"
	"tideline/scanner/text"
)

// hit records that rule matched a view of ev. A stage that comes before the
// outcome is known waits: the next stage of the request decides.
func (s *sink) hit(f *parsers.Format, ev *parsers.Event, v *parsers.View, rule int) error {
	decides := len(ev.Request.ID) == 0 || pending.IsAnswer(ev)
	if decides {
		if again, err := s.repeat(f, ev, v, rule); again || err != nil {
			s.stream.fired[rule] = true
			return err
		}
	}
	h := s.buildHit(f, ev, v, rule)
	if !decides {
		s.addEvidence(h, ev, v, rule)
		if s.stream.pending.Hold(ev, h, s.stream.key[:0]) {
			return nil
		}
		s.stream.fired[rule] = true
		s.found(rule, h)
		return s.partial.add(h)
	}
	s.stream.fired[rule] = true
	if listsTooMuch(ev) || s.event.cutList {
		s.addEvidence(h, ev, v, rule)
		s.found(rule, h)
		return s.partial.keep(h) // to look for another that is like it would take as much again
	}
	// Most hits repeat others, and nobody will look at their evidence, unless it
	// is not known who acted. What is parsed for it is parsed all the same: the
	// ledger tells of it.
	named := echo.Own(h)
	if !named || s.rules.Set.Dear(rule) {
		s.addEvidence(h, ev, v, rule)
	}
	repeats, template, err := s.partial.repeats(h)
	s.repeater.know(template, named)
	if template >= 0 && named {
		s.event.templates = append(s.event.templates, uint32(template))
	}
	if repeats || err != nil {
		return err
	}
	if h.Matched == nil {
		s.addEvidence(h, ev, v, rule)
	}
	s.found(rule, h)
	return s.partial.keep(h)
}

// addEvidence adds what a reader checks a hit by, if there will be a reader: the record,
// and what matched in it.
func (s *sink) addEvidence(h *finding.Hit, ev *parsers.Event, v *parsers.View, rule int) {
	if s.partial.lean != nil && s.partial.lean[rule] {
		h.RawCut = true
		return
	}
	if e := &s.event.evidence; !e.known {
		e.raw, e.raw64, e.cut = text.Raw(ev.Records())
		e.known = true
	}
	h.Raw, h.RawBase64, h.RawCut = s.event.evidence.raw, s.event.evidence.raw64, s.event.evidence.cut
	for _, m := range s.rules.Set.Explain(rule, v.Fields) {
		h.Matched = append(h.Matched, finding.Match{Field: m.Field, Value: text.Shorten(text.Valid(m.Value), maxMatchValue), Pattern: m.Pattern})
	}
}

// buildHit is the hit without its evidence.
func (s *sink) buildHit(f *parsers.Format, ev *parsers.Event, v *parsers.View, rule int) *finding.Hit {
	s.event.cutList = false
	b := s.rules.Block(rule)
	pos := ev.Pos[ev.Decisive]
	h := &finding.Hit{
		Rule:    s.rules.Key(rule),
		Time:    finding.Time{Time: ev.Time},
		Request: text.Clean(ev.Request.ID), Stage: s.texts.Clean(ev.Request.Stage),
		Actor:   principal.Of(ev, s.stream.place, s.texts),
		Action:  s.texts.Clean(ev.Facts.Action),
		Target:  finding.Target{Kind: s.texts.Clean(ev.Facts.Kind), Namespace: s.texts.Clean(ev.Facts.Namespace), Name: s.texts.Clean(ev.Facts.Target)},
		Outcome: ev.Facts.Outcome.String(),
		Host:    text.Valid(ev.Origin.Host), Cluster: text.Valid(ev.Origin.Cluster), Container: validContainer(ev.Origin.Container),
		Command: s.texts.Clean(ev.Facts.Command),
		Source:  finding.Source{Path: s.stream.path, Format: f.Name, Envelope: ev.Origin.Envelope, Pos: pos},
		Records: len(ev.Pos),
	}
	look := s.look(h, v)
	h.Summary = b.Summary.Render(look)
	h.Adjust = s.rules.Adjuster(rule).Holds(v.Fields)
	for _, e := range b.Exposed(h.Adjust) {
		h.Exposed = append(h.Exposed, given.Of(&e, s.rules.Set, rule, v, h.Outcome, look)...)
	}
	if kind := b.KindOf(h.Adjust); kind != "" {
		for i := range h.Exposed {
			h.Exposed[i].Kind = kind
		}
	}
	if limit := b.LimitOf(h.Adjust); limit != "" {
		for i := range h.Exposed {
			h.Exposed[i].Certainty = given.Certainty(limit, h.Outcome)
		}
	}
	h.Exposed = given.Refine(h.Exposed, look)
	for _, name := range s.rules.Kept(rule) {
		values := look(name)
		if len(values) == 0 {
			continue
		}
		if h.Fields == nil {
			h.Fields = map[string][]string{}
		}
		h.Fields[name] = s.fewer(ev, values)
	}
	return h
}

// fewer are the last of values that are more than correlations are to look at.
func (s *sink) fewer(ev *parsers.Event, values []string) []string {
	if len(values) <= text.MaxList {
		return values
	}
	if s.event.cutList = true; !listsTooMuch(ev) { // else it is noted anyway
		s.longList(ev)
	}
	return slices.Clone(values[len(values)-text.MaxList:])
}

// maxMatchValue caps a matched value in a finding, in bytes.
const maxMatchValue = 2048

// look resolves a name of a template: a word of the finding, or a field of the
// view.
func (s *sink) look(h *finding.Hit, v *parsers.View) func(string) []string {
	return func(name string) []string {
		switch name {
		case "actor":
			return []string{caller(&h.Actor)}
		case "target":
			return []string{h.Target.Name}
		case "action":
			return []string{h.Action}
		case "outcome":
			return []string{h.Outcome}
		case "command":
			return []string{h.Command}
		}
		i, ok := s.rules.Set.FieldIndex(name)
		if !ok {
			return nil
		}
		s.event.values = said(v.Fields, s.event.values[:0], i)
		return s.texts.CleanAll(s.event.values)
	}
}

// said appends the values of a field but for those that are null: nothing is named or
// counted by them, as `rules eval` says, too.
func said(f parsers.Fields, dst [][]byte, field int) [][]byte {
	return slices.DeleteFunc(f.Values(dst, field), func(v []byte) bool { return v == nil })
}

// caller is what a sentence calls an actor: by the name that is proven, and with
// the one it took on.
func caller(a *finding.ActorRef) string {
	name := cmp.Or(a.Name, nobody(a))
	if a.Impersonated != "" {
		name += " as " + a.Impersonated
	}
	return name
}

// nobody is what an actor is called whom the log does not name.
func nobody(a *finding.ActorRef) string {
	if address := a.Address(); address != "" && parsers.ActorKind(a.Kind) == parsers.KubernetesClient {
		return "somebody at " + address
	}
	return "somebody"
}

// evidence is the current event as its hits quote it: all share one text.
type evidence struct {
	known      bool
	raw, raw64 string
	cut        bool
}

// validContainer is c with all texts as text.Valid has them: a partial result on disk
// tells of no other bytes, and is to be of the same containers.
func validContainer(c parsers.Container) parsers.Container {
	for _, s := range [...]*string{&c.ID, &c.Name, &c.Pod, &c.Namespace, &c.Image} {
		*s = text.Valid(*s)
	}
	return c
}

// listsTooMuch reports whether an event has more groups or addresses.
func listsTooMuch(ev *parsers.Event) bool {
	return len(ev.Facts.Groups) > text.MaxList || len(ev.Facts.Addresses) > text.MaxList
}

// longList notes that of an event some of a list are not told.
func (s *sink) longList(ev *parsers.Event) {
	s.stream.remarks.Add(parsers.Remark{Code: "event.long_list", Pos: ev.Pos[ev.Decisive],
		Reason: fmt.Sprintf("an event with a list of more than %d groups, addresses or values: the first groups, and the last of the others, are told and correlated", text.MaxList)})
}

// found tells who watches of a hit that repeats none.
func (s *sink) found(rule int, h *finding.Hit) {
	w := s.partial.watch
	if w == nil || s.rules.Silent(rule) || len(s.rules.Block(rule).FirstSeen) > 0 {
		return // a finding in other company, or when it is known what is new
	}
	w.Found(foldID(h, ""), s.rules.Level(rule, h))
}
