package jsonfields

// This file is the writing half of a scan: what it keeps of the text.

// open enters a container and reports whether members are to be read from it.
func (s *scan) open(c byte) bool {
	s.values++
	if len(s.stack) >= MaxDepth {
		s.deep = true
		s.pos++
		s.skipTo(1)
		s.done()
		return false
	}
	if s.flat == 0 && len(s.stack) >= treeDepth {
		s.edit()
		s.out = append(s.out, '[')
		s.flat, s.items = len(s.stack)+1, 0
	}
	s.stack = append(s.stack, c)
	s.pos++
	s.done()
	return true
}

// shut leaves the innermost container, whose closing bracket is next.
func (s *scan) shut() {
	depth := len(s.stack)
	s.stack = s.stack[:depth-1]
	s.pos++
	if s.flat == depth {
		s.flat = 0
		s.out = append(s.out, ']')
		s.kept = s.pos
	}
	s.done()
}

// scalar ends a scalar that started at. quote: it is kept as a string.
func (s *scan) scalar(at int, quote bool) {
	s.values++
	switch {
	case s.flat > 0:
		if s.items > 0 {
			s.out = append(s.out, ',')
		}
		s.items++
		s.put(s.in[at:s.pos], quote)
	case quote:
		s.cut(at, at)
		s.put(s.in[at:s.pos], true)
		s.kept = s.pos
	}
	s.done()
}

func (s *scan) put(text []byte, quote bool) {
	if quote {
		s.out = AppendString(s.out, text)
		return
	}
	s.out = append(s.out, text...)
}

// done marks that everything up to here can be kept.
func (s *scan) done() {
	if !s.edited {
		s.good = s.pos
		return
	}
	if s.flat == 0 {
		s.out = append(s.out, s.in[s.kept:s.pos]...)
	}
	s.kept = s.pos
	s.good = len(s.out)
}

// edit starts a mended copy, or continues it up to here.
func (s *scan) edit() { s.cut(s.pos, s.pos) }

// cut leaves out in[from:to].
func (s *scan) cut(from, to int) {
	if s.flat == 0 {
		s.out = append(s.out, s.in[s.kept:from]...)
	}
	if !s.edited {
		s.edited = true
		s.good = max(0, s.good-s.start)
	}
	s.kept = to
}

// leave skips the rest of the innermost container, up to its closing bracket.
func (s *scan) leave() *SyntaxError {
	s.cut(s.pos, s.pos)
	if !s.skipTo(1) {
		return s.fail("the record ends inside an object or array")
	}
	s.pos--
	s.kept = s.pos
	return nil
}

// skipTo goes behind the bracket that closes depth containers, or to the end, and
// reports whether there is one. It minds strings and nothing else.
func (s *scan) skipTo(depth int) bool {
	for s.pos < len(s.in) {
		switch s.in[s.pos] {
		case '"':
			if s.text() != nil {
				s.pos = len(s.in)
				return false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		s.pos++
		if depth == 0 {
			return true
		}
	}
	return false
}

// close gives what was read before damage, with its containers closed.
func (s *scan) close() []byte {
	if s.good == 0 {
		return nil
	}
	if s.edited {
		s.out = s.out[:s.good]
	} else {
		s.out = append(s.out[:0], s.in[s.start:s.good]...)
	}
	open := s.stack
	if s.flat > 0 {
		s.out = append(s.out, ']')
		open = s.stack[:s.flat-1]
	}
	for i := len(open) - 1; i >= 0; i-- {
		s.out = append(s.out, closer(open[i]))
	}
	return s.out
}
