package scanner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner/correlate"
	"tideline/scanner/finding"
	"tideline/scanner/identity"
	"tideline/scanner/tally"
)

// TestEventsAreForgottenAlikeBehindACheckpoint: a night that goes on from a
// checkpoint remembers only what open windows hold, and forgets an event at the
// moment at which one scan forgets it, or correlations had other members.
func TestEventsAreForgottenAlikeBehindACheckpoint(t *testing.T) {
	var whole, night recent
	for ref := int64(1); ref < maxRecent; ref++ {
		whole.add(ref, 0, "id", &finding.Hit{})
	}
	for _, event := range whole.queue[:3] { // an open window
		night.enter(event, whole.byRef[event.ref][0])
	}
	night.count = whole.count
	for i := range int64(5) {
		ref := maxRecent + i
		whole.add(ref, 0, "id", &finding.Hit{})
		night.add(ref, 0, "id", &finding.Hit{})
		for old := int64(1); old <= 3; old++ {
			_, a := whole.byRef[old]
			_, b := night.byRef[old]
			if a != b || a != (old > i) {
				t.Errorf("%d more events: event %d remembered by one scan %v, by a night %v", i+1, old, a, b)
			}
		}
	}
}

// What correlations may name must stay as long as they may, and no longer.
func TestOnlyEventsOfOpenWindowsAreRemembered(t *testing.T) {
	rs := testRuleset(t)
	c := newConcluder(context.Background(), rs, []*parsers.Format{}, ReportOptions{})
	defer c.close()
	c.accounts.aggregates = tally.NewAggregates()
	c.usual = newUsual(nil, c.accounts.aggregates)
	c.whose = identity.New(c.accounts.aggregates, c.usual.habits)
	fired, short, most := 0, 0, 0
	c.correlations.engine = correlate.New(rs.Set, correlate.Options{Met: func(f correlate.Fired) string {
		fired++
		if members := c.correlations.members(&f); len(idsOf(members)) < len(f.Refs) {
			short++
		}
		return ""
	}})
	for i := range 5 * leastRecent {
		h := readHit("alice", "prod", string(rune('a'+i%7)), "allowed", 20*i+i/50*3600) // bursts, with an hour between them
		if err := c.act(h); err != nil {
			t.Fatal(err)
		}
		most = max(most, len(c.correlations.recent.queue))
	}
	if err := c.correlations.engine.Close(func(correlate.Fired) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if fired == 0 || short > 0 {
		t.Errorf("%d correlations fired, of %d members are missing", fired, short)
	}
	if most > leastRecent+1 || len(c.correlations.recent.byRef) != len(c.correlations.recent.queue) {
		t.Errorf("%d events were remembered at once, and %d in the end, by %d references", most, len(c.correlations.recent.queue), len(c.correlations.recent.byRef))
	}
}

// TestCorrelationsThatNameOnlySomeAreTold: one that rests on more events than are
// remembered counts all, names some, and the report says so; of fewer events nothing
// is said.
func TestCorrelationsThatNameOnlySomeAreTold(t *testing.T) {
	for _, n := range []int{100, maxRecent + 100} {
		hits := make([]*finding.Hit, n)
		for i := range hits {
			hits[i] = readHit("alice", "prod", fmt.Sprint("db", i), "allowed", i)
		}
		report, err := Conclude(t.Context(), []*Partial{partialOf(t, 0, hits...)}, testRuleset(t), []*parsers.Format{}, ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer report.Close()
		correlations := 0
		if err := report.Each(t.Context(), func(f *finding.Finding) error {
			if f.Rule.Title != "Many secrets read" {
				return nil
			}
			if correlations++; f.Records != n || len(f.Related) != min(n, maxRelated) {
				t.Errorf("of %d events it counts %d and names %d", n, f.Records, len(f.Related))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		blind := strings.Join(report.Overview.Coverage.Blind, "\n")
		if told := strings.Contains(blind, "1 of the correlations that fired rest on more"); correlations != 1 || told != (n > maxRecent) {
			t.Errorf("%d correlations of %d events; told: %q", correlations, n, blind)
		}
	}
}

func TestEventsOfWideWindowsAreNotForgotten(t *testing.T) {
	var r recent
	e := correlate.New(testRuleset(t).Set, correlate.Options{})
	for i := range int64(3 * leastRecent) {
		r.tidy(e)
		r.add(i, 0, "", &finding.Hit{})
	}
	if len(r.queue) > leastRecent {
		t.Errorf("%d events are remembered of no window", len(r.queue))
	}
}

// TestMembersKeepWhatIsTheirOwn: what a correlation says of a member is what its
// hit said, whichever other it shares its memory with.
func TestMembersKeepWhatIsTheirOwn(t *testing.T) {
	r := recent{names: []string{"name", "verb"}}
	var hits []*finding.Hit
	for i := range 60 {
		h := &finding.Hit{Rule: fmt.Sprint("r", i%2), Actor: finding.ActorRef{ID: fmt.Sprint("k8s:", i%7), Addresses: []string{fmt.Sprint(i % 3)}}, Action: "get",
			Target: finding.Target{Name: fmt.Sprint("db", i)}, Source: finding.Source{Path: fmt.Sprint(i)}, Summary: "not remembered"}
		if i%5 > 0 {
			h.Fields = map[string][]string{"name": {fmt.Sprint("db", i)}, "other": {"not remembered"}}
		}
		if i%4 == 0 {
			h.Fields = map[string][]string{"verb": {"get"}}
		}
		hits = append(hits, h)
		r.add(int64(i+1), 0, fmt.Sprint(i), h)
	}
	for i, h := range hits {
		m := r.byRef[int64(i+1)][0]
		w := m.whole(nil)
		if w.Rule != h.Rule || w.Actor.ID != h.Actor.ID || !slices.Equal(w.Actor.Addresses, h.Actor.Addresses) || w.Target != h.Target || m.source != h.Source {
			t.Fatalf("member %d is %+v of %+v", i, w, h)
		}
		for _, name := range r.names {
			if !slices.Equal(m.field(name), h.Fields[name]) || !slices.Equal(w.Fields[name], h.Fields[name]) {
				t.Errorf("member %d: %s is %q, as a hit %q, want %q", i, name, m.field(name), w.Fields[name], h.Fields[name])
			}
		}
	}
}

// TestRulesOfOneEventShareWhatItWas: in a crowd each event is somebody else's, and
// five rules match it.
func TestRulesOfOneEventShareWhatItWas(t *testing.T) {
	r := recent{names: []string{"name"}}
	const events, rules = 5000, 5
	commons := map[*commonPart]bool{}
	for i := range events {
		for k := range rules {
			h := &finding.Hit{Rule: fmt.Sprint("r", k), Actor: finding.ActorRef{ID: fmt.Sprint("k8s:", i)}, Action: "get", Target: finding.Target{Name: "db"}}
			r.add(int64(i+1), k, fmt.Sprint(i, k), h)
		}
		for _, m := range r.byRef[int64(i+1)] {
			commons[m.common] = true
		}
	}
	if len(commons) != events {
		t.Errorf("%d common parts are held of %d events", len(commons), events)
	}
}
