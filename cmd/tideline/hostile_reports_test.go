package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tideline/fixtures/hostile"
)

// reportChecks hold, by extension, what every report must be for the program
// that reads it.
var reportChecks = map[string]func(*testing.T, []byte){
	".json": isJSON, ".sarif": isJSON, ".navigator.json": isJSON,
	".ndjson": areJSONLines, ".timesketch.jsonl": areJSONLines,
	".csv": isSafeCSV, ".txt": isSafeText, ".html": isSafeHTML,
}

// TestHostileTextInEveryReport writes events whose texts are meant for the
// reader of a report in every format.
func TestHostileTextInEveryReport(t *testing.T) {
	for _, c := range hostile.Cases() {
		if !strings.HasPrefix(c.Name, hostile.Reports) {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			paths, err := c.Write(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			out := t.TempDir()
			args := []string{"scan", "--no-builtin", "-r", rulesFor(t, c.Want), "--min-level", "informational"}
			for ext := range reportChecks {
				args = append(args, "-o", filepath.Join(out, "report"+ext))
			}
			s := scanWith(t, nil, append(args, paths...)...)
			s.isHarmless(t)
			if s.status != c.Exit || len(s.stdout) > 0 {
				t.Errorf("exit status %d, %d bytes on standard output: %s", s.status, len(s.stdout), s.stderr)
			}
			for ext, check := range reportChecks {
				text, err := os.ReadFile(filepath.Join(out, "report"+ext))
				if err != nil {
					t.Error(err)
					continue
				}
				if !utf8.Valid(text) {
					t.Errorf("%s is not UTF-8", ext)
				}
				t.Run(ext, func(t *testing.T) { check(t, text) })
			}
		})
	}
}

func isJSON(t *testing.T, text []byte) {
	if !json.Valid(text) {
		t.Errorf("no JSON: %.300q", text)
	}
	hasNoControls(t, text)
}

func areJSONLines(t *testing.T, text []byte) {
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	for _, l := range lines {
		if !json.Valid(l) {
			t.Errorf("no JSON: %.300q", l)
		}
	}
	hasNoControls(t, text)
}

func isSafeText(t *testing.T, text []byte) { hasNoControls(t, text) }

// hasNoControls holds that nothing but line feeds can move a cursor, end a line
// or turn the direction of writing.
func hasNoControls(t *testing.T, text []byte) {
	t.Helper()
	for _, r := range string(text) {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			t.Errorf("%U stands in it", r)
			return
		}
	}
}

// isSafeCSV holds that there is a row for the event and no cell that a
// spreadsheet would calculate.
func isSafeCSV(t *testing.T, text []byte) {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll() // all rows must have as many cells
	if err != nil || len(rows) != 2 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	for _, cell := range slices.Concat(rows...) {
		if cell != "" && strings.ContainsRune("=+-@\t\r\x00\uff1d\uff0b\uff0d\uff20", []rune(cell)[0]) {
			t.Errorf("a cell begins like a formula: %.100q", cell)
		}
	}
}

// isSafeHTML holds that what the cases are made of does not stand there as
// markup: no script of theirs, no handler, no image.
func isSafeHTML(t *testing.T, text []byte) {
	for _, bad := range []string{"<script>alert", "</script><script>alert", "<img src=x", `" onmouseover="alert(1)"`, "<!--<script>", "href=\"javascript:"} {
		if bytes.Contains(text, []byte(bad)) {
			t.Errorf("it contains %q", bad)
		}
	}
	if !bytes.Contains(text, []byte("Content-Security-Policy")) {
		t.Error("it has no content security policy")
	}
}

// TestWorkersDoNotChangeAReport reads the corpus as one tree, with one worker
// and with eight.
func TestWorkersDoNotChangeAReport(t *testing.T) {
	dir := t.TempDir()
	for i, c := range hostile.Cases() {
		if c.Setup != nil || c.Stdin != nil || large(c.Name) {
			continue
		}
		into := filepath.Join(dir, strings.Map(plainName, c.Name))
		if err := os.Mkdir(into, 0o700); err != nil {
			t.Fatal(i, err)
		}
		if _, err := c.Write(into); err != nil {
			t.Fatal(err)
		}
	}
	scan := func(workers string) []byte {
		s := scanWith(t, nil, "scan", "-j", workers, "-q", "-f", "json", "--min-level", "informational", dir)
		if s.status != exitIncomplete || len(s.stdout) == 0 {
			t.Fatalf("exit status %d: %s", s.status, s.stderr)
		}
		return s.stdout
	}
	one, eight := scan("1"), scan("8")
	if !bytes.Equal(one, eight) {
		a, b := bytes.Split(one, []byte("\n")), bytes.Split(eight, []byte("\n"))
		for i := range min(len(a), len(b)) {
			if !bytes.Equal(a[i], b[i]) {
				t.Fatalf("line %d of the report\nwith one worker    %.400s\nwith eight workers %.400s", i+1, a[i], b[i])
			}
		}
		t.Errorf("%d lines with one worker, %d with eight", len(a), len(b))
	}
}

// large tells cases that cost more than they show here.
func large(name string) bool {
	for _, word := range []string{"bomb", "MiB", "50,000", "20,000", "100,000", "200,000", "500,000", "70,000"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

func plainName(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return r
	}
	return '-'
}
