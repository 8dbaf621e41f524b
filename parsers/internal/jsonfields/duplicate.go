package jsonfields

import (
	"bytes"
	"slices"

	"github.com/valyala/fastjson"
)

// Duplicate is the first key found to occur twice in one object; ok reports
// whether there is one. It looks through the whole record each time.
func (d *Doc) Duplicate() (key []byte, ok bool) {
	if d.root == nil {
		return nil, false
	}
	return duplicate(d.root)
}

func duplicate(v *fastjson.Value) (key []byte, ok bool) {
	switch v.Type() {
	case fastjson.TypeArray:
		for _, m := range v.GetArray() {
			if key, ok = duplicate(m); ok {
				return key, ok
			}
		}
	case fastjson.TypeObject:
		o := v.GetObject()
		if key, ok = repeated(o); ok {
			return key, ok
		}
		o.Visit(func(_ []byte, m *fastjson.Value) {
			if !ok {
				key, ok = duplicate(m)
			}
		})
	}
	return key, ok
}

// repeated looks for two equal keys of one object.
func repeated(o *fastjson.Object) (key []byte, ok bool) {
	if o.Len() < 2 {
		return nil, false
	}
	const few = 24
	var small [few][]byte
	if o.Len() <= few {
		n := 0
		o.Visit(func(k []byte, _ *fastjson.Value) {
			for _, other := range small[:n] {
				if string(other) == string(k) {
					key, ok = k, true
				}
			}
			small[n] = k
			n++
		})
		return key, ok
	}
	// Sorting takes less memory than a set, and millions of keys are possible.
	keys := make([][]byte, 0, o.Len())
	o.Visit(func(k []byte, _ *fastjson.Value) { keys = append(keys, k) })
	slices.SortFunc(keys, bytes.Compare)
	for i := 1; i < len(keys); i++ {
		if bytes.Equal(keys[i-1], keys[i]) {
			return keys[i], true
		}
	}
	return nil, false
}
