package correlate

import "time"

// An entry is one match within a window. A quarter of a million may be held: it takes 32
// bytes, in which garbage collection has one pointer to follow.
type entry struct {
	second int64 // of its time, since 1970
	ref    int64
	extra  *extra // nil: it is of an event, of which no value is counted
	nano   uint32
	member uint16 // index into Correlation.Members, of which package sigma lets 64 be
	again  bool   // it tells nothing that the tally had not counted: see instant
}

// An extra is what few entries have, or many have alike. It does not change.
type extra struct {
	inner  *window  // of a counted correlation
	values []string // that a value type counts
}

func newEntry(at time.Time, ref int64, member int, x *extra) entry {
	return entry{second: at.Unix(), nano: uint32(at.Nanosecond()), ref: ref, member: uint16(member), extra: x}
}

// newExtra is nil if there is neither.
func newExtra(inner *window, values []string) *extra {
	if inner == nil && values == nil {
		return nil
	}
	return &extra{inner, values}
}

func (x *entry) time() time.Time { return time.Unix(x.second, int64(x.nano)).UTC() }

// before reports whether x is before a time.
func (x *entry) before(t time.Time) bool {
	second := t.Unix()
	return x.second < second || x.second == second && int(x.nano) < t.Nanosecond()
}

// inner is the window that x stands for; nil if that is an event.
func (x *entry) inner() *window {
	if x.extra == nil {
		return nil
	}
	return x.extra.inner
}

// values are those that a value type counts.
func (x *entry) values() []string { return x.extra.counted() }

func (x *extra) counted() []string {
	if x == nil {
		return nil
	}
	return x.values
}

// extraOf is newExtra for an event: the same for those with the same one value.
func (e *Engine) extraOf(values []string) *extra {
	if len(values) != 1 {
		return newExtra(nil, values)
	}
	x := e.extras[values[0]]
	if x == nil {
		if e.extras == nil || len(e.extras) >= maxKnown {
			e.extras = map[string]*extra{}
		}
		x = newExtra(nil, values)
		e.extras[values[0]] = x
	}
	return x
}
