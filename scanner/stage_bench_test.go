package scanner

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tideline/parsers"
)

// BenchmarkAccount is the statistics of one boring event.
func BenchmarkAccount(b *testing.B) {
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
	t := newTally()
	b.ReportAllocs()
	for b.Loop() {
		ev.Time = ev.Time.Add(3 * time.Millisecond)
		t.add(format, ev, "audit.log")
	}
}

// BenchmarkConclude is what follows collect, for ten thousand hits of a hundred
// principals.
func BenchmarkConclude(b *testing.B) {
	rules := testRuleset(b)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		p := NewPartial(0)
		for i := range 10_000 {
			if err := p.AddHit(readHit(fmt.Sprint("user-", i%100), "prod", fmt.Sprint("secret-", i%50), "allowed", i)); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		r, err := Conclude(context.Background(), []*Partial{p}, rules, nil, ReportOptions{})
		if err != nil {
			b.Fatal(err)
		}
		r.Close()
		p.Close()
	}
}
