package finding

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// Times on the wire are in UTC, whatever zone they were made in, and "" if unknown.
func TestTimesOnTheWire(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Time{}, `""`},
		{time.Date(2026, 3, 1, 12, 0, 0, 120_000_000, zone), `"2026-03-01T10:00:00.12Z"`},
		{time.Date(2026, 3, 1, 10, 0, 0, 1, time.UTC), `"2026-03-01T10:00:00.000000001Z"`},
	} {
		text, err := json.Marshal(Time{c.at})
		if err != nil || string(text) != c.want {
			t.Errorf("%s, %v; want %s", text, err, c.want)
		}
		var back Time
		if err := json.Unmarshal(text, &back); err != nil || !back.Equal(c.at) || back.IsZero() != c.at.IsZero() {
			t.Errorf("%s is read as %s, %v", text, back.Time, err)
		}
	}
	var null Time
	if err := json.Unmarshal([]byte("null"), &null); err != nil || !null.IsZero() {
		t.Errorf("null is %s, %v", null.Time, err)
	}
	if err := json.Unmarshal([]byte(`"yesterday"`), &null); err == nil {
		t.Error("yesterday is a time")
	}
}

// Every key of the wire form is there, and no list of it is null: programs that read
// findings need not ask.
func TestNormalisedFindingsHaveEveryKeyAndNoNull(t *testing.T) {
	var f Finding
	f.Normalise()
	text, err := json.Marshal(&f)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "null") {
		t.Errorf("a key is null: %s", text)
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	if string(keys["schema"]) != `"tideline.finding/1"` {
		t.Errorf("schema %s", keys["schema"])
	}
	for _, k := range []string{"id", "time", "rule", "score", "reasons", "attack", "summary", "actor", "action", "target", "outcome", "host", "cluster",
		"container", "exposed", "matched", "source", "records", "count", "last_time", "related", "raw"} {
		if _, ok := keys[k]; !ok {
			t.Errorf("no key %q", k)
		}
	}
	f = Finding{Attack: []string{"T1552.007"}}
	if f.Normalise(); !slices.Equal(f.Attack, []string{"T1552.007"}) {
		t.Errorf("what was there is gone: %v", f.Attack)
	}
}

// The order of hits is total over what tells hits apart, so that it does not depend
// on who found them first.
func TestHitsAreOrderedByTimePlaceAndRule(t *testing.T) {
	hit := func(second int, path string, offset int64, rule string) *Hit {
		h := &Hit{Time: Time{time.Unix(int64(second), 0)}, Rule: rule}
		h.Source.Path, h.Source.Offset = path, offset
		return h
	}
	ordered := []*Hit{hit(1, "b", 9, "z"), hit(2, "a", 9, "z"), hit(2, "b", 10, "a"), hit(2, "b", 10, "b"), hit(2, "b", 90, "a")}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := a.Compare(b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("hits %d and %d compare as %d", i, j, got)
			}
		}
	}
}

// A kept is evidence outside of hits; it fails where it was closed.
type kept struct{ closed bool }

func (k *kept) Recall(at int64, h *Hit) error {
	if k.closed {
		return errors.New("closed")
	}
	h.Raw = strings.Repeat("x", int(at))
	return nil
}

func TestEvidenceIsBroughtBackOnce(t *testing.T) {
	k := &kept{}
	h := &Hit{Quote: Quote{In: k, At: 3}}
	if err := h.WithEvidence(); err != nil || h.Raw != "xxx" {
		t.Fatalf("%q, %v", h.Raw, err)
	}
	h.Raw = "own"
	if err := h.WithEvidence(); err != nil || h.Raw != "own" {
		t.Errorf("%q, %v: it was brought back twice", h.Raw, err)
	}
	k.closed = true
	if err := (&Hit{Quote: Quote{In: k}}).WithEvidence(); err == nil {
		t.Error("evidence that cannot be had is no error")
	}
}

func TestLevelsAndBands(t *testing.T) {
	for i, level := range Levels {
		if LevelRank(level) != i {
			t.Errorf("%s has rank %d", level, LevelRank(level))
		}
	}
	if LevelRank("High") != -1 || LevelRank("") != -1 {
		t.Error("a level that is none has a rank")
	}
	last := 0
	for score := 0; score <= 100; score++ {
		rank := LevelRank(Band(score))
		if rank < last {
			t.Errorf("%d is %s, below what %d is", score, Band(score), score-1)
		}
		last = rank
	}
	for score, want := range map[int]string{-5: "informational", 14: "informational", 15: "low", 35: "medium", 60: "high", 79: "high", 80: "critical", 100: "critical"} {
		if got := Band(score); got != want {
			t.Errorf("%d is %s, want %s", score, got, want)
		}
	}
}

func TestCalmIsSomethingFoundAndNothingAboveLow(t *testing.T) {
	for _, c := range []struct {
		why   string
		calm  bool
		found int64
		by    map[string]int64
		score int
	}{
		{"nothing was found", false, 0, nil, 0},
		{"low findings", true, 2, map[string]int64{"low": 2, "high": 0}, 20},
		{"a medium one", false, 2, map[string]int64{"low": 1, "medium": 1}, 20},
		{"one above low that is not shown", false, 1, map[string]int64{"low": 1, "high": 1}, 0},
		{"low ones that add up", false, 9, map[string]int64{"low": 9}, 35},
	} {
		o := &Overview{Summary: Summary{Findings: c.found, ByLevel: c.by}, Actors: []Actor{{Score: 3}, {Score: c.score}}}
		if o.Calm() != c.calm {
			t.Errorf("%s: calm is %v", c.why, !c.calm)
		}
	}
}

// Codes are looked up by name and read by people.
func TestCodesAreSortedAndSayWhatTheyAre(t *testing.T) {
	for i, c := range Codes() {
		if i > 0 && codes[i-1].Name >= c.Name {
			t.Errorf("%s stands behind %s", c.Name, codes[i-1].Name)
		}
		if !slices.Contains([]string{"gap", "note", "either"}, c.Kind) || len(c.Meaning) < 10 || !strings.Contains(c.Name, ".") {
			t.Errorf("%+v", c)
		}
	}
}

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"9.9.9.9": true, "::ffff:9.9.9.9": true, "2001:4860::8888": true,
		"10.0.0.1": false, "::ffff:10.0.0.1": false, "fd00::1": false, "127.0.0.1": false, "fe80::1": false,
		"100.64.1.1": false, "::ffff:100.64.1.1": false, // RFC 6598
		"@": false, "": false,
	} {
		if got := Public(address); got != want {
			t.Errorf("Public(%q) = %v", address, got)
		}
	}
}

// TestUnknownTimesDoNotCount: what was first and last is told by what has a time.
func TestUnknownTimesDoNotCount(t *testing.T) {
	var none time.Time
	one, two := time.Unix(1, 0), time.Unix(2, 0)
	for _, c := range []struct{ a, b, earlier, later time.Time }{
		{one, two, one, two}, {two, one, one, two}, {none, one, one, one}, {one, none, one, one}, {none, none, none, none},
	} {
		if got := Earlier(c.a, c.b); !got.Equal(c.earlier) {
			t.Errorf("Earlier(%v, %v) = %v", c.a, c.b, got)
		}
		if got := Later(c.a, c.b); !got.Equal(c.later) {
			t.Errorf("Later(%v, %v) = %v", c.a, c.b, got)
		}
	}
}

// TestDescribedNames: a secret that is described is none that a list brings.
func TestDescribedNames(t *testing.T) {
	for _, c := range []struct {
		kind, name string
		want       bool
	}{
		{"secret", "pod web-0", true}, {"secret", "swarm key", true},
		{"secret", "db", false}, {"secret", "*", false}, {"secret", "* with owner=helm", false}, {"token", "pod web-0", false},
	} {
		if got := Described(c.kind, c.name); got != c.want {
			t.Errorf("Described(%q, %q) = %v", c.kind, c.name, got)
		}
	}
}

// TestTheLastAddressIsTrusted: those before it are what the client said.
func TestTheLastAddressIsTrusted(t *testing.T) {
	a := ActorRef{Addresses: []string{"9.9.9.9", "10.0.0.1"}}
	if got := a.Address(); got != "10.0.0.1" {
		t.Errorf("trusted is %q", got)
	}
	if got := (&ActorRef{}).Address(); got != "" {
		t.Errorf("nobody came from %q", got)
	}
}

func TestNotDone(t *testing.T) {
	for outcome, want := range map[string]bool{"denied": true, "failed": true, "allowed": false, "unknown": false, "": false} {
		if NotDone(outcome) != want {
			t.Errorf("%q: %v", outcome, !want)
		}
	}
}
