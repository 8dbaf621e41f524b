package report

import (
	"strings"
	"testing"
)

func TestMiddleKeepsBothEnds(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{
		{"abcdefghij", 10, "abcdefghij"}, {"abcdefghij", 9, "abcd…ghij"}, {"abcdefghij", 4, "ab…j"}, {"abcdefghij", 2, "a…"},
		{"abcdefghij", 0, ""}, {"日本語日本語", 7, "日本…語"}, {"日本語日本語", 6, "日…語"}, {"", 3, ""},
	} {
		if got := Middle(c.s, c.n); columns(got) > c.n || got != c.want {
			t.Errorf("Middle(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}

func TestNarrowFitsAndKeepsWhatMayNotBeCut(t *testing.T) {
	cols := []Column{{Head: "SOURCE", Least: 6}, {Head: "EVENTS", Right: true}, {Head: "WHAT", Least: 4}}
	long := strings.Repeat("a/日", 40) + "audit.log"
	rows := [][]string{{strings.Repeat("heading ", 40)}, {long, "123456789", "short"}, {"x", "7", strings.Repeat("b", 90)}}
	for width := 30; width < 320; width++ {
		var b strings.Builder
		if err := Narrow(&b, width, cols, rows); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := columns(strings.TrimSuffix(line, "\n")); n > width {
				t.Fatalf("%d columns at width %d: %s", n, width, line)
			}
		}
		if !strings.Contains(b.String(), "123456789") {
			t.Fatalf("a number was cut at width %d:\n%s", width, b.String())
		}
	}
	var b strings.Builder
	if err := Narrow(&b, 0, cols, rows); err != nil || !strings.Contains(b.String(), long) {
		t.Errorf("without a width something was cut (%v):\n%s", err, b.String())
	}
}
