package tally

import (
	"math/rand"
	"reflect"
	"testing"
	"time"
)

func TestTimelineKeepsEverythingAndIsBounded(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	a := NewAggregates()
	var events, denied int64
	for range 5000 {
		row := a.minute(r.Int63n(60*24*400)-1000, "auditd")
		row.Events += 2
		row.Denied++
		events, denied = events+2, denied+1
	}
	found := a.NewMarks()
	for range 4000 {
		found.Add(time.Unix(r.Int63n(60*60*24*400)-60000, 0))
	}
	if n := len(found.counts); n > maxBuckets+1 {
		t.Errorf("findings of %d steps are told apart, there are %d", n, maxBuckets)
	}
	tl := a.Timeline(found)
	if len(tl.Buckets) > maxBuckets {
		t.Errorf("%d buckets, %d is the most", len(tl.Buckets), maxBuckets)
	}
	var last time.Time
	var counted int64
	for _, b := range tl.Buckets {
		if !last.IsZero() && !b.Time.After(last) {
			t.Fatal("buckets are not in order")
		}
		last = b.Time.Time
		events, denied, counted = events-b.Events, denied-b.Denied, counted+b.Findings
	}
	if events != 0 || denied != 0 || counted != 4000 {
		t.Errorf("%d events and %d denials lost, %d findings of 4000", events, denied, counted)
	}
}

func TestAggregatesMergeInAnyGrouping(t *testing.T) {
	part := func(seed int64) *Aggregates {
		r := rand.New(rand.NewSource(seed))
		a := NewAggregates()
		for range 200 {
			at := time.Unix(r.Int63n(1e6), 0).UTC()
			a.minute(at.Unix()/60, "dockerd").Events++
			key := PrincipalKey{Actor: string(rune('a' + r.Intn(5)))}
			if a.Principals[key] == nil {
				a.Principals[key] = &PrincipalRow{}
			}
			a.Principals[key].see(at, 1)
			f := a.Formats["dockerd"]
			if f == nil {
				f = newFormatStats()
				a.Formats["dockerd"] = f
			}
			f.Events++
			f.see(at)
			f.Details["debug"]++
		}
		return a
	}
	merged := func(parts ...*Aggregates) *Aggregates {
		out := NewAggregates()
		for _, p := range parts {
			out.Merge(p)
		}
		return out
	}
	a, b, c := part(1), part(2), part(3)
	left, right := merged(merged(a, b), c), merged(c, merged(b, a))
	if !reflect.DeepEqual(left, right) {
		t.Error("another grouping gives another result")
	}
	if !reflect.DeepEqual(a, part(1)) {
		t.Error("merging changed a part")
	}
}
