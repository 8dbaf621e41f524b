package report

import (
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
)

// TestNewsComeFirst: whoever gets a night's report by mail reads first what is
// new, and why something is told again, whatever the logs say.
func TestNewsComeFirst(t *testing.T) {
	o, list := sampleOverview(), sampleFindings()
	o.News = &finding.News{Since: finding.Time{Time: time.Date(2026, 3, 1, 2, 3, 4, 0, time.UTC)}, New: 1, Changed: 1, Said: "1 new finding, 1 changed (2 high)"}
	list = list[:2]
	list[1].Reasons = append(list[1].Reasons, finding.Reason{Why: finding.ToldBefore + "with 1 occurrences; now there are \x1b[31m10"})
	table := Format{Name: "table", New: newTable}
	out := string(render(t, table, Options{Width: 80}, o, list))
	if !strings.HasPrefix(out, "NEW SINCE 2026-03-01 02:03 UTC: 1 new finding, 1 changed (2 high)\n") {
		t.Errorf("it begins with %.200q", out)
	}
	news, rest, ok := strings.Cut(out, "ALL THAT IS KNOWN SO FAR\n")
	if !ok || !strings.Contains(news, "changed: told before with 1 occurrences") || strings.Contains(out, "\x1b") {
		t.Errorf("%q", news)
	}
	if strings.Contains(rest, "GRAVEST FINDINGS") {
		t.Error("the findings are listed twice")
	}
	o.News.Since = finding.Time{}
	if out := string(render(t, table, Options{Width: 80}, o, list)); !strings.HasPrefix(out, "THE FIRST RUN: ") {
		t.Errorf("it begins with %.200q", out)
	}
	o.News = nil
	if out := string(render(t, table, Options{Width: 80}, o, list)); strings.Contains(out, "NEW SINCE") || strings.Contains(out, "ALL THAT IS KNOWN") {
		t.Error("a scan has no news")
	}
}

// TestNewsInJSON is for those who read a night's report with a program.
func TestNewsInJSON(t *testing.T) {
	o, list := sampleOverview(), sampleFindings()
	json := Format{Name: "json", New: newJSON}
	if out := string(render(t, json, Options{}, o, list)); strings.Contains(out, "\"news\"") {
		t.Error("a scan has no news")
	}
	o.News = &finding.News{New: 3, Gone: 1, Said: "3 new findings"}
	if out := string(render(t, json, Options{}, o, list)); !strings.Contains(out, `"news":{`) || !strings.Contains(out, `"gone": 1`) || !strings.Contains(out, `"said": "3 new findings"`) {
		t.Errorf("%.600s", out)
	}
}

// TestCountsOfANightAddUp: the levels are those of all that is known, of which a night
// tells only what is new.
func TestCountsOfANightAddUp(t *testing.T) {
	s := &finding.Summary{Findings: 3, Hidden: 12, ByLevel: map[string]int64{"high": 5, "low": 4, "informational": 10}}
	if got, want := levels(s), "19 findings: 5 high, 4 low, 10 informational; 3 shown, 4 told in runs before, 12 below --min-level or --min-score"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	s.Hidden = 0
	if got, want := levels(s), "19 findings: 5 high, 4 low, 10 informational; 3 shown, 16 told in runs before"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	o, list := sampleOverview(), sampleFindings()
	o.Summary.Findings = 2
	if page := string(render(t, Format{Name: "html", New: newHTML}, Options{}, o, list[:2])); !strings.Contains(page, "<b>2</b> findings, 5 more told in runs before, 3 more below the level asked for</li>") {
		t.Error("the page does not say how many findings were told before")
	}
}
