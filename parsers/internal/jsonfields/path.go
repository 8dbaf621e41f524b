package jsonfields

import "github.com/valyala/fastjson"

// A Path is a compiled field name. It is immutable and may be shared.
type Path struct{ name string }

// Compile makes a Path of a dotted name, as the package comment explains it.
func Compile(name string) Path { return Path{name} }

// String is the name.
func (p Path) String() string { return p.name }

// Values appends the values of a field: none if it is absent, nil for one that
// is null, one per member for an array, nil for an array without members, which
// is there and has no value.
func (d *Doc) Values(dst [][]byte, p Path) [][]byte {
	return d.values(dst, d.root, p.name, true)
}

// Values is Doc.Values below v.
func (v Value) Values(dst [][]byte, p Path) [][]byte {
	return v.d.values(dst, v.v, p.name, true)
}

// values walks into v by what is left of a name; done as soon as more is false
// and nothing is left.
func (d *Doc) values(dst [][]byte, v *fastjson.Value, rest string, more bool) [][]byte {
	if v == nil {
		return dst
	}
	switch t := v.Type(); {
	case t == fastjson.TypeArray:
		members := v.GetArray()
		for _, m := range members {
			dst = d.values(dst, m, rest, more)
		}
		if len(members) == 0 && !more {
			dst = append(dst, nil)
		}
	case !more:
		dst = append(dst, Value{d, v}.Text())
	case t == fastjson.TypeObject:
		v.GetObject().Visit(func(key []byte, m *fastjson.Value) {
			if tail, ok, longer := step(rest, key); ok {
				dst = d.values(dst, m, tail, longer)
			}
		})
	}
	return dst
}

// Find appends the values, containers included, that a name leads to below v.
// An array that the name ends at is given as its members.
func (v Value) Find(dst []Value, p Path) []Value { return v.find(dst, p.name, true) }

func (v Value) find(dst []Value, rest string, more bool) []Value {
	if v.v == nil {
		return dst
	}
	switch t := v.v.Type(); {
	case t == fastjson.TypeArray:
		for _, m := range v.v.GetArray() {
			dst = Value{v.d, m}.find(dst, rest, more)
		}
	case !more:
		dst = append(dst, v)
	case t == fastjson.TypeObject:
		v.v.GetObject().Visit(func(key []byte, m *fastjson.Value) {
			if tail, ok, longer := step(rest, key); ok {
				dst = Value{v.d, m}.find(dst, tail, longer)
			}
		})
	}
	return dst
}

// step takes key off the front of a name. ok: the name starts with it; more:
// something is left behind the dot.
func step(name string, key []byte) (tail string, ok, more bool) {
	n := len(key)
	switch {
	case n > len(name) || name[:n] != string(key):
		return "", false, false
	case n == len(name):
		return "", true, false
	case name[n] == '.':
		return name[n+1:], true, true
	}
	return "", false, false
}

// Keywords appends every text, number and boolean of the record, in order.
func (d *Doc) Keywords(dst [][]byte) [][]byte {
	if d.root == nil {
		return dst
	}
	return d.keywords(dst, d.root)
}

func (d *Doc) keywords(dst [][]byte, v *fastjson.Value) [][]byte {
	switch v.Type() {
	case fastjson.TypeObject:
		v.GetObject().Visit(func(_ []byte, m *fastjson.Value) { dst = d.keywords(dst, m) })
	case fastjson.TypeArray:
		for _, m := range v.GetArray() {
			dst = d.keywords(dst, m)
		}
	case fastjson.TypeNull:
	default:
		dst = append(dst, Value{d, v}.Text())
	}
	return dst
}
