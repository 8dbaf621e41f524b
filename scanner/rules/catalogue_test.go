package rules_test

import (
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tideline/scanner/rules"
	"tideline/scanner/sigma"
)

// TestCatalogueTellsOfEveryRule: CATALOGUE.md has each rule, by its name as what became
// of an analytic or by its file as one of our own, then with its title and level; and as
// many analytics and correlations as it says.
func TestCatalogueTellsOfEveryRule(t *testing.T) {
	text, err := os.ReadFile("CATALOGUE.md")
	if err != nil {
		t.Fatal(err)
	}
	set, headers := load(t), map[string]sigma.Header{}
	for _, r := range set.Rules() {
		headers[r.Path] = r.Header
	}
	for _, c := range set.Correlations() {
		headers[c.Path] = c.Header
	}
	words := map[string]bool{}
	for _, w := range regexp.MustCompile(`[a-z0-9-]+`).FindAllString(string(text), -1) {
		words[w] = true
	}
	for _, file := range rules.Files() {
		if name := strings.TrimSuffix(path.Base(file), ".yml"); !words[name] {
			t.Errorf("%s is not told of", file)
		}
	}
	for _, row := range regexp.MustCompile(`(?m)^\| ([a-z]+/[a-z0-9-]+\.yml) \| (.*) \|$`).FindAllStringSubmatch(string(text), -1) {
		if h := headers[row[1]]; h.Title == "" || !strings.HasPrefix(row[2], h.Title) || !strings.Contains(row[2], "("+h.Level) {
			t.Errorf("%s: %q, but the rule has %q (%s)", row[1], row[2], h.Title, h.Level)
		}
	}
	for heading, said := range map[string]string{"## Rules\n": "256 analytics", "## Correlations\n": "49 correlations"} {
		_, part, _ := strings.Cut(string(text), heading)
		part, _, _ = strings.Cut(part, "\n## ")
		rows := regexp.MustCompile(`(?m)^\| [a-z]`).FindAllString(part, -1)
		if want, _, _ := strings.Cut(said, " "); !strings.Contains(string(text), said) || want != strconv.Itoa(len(rows)) {
			t.Errorf("%s, and %d rows under %s", said, len(rows), heading)
		}
	}
}
