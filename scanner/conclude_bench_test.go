package scanner

import (
	"context"
	"fmt"
	"testing"
)

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
