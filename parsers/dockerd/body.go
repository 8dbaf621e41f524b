package dockerd

import (
	"bytes"
	"slices"

	"tideline/parsers/internal/jsonfields"
)

// A body is the body of a request, parsed when it is first asked for.
//
// The engine decodes bodies without regard to the case of keys, so that
// {"hostconfig":{"PRIVILEGED":true}} does what it says. Keys are therefore
// looked up without regard to case here too.
type body struct {
	parser jsonfields.Parser
	root   jsonfields.Value
	parsed bool
	text   []byte
}

func (b *body) reset() { b.root, b.parsed, b.text = jsonfields.Value{}, false, b.text[:0] }

func (b *body) parse(raw []byte) jsonfields.Value {
	if !b.parsed {
		doc, _ := b.parser.Parse(raw) // of a damaged body, what stands before the damage
		b.root, b.parsed = doc.Root(), true
	}
	return b.root
}

// values appends the values of a dotted name.
func (b *body) values(dst [][]byte, raw, name []byte) [][]byte {
	if len(raw) == 0 {
		return dst
	}
	at := len(dst)
	dst = folded(dst, b.parse(raw), name)
	if isCommand(name) && len(dst)-at > 1 {
		dst = slices.Insert(dst, at, bytes.Join(dst[at:], []byte(" ")))
	}
	return dst
}

// isCommand reports whether a field is a list of arguments, which rules see
// joined by blanks, so that they can speak of a whole command, and then as its
// members.
func isCommand(name []byte) bool {
	return bytes.EqualFold(name, []byte("Cmd")) || bytes.EqualFold(name, []byte("Entrypoint"))
}

// folded appends what name leads to below v: members of objects by their key
// without regard to case, and each member of an array.
func folded(dst [][]byte, v jsonfields.Value, name []byte) [][]byte {
	switch v.Kind() {
	case jsonfields.Array:
		for item := range v.Items {
			dst = folded(dst, item, name)
		}
	case jsonfields.Object:
		if len(name) == 0 {
			return append(dst, v.Text())
		}
		for key, member := range v.Members {
			for tail := range tails(name, key) {
				dst = folded(dst, member, tail)
			}
		}
	case jsonfields.Absent:
	default:
		if len(name) == 0 {
			dst = append(dst, v.Text())
		}
	}
	return dst
}

// tails yields what is left of name behind key, for each way of reading key as
// its head. There is one, unless folding changes the length of a letter.
func tails(name, key []byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for n := 0; n <= len(name); n++ {
			if n < len(name) && name[n] != '.' || !bytes.EqualFold(name[:n], key) {
				continue
			}
			if !yield(name[min(n+1, len(name)):]) {
				return
			}
		}
	}
}

// arguments joins the members of lists by blanks, as the engine does where it
// writes a command into an event.
func (b *body) arguments(raw []byte, names ...string) []byte {
	at := len(b.text)
	for _, name := range names {
		for _, arg := range folded(nil, b.parse(raw), []byte(name)) {
			if len(b.text) > at {
				b.text = append(b.text, ' ')
			}
			b.text = append(b.text, arg...)
		}
	}
	if len(b.text) == at {
		return nil
	}
	return b.text[at:len(b.text):len(b.text)]
}

// first is the first value of a field.
func (b *body) first(raw []byte, name string) []byte {
	if all := folded(nil, b.parse(raw), []byte(name)); len(all) > 0 {
		return all[0]
	}
	return nil
}
