package jsonfields

import (
	"github.com/valyala/fastjson"
)

// A Kind is the type of a JSON value. Absent is that of a value that is not
// there.
type Kind uint8

// The kinds of value.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Object
	Array
)

// A Value is one value of a Doc. The zero Value is absent.
type Value struct {
	d *Doc
	v *fastjson.Value
}

// Kind is the type of the value.
func (v Value) Kind() Kind {
	if v.v == nil {
		return Absent
	}
	switch v.v.Type() {
	case fastjson.TypeNull:
		return Null
	case fastjson.TypeTrue, fastjson.TypeFalse:
		return Bool
	case fastjson.TypeNumber:
		return Number
	case fastjson.TypeString:
		return String
	case fastjson.TypeObject:
		return Object
	}
	return Array
}

var (
	textEmpty = []byte{}
	textTrue  = []byte("true")
	textFalse = []byte("false")
)

// Text is the value as rules see it: text unescaped, numbers and booleans as
// they are spelled, objects and arrays as JSON. It is nil for a value that is
// null or absent, and not nil for an empty string.
func (v Value) Text() []byte {
	switch v.Kind() {
	case String:
		if b := v.v.GetStringBytes(); len(b) > 0 {
			return b
		}
		return textEmpty
	case Bool:
		if v.v.GetBool() {
			return textTrue
		}
		return textFalse
	case Number, Object, Array:
		at := len(v.d.arena)
		v.d.arena = appendJSON(v.d.arena, v.v)
		return v.d.arena[at:len(v.d.arena):len(v.d.arena)]
	}
	return nil
}

// Members calls yield for the members of an object in order, those with a
// repeated key included; it is a range function. Of what is no object there
// are none.
func (v Value) Members(yield func(key []byte, member Value) bool) {
	if v.Kind() != Object {
		return
	}
	more := true
	v.v.GetObject().Visit(func(key []byte, m *fastjson.Value) {
		if more {
			more = yield(key, Value{v.d, m})
		}
	})
}

// Items calls yield for the members of an array in order; it is a range
// function. Of what is no array there are none.
func (v Value) Items(yield func(Value) bool) {
	if v.Kind() != Array {
		return
	}
	for _, m := range v.v.GetArray() {
		if !yield(Value{v.d, m}) {
			return
		}
	}
}

// Get is the first member of that key, spelled exactly; absent if there is
// none. Whoever decides something by it must ask Doc.Duplicate too, or use
// Find.
func (v Value) Get(key string) Value {
	var got Value
	for k, m := range v.Members {
		if string(k) == key {
			got = m
			break
		}
	}
	return got
}

// AppendJSON appends the value as compact JSON; null if it is absent.
func (v Value) AppendJSON(dst []byte) []byte {
	if v.v == nil {
		return append(dst, "null"...)
	}
	return appendJSON(dst, v.v)
}

// appendJSON appends v as compact JSON. The tree is treeDepth deep at most.
func appendJSON(dst []byte, v *fastjson.Value) []byte {
	switch v.Type() {
	case fastjson.TypeString:
		return AppendString(dst, v.GetStringBytes())
	case fastjson.TypeObject:
		dst = append(dst, '{')
		first := true
		v.GetObject().Visit(func(key []byte, m *fastjson.Value) {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = appendJSON(append(AppendString(dst, key), ':'), m)
		})
		return append(dst, '}')
	case fastjson.TypeArray:
		dst = append(dst, '[')
		for i, m := range v.GetArray() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, m)
		}
		return append(dst, ']')
	}
	return v.MarshalTo(dst)
}

// short are the letters of control characters that have one in JSON: rules ask for
// \n, as the log has it.
var short = [0x20]byte{'\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r'}

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string and changes nothing but what has to
// be escaped.
func AppendString(dst, s []byte) []byte {
	dst = append(dst, '"')
	for from := 0; ; {
		i := special(s, from)
		if dst = append(dst, s[from:i]...); i == len(s) {
			return append(dst, '"')
		}
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case short[c] != 0:
			dst = append(dst, '\\', short[c])
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		from = i + 1
	}
}
