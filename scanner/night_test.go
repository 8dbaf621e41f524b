package scanner

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/state"
)

func TestCleanCutTearsNothingApart(t *testing.T) {
	audit := func(serials ...int) (log string) {
		for _, n := range serials {
			log += fmt.Sprintf("type=PATH msg=audit(1772.1:%d): x\n", n)
		}
		return log
	}
	const (
		criF     = "2026-03-01T10:00:00.1Z stdout F x\n"
		criP     = "2026-03-01T10:00:00.1Z stdout P x\n"
		jsonFile = `{"log":"x\n","stream":"stdout","time":"2026-03-01T10:00:00Z"}` + "\n"
	)
	line := func(id string) string { return fmt.Sprintf(`{"auditID":%q,"stage":"x"}`, id) + "\n" }
	for _, c := range []struct {
		name string
		log  string
		want string // what stands before the cut; "" if there is none
	}{
		{"lines of their own", line("a") + line("b") + line("c"), line("a") + line("b")},
		{"a request around the last place", line("a") + line("b") + line("c") + line("b"), line("a")},
		{"one request around all", line("a") + line("b") + line("a"), ""},
		{"the last line is being written", line("a") + line("b") + `{"auditID":"c"`, line("a")},
		{"not every line is a record", line("a") + "text\n" + line("c"), ""},
		{"pretty JSON", "{\n\"auditID\": \"a\"\n}\n", ""},
		{"auditd", audit(3, 3, 4), audit(3, 3)},
		{"auditd events that overlap", audit(3, 4, 3, 5, 6, 5), audit(3, 4, 3)},
		{"auditd events that overlap at the end", audit(3, 4, 3, 4), ""},
		{"the numbers begin again", audit(900, 901, 1, 2), audit(900, 901, 1)[len(audit(900, 901, 1)):]},
		{"container output", criF + criF + criF, criF + criF},
		{"a part of a line", criF + criP + criF, ""},
		{"Docker's own lines", jsonFile + jsonFile, jsonFile},
		{"two kinds", line("a") + criF, ""},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := cleanCut(strings.NewReader(c.log), 0, int64(len(c.log)))
			if c.log[:got] != c.want {
				t.Errorf("cut at %d: %q, want %q", got, c.log[:got], c.want)
			}
		})
	}
}

// FuzzCleanCut: whatever a log holds, no ID stands on both sides of the cut,
// and a line begins there.
func FuzzCleanCut(f *testing.F) {
	f.Add([]byte("{\"auditID\":\"a\"}\n{\"auditID\":\"b\"}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		at := cleanCut(bytes.NewReader(b), 0, int64(len(b)))
		if at == 0 {
			return
		}
		if b[at-1] != '\n' {
			t.Fatalf("cut at %d, within a line", at)
		}
		var before []cutLine
		for line := range bytes.Lines(b[:at]) {
			if l, ok := cutLineOf(bytes.TrimSuffix(line, []byte("\n"))); ok {
				before = append(before, l)
			}
		}
		for line := range bytes.Lines(b[at:]) {
			l, ok := cutLineOf(bytes.TrimSuffix(line, []byte("\n")))
			for i := range before {
				if ok && bytes.HasSuffix(line, []byte("\n")) && before[i].kind == l.kind && before[i].goesOn(&l) {
					t.Fatalf("%q stands on both sides", l.id)
				}
			}
		}
	})
}

func TestPrefixSumsDoNotDependOnTheWrites(t *testing.T) {
	content := []byte("the quick brown fox")
	for size := 1; size <= len(content); size++ {
		w := &prefixSums{at: []int64{3, 9, int64(len(content))}, hash: sha256.New()}
		for at := 0; at < len(content); at += size {
			w.Write(content[at:min(at+size, len(content))])
		}
		for _, n := range []int64{3, 9, int64(len(content))} {
			if w.sums[n] != hexSum(content[:n]) {
				t.Errorf("writes of %d: wrong digest of the first %d", size, n)
			}
		}
	}
}

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
