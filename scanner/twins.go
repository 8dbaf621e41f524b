package scanner

import (
	"time"

	"tideline/parsers"
)

// conditions are those of the rules of one sink for one format. They remember
// which events matched nothing, so that their twins are only counted.
type conditions struct {
	sink   *sink
	format *parsers.Format
	rules  *matchers
	asked  []bool // by field
	silent []sighting
}

// silentTwins is how many silent events are remembered; a power of two.
const silentTwins = 1 << 13

// A sighting is a silent event and where its twins are counted.
type sighting struct {
	twin    uint32 // 0: none
	age     int    // of the counters, see tally.age
	row     *PrincipalRow
	details []*int64
	host    string
	outcome parsers.Outcome
}

// Conditions implements parsers.Judge.
func (s *sink) Conditions(f *parsers.Format) parsers.Conditions {
	m := s.forFormat(f)
	c := m.conditions
	if c == nil {
		c = &conditions{sink: s, format: f, rules: m, silent: make([]sighting, silentTwins)}
		for i := range s.rules.Set.Fields() {
			asked := false
			for _, k := range m.byKind {
				asked = asked || k.Asks(i)
			}
			c.asked = append(c.asked, asked)
		}
		m.conditions = c
	}
	clear(c.silent)
	return c
}

// Asked implements parsers.Conditions.
func (c *conditions) Asked(field int) bool { return c.asked[field] }

// Keywords implements parsers.Conditions.
func (c *conditions) Keywords() bool {
	for _, k := range c.rules.byKind {
		if k.AsksKeywords() {
			return true
		}
	}
	return false
}

// Inert implements parsers.Conditions.
func (c *conditions) Inert(field int, value []byte) bool {
	for i, k := range c.rules.byKind {
		if !k.Inert(field, value, c.rules.scratch[i]) {
			return false
		}
	}
	return true
}

// Again implements parsers.Conditions.
func (c *conditions) Again(twin uint32, at time.Time) bool {
	k := &c.silent[twin%silentTwins]
	if k.twin != twin || !c.sink.tally.again(k, at) {
		return false
	}
	c.sink.first, c.sink.last = earlier(c.sink.first, at), later(c.sink.last, at)
	return true
}

// remember keeps an event that was just counted and matched nothing. Names of
// images and secrets are counted apart, so that their events are not kept.
func (c *conditions) remember(ev *parsers.Event) {
	t := c.sink.tally
	if ev.Twin == 0 || t.last == nil || ev.Origin.Image != "" || string(ev.Facts.Kind) == "secrets" || ev.Facts.Actor.Kubernetes() {
		return
	}
	k := &c.silent[ev.Twin%silentTwins]
	*k = sighting{twin: ev.Twin, age: t.age, row: t.last, details: k.details[:0], host: ev.Origin.Host, outcome: ev.Facts.Outcome}
	for _, d := range ev.Facts.Details {
		n := t.details[string(d)]
		if n == nil {
			k.twin = 0 // it is counted under another spelling
			return
		}
		k.details = append(k.details, n)
	}
}
