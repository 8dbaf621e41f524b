package cheapjson

import "strings"

// A Type is what a Schema expects of a value.
type Type uint8

// The types of wanted values.
const (
	Skip    Type = iota // any value: not wanted, but known not to occur twice
	Raw                 // any value, as it is spelled; its grammar is not looked at
	Text                // a string without escapes
	Escaped             // a string that may have the escapes of ASCII characters
	Digits              // a number made of digits only
	Texts               // an array of strings without escapes
	object              // an object with fields of the schema below it
)

// A Field is a member that is wanted: the keys that lead to it from the
// outermost object, and the slot it is given in.
type Field struct {
	Type Type
	Slot int // counts from 0, below 64; not used for Skip
	Keys []string
}

// A Schema is a compiled set of Fields. It is immutable and may be shared.
type Schema struct {
	root  *node
	slots int
}

// A node is an object of the schema.
type node struct {
	entries []entry
	byLen   [maxKey + 1][]uint8 // indices into entries, by length of key

	outermost bool
}

// maxKey is the longest key a schema can have.
const maxKey = 63

// An entry is one known key of an object.
type entry struct {
	key   string
	typ   Type
	odd   bool // a dotted spelling of a path: never read cheaply
	slot  int
	child *node
}

// Compile makes a Schema. It is meant for package variables and panics if the
// fields contradict each other, as regexp.MustCompile does.
func Compile(fields ...Field) *Schema {
	s := &Schema{root: &node{outermost: true}}
	for _, f := range fields {
		s.root.add(f, f.Keys)
		s.slots = max(s.slots, f.Slot+1)
	}
	for _, f := range fields {
		s.root.addDotted(f.Keys)
	}
	s.root.index()
	return s
}

func (n *node) find(key string) *entry {
	for i := range n.entries {
		if n.entries[i].key == key {
			return &n.entries[i]
		}
	}
	return nil
}

func (n *node) add(f Field, keys []string) {
	e := n.find(keys[0])
	if e == nil {
		n.entries = append(n.entries, entry{key: keys[0], typ: object})
		e = &n.entries[len(n.entries)-1]
	} else if e.typ != object || len(keys) == 1 {
		panic("cheapjson: " + strings.Join(f.Keys, ".") + " is a field twice")
	}
	if len(keys) == 1 {
		e.typ, e.slot = f.Type, f.Slot
		return
	}
	if e.child == nil {
		e.child = &node{}
	}
	e.child.add(f, keys[1:])
}

// addDotted adds the keys by which a dotted field name could lead to the same
// field another way: each part of the name from here to a dot.
func (n *node) addDotted(keys []string) {
	name := strings.Join(keys, ".")
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '.' {
			continue
		}
		if n.find(name[:i]) == nil {
			n.entries = append(n.entries, entry{key: name[:i], odd: true})
		}
	}
	if len(keys) > 1 {
		n.find(keys[0]).child.addDotted(keys[1:])
	}
}

func (n *node) index() {
	known := 0
	for known < len(n.entries) && !n.entries[known].odd {
		known++
	}
	if known > 64 || len(n.entries) > 255 {
		panic("cheapjson: too many keys in one object")
	}
	for i, e := range n.entries {
		if len(e.key) > maxKey {
			continue // only dotted ones can be: see node.lookup
		}
		n.byLen[len(e.key)] = append(n.byLen[len(e.key)], uint8(i))
		if e.child != nil {
			e.child.index()
		}
	}
}

// Answers of lookup besides an index.
const (
	unknown = -1
	strange = -2 // spelled so that it might be meant for a known key
)

// lookup finds a key. next is the entry that followed the last one in the
// schema, and is tried first: writers keep their order.
func (n *node) lookup(key []byte, next int) int {
	if next < len(n.entries) && string(key) == n.entries[next].key {
		if n.entries[next].odd {
			return strange
		}
		return next
	}
	if len(key) > maxKey {
		return n.lookupLong(key)
	}
	for _, i := range n.byLen[len(key)] {
		e := &n.entries[i]
		switch {
		case string(key) == e.key && !e.odd:
			return int(i)
		case equalFold(key, e.key):
			return strange
		}
	}
	return unknown
}

// lookupLong is for keys longer than any field's: they can only be strange.
func (n *node) lookupLong(key []byte) int {
	for i := range n.entries {
		if len(n.entries[i].key) == len(key) && equalFold(key, n.entries[i].key) {
			return strange
		}
	}
	return unknown
}

// equalFold compares ASCII without regard to case; the lengths are equal.
func equalFold(key []byte, name string) bool {
	for i, c := range key {
		if c != name[i] && (c|0x20 != name[i]|0x20 || c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}
