package tally

import (
	"fmt"
	"maps"
	"math/rand"
	"testing"
	"time"
)

// scatteredLogs are the activities of ten logs, in parts: two have events in more
// hours than any real one, most in so many that together they are too many.
func scatteredLogs(r *rand.Rand, parts int) []*Aggregates {
	out := make([]*Aggregates, parts)
	for i := range out {
		out[i] = NewAggregates()
	}
	for log := range 10 {
		place := logOf("auditd", fmt.Sprint("host-", log))
		hours := int64(1000)
		switch {
		case log < 2:
			hours = 3 * maxLogHours / 2
		case log < 9:
			hours = maxLogHours - 1
		}
		for h := range hours {
			out[r.Intn(parts)].activity(place).see(time.Unix(3600*(h-hours/2), 0))
		}
	}
	return out
}

// TestScatteredLogsTakeBoundedRoom: who writes logs can write any times, and a fleet
// has years of them. Which logs are known depends on neither order nor grouping.
func TestScatteredLogsTakeBoundedRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	r := rand.New(rand.NewSource(11))
	parts := scatteredLogs(r, 5)
	merge := func(list []*Aggregates) *Aggregates {
		out := NewAggregates()
		for _, a := range list {
			out.Merge(a)
		}
		return out
	}
	want := merge(parts)
	hours, kept, silent := 0, 0, 0
	for _, a := range want.Active {
		hours += len(a)
		kept++
		if a.isScattered() {
			silent++
			if len(a) != 1 || a.minutes() != nil {
				t.Errorf("a scattered log keeps %d hours", len(a))
			}
		}
	}
	if hours > maxHours || kept == 0 || kept == 10 || want.Dropped == "" {
		t.Fatalf("%d hours of %d logs, dropped from %q on", hours, kept, want.Dropped)
	}
	if silent == 0 {
		t.Error("no scattered log is among those kept: choose other names")
	}
	for range 2 {
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		cut := 1 + r.Intn(len(parts)-1)
		got := merge([]*Aggregates{merge(parts[:cut]), merge(parts[cut:])})
		if got.Dropped != want.Dropped || !maps.EqualFunc(got.Active, want.Active, func(x, y Activity) bool { return maps.Equal(x, y) }) {
			t.Fatalf("cut at %d: %d logs, dropped from %q on; want %d and %q", cut, len(got.Active), got.Dropped, len(want.Active), want.Dropped)
		}
	}
}

// TestADroppedLogDoesNotComeBackInPart: its rest alone would look like silence.
func TestADroppedLogDoesNotComeBackInPart(t *testing.T) {
	a, late := NewAggregates(), NewAggregates()
	place := logOf("auditd", "host")
	a.Dropped = place
	late.activity(place).see(time.Unix(0, 0))
	a.Merge(late)
	late.Merge(a) // nor where the others know nothing of it yet
	if len(a.Active) > 0 || len(late.Active) > 0 || late.Dropped != place {
		t.Errorf("%v, %v, dropped from %q on", a.Active, late.Active, late.Dropped)
	}
}
