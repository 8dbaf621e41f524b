package cheapjson

// A Record is what Walk found, by slot. It is reused from record to record; its
// bytes are those that Walk was given, or its own, and good until the next
// Walk. The zero value is ready.
type Record struct {
	text  [64][]byte
	list  [64]span
	have  uint64 // slots that were found
	raw   uint64 // slots of text whose escapes have not been resolved yet
	other bool   // the outermost object has a key that the schema does not know
	items [][]byte
	arena []byte // resolved escapes
}

// A span is a part of Record.items.
type span struct{ from, to int }

// Has reports whether a slot's member is present, be it empty.
func (r *Record) Has(slot int) bool { return r.have&(1<<slot) != 0 }

// Stranger reports whether the outermost object has a key that the schema does
// not know. Only Walk tells.
func (r *Record) Stranger() bool { return r.other }

// Text is the value of a slot of any type but Texts; nil if it is absent, and
// not nil if it is empty.
func (r *Record) Text(slot int) []byte {
	if !r.Has(slot) {
		return nil
	}
	if r.raw&(1<<slot) != 0 {
		from := len(r.arena)
		r.arena = unescape(r.arena, r.text[slot])
		r.SetText(slot, r.arena[from:len(r.arena):len(r.arena)])
	}
	return r.text[slot]
}

// Spelled is Text with escapes left as they are, as long as Text was not asked.
func (r *Record) Spelled(slot int) []byte {
	if !r.Has(slot) {
		return nil
	}
	return r.text[slot]
}

// List is the values of a slot of type Texts, in order; nil if it is absent.
func (r *Record) List(slot int) [][]byte {
	if !r.Has(slot) {
		return nil
	}
	s := r.list[slot]
	return r.items[s.from:s.to:s.to]
}

// Reset empties r, for a caller that fills it by other means.
func (r *Record) Reset() {
	r.have, r.raw, r.other, r.items, r.arena = 0, 0, false, r.items[:0], r.arena[:0]
}

// SetText sets a slot. b must not be nil.
func (r *Record) SetText(slot int, b []byte) {
	r.text[slot], r.have, r.raw = b, r.have|1<<slot, r.raw&^(1<<slot)
}

// SetList sets a slot of type Texts.
func (r *Record) SetList(slot int, items [][]byte) {
	from := len(r.items)
	r.items = append(r.items, items...)
	r.list[slot], r.have = span{from, len(r.items)}, r.have|1<<slot
}
