package jsonfields

import "github.com/valyala/fastjson"

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

// repeated looks for two equal keys of one object, in linear time.
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
	seen := make(map[string]struct{}, o.Len())
	o.Visit(func(k []byte, _ *fastjson.Value) {
		if _, again := seen[string(k)]; again && !ok {
			key, ok = k, true
		}
		seen[string(k)] = struct{}{}
	})
	return key, ok
}
