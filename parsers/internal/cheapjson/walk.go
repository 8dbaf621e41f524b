package cheapjson

// failed is the position that says that a record is not for the cheap pass.
const failed = -1

// Walk reads data, which must be one JSON object and nothing else but white
// space around it. It reports whether r now holds exactly what a full parse
// would give; if not, the contents of r mean nothing.
func (s *Schema) Walk(data []byte, r *Record) bool {
	r.Reset()
	i := space(data, 0)
	if i >= len(data) || data[i] != '{' {
		return false
	}
	if i = s.root.walk(data, i+1, r); i == failed {
		return false
	}
	return space(data, i) == len(data)
}

// walk reads the members of an object whose bracket stands before i, and
// returns the position behind the object.
func (n *node) walk(b []byte, i int, r *Record) int {
	i = space(b, i)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	seen, next := uint64(0), 0
	for {
		if i >= len(b) || b[i] != '"' {
			return failed
		}
		end := plain(b, i+1)
		if end == failed {
			return failed
		}
		at := n.lookup(b[i+1:end], next)
		if at == strange {
			return failed
		}
		if i = colon(b, end+1); i == failed {
			return failed
		}
		if at == unknown {
			r.other = r.other || n.outermost
			i = skip(b, i)
		} else {
			if seen&(1<<at) != 0 {
				return failed
			}
			seen |= 1 << at
			next = at + 1
			i = n.entries[at].read(b, i, r)
		}
		if i == failed {
			return failed
		}
		if i = space(b, i); i >= len(b) {
			return failed
		}
		if b[i] == '}' {
			return i + 1
		}
		if b[i] != ',' {
			return failed
		}
		i = space(b, i+1)
	}
}

// read reads the value of a known key at i.
func (e *entry) read(b []byte, i int, r *Record) int {
	switch e.typ {
	case Text:
		if b[i] != '"' {
			return failed
		}
		end := plain(b, i+1)
		if end == failed {
			return failed
		}
		r.SetText(e.slot, b[i+1:end:end])
		return end + 1
	case Escaped:
		return e.escaped(b, i, r)
	case Raw:
		end := skip(b, i)
		if end != failed {
			r.SetText(e.slot, b[i:end:end])
		}
		return end
	case Digits:
		end := digits(b, i)
		if end == failed {
			return failed
		}
		r.SetText(e.slot, b[i:end:end])
		return end
	case Texts:
		return e.list(b, i, r)
	case object:
		if b[i] != '{' {
			return failed
		}
		return e.child.walk(b, i+1, r)
	}
	return skip(b, i)
}

// escaped reads a string that may have escapes, which it leaves for later.
func (e *entry) escaped(b []byte, i int, r *Record) int {
	if b[i] != '"' {
		return failed
	}
	end := plain(b, i+1)
	if end == failed {
		if end = quoted(b, i+1); end == failed {
			return failed
		}
		r.raw |= 1 << e.slot
	}
	r.text[e.slot], r.have = b[i+1:end:end], r.have|1<<e.slot
	return end + 1
}

// list reads an array of strings.
func (e *entry) list(b []byte, i int, r *Record) int {
	if b[i] != '[' {
		return failed
	}
	from := len(r.items)
	i = space(b, i+1)
	for first := true; ; first = false {
		if i >= len(b) {
			return failed
		}
		if first && b[i] == ']' {
			break
		}
		if b[i] != '"' {
			return failed
		}
		end := plain(b, i+1)
		if end == failed {
			return failed
		}
		r.items = append(r.items, b[i+1:end:end])
		if i = space(b, end+1); i >= len(b) {
			return failed
		}
		if b[i] == ']' {
			break
		}
		if b[i] != ',' {
			return failed
		}
		i = space(b, i+1)
	}
	r.list[e.slot], r.have = span{from, len(r.items)}, r.have|1<<e.slot
	return i + 1
}

// colon goes from behind a key to the first byte of its value, which exists.
func colon(b []byte, i int) int {
	if i = space(b, i); i >= len(b) || b[i] != ':' {
		return failed
	}
	if i = space(b, i+1); i >= len(b) {
		return failed
	}
	return i
}

// digits returns the end of a number at i that has neither sign, point nor
// exponent, and no needless zero.
func digits(b []byte, i int) int {
	start := i
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	if i == start || i >= len(b) || (b[start] == '0' && i > start+1) {
		return failed
	}
	switch b[i] {
	case ',', '}', ' ', '\n', '\r', '\t':
		return i
	}
	return failed
}
