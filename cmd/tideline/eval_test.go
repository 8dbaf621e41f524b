package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

func TestTimeOfEvents(t *testing.T) {
	for in, want := range map[string]string{
		`"2026-03-01T12:00:00.5+02:00"`: "2026-03-01T10:00:00.5Z",
		`1772359200`:                    "2026-03-01T10:00:00Z",
		`1772359200123`:                 "2026-03-01T10:00:00.123Z",
		`"yesterday"`:                   "0001-01-01T00:00:00Z",
	} {
		var v any
		dec := json.NewDecoder(strings.NewReader(in))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		got := timeOf(sigma.NewDocument(map[string]any{"@timestamp": v}, nil))
		if got.Format("2006-01-02T15:04:05.999999999Z07:00") != want {
			t.Errorf("%s: %v, want %s", in, got, want)
		}
	}
}

// TestEvalSaysWhatItCouldNotJudge: a value may be too large for the patterns of a
// rule; that it did not match is then no answer.
func TestEvalSaysWhatItCouldNotJudge(t *testing.T) {
	rule := filepath.Join(t.TempDir(), "rule.yml")
	text := "title: hungry\nlogsource: {product: x}\ndetection: {s: {a|re: '(x[a-z]{1,90}y){2,9}z'}, condition: s}\n"
	if err := os.WriteFile(rule, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	events := `{"a":"small"}` + "\n" + `{"a":"` + strings.Repeat("xz", 1<<19) + "\"}\n"
	var stdout, stderr bytes.Buffer
	status := run(context.Background(), []string{"tideline", "rules", "eval", "-r", rule}, strings.NewReader(events), &stdout, &stderr)
	if want := `{"event":1,"matched":[]}` + "\n" + `{"event":2,"matched":[]}` + "\n"; stdout.String() != want {
		t.Errorf("printed %q", stdout.String())
	}
	if status != exitIncomplete || !strings.Contains(stderr.String(), `"hungry"`) || !strings.Contains(stderr.String(), "event 2") {
		t.Errorf("status %d, said %q", status, stderr.String())
	}
}

// TestEvalOrdersTheMatchesOfOneEvent: whether one event fires a correlation with an
// order does not depend on which of the rules stands first in the files.
func TestEvalOrdersTheMatchesOfOneEvent(t *testing.T) {
	rule := func(name string) string {
		return "title: " + name + "\nname: " + name + "\nlogsource: {product: x}\ndetection: {s: {" + name + ": 1}, condition: s}\n---\n"
	}
	ordered := "title: c\ncorrelation: {type: temporal_ordered, rules: [a, b], group-by: [u], timespan: 1m}\n"
	for _, rules := range []string{rule("a") + rule("b"), rule("b") + rule("a")} {
		path := filepath.Join(t.TempDir(), "rules.yml")
		if err := os.WriteFile(path, []byte(rules+ordered), 0o600); err != nil {
			t.Fatal(err)
		}
		event := `{"@timestamp":"2026-03-01T10:00:00Z","a":1,"b":1,"u":"x"}`
		var stdout, stderr bytes.Buffer
		status := run(context.Background(), []string{"tideline", "rules", "eval", "-r", path}, strings.NewReader(event), &stdout, &stderr)
		if status != exitOK || !strings.Contains(stdout.String(), `"group":{"u":"x"},"events":[1]}`) {
			t.Errorf("status %d, printed %q, said %q", status, stdout.String(), stderr.String())
		}
	}
}
