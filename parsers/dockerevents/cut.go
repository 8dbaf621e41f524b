package dockerevents

import "bytes"

// A cut is a line taken apart, as a card and a deed are made of it. Positions are
// in what follows the action.
type cut struct {
	rest    []byte
	twice   int  // where the action comes again; 0: it does not
	extra   span // attributes of the event, with what separates them from the next; where they would be, if there are none
	hole    span // the id of the exec
	seconds span
	nano    span
}

// ownKeys are the attributes of events that follow one another in every list of
// attributes, which engines sort.
var ownKeys = [...]string{"execDuration", "execID", "exitCode"}

const keyExecID = "execID"

// own reports whether an attribute is the event's own, and whether the event's own
// would stand before it.
func own(key []byte) (own, behind bool) {
	for _, k := range ownKeys {
		if string(key) == k {
			return true, false
		}
	}
	return false, string(key) > ownKeys[0]
}

// take takes a line apart that was read into h; false if it is spelled otherwise
// than by engines. It is strict, so that what it takes for a hole is one.
func (c *cut) take(k *sketch, h *happening) bool {
	*c = cut{rest: k.line[k.to:]}
	if k.layout == printed {
		return h.form == text && bytes.HasPrefix(c.rest[1:], h.id) && len(h.id) > 0 && c.text(h)
	}
	return h.form == engine && h.cheap && len(h.typ) > 0 && c.json(k)
}

// json follows the line from literal to literal.
func (c *cut) json(k *sketch) bool {
	s := scan{b: c.rest}
	if k.layout == statusFirst {
		s.value(`","id":"`)
		s.value(`","from":"`)
		if s.literal(`","Type":"`); s.failed {
			return false
		}
		s.text()
		s.must(`","Action":"`)
		c.twice = s.at
		s.must(string(k.action()))
	}
	s.must(`","Actor":{"ID":"`)
	s.text()
	s.must(`","Attributes":{`)
	c.attributes(&s)
	s.must(`}}`)
	if s.literal(`,"scope":"`) {
		s.text()
		s.must(`"`)
	}
	s.must(`,"time":`)
	c.seconds = s.digits()
	s.must(`,"timeNano":`)
	c.nano = s.digits()
	s.must(`}`)
	if s.failed || s.at != len(c.rest) || !decimal(c.rest[c.seconds.from:c.seconds.to]) || !decimal(c.rest[c.nano.from:c.nano.to]) {
		return false
	}
	return c.hole.to == 0 || hexadecimal(c.rest[c.hole.from:c.hole.to])
}

// attributes goes through the members of an object of strings. What the event adds
// must stand together, and not last.
func (c *cut) attributes(s *scan) {
	placed := false
	for first := true; !s.failed && !s.at0('}'); first = false {
		if !first {
			s.must(`,`)
		}
		begin := s.at
		s.must(`"`)
		key := s.text()
		s.must(`":"`)
		value := s.text()
		s.must(`"`)
		if s.failed {
			return
		}
		own, behind := own(c.rest[key.from:key.to])
		switch {
		case own && placed && c.extra.to != begin:
			s.failed = true
		case own:
			if !placed {
				c.extra.from, placed = begin, true
			}
			if string(c.rest[key.from:key.to]) == keyExecID {
				c.hole = value
			}
			if s.failed = !s.at0(','); !s.failed {
				c.extra.to = s.at + 1
			}
		case behind && !placed:
			c.extra, placed = span{begin, begin}, true
		}
	}
	s.failed = s.failed || !placed
}

// text takes the attributes as they were read.
func (c *cut) text(h *happening) bool {
	placed := false
	place := func(b []byte) int { return cap(c.rest) - cap(b) } // both end where the record does
	for i, p := range h.pairs {
		begin := place(p.key)
		own, behind := own(p.key)
		switch {
		case own && (placed && c.extra.to != begin || i+1 == len(h.pairs) || len(p.value) == 0):
			return false
		case own:
			if !placed {
				c.extra.from, placed = begin, true
			}
			if c.extra.to = place(h.pairs[i+1].key); string(p.key) == keyExecID {
				from := place(p.value)
				c.hole = span{from, from + len(p.value)}
			}
		case behind && !placed:
			c.extra, placed = span{begin, begin}, true
		}
	}
	c.seconds, c.nano = span{len(c.rest), len(c.rest)}, span{len(c.rest), len(c.rest)}
	return placed && (c.hole.to == 0 || hexadecimal(c.rest[c.hole.from:c.hole.to]))
}

// size is room enough for the text of a card.
func (c *cut) size() int { return len(c.rest) - (c.extra.to - c.extra.from) + 64 }

// inExtra is the hole as a part of the event's own attributes.
func (c *cut) inExtra() span {
	if c.hole.to == 0 {
		return span{}
	}
	return span{c.hole.from - c.extra.from, c.hole.to - c.extra.from}
}

// A scan reads JSON that is spelled in one way only.
type scan struct {
	b      []byte
	at     int
	failed bool
}

// literal goes behind s if it comes next.
func (s *scan) literal(lit string) bool {
	if s.failed || !bytes.HasPrefix(s.b[s.at:], []byte(lit)) {
		return false
	}
	s.at += len(lit)
	return true
}

func (s *scan) must(lit string) {
	if !s.literal(lit) {
		s.failed = true
	}
}

// value goes behind a text that lit leads, if it comes next.
func (s *scan) value(lit string) {
	if s.literal(lit) {
		s.text()
	}
}

// text goes to the end of a string of which the quote was read.
func (s *scan) text() span {
	from := s.at
	if s.failed {
		return span{}
	}
	n := closing(s.b, from)
	if s.failed = n < 0; s.failed {
		return span{}
	}
	s.at = n
	return span{from, n}
}

func (s *scan) digits() span {
	from := s.at
	for s.at < len(s.b) && '0' <= s.b[s.at] && s.b[s.at] <= '9' {
		s.at++
	}
	return span{from, s.at}
}

// at0 reports whether c comes next.
func (s *scan) at0(c byte) bool { return s.at < len(s.b) && s.b[s.at] == c }
