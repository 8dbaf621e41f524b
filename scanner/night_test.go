package scanner

import (
	"context"
	"testing"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/state"
)

func TestRenamedKeepsTheWayThroughArchives(t *testing.T) {
	for _, c := range [][4]string{
		{"a/log", "a/log", "a/log.1", "a/log.1"},
		{"a/x.zip!log", "a/x.zip", "b/y.zip", "b/y.zip!log"},
		{"a/log.1", "a/log", "z", "a/log.1"},
	} {
		if got := renamed(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("renamed(%q, %q, %q) = %q, want %q", c[0], c[1], c[2], got, c[3])
		}
	}
}

// tellNight runs Tell over a report of hits, given what was told before.
func tellNight(t *testing.T, told map[string]state.Told, o TellOptions, hits ...*finding.Hit) (*Night, *Tidings, []finding.Finding) {
	t.Helper()
	ctx := context.Background()
	r, err := Conclude(ctx, []*Partial{partialOf(t, 0, hits...)}, testRuleset(t), nil, ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := &Night{store: &state.Store{}, next: state.Index{Told: told}}
	if o.SinceLast {
		n.store.Index.Newest = hits[0].Time.Add(time.Second)
	}
	tidings, err := n.Tell(ctx, r, o)
	if err != nil {
		t.Fatal(err)
	}
	var out []finding.Finding
	if err := r.Each(ctx, func(f *finding.Finding) error { out = append(out, *f); return nil }); err != nil {
		t.Fatal(err)
	}
	if r.Overview.Summary.Findings != int64(len(out)) {
		t.Errorf("the summary says %d findings, %d are reported", r.Overview.Summary.Findings, len(out))
	}
	return n, tidings, out
}

func TestTellOnlyWhatIsNewOrChanged(t *testing.T) {
	hit := func(second int) *finding.Hit { return readHit("eve", "prod", "db", "denied", second) }
	first, tidings, out := tellNight(t, nil, TellOptions{}, hit(1))
	if tidings.New != 1 || tidings.Changed != 0 || len(out) != 1 {
		t.Fatalf("first night: %s, %d findings", tidings, len(out))
	}
	second, tidings, out := tellNight(t, first.next.Told, TellOptions{}, hit(1), hit(5000))
	if tidings.Any() || len(out) != 0 {
		t.Errorf("one more occurrence: %s", tidings)
	}
	var many []*finding.Hit
	for i := range grownFactor {
		many = append(many, hit(1+i*5000))
	}
	third, tidings, out := tellNight(t, second.next.Told, TellOptions{}, many...)
	if tidings.Changed != 1 || len(out) != 1 || !saysReason(out[0], "told before with 1 occurrences; now there are 10") {
		t.Errorf("ten times as many: %s, %+v", tidings, out)
	}
	_, tidings, out = tellNight(t, third.next.Told, TellOptions{}, append(many, readHit("eve", "prod", "db", "allowed", 99999))...)
	if tidings.Changed != 1 || len(out) != 1 || !saysReason(out[0], "told before with outcome denied; this one is allowed") {
		t.Errorf("it succeeded: %s, %+v", tidings, out)
	}
}

func saysReason(f finding.Finding, why string) bool {
	sum := 0
	found := false
	for _, r := range f.Reasons {
		sum += r.Points
		found = found || r.Why == why
	}
	return found && sum == f.Score
}

func TestTellWithdrawsWhatIsNoFindingAnyMore(t *testing.T) {
	told := map[string]state.Told{"0123456789abcdef": {Count: 1, Outcome: "unknown", Act: "x"}}
	n, tidings, _ := tellNight(t, told, TellOptions{}, readHit("eve", "prod", "db", "allowed", 1))
	if tidings.Withdrawn != 1 || !tidings.Any() || !n.next.Told["0123456789abcdef"].Withdrawn {
		t.Errorf("%s, %+v", tidings, n.next.Told)
	}
	_, tidings, _ = tellNight(t, told, TellOptions{Partly: true}, readHit("eve", "prod", "db", "allowed", 1))
	if tidings.Withdrawn != 0 {
		t.Errorf("withdrawn though only a part was looked at: %s", tidings)
	}
}

// TestAnAnswerThatComesLaterIsAChange: a request whose answer the next night
// reads is told with its outcome, and not as explained otherwise besides.
func TestAnAnswerThatComesLaterIsAChange(t *testing.T) {
	first, _, _ := tellNight(t, nil, TellOptions{}, readHit("eve", "prod", "db", "unknown", 1))
	_, tidings, out := tellNight(t, first.next.Told, TellOptions{}, readHit("eve", "prod", "db", "allowed", 1))
	if tidings.Changed != 1 || tidings.New+tidings.Withdrawn != 0 || len(out) != 1 ||
		!saysReason(out[0], "told before with outcome unknown; this one is allowed") {
		t.Errorf("%s, %+v", tidings, out)
	}
}

func TestSinceLastLeavesOldNewsForLater(t *testing.T) {
	old, recent := readHit("eve", "prod", "db", "allowed", 1), readHit("bob", "prod", "db", "allowed", 500)
	n, tidings, out := tellNight(t, nil, TellOptions{SinceLast: true}, old, recent)
	if tidings.New != 1 || len(out) != 1 || out[0].Actor.Name != "bob" {
		t.Fatalf("%s, %+v", tidings, out)
	}
	if _, tidings, out = tellNight(t, n.next.Told, TellOptions{}, old, recent); tidings.New != 1 || len(out) != 1 || out[0].Actor.Name != "eve" {
		t.Errorf("later: %s, %+v", tidings, out)
	}
}
