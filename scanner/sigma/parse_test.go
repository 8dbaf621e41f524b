package sigma_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

func TestHeader(t *testing.T) {
	const text = `
title: A title
id: 7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f
name: a_name
status: Test
level: High
description: what it finds
author: [A, B]
license: DRL-1.1
date: 2026/03/01
modified: 2026-03-02
taxonomy: sigma
references: https://example.org
tags: [attack.t1552.007]
falsepositives:
  - none
fields: [a]
scope: [server]
related: [{id: x, type: derived}]
logsource: {category: C, product: p, service: s, definition: d, custom: e}
detection: {s: {a: x}, condition: s}
tideline:
  number: 403
  float: 1.5
  text: "403"
  flag: true
  nothing: null
  list: [{a: b}]
`
	c := sigma.Parse("dir/rule.yml", []byte(text))
	if len(c.Problems) != 0 || len(c.Rules) != 1 {
		t.Fatalf("problems %v, %d rules", c.Problems, len(c.Rules))
	}
	got := c.Rules[0].Header
	want := sigma.Header{
		ID: "7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f", Title: "A title", Name: "a_name", Status: "test", Level: "high",
		Description: "what it finds", Author: "A, B", License: "DRL-1.1", Date: "2026/03/01", Modified: "2026-03-02", Taxonomy: "sigma",
		References: []string{"https://example.org"}, Tags: []string{"attack.t1552.007"}, FalsePositives: []string{"none"},
		Fields: []string{"a"}, Scope: []string{"server"}, Related: []string{"x"},
		Path: "dir/rule.yml", Line: 2,
		Custom: map[string]any{"tideline": map[string]any{
			"number": 403, "float": 1.5, "text": "403", "flag": true, "nothing": nil, "list": []any{map[string]any{"a": "b"}},
		}},
		CustomLines: map[string]int{"tideline": 22, "tideline.number": 23, "tideline.float": 24, "tideline.text": 25, "tideline.flag": 26, "tideline.nothing": 27, "tideline.list": 28},
	}
	if !equalHeaders(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if src := (sigma.LogSource{Category: "C", Product: "p", Service: "s"}); c.Rules[0].LogSource != src {
		t.Errorf("log source %+v", c.Rules[0].LogSource)
	}
}

// equalHeaders compares what is exported.
func equalHeaders(a, b sigma.Header) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if x.Type().Field(i).IsExported() && !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			return false
		}
	}
	return true
}

func TestVersionOfYAML(t *testing.T) {
	const rest = "logsource: {product: p}\ndetection:\n  s: {a: x}\n  condition: s\ndescription: |\n  %YAML 1.2\n"
	text := "\ufeff# ours\n%YAML 1.2\n---\ntitle: one\n" + rest + "...\n%YAML 1.1\n%TAG ! tag:x,2026:\n---\ntitle: two\n" + rest + "...\r\n\n%YAML 1.3\r\n--- # last\ntitle: three\n" + rest
	c := sigma.Parse("x", []byte(text))
	var got []string
	for _, r := range c.Rules {
		got = append(got, r.Title+" "+r.Description)
	}
	if want := []string{"one %YAML 1.2\n", "two %YAML 1.2\n", "three %YAML 1.2\n"}; len(c.Problems) != 0 || !slices.Equal(got, want) {
		t.Errorf("got %q, want %q; %v", got, want, c.Problems)
	}
}

func TestLogSources(t *testing.T) {
	rule := func(title, source string) string {
		return "title: " + title + "\nlogsource: " + source + "\ndetection: {s: {a: x}, condition: s}\n---\n"
	}
	set := compileOne(t, sigma.Options{}, rule("product", "{product: Linux}")+
		rule("service", "{product: linux, service: auditd}")+
		rule("category", "{product: linux, category: process_creation}")+
		rule("other", "{product: windows}"))
	for _, c := range []struct {
		sources []sigma.LogSource
		want    []int
	}{
		{nil, []int{0, 1, 2, 3}},
		{[]sigma.LogSource{{Product: "linux", Service: "AUDITD"}}, []int{0, 1}},
		{[]sigma.LogSource{{Product: "linux", Category: "process_creation"}}, []int{0, 2}},
		{[]sigma.LogSource{{Product: "linux", Category: "process_creation"}, {Product: "linux", Service: "auditd"}}, []int{0, 1, 2}},
		{[]sigma.LogSource{{Product: "kubernetes"}}, nil},
	} {
		m := set.Matcher(c.sources...)
		if !slices.Equal(m.Rules(), c.want) {
			t.Errorf("%v: %v, want %v", c.sources, m.Rules(), c.want)
		}
		if got := m.Match(nil, newEvent(set, map[string]any{"a": "x"}), m.NewScratch()); !slices.Equal(got, c.want) {
			t.Errorf("%v: matched %v, want %v", c.sources, got, c.want)
		}
	}
}

func TestFieldNames(t *testing.T) {
	for _, c := range []struct {
		detection       string
		names, required []string
	}{
		{"s: {a: x, b|contains: [y, z]}", []string{"a", "b"}, []string{"a", "b"}},
		{"s: [{a: x, c: z}, {b: y, c: z}]", []string{"a", "b", "c"}, []string{"c"}},
		{"s: {a: x}\nf: {b: y}\ncondition: s and not f", []string{"a", "b"}, []string{"a"}},
		{"s: {a: x}\nf: {b|neq: y}\ncondition: s and not f", []string{"a", "b"}, []string{"a", "b"}},
		{"s: {a: null, b: [null, x], c|neq: y, d|exists: false, e|exists: true}", []string{"a", "b", "c", "d", "e"}, []string{"e"}},
		{"s: {a|fieldref: b}", []string{"a", "b"}, []string{"a", "b"}},
		{"s: [foo, {a: x}]", []string{"a"}, nil},
		{"s: {a: x, b: y}\ncondition: not s", []string{"a", "b"}, nil},
		{"s: {a: null, b: null}\ncondition: not s", []string{"a", "b"}, nil},
		{"s: {a: null}\ncondition: not s", []string{"a"}, []string{"a"}},
		{"s: {a|neq: null}", []string{"a"}, []string{"a"}},
		{"s: {a|neq: null}\ncondition: not s", []string{"a"}, nil},
		{"s: {a|all: [null, x]}", []string{"a"}, []string{"a"}},
		{"s: {a|all: [null, x]}\ncondition: not s", []string{"a"}, nil},
		{"s: {a|neq: [null, x]}\ncondition: not s", []string{"a"}, nil},
		{"s: {a|exists: false}\ncondition: not s", []string{"a"}, []string{"a"}},
	} {
		r := sigma.Parse("x", []byte(document(c.detection))).Rules[0]
		if got := r.FieldNames(); !slices.Equal(got, c.names) {
			t.Errorf("%s: names %v, want %v", c.detection, got, c.names)
		}
		var required []string
		for _, f := range c.names {
			if len(r.Missing(func(name string) bool { return name == f })) > 0 {
				required = append(required, f)
			}
		}
		if !slices.Equal(required, c.required) {
			t.Errorf("%s: required %v, want %v", c.detection, required, c.required)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct{ detection, absent, want string }{
		{"s: {a: x, b: y}", "a", "a"},
		{"s: {a: x, b: y}", "a b", "a b"},
		{"s: {a: x, b: y}", "c", ""},
		{"s1: {a: x}\ns2: {b: y}\ncondition: 1 of s*", "a", ""},
		{"s1: {a: x}\ns2: {b: y}\ncondition: 1 of s*", "a b", "a b"},
		{"s1: {a: x}\ns2: {b: y}\ncondition: all of s*", "b", "b"},
		{"s1: {a: x}\nk: [foo]\ncondition: s1 or k", "a", ""},
		{"s1: {a: x}\nf: {b: y}\ncondition: s1 and not f", "b", ""},
		{"s1: {a: x}\nf: {b: null}\ncondition: s1 and not f", "b", "b"},
		{"s1: {a: x, b: y}\ncondition: not s1", "a b", ""},
		{"s1: {a: [null, x]}\ncondition: s1", "a", ""},
	} {
		r := sigma.Parse("x", []byte(document(c.detection))).Rules[0]
		absent := strings.Fields(c.absent)
		got := r.Missing(func(f string) bool { return slices.Contains(absent, f) })
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s without %s: missing %v, want %s", c.detection, c.absent, got, c.want)
		}
	}
}

func TestFilters(t *testing.T) {
	rules := "title: one\nname: one\nlogsource: {category: c, product: p}\ndetection: {sel1: {a: x}, condition: 1 of sel*}\n---\n" +
		"title: two\nid: 7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f\nlogsource: {category: d}\ndetection: {sel1: {a: x}, condition: sel1}\n---\n"
	filter := func(rules string) string {
		return "title: f\nlogsource: {category: c}\nfilter: {rules: " + rules + ", sel2: {user: bob}, sel1: {user: eve}, condition: not 1 of sel*}\n"
	}
	for _, c := range []struct {
		rules string
		bob   []string // what an event of bob still matches
	}{
		{"any", []string{"two"}},
		{"all", []string{"two"}},
		{"[]", []string{"two"}},
		{"[one]", []string{"two"}},
		{"one", []string{"two"}},
		{"[7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f]", []string{"one", "two"}}, // another log source
		{"[nobody]", []string{"one", "two"}},
	} {
		set := compileOne(t, sigma.Options{}, rules+filter(c.rules))
		if got := matches(set, map[string]any{"a": "x", "user": "bob"}); !slices.Equal(got, c.bob) {
			t.Errorf("rules %s: bob matches %v, want %v", c.rules, got, c.bob)
		}
		if got := matches(set, map[string]any{"a": "x", "user": "alice"}); len(got) != 2 {
			t.Errorf("rules %s: alice matches %v", c.rules, got)
		}
	}
}

func TestBadFilterIsReportedOnce(t *testing.T) {
	filter := "title: f\nfilter: {rules: any, s: {user|re: '('}, condition: not s}\n"
	two := document("s: {a: x}") + "---\n" + document("s: {a: y}") + "---\n"
	set, refused, _ := problemsOf(sigma.Options{}, two+filter)
	if len(refused) != 1 || refused[0].Rule != "f" || len(set.Rules()) != 2 {
		t.Errorf("%d rules, refused %v", len(set.Rules()), refused)
	}
}

func TestTaxonomy(t *testing.T) {
	set := compileOne(t, sigma.Options{Taxonomies: map[string]func(string) string{
		"ecs": func(f string) string { return "mapped." + f },
	}}, "taxonomy: ECS\n"+document("s: {a: x, b|fieldref: c}"))
	if got, want := set.Fields(), []string{"mapped.a", "mapped.b", "mapped.c"}; !slices.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
}

// TestFilterOfAnotherTaxonomy: a filter's fields are called as its own document
// says, whatever rule it is added to.
func TestFilterOfAnotherTaxonomy(t *testing.T) {
	o := sigma.Options{Taxonomies: map[string]func(string) string{
		"ecs": func(f string) string { return strings.TrimPrefix(f, "ecs.") },
	}}
	const mapped = "title: f\ntaxonomy: ecs\nfilter: {rules: any, s: {ecs.user: bob}, condition: not s}\n"
	const plain = "title: f\nfilter: {rules: any, s: {user: bob}, condition: not s}\n"
	for _, texts := range [][]string{
		{document("s: {a: x}"), mapped},
		{document("s: {a: x}"), plain},
		{"taxonomy: ecs\n" + document("s: {ecs.a: x}"), mapped},
		{"taxonomy: ecs\n" + document("s: {ecs.a: x}"), plain},
		{"taxonomy: ecs\n" + document("s: {ecs.a: x}"), strings.Replace(mapped, "taxonomy: ecs\n", "", 1)}, // as the rule
	} {
		set := compileOne(t, o, texts...)
		if got := matches(set, map[string]any{"a": "x", "user": "bob"}); len(got) > 0 {
			t.Errorf("%s: the filter is not heeded", strings.Join(texts, "---\n"))
		}
		if got := matches(set, map[string]any{"a": "x", "user": "eve"}); len(got) != 1 {
			t.Errorf("%s: the filter drops too much", strings.Join(texts, "---\n"))
		}
	}
}

// TestSameDocumentTwice: what is loaded from two files runs once, and two documents
// that differ cannot have one id.
func TestSameDocumentTwice(t *testing.T) {
	const id = "7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f"
	rule := document("s: {a: x}")
	cor := "title: c\ncorrelation: {type: event_count, rules: [r], group-by: [u], timespan: 5m, condition: {gte: 2}}\n"
	named := "name: r\n" + rule
	for _, c := range []struct {
		name                          string
		texts                         []string
		rules, cors, refused, warning int
	}{
		{"rule with an id", []string{"id: " + id + "\n" + rule, "id: " + id + "\n" + rule}, 1, 0, 0, 1},
		{"rule without", []string{rule, rule}, 1, 0, 0, 1},
		{"ids differ by case alone", []string{"id: " + id + "\n" + rule, "id: " + strings.ToUpper(id) + "\n" + rule}, 1, 0, 1, 0},
		{"another rule of the title", []string{rule, document("s: {a: y}")}, 2, 0, 0, 0},
		{"another rule of the id", []string{"id: " + id + "\n" + rule, "id: " + id + "\n" + document("s: {a: y}")}, 1, 0, 1, 0},
		{"correlation with an id", []string{named, "id: " + id + "\n" + cor, "id: " + id + "\n" + cor}, 1, 1, 0, 1},
		{"correlation without", []string{named, cor, cor}, 1, 1, 0, 1},
		{"another correlation of the id", []string{named, "id: " + id + "\n" + cor, "id: " + id + "\n" + strings.Replace(cor, "5m", "6m", 1)}, 1, 1, 1, 0},
		{"another correlation of the title", []string{named, cor, strings.Replace(cor, "5m", "6m", 1)}, 1, 2, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, refused, warned := problemsOf(sigma.Options{}, c.texts...)
			if len(set.Rules()) != c.rules || len(set.Correlations()) != c.cors || len(refused) != c.refused || len(warned) != c.warning {
				t.Errorf("%d rules, %d correlations, refused %v, warned %v", len(set.Rules()), len(set.Correlations()), refused, warned)
			}
		})
	}
}

func TestExtraFields(t *testing.T) {
	set := compileOne(t, sigma.Options{ExtraFields: []string{"b", "a"}}, document("s: {a: x}"))
	if got, want := set.Fields(), []string{"a", "b"}; !slices.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
	if i, ok := set.FieldIndex("b"); i != 1 || !ok {
		t.Errorf("index of b: %d, %v", i, ok)
	}
	if _, ok := set.FieldIndex("B"); ok {
		t.Error("B has an index")
	}
}
