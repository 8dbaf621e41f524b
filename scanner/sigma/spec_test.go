package sigma_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

// A specCase is one sentence of the specification: a detection, events (as
// JSON) that it hits and events that it misses.
type specCase struct {
	name      string
	detection string // below `detection:`; without condition, "condition: s" is added
	hit, miss []string
}

// document makes a rule of a detection.
func document(detection string) string {
	if !strings.Contains(detection, "condition:") {
		detection += "\ncondition: s"
	}
	indented := strings.ReplaceAll(strings.TrimSpace(detection), "\n", "\n  ")
	return "title: t\nlogsource: {category: c}\ndetection:\n  " + indented + "\n"
}

// compileOne compiles documents that have no problem but warnings.
func compileOne(t *testing.T, o sigma.Options, texts ...string) *sigma.Set {
	t.Helper()
	all := &sigma.Collection{}
	for _, text := range texts {
		all.Merge(sigma.Parse("rule.yml", []byte(text)))
	}
	set, problems := sigma.Compile(all, o)
	for _, p := range append(all.Problems, problems...) {
		if !p.Warning {
			t.Fatalf("refused: %v\n%s", p, strings.Join(texts, "---\n"))
		}
	}
	return set
}

func decodeEvent(t testing.TB, text string) map[string]any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var fields map[string]any
	if err := dec.Decode(&fields); err != nil {
		t.Fatalf("event %s: %v", text, err)
	}
	return fields
}

// matches returns the titles of the rules that an event matches.
func matches(set *sigma.Set, fields map[string]any) []string {
	m := set.Matcher()
	var titles []string
	for _, i := range m.Match(nil, newEvent(set, fields), m.NewScratch()) {
		titles = append(titles, set.Rules()[i].Title)
	}
	return titles
}

func runSpec(t *testing.T, cases []specCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			set := compileOne(t, sigma.Options{Placeholders: map[string][]string{
				"users": {"root", "adm*"}, "one": {"x"}, "sep": {"-", "+"},
				"ways": {`\bcat\b`, `head|tail`}, "ends": {`\.env$`, `\.(key|pem)$`},
			}}, document(c.detection))
			for _, e := range c.hit {
				if len(matches(set, decodeEvent(t, e))) != 1 {
					t.Errorf("misses %s", e)
				}
			}
			for _, e := range c.miss {
				if len(matches(set, decodeEvent(t, e))) != 0 {
					t.Errorf("hits %s", e)
				}
			}
		})
	}
}

func TestSpecSearches(t *testing.T) {
	runSpec(t, []specCase{
		{"a-map-is-and", "s: {a: x, b: y}",
			[]string{`{"a":"x","b":"y"}`}, []string{`{"a":"x"}`, `{"b":"y"}`, `{"a":"x","b":"z"}`}},
		{"a-list-of-maps-is-or", "s: [{a: x}, {b: y}]",
			[]string{`{"a":"x"}`, `{"b":"y"}`}, []string{`{"a":"y","b":"x"}`}},
		{"a-list-of-values-is-or", "s: {a: [x, y]}",
			[]string{`{"a":"x"}`, `{"a":"y"}`}, []string{`{"a":"z"}`}},
		{"all-makes-values-and", "s: {a|contains|all: [x, y]}",
			[]string{`{"a":"-y-x-"}`, `{"a":["x","y"]}`}, []string{`{"a":"x"}`, `{"a":"y"}`}},
		{"all-stands-anywhere", "s: {a|all|contains: [x, y]}",
			[]string{`{"a":"xy"}`}, []string{`{"a":"x"}`}},
		{"keywords-are-or", "s: [foo, bar]",
			[]string{`{"m":"a FOO b"}`, `{"n":"xbarx"}`}, []string{`{"m":"fo o"}`, `{"foo":"x"}`}},
		{"a-keyword-alone", "s: foo", []string{`{"m":"foo"}`}, []string{`{"m":"fo"}`}},
		{"keywords-have-wildcards", `s: ['f*o', 'b?r']`,
			[]string{`{"m":"-f--o-"}`, `{"m":"ber"}`}, []string{`{"m":"br"}`}},
		{"keywords-all", "s: {'|all': [foo, bar]}",
			[]string{`{"m":"foo","n":"bar"}`, `{"m":"barfoo"}`}, []string{`{"m":"foo"}`}},
		{"keywords-re", `s: {'|re': 'fo+$'}`, []string{`{"m":"a foo"}`}, []string{`{"m":"foo a"}`}},
		{"keywords-startswith", `s: {'|startswith': [foo]}`, []string{`{"m":"foo a"}`}, []string{`{"m":"a foo"}`}},
		{"keywords-that-are-numbers", "s: [6]", []string{`{"m":"init 6"}`, `{"m":6}`}, []string{`{"m":"init 5"}`}},
		{"a-mixed-list", "s: [foo, {a: x}]",
			[]string{`{"a":"x"}`, `{"m":"foo"}`}, []string{`{"a":"y"}`}},
		{"a-nested-list", "s: [[{a: x}, foo], {b: y}]",
			[]string{`{"a":"x"}`, `{"m":"foo"}`, `{"b":"y"}`}, []string{`{"a":"y"}`}},
		{"field-names-regard-case", "s: {SYSCALL: x}", []string{`{"SYSCALL":"x"}`}, []string{`{"syscall":"x"}`}},
		{"field-names-with-dots", "s: {a.b.c: x}", []string{`{"a.b.c":"x"}`}, []string{`{"a.b":"x"}`}},
		{"any-member-of-many-values", "s: {a: x}", []string{`{"a":["y","x"]}`}, []string{`{"a":["y","z"]}`, `{"a":[]}`}},
		{"an-alias-of-yaml", "s: {a: &v [x, y], b: *v}", []string{`{"a":"x","b":"y"}`}, []string{`{"a":"x"}`}},
		{"a-merge-key-of-yaml", "s1: &base {a: x}\ns: {<<: *base, b: y}\ncondition: s",
			[]string{`{"a":"x","b":"y"}`}, []string{`{"a":"x"}`, `{"b":"y"}`}},
	})
}

func TestSpecValues(t *testing.T) {
	runSpec(t, []specCase{
		{"whole-value-case-ignored", "s: {a: FoO}", []string{`{"a":"foo"}`, `{"a":"FOO"}`}, []string{`{"a":"foo "}`, `{"a":"xfoo"}`}},
		{"unicode-case", "s: {a: ÉÀß}", []string{`{"a":"éàß"}`, `{"a":"éàẞ"}`}, []string{`{"a":"eaß"}`}},
		{"the-kelvin-sign-is-k", "s: {a: kernel}", []string{`{"a":"\u212aernel"}`}, nil},
		{"greek-final-sigma", "s: {a: ΣΑΣ}", []string{`{"a":"σας"}`}, nil},
		{"dotted-capital-i-is-not-i", "s: {a: init}", nil, []string{`{"a":"İnit"}`}},
		{"star-is-any-run", "s: {a: 'f*o'}", []string{`{"a":"fo"}`, `{"a":"f\nx\no"}`}, []string{`{"a":"fox"}`}},
		{"question-mark-is-one-character", "s: {a: 'f?o'}", []string{`{"a":"fxo"}`, `{"a":"féo"}`, `{"a":"f\no"}`}, []string{`{"a":"fo"}`, `{"a":"fxxo"}`}},
		{"star-alone-wants-a-value", "s: {a: '*'}", []string{`{"a":"x"}`, `{"a":""}`, `{"a":0}`}, []string{`{}`, `{"a":null}`, `{"b":"x"}`}},
		{"escaped-star", `s: {a: 'f\*o'}`, []string{`{"a":"f*o"}`}, []string{`{"a":"fxo"}`}},
		{"escaped-question-mark", `s: {a: 'f\?o'}`, []string{`{"a":"f?o"}`}, []string{`{"a":"fxo"}`}},
		{"backslash-before-a-letter", `s: {a: 'C:\Windows'}`, []string{`{"a":"c:\\windows"}`}, []string{`{"a":"c:windows"}`}},
		{"two-backslashes-are-one", `s: {a: 'a\\b'}`, []string{`{"a":"a\\b"}`}, []string{`{"a":"a\\\\b"}`}},
		{"four-backslashes-are-two", `s: {a: '\\\\host'}`, []string{`{"a":"\\\\host"}`}, []string{`{"a":"\\host"}`}},
		{"two-backslashes-and-a-wildcard", `s: {a: 'a\\*'}`, []string{`{"a":"a\\"}`, `{"a":"a\\x"}`}, []string{`{"a":"a*"}`}},
		{"three-backslashes-and-a-star", `s: {a: 'a\\\*'}`, []string{`{"a":"a\\*"}`}, []string{`{"a":"a\\x"}`}},
		{"trailing-backslash", `s: {a: 'dir\'}`, []string{`{"a":"dir\\"}`}, []string{`{"a":"dir"}`}},
		{"null-is-absent-or-null", "s: {a: null}", []string{`{}`, `{"a":null}`, `{"a":[]}`}, []string{`{"a":""}`, `{"a":"null"}`}},
		{"an-empty-list-is-null", "s: {a: []}", []string{`{}`}, []string{`{"a":"x"}`}},
		{"null-within-a-list", "s: {a: [null, x]}", []string{`{}`, `{"a":"x"}`}, []string{`{"a":"y"}`}},
		{"quoted-null-is-text", "s: {a: 'null'}", []string{`{"a":"null"}`}, []string{`{}`}},
		{"empty-text-is-present", "s: {a: ''}", []string{`{"a":""}`}, []string{`{}`, `{"a":null}`, `{"a":"x"}`}},
		{"number-equals-number", "s: {a: 80}", []string{`{"a":80}`, `{"a":80.0}`, `{"a":"80"}`, `{"a":8.0e1}`}, []string{`{"a":"080"}`, `{"a":"0x50"}`, `{"a":8}`, `{"a":""}`}},
		{"text-is-never-hexadecimal", "s: {a0: 26}", []string{`{"a0":"26"}`}, []string{`{"a0":"1a"}`, `{"a0":"38"}`}},
		{"hexadecimal-is-no-exponent", "s: {a0: 100}", nil, []string{`{"a0":"1e2"}`}},
		{"hexadecimal-is-no-exponent-of-zero", "s: {a0: 5}", []string{`{"a0":"5.0e0"}`}, []string{`{"a0":"5e0"}`, `{"a0":"5e00"}`}},
		{"float", "s: {a: 1.50}", []string{`{"a":1.5}`, `{"a":"1.50"}`}, []string{`{"a":15}`}},
		{"minus", "s: {a: -1}", []string{`{"a":-1}`, `{"a":"-1.0"}`}, []string{`{"a":1}`}},
		{"beyond-64-bits", "s: {a: 18446744073709551615}", []string{`{"a":18446744073709551615}`}, []string{`{"a":18446744073709551616}`}},
		{"octal-is-its-spelling", "s: {a: 0123}", []string{`{"a":"0123"}`}, []string{`{"a":83}`, `{"a":123}`}},
		{"hexadecimal-is-its-spelling", "s: {a: 0x1F}", []string{`{"a":"0x1f"}`}, []string{`{"a":31}`}},
		{"yes-is-its-spelling", "s: {a: yes}", []string{`{"a":"yes"}`, `{"a":"YES"}`}, []string{`{"a":true}`}},
		{"true", "s: {a: true}", []string{`{"a":true}`, `{"a":"True"}`}, []string{`{"a":1}`, `{"a":false}`}},
		{"a-date-is-its-spelling", "s: {a: 2026-03-01}", []string{`{"a":"2026-03-01"}`}, nil},
		{"quoted-number-is-text", "s: {a: '80'}", []string{`{"a":80}`, `{"a":"80"}`}, []string{`{"a":"80.0"}`}},
	})
}

func TestSpecConditions(t *testing.T) {
	three := "a1: {a: x}\na2: {b: y}\n_h: {c: z}\n"
	runSpec(t, []specCase{
		{"not-before-and-before-or", three + "condition: a1 or not a2 and _h",
			[]string{`{"a":"x"}`, `{"c":"z"}`}, []string{`{"b":"y","c":"z"}`, `{}`}},
		{"parentheses", three + "condition: (a1 or a2) and not (_h)",
			[]string{`{"a":"x"}`, `{"b":"y"}`}, []string{`{"a":"x","c":"z"}`, `{}`}},
		{"not-is-true-for-an-absent-field", three + "condition: a1 and not a2", []string{`{"a":"x"}`}, []string{`{"a":"x","b":"y"}`}},
		{"not-is-about-all-values", "s: {a: x}\ncondition: not s", []string{`{"a":["y","z"]}`, `{}`}, []string{`{"a":["y","x"]}`}},
		{"not-not", three + "condition: not not a1", []string{`{"a":"x"}`}, []string{`{}`}},
		{"keywords-in-any-case", three + "condition: a1 AND NOT a2 Or _h", []string{`{"a":"x"}`, `{"c":"z"}`}, []string{`{"b":"y"}`}},
		{"a-list-is-or", three + "condition: [a1 and a2, _h]", []string{`{"c":"z"}`, `{"a":"x","b":"y"}`}, []string{`{"a":"x"}`}},
		{"one-of-pattern", three + "condition: 1 of a*", []string{`{"a":"x"}`, `{"b":"y"}`}, []string{`{"c":"z"}`}},
		{"any-of-pattern", three + "condition: any of a*", []string{`{"a":"x"}`}, []string{`{"c":"z"}`}},
		{"all-of-pattern", three + "condition: all of a*", []string{`{"a":"x","b":"y"}`}, []string{`{"a":"x"}`}},
		{"one-of-them-skips-underscores", three + "condition: 1 of them", []string{`{"a":"x"}`}, []string{`{"c":"z"}`}},
		{"all-of-them-skips-underscores", three + "condition: all of them", []string{`{"a":"x","b":"y"}`}, []string{`{"b":"y"}`}},
		{"a-pattern-may-begin-with-underscore", three + "condition: 1 of _*", []string{`{"c":"z"}`}, []string{`{"a":"x"}`}},
		{"a-star-stands-anywhere", "sel_x_1: {a: x}\nsel_y_1: {b: y}\nsel_x_2: {c: z}\ncondition: all of sel_*_1", []string{`{"a":"x","b":"y"}`}, []string{`{"a":"x","c":"z"}`}},
		{"one-of-an-identifier", three + "condition: 1 of a1", []string{`{"a":"x"}`}, []string{`{"b":"y"}`}},
		{"operators-are-whole-words", "notepad: {a: x}\nandroid: {b: y}\norder: {c: z}\ncondition: notepad and android or order", []string{`{"c":"z"}`, `{"a":"x","b":"y"}`}, []string{`{"a":"x"}`, `{}`}},
		{"names-with-dashes-and-digits", "1sel-2: {a: x}\ncondition: 1sel-2", []string{`{"a":"x"}`}, []string{`{}`}},
		{"a-search-called-all", "all: {a: x}\ncondition: all", []string{`{"a":"x"}`}, []string{`{}`}},
		{"line-breaks", "a: {a: x}\nb: {b: y}\ncondition: |\n  a\n  and b", []string{`{"a":"x","b":"y"}`}, []string{`{"a":"x"}`}},
	})
}
