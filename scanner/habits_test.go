package scanner

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/tally"
)

func written(t *testing.T, b *baseline.Baseline) string {
	t.Helper()
	var out bytes.Buffer
	if err := baseline.Write(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// habitual is a partial in which alice reads secrets all day, and once more
// from elsewhere.
func habitual(t *testing.T) *Partial {
	p := partialOf(t, 0)
	row := func(address, agent string, from, to int) {
		at := func(second int) finding.Time { return finding.Time{Time: time.Unix(int64(second), 0).UTC()} }
		p.Aggregates.Principals[tally.PrincipalKey{Actor: "k8s:alice", Address: address, Agent: agent, Action: "get", Kind: "secrets"}] = &tally.PrincipalRow{Allowed: 9, First: at(from), Last: at(to)}
	}
	row("10.0.0.1", "kubectl/v1", 0, 86000)
	row("9.9.9.9", "curl/8", 80000, 80000)
	for _, from := range []struct {
		address, agent string
		second         int
	}{{"10.0.0.1", "kubectl/v1", 81000}, {"9.9.9.9", "curl/8", 80000}} {
		h := readHit("alice", "prod", "db", "allowed", from.second)
		h.Actor.Addresses, h.Actor.Agent = []string{from.address}, from.agent
		h.Time.Time = time.Unix(int64(from.second), 0).UTC()
		if err := p.AddHit(h); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestWhatIsNewScoresHigherAndWhatIsUsualLower(t *testing.T) {
	rs, p := testRuleset(t), habitual(t)
	before := baseline.New()
	before.Add(baseline.NewHabit("k8s:alice", "get", "secrets", "kubectl/v0", "10.0.0.7"), baseline.Use{Count: 1})
	for _, c := range []struct {
		name string
		o    ReportOptions
		want []string
	}{
		{"first part", ReportOptions{}, []string{`"score":75`, `new: its client curl, its network 9.9.9.0/24 (not in the first part of the log, until 1970-01-01 16:40 UTC)`, `"score":60`}},
		{"baseline", ReportOptions{Baseline: before}, []string{`"score":75`, "(not in the baseline)", `"score":30`, "usual: the baseline knows this"}},
	} {
		got := strings.ReplaceAll(render(t, []*Partial{p}, rs, c.o), `": `, `":`)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s is not in the report", c.name, want)
			}
		}
	}
}

func TestAStolenIdentityDoesNotDisappearAmongTheOwnersActs(t *testing.T) {
	got := render(t, []*Partial{habitual(t)}, testRuleset(t), ReportOptions{})
	if n := strings.Count(got, `"summary": "alice read secret db"`); n < 2 {
		t.Errorf("two clients in two networks are %d findings", n)
	}
}

func TestPrincipalsAreNewOrUsual(t *testing.T) {
	list := habitual(t).Aggregates.ByClass(nil)
	if len(list) != 2 || list[0].Class != "read" || list[0].Known != true || list[0].New != "" ||
		list[1].New != "its client curl, its network 9.9.9.0/24" || list[1].Allowed != 9 {
		t.Errorf("got %+v", list)
	}
}

func TestAnnouncedTestsAreLabelled(t *testing.T) {
	rs := ruleset.New([]ruleset.Text{{Path: "rules.yml", Data: []byte(testRules)}}, ruleset.Options{Placeholders: map[string][]string{
		"engagement_addresses": {"9.9.9.*"}, "engagement_until": {"1970-01-02T00:00:00Z"}}})
	got := render(t, []*Partial{habitual(t)}, rs, ReportOptions{})
	if !strings.Contains(got, "authorised: 9.9.9.9 belongs to the announced engagement") {
		t.Error("no finding is labelled")
	}
}
