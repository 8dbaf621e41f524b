package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// What the page says without scripts, from the first heading to the footer, is
// held by a golden file; UPDATE_GOLDEN=1 writes it anew.
func TestHTMLStaticPart(t *testing.T) {
	o, list := sampleOverview(), sampleFindings()
	o.Actors[0].Links = []finding.Link{{Actor: "docker:worker2", Why: "the same container within two seconds", Certainty: "likely"}}
	o.Actors[0].Story[0].Finding, o.Actors[0].Agents = list[0].ID, []string{"curl/8.5.0"}
	o.Coverage.Quiet = []finding.Silence{{Path: "bundle.tgz!audit.log.gz", From: at(20), To: at(40), Reason: "no event for 20 minutes"}}
	o.Coverage.Rules = []finding.RuleCoverage{{ID: "1", Title: "A rule", Level: "high", Why: "no events of its log source"}}
	page := htmlPage(t, o, list)
	_, body, _ := bytes.Cut(page, []byte("<body>\n"))
	body, _, found := bytes.Cut(body, []byte(`<script type="application/json"`))
	if !found {
		t.Fatal("the page has no data")
	}
	path := filepath.Join("testdata", "html.golden")
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	have, wanted := strings.Split(string(body), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(have), len(wanted)) {
		if have[i] != wanted[i] {
			t.Fatalf("line %d of the static part is\n%s\nwant\n%s\n(UPDATE_GOLDEN=1 rewrites the golden)", i+1, have[i], wanted[i])
		}
	}
	if len(have) != len(wanted) {
		t.Fatalf("the static part has %d lines, want %d", len(have), len(wanted))
	}
}

// Who finds nothing reads how little was read, and what was not asked for.
func TestHTMLOfNextToNothing(t *testing.T) {
	o, list := emptyReport()
	o.Summary.Events, o.Summary.Sources, o.Tool.Arguments = 1, 1, []string{"--min-level=low", "--since=2026-03-01"}
	page := string(htmlPage(t, o, list))
	for _, want := range []string{"<b>1</b> event in <b>1</b> source<", "All that was asked for: --since=2026-03-01."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// The policy of the page allows exactly the script and the style it holds.
func TestHTMLPolicyNamesScriptAndStyle(t *testing.T) {
	page := string(htmlPage(t, sampleOverview(), sampleFindings()))
	policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatch(page)
	if policy == nil {
		t.Fatal("no policy")
	}
	script, style := between(page, "<script>", "</script>"), between(page, "<style>", "</style>")
	want := "default-src 'none'; script-src '" + sourceHash(script) + "'; style-src '" + sourceHash(style) + "'; base-uri 'none'; form-action 'none'"
	if policy[1] != want {
		t.Errorf("policy\n%s\nwant\n%s", policy[1], want)
	}
	if strings.Index(page, "Content-Security-Policy") > strings.Index(page, "<style>") {
		t.Error("the policy comes after what it should govern")
	}
	for _, never := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(", "XMLHttpRequest", "import(", "localStorage", "cookie", "srcdoc"} {
		if strings.Contains(script, never) {
			t.Errorf("the script uses %s", never)
		}
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") {
		t.Error("the style loads something")
	}
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// checkPage tells what is wrong with a page of n findings: every script element
// must be ours, every data block valid JSON without a byte that ends it early.
func checkPage(page []byte, n int) error {
	blocks := dataBlocks(page)
	data := 0
	for name, list := range blocks {
		data += len(list)
		for _, text := range list {
			if !json.Valid(text) {
				return fmt.Errorf("block %s is not JSON: %.200q", name, text)
			}
			if at := bytes.IndexAny(text, "<>&\u2028\u2029"); at >= 0 {
				return fmt.Errorf("block %s holds %.20q", name, text[at:])
			}
		}
	}
	lower := bytes.ToLower(page)
	if opened := bytes.Count(lower, []byte("<script")); opened != data+1 {
		return fmt.Errorf("%d script elements, want %d data blocks and one script", opened, data)
	}
	if closed := bytes.Count(lower, []byte("</script")); closed != data+1 {
		return fmt.Errorf("%d ends of script elements, want %d", closed, data+1)
	}
	for _, rare := range []string{"<style", "<meta http-equiv", "<body", "</body", "</html"} {
		if got := bytes.Count(lower, []byte(rare)); got != 1 {
			return fmt.Errorf("%d times %s", got, rare)
		}
	}
	for _, never := range []string{"<img", "<iframe", "<svg", "<link", "<base", "<object", "<!--", "<meta http-equiv=refresh"} {
		if bytes.Contains(lower, []byte(never)) {
			return fmt.Errorf("the page holds %s", never)
		}
	}
	hot, cold := 0, 0
	for name, sum := range map[string]*int{`class="findings"`: &hot, `class="details"`: &cold} {
		for _, text := range blocks[name] {
			var list []json.RawMessage
			if err := json.Unmarshal(text, &list); err != nil {
				return err
			}
			*sum += len(list)
		}
	}
	if hot != n || cold != n {
		return fmt.Errorf("%d findings and %d details, want %d", hot, cold, n)
	}
	return nil
}

func TestHTMLHostileText(t *testing.T) {
	o, list := hostileReport()
	for _, options := range []Options{{}, {ShowSecrets: true}} {
		page := render(t, Format{Name: "html", New: newHTML}, options, o, list)
		if err := checkPage(page, len(list)); err != nil {
			t.Error(err)
		}
		static, _, _ := bytes.Cut(page, []byte(`<script type="application/json"`))
		for _, r := range string(static) {
			if r != '\n' && r != '\t' && invisible(r) {
				t.Errorf("the static part holds %U", r)
			}
		}
	}
}

// Whatever the texts of a report are, the page stays ours.
func FuzzHTML(f *testing.F) {
	for _, text := range canaries {
		f.Add(text, "prod", 1)
	}
	f.Add("<", "script", 3)
	f.Fuzz(func(t *testing.T, a, b string, n int) {
		if len(a)+len(b) > 4096 || n < 0 || n > 5 {
			return
		}
		texts, k := []string{a, b, a + b, b + a}, 0
		next := func() string { k++; return texts[k%len(texts)] }
		o := &finding.Overview{}
		fill(reflect.ValueOf(o), 1, next)
		list := make([]finding.Finding, n)
		for i := range list {
			fill(reflect.ValueOf(&list[i]), 1, next)
		}
		if err := checkPage(htmlPage(t, o, list), n); err != nil {
			t.Error(err)
		}
	})
}

// A finding on the page is the finding of the NDJSON report: hot and cold part
// together, with its rule.
func TestHTMLDataIsWhole(t *testing.T) {
	list := sampleFindings()
	blocks := dataBlocks(htmlPage(t, sampleOverview(), list))
	var hot, cold []map[string]json.RawMessage
	for _, p := range []struct {
		name string
		into *[]map[string]json.RawMessage
	}{{`class="findings"`, &hot}, {`class="details"`, &cold}} {
		for _, text := range blocks[p.name] {
			var some []map[string]json.RawMessage
			if err := json.Unmarshal(text, &some); err != nil {
				t.Fatal(err)
			}
			*p.into = append(*p.into, some...)
		}
	}
	var rules []json.RawMessage
	lines := strings.Split(strings.TrimSpace(string(render(t, Format{Name: "ndjson", New: newNDJSON}, Options{}, sampleOverview(), list))), "\n")
	for i, line := range lines {
		whole := hot[i]
		for key, value := range cold[i] {
			if _, double := whole[key]; double {
				t.Errorf("%s is in both parts", key)
			}
			whole[key] = value
		}
		if n, err := strconv.Atoi(string(whole["rule"])); err == nil {
			whole["rule"] = rules[n]
		} else {
			rules = append(rules, whole["rule"])
		}
		text, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := canonicalJSON(t, string(text)), canonicalJSON(t, line); got != want {
			t.Errorf("finding %d is\n%s\nwant\n%s", i, got, want)
		}
	}
	if len(rules) == len(lines) {
		t.Error("every finding brought its rule along")
	}
}

// A page costs what its findings cost, not what their rules do.
func TestHTMLSize(t *testing.T) {
	size := func(n int) int {
		o, list := crowdReport(n)
		o.Actors, o.Ledger = nil, nil
		for i := range list {
			list[i].Rule.Description = strings.Repeat("what the rule is for. ", 100)
		}
		return len(htmlPage(t, o, list))
	}
	empty, full := size(1), size(1001)
	if empty > 200<<10 {
		t.Errorf("a page of one finding has %d bytes", empty)
	}
	if each := (full - empty) / 1000; each > 1500 {
		t.Errorf("a finding of 30 bytes of evidence costs %d bytes", each)
	}
}

func TestHTMLBlocksAreBounded(t *testing.T) {
	_, list := crowdReport(3000)
	for i := range list {
		list[i].Raw = strings.Repeat("x", 10000)
	}
	for name, texts := range dataBlocks(htmlPage(t, sampleOverview(), list)) {
		for _, text := range texts {
			if len(text) > coldPerBlock+1<<16 {
				t.Errorf("a block %s of %d bytes", name, len(text))
			}
		}
	}
}

func TestHTMLWriteErrorsAreReturned(t *testing.T) {
	o, list := crowdReport(2000)
	w := newHTML(&fullDisk{room: 1 << 17}, Options{})
	err := w.Begin(o)
	for i := range list {
		if err == nil {
			err = w.Write(NewMasker(Options{}).Show(&list[i]))
		}
	}
	if closing := w.Close(); err == nil {
		err = closing
	}
	if err == nil {
		t.Error("a full disk was not noticed")
	}
}

type fullDisk struct{ room int }

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.room -= len(b); d.room < 0 {
		return 0, fmt.Errorf("no space left on device")
	}
	return len(b), nil
}

func TestStoryIsToldOnce(t *testing.T) {
	step := func(minute, score int, summary, id string) finding.Step {
		return finding.Step{Time: at(minute), Score: score, Level: "high", Outcome: "allowed", Summary: summary, Finding: id, Count: 1}
	}
	a := finding.Actor{ID: "k8s:system:serviceaccount:prod:web", Names: []string{"system:serviceaccount:prod:web"}, Score: 90, Story: []finding.Step{
		step(0, 10, "system:serviceaccount:prod:web: read secrets", "1"), step(1, 50, `ran "env" in container c`, "2"), step(2, 50, `ran "env" in container c`, "3"),
		step(3, 70, "token of pod w (system:serviceaccount:prod:web) used", "4"), step(4, 70, "token of pod w (system:serviceaccount:prod:web) used", "5")}}
	o := &finding.Overview{Actors: []finding.Actor{a}}
	for i, name := range []string{"x", "c", "c", "one", "two"} {
		o.Top = append(o.Top, finding.Finding{ID: strconv.Itoa(i + 1), Action: "get", Target: finding.Target{Kind: "secrets", Namespace: "prod", Name: name}})
	}
	var told []string
	for _, s := range actorViews(o)[0].Steps {
		told = append(told, fmt.Sprintf("%s | %s | %d", s.Did, s.Says, s.Count))
	}
	want := []string{"get secrets prod/x | read secrets | 1", `get secrets prod/c | ran "env" in container c | 2`, "get secrets prod/one | token of pod w used | 1", "get secrets prod/two | token of pod w used | 1"}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	if v := actorViews(o)[0]; v.Name != "sa:prod:web" || !strings.Contains(v.Gist, "token") {
		t.Errorf("name %q, gist %q", v.Name, v.Gist)
	}
}

// No text can make itself a class of the page, one that hides it for example.
func TestHTMLClassesAreOurs(t *testing.T) {
	o, list := sampleOverview(), sampleFindings()
	o.Exposure[0].Certainty, o.Top[0].Rule.Level, o.Actors[0].Story[0].Level = "x js-only", "high static-only", "\tskip"
	page := string(htmlPage(t, o, list))
	for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		for _, bad := range []string{"x js-only", "high static-only", "m- skip", "\tskip"} {
			if strings.Contains(m[1]+" ", bad) {
				t.Errorf("class %q", m[1])
			}
		}
	}
}

func TestLeadSentence(t *testing.T) {
	for _, c := range []struct{ text, lead, rest string }{
		{"Nothing was found.", "Nothing was found.", ""}, {"", "", ""}, {"a v1.2. end", "a v1.2. end", ""},
		{"web stands out, from 10.0.0.1. To rotate: x. And y.", "web stands out, from 10.0.0.1.", "To rotate: x. And y."},
	} {
		if lead, rest := leadSentence(c.text); lead != c.lead || rest != c.rest {
			t.Errorf("%q: %q and %q", c.text, lead, rest)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 9999: "9999", 10000: "10,000", 1234567: "1,234,567", -10000: "-10,000", -7: "-7"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	o, list := crowdReport(1000)
	b.SetBytes(int64(len(htmlPage(b, o, list))))
	b.ReportAllocs()
	for b.Loop() {
		htmlPage(b, o, list)
	}
}
