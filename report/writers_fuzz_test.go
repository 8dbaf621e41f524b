package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"testing"
)

// A fuzz target for each writer: whatever a log holds, what comes out obeys
// its format and holds no byte that a terminal would obey. HTML has FuzzHTML.

func FuzzTable(f *testing.F)      { fuzzWriter(f, "table", func(t *testing.T, text []byte) {}) }
func FuzzNDJSON(f *testing.F)     { fuzzWriter(f, "ndjson", twoLines) }
func FuzzTimesketch(f *testing.F) { fuzzWriter(f, "timesketch", twoLines) }
func FuzzECS(f *testing.F)        { fuzzWriter(f, "ecs", twoLines) }
func FuzzJSON(f *testing.F)       { fuzzWriter(f, "json", oneDocument) }
func FuzzSARIF(f *testing.F)      { fuzzWriter(f, "sarif", oneDocument) }
func FuzzNavigator(f *testing.F)  { fuzzWriter(f, "navigator", oneDocument) }

func FuzzCSV(f *testing.F) {
	fuzzWriter(f, "csv", func(t *testing.T, text []byte) {
		if rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll(); err != nil || len(rows) != 3 {
			t.Errorf("%d rows for a header and two findings, %v", len(rows), err)
		}
	})
}

// twoLines checks JSON lines: one for each of two findings.
func twoLines(t *testing.T, text []byte) {
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if len(lines) != 2 {
		t.Fatalf("%d lines for two findings", len(lines))
	}
	for _, l := range lines {
		oneDocument(t, l)
	}
}

func oneDocument(t *testing.T, text []byte) {
	if !json.Valid(text) {
		t.Errorf("not JSON: %.200q", text)
	}
}

// fuzzWriter puts hostile text into every field that evidence reaches.
func fuzzWriter(f *testing.F, name string, check func(*testing.T, []byte)) {
	f.Add(hostile, 80)
	f.Add("=cmd|' /C calc'!A0\x1b]0;x\x07\u202e</script>", 40)
	format, ok := ByName(name)
	if !ok {
		f.Fatalf("no format %s", name)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		if len(s) > 1<<12 {
			return
		}
		evil := sampleFinding(4, "high", 70, s, s, s)
		evil.Command, evil.Host, evil.Target.Name, evil.Source.Path, evil.Rule.ID, evil.Rule.Title, evil.Attack = s, s, s, s, s, s, []string{s}
		evil.Matched[0].Value, evil.Actor.Groups = s, []string{s}
		overview := sampleOverview()
		overview.Summary.Verdict, overview.Actors[0].Story[0].Summary, overview.Ledger[1].Path = s, s, s
		text := render(t, format, Options{Width: width}, overview, append(sampleFindings()[:1], evil))
		checkPrintable(t, format.Name, string(text))
		check(t, text)
	})
}
