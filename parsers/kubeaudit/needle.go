package kubeaudit

import (
	"bytes"
	"strings"

	"tideline/parsers/internal/jsonfields"
)

// A needle is what a record must hold for a field of its body to be there: the
// last key of the path, or its end where keys have dots, between a quote or a
// dot and a quote. Most records do not, and need no full parse to say so.
type needle struct {
	key   []byte // in quotes; nil: no short cut
	end   []byte // behind a dot
	slash bool   // JSON may spell it with an escape that is none of \u
	slot  int    // of the body that the field is part of, or anywhere
}

// anywhere: the field may be in any part of the event.
const anywhere = -1

func newNeedle(name string) needle {
	last := name[strings.LastIndexByte(name, '.')+1:]
	for i := range len(last) {
		if c := last[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"\\&<>'", c) >= 0 {
			return needle{slot: bodyOf(name)}
		}
	}
	if last == "" {
		return needle{slot: bodyOf(name)}
	}
	return needle{[]byte(`"` + last + `"`), []byte(`.` + last + `"`), strings.Contains(last, "/"), bodyOf(name)}
}

// newStep is the needle of a key that is the last step of a JSON pointer.
func newStep(name string) needle {
	end := []byte("/" + name[strings.LastIndexByte(name, '.')+1:] + `"`)
	return needle{key: end, end: end, slash: true, slot: bodyOf(name)}
}

// bodyOf is the slot of the body that a field's name begins with.
func bodyOf(name string) int {
	switch first, rest, _ := strings.Cut(name, "."); {
	case rest == "":
	case first == "requestObject":
		return slotRequest
	case first == "responseObject":
		return slotResponse
	}
	return anywhere
}

// missing reports whether data surely has no such key.
func (n needle) missing(data []byte) bool {
	if n.key == nil || bytes.Contains(data, n.key) || bytes.Contains(data, n.end) {
		return false
	}
	return !n.slash || !bytes.Contains(data, []byte(`\/`))
}

// plainKeys reports whether letters, digits and punctuation of data are
// spelled as they are: of the escapes that could hide one, only those are
// there that Go writes into JSON for HTML's sake.
func plainKeys(data []byte) bool {
	for {
		i := bytes.IndexByte(data, '\\')
		if i < 0 {
			return true
		}
		data = data[i+1:]
		if len(data) == 0 {
			return false
		}
		switch data[0] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		case 'u':
			if len(data) < 5 || !forHTML(data[1:5]) {
				return false
			}
		default:
			return false
		}
		data = data[1:]
	}
}

// forHTML: the codes of &, < and >.
func forHTML(digits []byte) bool {
	switch string(digits) {
	case "0026", "003c", "003e":
		return true
	}
	return false
}

// lacks reports whether the event surely has no value for the field of n, and
// was not parsed yet: then it need not be.
func (r *record) lacks(n needle) bool {
	if r.doc != nil {
		return false
	}
	data := r.data
	if n.slot != anywhere && r.cheap && !r.head.Stranger() {
		// No key but the body's own can lead there. Nine in ten events have
		// no body.
		data = r.head.Text(n.slot)
	}
	return len(data) == 0 || n.missing(data) && plainKeys(data)
}

// bodyPath is the accessor of a field outside the head.
func bodyPath(name string) accessor {
	path, n := jsonfields.Compile(name), newNeedle(name)
	return func(r *record, dst [][]byte) [][]byte {
		if r.lacks(n) {
			return dst
		}
		return r.full().Values(dst, path)
	}
}
