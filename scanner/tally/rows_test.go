package tally

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"tideline/parsers"
)

// TestContainersTellApartOnlyWhoIsOne: what a client of the daemon did to a
// thousand containers is one row, while the processes of each are actors of their
// own.
func TestContainersTellApartOnlyWhoIsOne(t *testing.T) {
	for kind, want := range map[parsers.ActorKind]int{parsers.DockerClient: 1, parsers.LinuxUser: 1, parsers.ContainerProcess: 1000} {
		tally := New()
		for i := range 1000 {
			tally.principal(&parsers.Event{
				Time:   time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC),
				Origin: parsers.Origin{Host: "n1", Container: parsers.Container{ID: fmt.Sprint("c", i)}},
				Facts:  parsers.Facts{Actor: kind, Action: []byte("exec_create")},
			}, "events.json")
		}
		rows := len(tally.rows.byKey)
		if got := len(tally.Take().Principals); rows != want || got != want {
			t.Errorf("%s: %d rows and %d principals, want %d", kind, rows, got, want)
		}
	}
}

// TestRowsWithoutRoomAreCounted: what the others have no room for is not made, and
// what it did is counted; the rows that stay are as if all had been made.
func TestRowsWithoutRoomAreCounted(t *testing.T) {
	const users = 3*maxPrincipals + 17
	count := func(every int) *Aggregates {
		all, own := NewAggregates(), New()
		for i := range users {
			own.principal(&parsers.Event{
				Time:  time.Date(2026, 3, 1, 10, 0, 0, i, time.UTC),
				Facts: parsers.Facts{Actor: parsers.KubernetesUser, Name: fmt.Append(nil, "user-", i*7919%users), Action: []byte("get"), Outcome: parsers.Denied},
			}, "audit.log")
			if i%every == 0 || i == users-1 {
				own.HandTo(all)
				own.Reset()
			}
		}
		all.Bound()
		return all
	}
	want := count(users)
	if len(want.Principals) != maxPrincipals || want.Overflow != users-maxPrincipals {
		t.Fatalf("%d rows, %d events without", len(want.Principals), want.Overflow)
	}
	for _, every := range []int{501, 9000} {
		got := count(every)
		if got.Overflow != want.Overflow || !maps.EqualFunc(got.Principals, want.Principals, func(a, b *PrincipalRow) bool { return *a == *b }) {
			t.Errorf("handed over every %d: %d rows, %d events without; or other rows", every, len(got.Principals), got.Overflow)
		}
	}
}

// TestRowsShareTexts: a row that is new of what was met before brings no text.
func TestRowsShareTexts(t *testing.T) {
	all, own := NewAggregates(), New()
	ev := &parsers.Event{Time: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), Facts: parsers.Facts{Actor: parsers.KubernetesUser}}
	names, verbs := [][]byte{[]byte("ann"), []byte("bob")}, [][]byte{[]byte("get"), []byte("list"), []byte("watch")}
	see := func() {
		for i := range 6 {
			ev.Facts.Name, ev.Facts.Action = names[i%2], verbs[i%3]
			own.principal(ev, "audit.log")
		}
	}
	see()
	own.HandTo(all)
	if got := testing.AllocsPerRun(20, func() {
		see()
		own.HandTo(all)
	}); got > 6 { // the ids, which are made to be looked up
		t.Errorf("%v allocations for 6 rows as before", got)
	}
}

// BenchmarkAdd is the statistics of one boring event.
func BenchmarkAdd(b *testing.B) {
	format := &parsers.Format{Name: "kubernetes-audit"}
	ev := &parsers.Event{
		Time: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC), Pos: []parsers.Pos{{Line: 1}},
		Facts: parsers.Facts{
			Actor: parsers.KubernetesNode, Name: []byte("system:node:node-01"), Addresses: [][]byte{[]byte("10.20.0.11")},
			Agent: []byte("kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47"), Action: []byte("update"), Kind: []byte("leases"),
			Namespace: []byte("kube-node-lease"), Target: []byte("node-01"), Outcome: parsers.Allowed, Details: [][]byte{[]byte("Metadata")},
		},
		Request: parsers.Request{ID: []byte("0d8b6a5c"), Stage: []byte("ResponseComplete")},
	}
	t := New()
	b.ReportAllocs()
	for b.Loop() {
		ev.Time = ev.Time.Add(3 * time.Millisecond)
		t.Add(format, ev, "audit.log")
	}
}
