package correlate

import (
	"testing"
	"time"
	"unsafe"
)

// TestEntriesAreSmall: a quarter of a million may be held.
func TestEntriesAreSmall(t *testing.T) {
	if size := unsafe.Sizeof(entry{}); size != 32 {
		t.Errorf("an entry takes %d bytes", size)
	}
}

// TestAnEntryHasTheTimeItWasGiven, whatever year who wrote the log put there.
func TestAnEntryHasTheTimeItWasGiven(t *testing.T) {
	times := []time.Time{
		{},
		time.Date(-4000, 1, 1, 0, 0, 0, 999_999_999, time.UTC),
		time.Unix(-1, 999_999_999),
		time.Unix(0, 0),
		time.Unix(0, 1),
		time.Date(2026, 3, 10, 14, 1, 12, 400_000_000, time.FixedZone("", 3600)),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(200_000, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	for i, at := range times {
		x := newEntry(at, int64(i), i, nil)
		if got := x.time(); !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%v is kept as %v", at, got)
		}
		for _, other := range times {
			if x.before(other) != at.Before(other) {
				t.Errorf("%v before %v: %v", at, other, x.before(other))
			}
		}
	}
}

func TestWhatFewEntriesHaveIsKeptOnce(t *testing.T) {
	x := newExtra(nil, []string{"a"})
	one, two := newEntry(time.Unix(1, 0), 1, 0, x), newEntry(time.Unix(2, 0), 2, 0, x)
	if &one.values()[0] != &two.values()[0] || one.inner() != nil {
		t.Error("entries with the same values have them twice")
	}
	if newExtra(nil, nil) != nil {
		t.Error("nothing takes room")
	}
	bare := newEntry(time.Unix(1, 0), 1, 0, nil)
	if bare.inner() != nil || bare.values() != nil {
		t.Error("an entry without more has more")
	}
	w := &window{key: "w"}
	if counted := newEntry(time.Unix(1, 0), 1, 0, newExtra(w, nil)); counted.inner() != w {
		t.Error("an entry of a window does not stand for it")
	}
}
