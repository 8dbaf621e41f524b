package report

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// ours are the formats but HTML, which has tests of its own.
func ours() []Format {
	var out []Format
	for _, f := range Formats() {
		if f.Name != "html" {
			out = append(out, f)
		}
	}
	return out
}

// TestGolden holds the bytes of every format. UPDATE_GOLDEN=1 rewrites them.
func TestGolden(t *testing.T) {
	for _, f := range ours() {
		t.Run(f.Name, func(t *testing.T) {
			overview, list := sampleOverview(), sampleFindings()
			got := render(t, f, Options{}, overview, list)
			name := filepath.Join("testdata", "sample"+f.Extensions[0])
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.WriteFile(name, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s; look at the difference, then UPDATE_GOLDEN=1\n%s", name, got)
			}
			if again := render(t, f, Options{}, overview, list); !bytes.Equal(got, again) {
				t.Error("the same findings gave other bytes")
			}
			if !reflect.DeepEqual(list[:4], sampleFindings()[:4]) || !reflect.DeepEqual(overview, sampleOverview()) {
				t.Error("the writer changed what it was lent")
			}
		})
	}
}

// base64Alphabet has the bytes of both alphabets of RFC 4648, and the padding.
const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="

// TestNoSecretSurvives looks for the planted password in every encoding.
func TestNoSecretSurvives(t *testing.T) {
	for _, f := range Formats() {
		text := render(t, f, Options{CSVRaw: true}, sampleOverview(), sampleFindings())
		for _, form := range [][]byte{[]byte(planted), []byte(hex.EncodeToString([]byte(planted))), []byte(base64.StdEncoding.EncodeToString([]byte(planted)))[:20]} {
			if bytes.Contains(bytes.ToLower(text), bytes.ToLower(form)) {
				t.Errorf("%s shows the secret as %s", f.Name, form)
			}
		}
		for _, run := range strings.FieldsFunc(string(text), func(r rune) bool { return !strings.ContainsRune(base64Alphabet, r) }) {
			if b, err := base64.StdEncoding.DecodeString(run); err == nil && bytes.Contains(b, []byte(planted)) {
				t.Errorf("%s shows the secret inside base64", f.Name)
			}
		}
	}
	if text := render(t, ours()[1], Options{ShowSecrets: true}, sampleOverview(), sampleFindings()); !bytes.Contains(text, []byte(planted)) {
		t.Error("with ShowSecrets the secret should be shown")
	}
}

// TestTerminalSafe: whatever can be printed on a terminal holds no byte that it
// obeys.
func TestTerminalSafe(t *testing.T) {
	for _, f := range ours() {
		checkPrintable(t, f.Name, string(render(t, f, Options{}, sampleOverview(), sampleFindings())))
	}
	for _, line := range Closing(sampleOverview(), Options{}) {
		checkPrintable(t, "closing", line+"\n")
	}
}

func checkPrintable(t testing.TB, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s: not UTF-8", what)
	}
	for i, r := range text {
		if r != '\n' && invisible(r) {
			t.Fatalf("%s: %U at %d in %q", what, r, i, text[max(0, i-30):min(len(text), i+30)])
		}
	}
}

func TestJSONLinesThroughJQ(t *testing.T) {
	for _, name := range []string{"ndjson", "timesketch", "ecs", "json", "sarif", "navigator"} {
		f, _ := ByName(name)
		text := render(t, f, Options{}, sampleOverview(), sampleFindings())
		dec := json.NewDecoder(bytes.NewReader(text))
		for dec.More() {
			var v map[string]any
			if err := dec.Decode(&v); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		jq, err := exec.LookPath("jq")
		if err != nil {
			continue
		}
		cmd := exec.Command(jq, "-e", ".")
		cmd.Stdin = bytes.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: jq: %v: %.300s", name, err, out)
		}
	}
}

func TestCSVRows(t *testing.T) {
	f, _ := ByName("csv")
	for _, raw := range []bool{false, true} {
		rows, err := csv.NewReader(bytes.NewReader(render(t, f, Options{CSVRaw: raw}, sampleOverview(), sampleFindings()))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(sampleFindings())+1 {
			t.Errorf("%d rows for %d findings", len(rows), len(sampleFindings()))
		}
		for _, cell := range rows[5] {
			if !raw && startsFormula(cell) && cell[0] != '\'' {
				t.Errorf("a formula got through: %.40q", cell)
			}
		}
	}
}

func TestTimesketchColumnsFirst(t *testing.T) {
	f, _ := ByName("timesketch")
	line := string(render(t, f, Options{}, sampleOverview(), sampleFindings()[:1]))
	if want := `{"message":"[high] web listed all secrets of namespace prod","datetime":"2026-03-01T10:00:00.123456+00:00","timestamp_desc":"Event Logged","timestamp":1772359200123456,`; !strings.HasPrefix(line, want) {
		t.Errorf("got  %.200s\nwant %s", line, want)
	}
}

// TestTableFitsEveryWidth: no line is wider than asked for, and the story is
// on the first screen.
func TestTableFitsEveryWidth(t *testing.T) {
	f, _ := ByName("table")
	for n := 1; n <= 401; n += 3 {
		text := render(t, f, Options{Width: n}, sampleOverview(), sampleFindings())
		for line := range strings.Lines(string(text)) {
			if w := columns(strings.TrimSuffix(line, "\n")); w > tableWidth(n) {
				t.Fatalf("width %d: a line of %d columns: %q", n, w, line)
			}
		}
	}
	text := string(render(t, f, Options{}, sampleOverview(), sampleFindings()))
	if n := strings.Count(text, "\n"); n > 50 {
		t.Errorf("the first screen has %d lines", n)
	}
	for _, want := range []string{"CRITICAL 97  web", "rotate", "every secret in prod [web]: db, tls", "203.0.113.9", "INCOMPLETE", "gzip.damaged", "▁"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table lacks %q:\n%s", want, text)
		}
	}
}

func TestColorOnlyStyles(t *testing.T) {
	f, _ := ByName("table")
	colored := string(render(t, f, Options{Color: true}, sampleOverview(), sampleFindings()))
	if !strings.Contains(colored, boldRed) {
		t.Error("no colour")
	}
	for _, s := range []string{bold, faint, boldRed, red, yellow, cyan, resetSGR} {
		colored = strings.ReplaceAll(colored, s, "")
	}
	if plain := string(render(t, f, Options{}, sampleOverview(), sampleFindings())); colored != plain {
		t.Error("colour changes more than colour")
	}
}

func TestByExtension(t *testing.T) {
	for name, want := range map[string]string{"a.timesketch.jsonl": "timesketch", "a.jsonl": "ndjson", "A.NAVIGATOR.JSON": "navigator", "a.json": "json", "x.txt": "table",
		"x.ndjson": "ndjson", "x.ecs.ndjson": "ecs", "x.html": "html", "x.sarif": "sarif", "x.csv": "csv", "x": "", "json": ""} {
		if f, ok := ByExtension(name); f.Name != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", name, f.Name, want)
		}
	}
}

func FuzzSafe(f *testing.F) {
	f.Add(hostile)
	f.Add("'=1+1")
	f.Fuzz(func(t *testing.T, s string) {
		checkPrintable(t, "SafeCell", SafeCell(s))
		checkPrintable(t, "safeCSV", safeCSV(s))
		checkPrintable(t, "safeMarkdown", safeMarkdown(s))
		checkPrintable(t, "SafeText", strings.ReplaceAll(SafeText(s), "\t", " "))
		if strings.Contains(SafeCell(s), "\n") || strings.ContainsAny(safeMarkdown(s), "<>") {
			t.Error("a line break or markup got through")
		}
		b, err := (&jsonEncoder{embed: true}).encode(validText(s))
		if err != nil || !json.Valid(b) || bytes.ContainsAny(b, "<>&") {
			t.Errorf("%q: %v", b, err)
		}
		var back string
		if err := json.Unmarshal(b, &back); err != nil || back != validText(s) {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}

func BenchmarkNDJSON(b *testing.B) {
	f, _ := ByName("ndjson")
	list := sampleFindings()[:4]
	b.SetBytes(int64(len(render(b, f, Options{}, sampleOverview(), list))))
	b.ReportAllocs()
	for b.Loop() {
		render(b, f, Options{}, sampleOverview(), list)
	}
}

func BenchmarkRedactorNothing(b *testing.B) {
	text := strings.Repeat(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a0b1c2d3-e4f5-6789-abcd-ef0123456789","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/prod/secrets/db","verb":"get","objectRef":{"resource":"secrets","namespace":"prod","name":"db"}}`, 4)
	r := NewRedactor(Options{})
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r.Text(text)
	}
}
