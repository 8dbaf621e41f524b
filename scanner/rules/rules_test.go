package rules_test

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tideline/scanner/rules"
	"tideline/scanner/sigma"
)

// compiled is all built-in rules, and what is wrong with them. Sets are
// immutable, so the tests share one.
var compiled = sync.OnceValues(func() (*sigma.Set, []error) {
	c, errs := &sigma.Collection{}, []error{}
	for _, name := range rules.Files() {
		data, err := fs.ReadFile(rules.FS(), name)
		if err != nil {
			errs = append(errs, err)
		}
		c.Merge(sigma.Parse(name, data))
	}
	lists, listErrs := placeholders()
	set, problems := sigma.Compile(c, sigma.Options{Placeholders: lists})
	for _, p := range append(c.Problems, problems...) {
		errs = append(errs, p)
	}
	return set, append(errs, listErrs...)
})

// load fails the test on any problem, warnings included: what we ship is
// without doubt.
func load(t testing.TB) *sigma.Set {
	t.Helper()
	set, errs := compiled()
	for _, err := range errs {
		t.Error(err)
	}
	return set
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(rules.FS(), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// placeholders are all value lists; one name must not be in two files.
func placeholders() (out map[string][]string, errs []error) {
	out = map[string][]string{}
	for _, name := range rules.Lists() {
		data, err := fs.ReadFile(rules.FS(), name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		lists, err := sigma.ParseLists(name, data)
		if err != nil {
			errs = append(errs, err)
		}
		for k, v := range lists {
			if out[k] != nil {
				errs = append(errs, fmt.Errorf("%s: list %q is in another file too", name, k))
			}
			out[k] = v
		}
	}
	return out, errs
}

// TestExamples runs the tests that every rule carries: at least one hit and at
// least one near miss, the latter with its reason.
func TestExamples(t *testing.T) {
	set := load(t)
	for i, r := range set.Rules() {
		t.Run(r.Name, func(t *testing.T) {
			matcher := set.Matcher(r.LogSource)
			scratch := matcher.NewScratch()
			hits, misses := 0, 0
			for n, test := range examples(t, r) {
				got := contains(matcher.Match(nil, newEvent(set, test.event), scratch), i)
				if got != test.hit {
					t.Errorf("test %d: matched is %v, want %v: %v", n+1, got, test.hit, test.event)
				}
				if test.hit {
					hits++
					continue
				}
				misses++
				if test.why == "" {
					t.Errorf("test %d: a miss needs its reason", n+1)
				}
			}
			if hits == 0 || misses == 0 {
				t.Errorf("%d hits and %d misses; want at least one of each", hits, misses)
			}
		})
	}
}

type example struct {
	event map[string]any
	hit   bool
	why   string
}

func examples(t *testing.T, r *sigma.Rule) []example {
	t.Helper()
	list, _ := block(r.Custom)["tests"].([]any)
	var out []example
	for n, item := range list {
		m, _ := item.(map[string]any)
		hit, isHit := m["hit"].(map[string]any)
		miss, isMiss := m["miss"].(map[string]any)
		if isHit == isMiss {
			t.Fatalf("test %d: want hit: or miss: with an event", n+1)
		}
		why, _ := m["why"].(string)
		if isHit {
			out = append(out, example{hit, true, why})
		} else {
			out = append(out, example{miss, false, why})
		}
	}
	return out
}

func block(custom map[string]any) map[string]any {
	m, _ := custom["tideline"].(map[string]any)
	return m
}

func contains(list []int, x int) bool {
	return slices.Contains(list, x)
}

var (
	uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	tag  = regexp.MustCompile(`^attack\.(t\d{4}(\.\d{3})?|[a-z]+(-[a-z]+)*)$`)
	url  = regexp.MustCompile(`^https://[a-z0-9.-]+\.[a-z]{2,}/\S*$`)
	date = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// sources are the folders and the log source of the rules in them.
var sources = map[string]sigma.LogSource{
	"kubernetes": {Product: "kubernetes", Service: "audit"},
	"httplog":    {Product: "kubernetes", Service: "httplog"},
	"docker":     {Product: "docker", Service: "events"},
	"dockerd":    {Product: "docker", Service: "dockerd"},
	"auditd":     {Category: "audit_event", Product: "linux"},
	"container":  {Product: "container", Service: "stdout"},
	"inspect":    {Product: "docker", Service: "inspect"},
}

// TestHeaders holds rules and correlations to the form that doc.go describes.
func TestHeaders(t *testing.T) {
	set := load(t)
	ids := map[string]string{}
	for _, r := range set.Rules() {
		checkHeader(t, &r.Header, ids)
		switch want, ok := sources[path.Dir(r.Path)]; {
		case !ok:
			t.Errorf("%s: folder %q is not in the list of sources of this test: add it with its log source", r.Path, path.Dir(r.Path))
		case r.LogSource != want:
			t.Errorf("%s: log source %+v, want %+v", r.Path, r.LogSource, want)
		}
	}
	for _, c := range set.Correlations() {
		checkHeader(t, &c.Header, ids)
		if !c.Generate {
			t.Errorf("%s: without generate: true it hides the rules it counts", c.Path)
		}
	}
}

func checkHeader(t *testing.T, h *sigma.Header, ids map[string]string) {
	t.Helper()
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: "+format, append([]any{h.Path}, args...)...)
	}
	if other := ids[h.ID]; other != "" {
		bad("id is also that of %s", other)
	}
	ids[h.ID] = h.Path
	for _, want := range []struct {
		ok   bool
		what string
	}{
		{uuid.MatchString(h.ID), "an id that is a UUID (uuidgen)"},
		{h.Title != "", "a title"},
		{h.Status == "stable" || h.Status == "test" || h.Status == "experimental", "a status: stable, test or experimental"},
		{len(h.Description) > 60, "a description of more than 60 letters: why it happens and why it matters"},
		{h.Author != "", "an author"},
		{h.License != "", "a license"},
		{date.MatchString(h.Date), "a date as 2026-11-21"},
		{len(h.FalsePositives) > 0, "falsepositives"},
	} {
		if !want.ok {
			bad("want %s", want.what)
		}
	}
	if want := strings.TrimSuffix(path.Base(h.Path), ".yml"); h.Name != want {
		bad("name %q differs from the file's name", h.Name)
	}
	if len(h.Title) > 90 || strings.HasSuffix(h.Title, ".") {
		bad("title %q: want a short one without a full stop", h.Title)
	}
	checkAll(bad, "tag", tag, h.Tags)
	checkAll(bad, "reference", url, h.References)
	checkBlock(bad, h)
}

func checkAll(bad func(string, ...any), what string, want *regexp.Regexp, list []string) {
	if len(list) == 0 {
		bad("no %s", what)
	}
	seen := map[string]bool{}
	for _, s := range list {
		if !want.MatchString(s) || seen[s] {
			bad("%s %q is malformed or double", what, s)
		}
		seen[s] = true
	}
}

var weight = map[string]int{"informational": 1, "low": 21, "medium": 47, "high": 73, "critical": 99}

// checkBlock looks at the tideline: block: the score must fit the level, and
// nothing may be there that nobody reads.
func checkBlock(bad func(string, ...any), h *sigma.Header) {
	b := block(h.Custom)
	for key := range b {
		switch key {
		case "summary", "exposes", "score", "family", "needs", "exposure_only", "done", "first_seen", "outside", "tests":
		default:
			bad("tideline.%s is not known", key)
		}
	}
	if s, _ := b["summary"].(string); s == "" {
		bad("tideline.summary is missing")
	}
	if e, _ := b["exposes"].(map[string]any); strings.Contains(fmt.Sprint(e["name"]), "{container.pod}") && e["namespace"] != "container.namespace" {
		bad("exposes something of a pod without the pod's namespace: it would stand on a line of its own")
	}
	score, _ := b["score"].(map[string]any)
	base, _ := score["base"].(int)
	most := weight[h.Level]
	if most == 0 || base < 1 || base > most {
		bad("score base %d does not fit level %q", base, h.Level)
	}
	adjusts, _ := score["adjust"].([]any)
	for i, a := range adjusts {
		m, _ := a.(map[string]any)
		points, _ := m["points"].(int)
		if m["when"] == nil || m["why"] == nil || points == 0 && m["exposes"] == nil {
			bad("adjust %d: want when, points and why; no points only if it says what is exposed", i+1)
		}
	}
}

// TestAdjustments compiles the conditions of score adjustments like the scanner
// does: each is a selection.
func TestAdjustments(t *testing.T) {
	set := load(t)
	lists, _ := placeholders()
	for _, r := range set.Rules() {
		score, _ := block(r.Custom)["score"].(map[string]any)
		list, _ := score["adjust"].([]any)
		for i, item := range list {
			when := item.(map[string]any)["when"] // a map, or a list of maps of which one holds
			c := sigma.Parse(r.Path, selection(t, when))
			_, problems := sigma.Compile(c, sigma.Options{Placeholders: lists})
			for _, p := range append(c.Problems, problems...) {
				t.Errorf("%s: adjust %d: %v", r.Path, i+1, p)
			}
		}
	}
}

// TestLists wants every list to be used and every value to be there once.
func TestLists(t *testing.T) {
	used := map[string]bool{}
	name := regexp.MustCompile(`%([a-z0-9_]+)%`)
	for _, file := range rules.Files() {
		for _, m := range name.FindAllSubmatch(read(t, file), -1) {
			used[string(m[1])] = true
		}
	}
	lists, errs := placeholders()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for list, values := range lists {
		if !used[list] {
			t.Errorf("list %s is used by no rule", list)
		}
		seen := map[string]bool{}
		for _, v := range values {
			if v == "" || seen[v] {
				t.Errorf("list %s: value %q is empty or double", list, v)
			}
			seen[v] = true
		}
	}
}

// TestTrustIsForOneself: a list of trusted identities exempts nobody for whom such
// an identity asks. People come to clusters of Rancher, Arc and Teleport that way.
func TestTrustIsForOneself(t *testing.T) {
	filter := regexp.MustCompile(`\n  f_\w+:\n    user\.username\|expand: '%k8s_(?:control_plane|secret_operators|exec_automation)%'\n(.*)\n`)
	n := 0
	for _, file := range rules.Files() {
		for _, m := range filter.FindAllSubmatch(read(t, file), -1) {
			if n++; string(m[1]) != "    k8s.onBehalf|exists: false" {
				t.Errorf("%s: a filter exempts those for whom trusted identities ask: want k8s.onBehalf|exists: false in\n%s", file, m[0])
			}
		}
	}
	if n < 100 {
		t.Errorf("%d filters were looked at", n)
	}
}

// TestFoldersAreRead catches a rule that the embedding misses.
func TestFoldersAreRead(t *testing.T) {
	seen := map[string]int{}
	for _, name := range rules.Files() {
		seen[path.Dir(name)]++
	}
	for folder := range sources {
		if seen[folder] == 0 {
			t.Errorf("no rules in %s", folder)
		}
	}
}

// Example shows how the rules are loaded.
func Example() {
	c := &sigma.Collection{}
	for _, name := range rules.Files() {
		data, err := fs.ReadFile(rules.FS(), name)
		if err != nil {
			fmt.Println(err)
			return
		}
		c.Merge(sigma.Parse(name, data))
	}
	fmt.Println(len(c.Rules) == len(rules.Files())-len(c.Correlations), len(c.Problems))
	// Output: true 0
}
