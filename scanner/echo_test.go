package scanner

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"tideline/scanner/echo"
	"tideline/scanner/finding"
)

// echoing is partialOf with repetitions kept as echoes, as Collect does it.
func echoing(t testing.TB, limit int, hits ...*finding.Hit) *Partial {
	t.Helper()
	p := NewPartial(limit)
	p.echoes = echo.New()
	t.Cleanup(func() { p.Close() })
	for _, h := range hits {
		if err := p.AddHit(h); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// staged has requests with several stages and copies of one event in two
// exports, from few principals on few targets.
func staged() []*finding.Hit {
	r := rand.New(rand.NewSource(11))
	var out []*finding.Hit
	for i := range 2000 {
		h := readHit([]string{"alice", "bob"}[r.Intn(2)], "prod", []string{"db", "tls"}[r.Intn(2)], "allowed", i*7)
		h.Request, h.Stage, h.Raw = fmt.Sprint("request ", i), "ResponseComplete", fmt.Sprint("record ", i)
		out = append(out, h)
		if r.Intn(3) == 0 {
			c := *h
			c.Source.Path, c.Stage = "export.log", []string{"ResponseStarted", "ResponseComplete"}[r.Intn(2)]
			out = append(out, &c)
		}
	}
	return out
}

func TestEchoesDoNotChangeTheReport(t *testing.T) {
	rs, hits := testRuleset(t), staged()
	want := render(t, []*Partial{partialOf(t, 0, hits...)}, rs, ReportOptions{})
	r := rand.New(rand.NewSource(3))
	for round := range 6 {
		groups := make([][]*finding.Hit, 1+r.Intn(4))
		for _, i := range r.Perm(len(hits)) {
			g := r.Intn(len(groups))
			groups[g] = append(groups[g], hits[i])
		}
		var partials []*Partial
		echoed := int64(0)
		for _, g := range groups {
			p := echoing(t, 0, g...)
			if round%2 == 1 {
				if err := p.echoes.Flush(); err != nil {
					t.Fatal(err)
				}
			}
			echoed += p.echoes.Len()
			partials = append(partials, p)
		}
		if echoed < int64(len(hits)/2) {
			t.Errorf("round %d: %d of %d hits became echoes", round, echoed, len(hits))
		}
		if got := render(t, partials, rs, ReportOptions{}); got != want {
			t.Fatalf("round %d: another report", round)
		}
	}
}

// TestEchoesOfActsThatTurnedOutOtherwise: the first hit of a kind may be on a stage that
// the next one of its request overrules. What is told of a later request has its
// evidence nevertheless.
func TestEchoesOfActsThatTurnedOutOtherwise(t *testing.T) {
	for _, c := range [][4]string{ // stages of the first request, the last of the others, and the outcome of the first
		{"RequestReceived", "ResponseComplete", "RequestReceived", "unknown"},
		{"ResponseStarted", "Panic", "ResponseComplete", "allowed"},
		{"ResponseStarted", "ResponseComplete", "ResponseStarted", "allowed"},
		{"", "ResponseComplete", "RequestReceived", "unknown"}, // a damaged stage
	} {
		var hits []*finding.Hit
		add := func(request int, stage, outcome string) {
			h := readHit("alice", "prod", "db", outcome, request)
			h.Request, h.Stage, h.Raw = fmt.Sprint("request ", request), stage, fmt.Sprint("record ", request, stage)
			h.Source.Offset += int64(len(hits))
			hits = append(hits, h)
		}
		add(0, c[0], c[3])
		add(0, c[1], "failed")
		for request := range 5 {
			add(request+1, c[0], c[3])
			if c[2] != c[0] {
				add(request+1, c[2], c[3])
			}
		}
		rs := testRuleset(t)
		want := render(t, []*Partial{partialOf(t, 0, hits...)}, rs, ReportOptions{})
		if got := render(t, []*Partial{echoing(t, 0, hits...)}, rs, ReportOptions{}); got != want {
			t.Errorf("%v: another report:\n%s\nwant\n%s", c, got, want)
		}
	}
}

func TestEchoesKeepTheirPlace(t *testing.T) {
	hits := staged()[:50]
	p := echoing(t, 0, hits...)
	n := 0
	err := p.EachHit(func(h *finding.Hit) error {
		if h.Source.Offset != 100*h.Source.Line || h.Source.Path == "" || h.Request == "" || h.Raw == "" && !h.RawCut {
			t.Errorf("hit %+v", h)
		}
		n++
		return nil
	})
	if err != nil || n != len(hits) || p.Hits() != int64(n) {
		t.Errorf("%d hits of %d, %d counted: %v", n, len(hits), p.Hits(), err)
	}
}

// TestEchoesTellNoOtherTime: an echo counts nanoseconds, of which 64 bits end in
// 2262; what a log dates beyond is kept in full.
func TestEchoesTellNoOtherTime(t *testing.T) {
	for _, year := range []int{1, 1600, 1970, 2026, 2300, 9999} {
		at := time.Date(year, 1, 1, 0, 0, 1, 0, time.UTC)
		var hits []*finding.Hit
		for i := range 3 {
			h := readHit("alice", "prod", "db", "allowed", i)
			h.Time.Time = at.Add(time.Duration(i) * time.Second)
			hits = append(hits, h)
		}
		n := 0
		if err := echoing(t, 0, hits...).EachHit(func(h *finding.Hit) error {
			if want := at.Add(time.Duration(n) * time.Second); !h.Time.Equal(want) {
				t.Errorf("hit %d is of %v, want %v", n, h.Time, want)
			}
			n++
			return nil
		}); err != nil || n != len(hits) {
			t.Errorf("%d of %d hits: %v", n, len(hits), err)
		}
	}
}

// noise is how many hits the noisy principal has. TIDELINE_HITS=10000000 is
// what the project promises; the default shows the same in a second.
func noise(t *testing.T) int {
	s := os.Getenv("TIDELINE_HITS")
	if s == "" {
		return 100_000
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("TIDELINE_HITS: %v", err)
	}
	return n
}

func TestMillionsOfHitsOfOnePrincipalAreOneFinding(t *testing.T) {
	rs, n := testRuleset(t), noise(t)
	p := echoing(t, 0)
	quiet := []*finding.Hit{readHit("eve", "prod", "db", "allowed", 500), readHit("eve", "prod", "tls", "allowed", 501), readHit("eve", "kube-system", "root", "allowed", 502)}
	for _, h := range quiet {
		h.Time.Time = h.Time.Add(time.Microsecond)
		if err := p.AddHit(h); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		h := readHit("noisy", "dev", "cache", "denied", i)
		h.Request, h.Stage, h.Raw = fmt.Sprint("request ", i), "ResponseComplete", fmt.Sprintf("%01000d", i)
		if err := p.AddHit(h); err != nil {
			t.Fatal(err)
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, err := Conclude(context.Background(), []*Partial{p}, rs, nil, ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if before.HeapAlloc > 200<<20 || after.HeapAlloc > 200<<20 {
		t.Errorf("%d MiB before, %d MiB after concluding", before.HeapAlloc>>20, after.HeapAlloc>>20)
	}
	if first := r.Overview.Actors[0]; first.ID != "k8s:eve" {
		t.Errorf("%s comes first, with %d", first.ID, first.Score)
	}
	findings := int64(0)
	err = r.Each(context.Background(), func(f *finding.Finding) error {
		if f.Actor.ID == "k8s:noisy" {
			findings++
			if f.Count != int64(n) || f.Raw != fmt.Sprintf("%01000d", 0) {
				t.Errorf("count %d, want %d; raw %.20q", f.Count, n, f.Raw)
			}
		}
		return nil
	})
	if err != nil || findings != 1 {
		t.Errorf("%d findings of the noisy principal: %v", findings, err)
	}
}

func testHit(second int, path string, offset int64, rule string) *finding.Hit {
	h := &finding.Hit{Rule: rule, Time: finding.Time{Time: time.Unix(int64(second), 0).UTC()}, Outcome: "allowed"}
	h.Source.Path, h.Source.Offset = path, offset
	return h
}
