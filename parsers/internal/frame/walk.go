package frame

// A verdict is what a walker came to.
type verdict uint8

const (
	unfinished verdict = iota // the bytes ended within the value
	whole                     // the value ended
	broken                    // this can be no JSON value any more
	array                     // watch: the array of a wrapper opens here
	member                    // members: one of the outermost object ended
)

// maxNesting bounds the memory of a walker: one bit for each level. The API
// server accepts 10,000 levels.
const maxNesting = 1 << 20

// A want is what a walker waits for.
type want uint8

const (
	wantValue want = iota
	wantFirst      // a value or the end of the array
	wantKey        // a key or the end of the object
	wantColon
	wantNext // a comma or an end
	inLiteral
	inString
	inKey
)

// A walker finds the end of a JSON value. It knows just enough of the grammar
// (RFC 8259) to notice soon that a value is torn: brackets that match, keys and
// values in turn, no raw newline in a string. Numbers and literals are not
// judged. It keeps no bytes, so a value can be walked in parts.
type walker struct {
	want   want
	escape bool
	depth  int
	open   []uint64 // a bit per level: 1 is an object

	members bool // report where members of the outermost object end

	watch bool // report arrays of wrappers
	named bool // the key in hand is wanted
	key   keyName
	outer keyName // the key whose value the object at depth 2 is
}

// reset makes w ready for a new value, keeping its memory.
func (w *walker) reset(watch bool) {
	*w = walker{open: w.open[:0], watch: watch}
}

// inside makes w ready for the rest of n nested objects of which a member has
// just ended.
func (w *walker) inside(n int) {
	w.reset(true)
	for range n {
		w.push(true)
	}
	w.want = wantNext
}

// plain are the bytes that a string consists of, but for those that end it or
// need a look.
var plain = func() (t [256]bool) {
	for i := range t {
		t[i] = i != '"' && i != '\\' && i != '\n' && i != 0
	}
	return t
}()

// literal are the bytes of numbers, true, false, null and their like.
var literal = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.'
	}
	return t
}()

// walk goes on in b from index i. It returns the index behind the value (whole),
// behind one of its members (member), of the byte that cannot be (broken), of the bracket (array), or len(b).
func (w *walker) walk(b []byte, i int) (int, verdict) {
	for i < len(b) {
		switch w.want {
		case inString, inKey:
			var ok bool
			if i, ok = w.text(b, i); !ok {
				return i, broken
			}
			if v := w.ended(); v != unfinished {
				return i, v
			}
			continue
		case inLiteral:
			for i < len(b) && literal[b[i]] {
				i++
			}
			if i == len(b) {
				return i, unfinished
			}
			w.want = wantNext
			if w.members && w.depth == 1 {
				return i, member
			}
		}
		c := b[i]
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		if w.watch && c == '[' && w.want == wantValue && w.streams() {
			return i, array
		}
		if !w.take(c) {
			return i, broken
		}
		i++
		if v := w.ended(); v != unfinished {
			return i, v
		}
	}
	return i, unfinished
}

// ended says what has ended, if a value just has.
func (w *walker) ended() verdict {
	switch {
	case w.want != wantNext:
		return unfinished
	case w.depth == 0:
		return whole
	case w.members && w.depth == 1:
		return member
	}
	return unfinished
}

// take accepts the token that c begins, or refuses it.
func (w *walker) take(c byte) bool {
	switch w.want {
	case wantValue, wantFirst:
		return w.value(c)
	case wantKey:
		if c == '"' {
			w.want = inKey
			w.named = w.watch && w.depth <= 2
			w.key.reset()
			return true
		}
		return c == '}' && w.pop(true)
	case wantColon:
		w.want = wantValue
		return c == ':'
	}
	switch c { // wantNext
	case ',':
		w.want = wantValue
		if w.object() {
			w.want = wantKey
		}
		return w.depth > 0
	case '}':
		return w.pop(true)
	case ']':
		return w.pop(false)
	}
	return false
}

// value accepts the beginning of a value.
func (w *walker) value(c byte) bool {
	switch {
	case c == '"':
		w.want = inString
	case c == '{':
		if w.depth == 1 {
			w.outer = w.key
		}
		w.want = wantKey
		return w.push(true)
	case c == '[':
		w.want = wantFirst
		return w.push(false)
	case c == ']' && (w.want == wantFirst || w.depth > 0 && !w.object()):
		return w.pop(false)
	case literal[c] && w.depth > 0:
		w.want = inLiteral
	default:
		return false
	}
	return true
}

// text goes through a string. A raw newline or NUL in one is where a record
// was cut and the next begins.
func (w *walker) text(b []byte, i int) (int, bool) {
	start := i
	for i < len(b) {
		if w.escape {
			w.escape = false
			i++
			continue
		}
		for i < len(b) && plain[b[i]] {
			i++
		}
		if i == len(b) {
			break
		}
		switch b[i] {
		case '\\':
			w.escape = true
		case '"':
			return w.endText(b[start:i], i+1), true
		default:
			return i, false
		}
		i++
	}
	if w.want == inKey && w.named {
		w.key.add(b[start:i])
	}
	return i, true
}

func (w *walker) endText(part []byte, next int) int {
	if w.want != inKey {
		w.want = wantNext
		return next
	}
	w.want = wantColon
	if w.named {
		w.key.add(part)
		if w.depth == 1 && recordKeys[w.key.String()] {
			w.watch = false
		}
	}
	return next
}

func (w *walker) object() bool { return w.depth > 0 && w.objectAt(w.depth) }

// objectAt reports whether the container that is so deep is an object, no array.
func (w *walker) objectAt(depth int) bool { return w.open[(depth-1)>>6]>>((depth-1)&63)&1 == 1 }

func (w *walker) push(object bool) bool {
	if w.depth == maxNesting {
		return false
	}
	if w.depth>>6 == len(w.open) {
		w.open = append(w.open, 0)
	}
	bit := uint64(1) << (w.depth & 63)
	w.open[w.depth>>6] &^= bit
	if object {
		w.open[w.depth>>6] |= bit
	}
	w.depth++
	return true
}

func (w *walker) pop(object bool) bool {
	if w.depth == 0 || w.object() != object {
		return false
	}
	w.depth--
	w.want = wantNext
	return true
}
