package sigma

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Document is a decoded JSON or YAML value as an Event. Names are dotted, and
// match nested objects and literal dotted keys alike; an array on the way stands
// for each of its members. It is convenient rather than fast: a reader of logs
// had better answer for fields itself. It is not safe for concurrent use.
type Document struct {
	root   any
	fields []string
	cache  map[string][][]byte
}

// NewDocument wraps a value as encoding/json decodes it, numbers best as
// json.Number, which keeps their digits. Fields are those of the Set.
func NewDocument(root any, fields []string) *Document {
	return &Document{root: root, fields: fields, cache: map[string][][]byte{}}
}

// Values implements Event.
func (d *Document) Values(dst [][]byte, field int) [][]byte {
	return append(dst, d.Lookup(d.fields[field])...)
}

// Keywords implements Event: all values of the document.
func (d *Document) Keywords(dst [][]byte) [][]byte { return appendLeaves(dst, d.root) }

// Lookup returns the values of a field: nil for null, empty for "".
func (d *Document) Lookup(name string) [][]byte {
	v, ok := d.cache[name]
	if !ok {
		v = lookup(nil, d.root, name)
		d.cache[name] = v
	}
	return v
}

// Texts returns the values of a field that are not null.
func (d *Document) Texts(name string) []string {
	var out []string
	for _, v := range d.Lookup(name) {
		if v != nil {
			out = append(out, string(v))
		}
	}
	return out
}

// lookup appends the values of the dotted name below v.
func lookup(dst [][]byte, v any, name string) [][]byte {
	switch v := v.(type) {
	case []any:
		for _, member := range v {
			dst = lookup(dst, member, name)
		}
	case map[string]any:
		if leaf, ok := v[name]; ok {
			dst = appendValue(dst, leaf)
		}
		for i := 0; i < len(name); i++ {
			if name[i] != '.' {
				continue
			}
			if child, ok := v[name[:i]]; ok {
				dst = lookup(dst, child, name[i+1:])
			}
		}
	}
	return dst
}

// appendValue appends a leaf; of an array each member, of an object its JSON.
// An array without members is there and has no value, which is what null is.
func appendValue(dst [][]byte, v any) [][]byte {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return append(dst, nil)
		}
		for _, member := range v {
			dst = appendValue(dst, member)
		}
		return dst
	case map[string]any:
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false) // a rule asks for < and &, as the log has them
		if err := enc.Encode(v); err != nil {
			return dst // not a value JSON has; nothing to compare with
		}
		return append(dst, bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	}
	return append(dst, spelled(v))
}

func appendLeaves(dst [][]byte, v any) [][]byte {
	switch v := v.(type) {
	case []any:
		for _, member := range v {
			dst = appendLeaves(dst, member)
		}
	case map[string]any:
		for _, k := range sorted(v) {
			dst = appendLeaves(dst, v[k])
		}
	default:
		dst = append(dst, spelled(v))
	}
	return dst
}

// spelled is the text of a value; nil stays nil.
func spelled(v any) []byte {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return append([]byte{}, v...)
	case json.Number:
		return signedExponent(string(v))
	case float64:
		return strconv.AppendFloat([]byte{}, v, 'f', -1, 64)
	case time.Time:
		return []byte(v.Format(time.RFC3339Nano))
	}
	return append([]byte{}, fmt.Sprint(v)...)
}

// signedExponent spells a number so that it cannot be taken for a hexadecimal
// word: 1e3 as 1e+3.
func signedExponent(s string) []byte {
	if i := strings.IndexAny(s, "eE"); i >= 0 && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
		s = s[:i+1] + "+" + s[i+1:]
	}
	return []byte(s)
}
