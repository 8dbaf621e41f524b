package sigma_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tideline/scanner/sigma"
)

// problemsOf loads texts and returns what is wrong with them.
func problemsOf(o sigma.Options, texts ...string) (set *sigma.Set, refused, warned []*sigma.Problem) {
	all := &sigma.Collection{}
	for i, text := range texts {
		all.Merge(sigma.Parse(fmt.Sprintf("rule%d.yml", i+1), []byte(text)))
	}
	set, problems := sigma.Compile(all, o)
	for _, p := range append(all.Problems, problems...) {
		if p.Warning {
			warned = append(warned, p)
		} else {
			refused = append(refused, p)
		}
	}
	return set, refused, warned
}

// TestRefusedDetections checks that what cannot run is refused, where, and
// with a way to mend it. Line 4 is the first below `detection:`.
func TestRefusedDetections(t *testing.T) {
	for _, c := range []struct {
		name, detection string
		line            int
		reason, mend    string
	}{
		{"unknown-modifier", "s: {a|containz: x}", 4, `unknown modifier "containz" of "a"`, "did you mean contains?"},
		{"modifier-of-another-language", "s: {a|regex: x}", 4, "unknown modifier", "use re"},
		{"modifier-nobody-knows", "s: {a|frobnicate: x}", 4, "unknown modifier", "known are all, base64"},
		{"empty-modifier", "s: {a|: x}", 4, "unknown modifier", "known are"},
		{"unknown-search", "sel: {a: x}\ncondition: slection", 5, `names "slection"`, `the searches are "sel"`},
		{"pattern-without-search", "sel: {a: x}\ncondition: 1 of filter_*", 5, `"filter_*" stands for no search`, "the searches are"},
		{"them-of-underscores-only", "_s: {a: x}\ncondition: 1 of them", 5, "stands for no search", ""},
		{"no-search", "condition: s", 4, `names "s"`, "write a search"},
		{"two-of", "s: {a: x}\ncondition: 2 of them", 5, `has "2" of`, "write the combinations out"},
		{"nothing-of", "s: {a: x}\ncondition: 1 of", 5, "nothing follows", "pattern"},
		{"open-parenthesis", "s: {a: x}\ncondition: (s", 5, "not closed", "close it"},
		{"closed-parenthesis", "s: {a: x}\ncondition: s)", 5, "does not end at", ""},
		{"two-searches-in-a-row", "s: {a: x}\ncondition: s s", 5, "does not end at", "and"},
		{"operator-without-search", "s: {a: x}\ncondition: s and", 5, "ends where a search is expected", ""},
		{"operator-first", "s: {a: x}\ncondition: or s", 5, `"or" where a search is expected`, ""},
		{"odd-character", "s: {a: x}\ncondition: s & s", 5, "unexpected", ""},
		{"empty-condition", "s: {a: x}\ncondition: ''", 5, "ends where a search is expected", ""},
		{"empty-condition-list", "s: {a: x}\ncondition: []", 5, "condition is empty", ""},
		{"condition-is-a-map", "s: {a: x}\ncondition: {a: b}", 5, "condition", ""},
		{"deep-condition", "s: {a: x}\ncondition: " + strings.Repeat("not ", 1000) + "s", 5, "nests deeper", ""},
		{"deep-parentheses", "s: {a: x}\ncondition: " + strings.Repeat("(", 1000), 5, "nests deeper", ""},
		{"long-condition", "s: {a: x}\ncondition: s" + strings.Repeat(" or s", 20000), 5, "longer than", ""},
		{"empty-search", "s:\ncondition: s", 4, "search is empty", ""},
		{"empty-list", "s: []\ncondition: s", 4, "empty list", ""},
		{"empty-map", "s: {}\ncondition: s", 4, "empty map", ""},
		{"nested-map", "s: {a: {b: x}}", 4, `value of "a" is a map`, "a.inner: value"},
		{"nested-values", "s: {a: [[x]]}", 4, "is a list or a map", "one plain list"},
		{"same-field-twice", "s:\n  a: x\n  a: y", 6, `key "a" appears twice`, "one list"},
		{"look-ahead", "s: {a|re: 'x(?=y)'}", 4, "cannot be run", "look-ahead"},
		{"negative-look-ahead", "s: {a|re: 'x(?!y)'}", 4, "cannot be run", "not filter"},
		{"look-behind", "s: {a|re: '(?<=y)x'}", 4, "cannot be run", "look-behind"},
		{"negative-look-behind", "s: {a|re: '(?<!y)x'}", 4, "cannot be run", "look-behind"},
		{"atomic-group", "s: {a|re: '(?>x)'}", 4, "cannot be run", "(?:...)"},
		{"possessive", "s: {a|re: 'x++'}", 4, "cannot be run", "second +"},
		{"back-reference", `s: {a|re: '(x)\1'}`, 4, "cannot be run", "back-references"},
		{"named-back-reference", `s: {a|re: '(?P<n>x)(?P=n)'}`, 4, "cannot be run", "back-references"},
		{"end-of-text-of-others", `s: {a|re: 'x\Z'}`, 4, "cannot be run", "write $"},
		{"broken-expression", "s: {a|re: '('}", 4, "cannot be run", "RE2"},
		{"large-repeat", "s: {a|re: '(a{1000}){1000}'}", 4, "", ""},
		{"large-expression", "s: {a|re: '(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa){1000}'}", 4, "too large", "smaller"},
		{"flag-without-re", "s: {a|i: x}", 4, "i of \"a\" is a flag of re", "behind `re`"},
		{"flag-before-re", "s: {a|i|re: x}", 4, "flag of re", "behind"},
		{"re-is-first", "s: {a|contains|re: x}", 4, "contradict", "first"},
		{"re-and-cidr", "s: {a|re|cidr: x}", 4, "contradict", "one of them"},
		{"base64-of-re", "s: {a|re|base64: x}", 4, "contradict", ""},
		{"wildcard-in-base64", "s: {a|base64: 'x*'}", 4, "wildcard", "contains behind the encoding"},
		{"contains-before-base64", "s: {a|contains|base64: x}", 4, "wildcard", "contains behind the encoding"},
		{"host-bits", "s: {a|cidr: 10.0.0.1/8}", 4, "bits set", "write 10.0.0.0/8"},
		{"dashes-without-end", "s: {a|windash|base64: '" + strings.Repeat("-a ", 30) + "'}", 4, "dashes of value", "fewer options"},
		{"no-network", "s: {a|cidr: 10.0.0}", 4, "is no network", "10.0.0.0/8"},
		{"cidr-contains", "s: {a|cidr|contains: 10.0.0.0/8}", 4, "not searched like text", ""},
		{"no-number", "s: {a|lt: x}", 4, "compared as a number", "give a number"},
		{"no-hour", "s: {a|hour: noon}", 4, "compared as a number", "give a number"},
		{"hour-contains", "s: {a|hour|contains: 1}", 4, "no text to search", ""},
		{"exists-maybe", "s: {a|exists: maybe}", 4, "neither true nor false", "true or false"},
		{"exists-beside-others", "s: {a|exists|neq: true}", 4, "no other modifier", "second item"},
		{"keyword-exists", "s: {'|exists': true}", 4, "keywords have no field", "name a field"},
		{"keyword-fieldref", "s: {'|fieldref': b}", 4, "keywords have no field", ""},
		{"keyword-null", "s: {'|all': [null]}", 4, "null", ""},
		{"contains-null", "s: {a|contains: null}", 4, "null", "quote the word"},
		{"windash-null", "s: {a|windash: null}", 4, "null", "quote the word"},
		{"re-behind-windash", "s: {a|windash|re: x}", 4, "contradict", "write it first"},
		{"fieldref-nothing", "s: {a|fieldref: ''}", 4, "names no field", ""},
		{"fieldref-with-wildcard", "s: {a|fieldref: [b, 'c*']}", 4, "no wildcards", "another value of the list"},
		{"unknown-placeholder", "s: {a|expand: '%nobody%'}", 4, `placeholder "nobody"`, "list of values"},
		{"unknown-placeholder-of-an-expression", "s: {a|re|expand: ['x', '(%nobody%)']}", 4, `placeholder "nobody"`, "list of values"},
		{"expand-before-re", "s: {a|expand|re: 'x'}", 4, "contradict", "`re|expand`"},
		{"expand-behind-windash-and-re", "s: {a|windash|re|expand: 'x'}", 4, "contradict", "`re|expand`"},
		{"timeframe", "s: {a: x}\ntimeframe: 30s\ncondition: s | count(user) by ip > 5", 5, "aggregations of Sigma 1",
			"`correlation: {type: value_count, rules: [<name>], group-by: [ip], timespan: 30s, condition: {gt: 5, field: user}}`"},
		{"count", "s: {a: x}\ncondition: s | count() by ip >= 10", 5, "aggregations of Sigma 1", "type: event_count, rules: [<name>], group-by: [ip], timespan: 5m, condition: {gte: 10}"},
		{"near", "s: {a: x}\ncondition: s | near b", 5, "aggregations of Sigma 1", "type: temporal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, refused, _ := problemsOf(sigma.Options{}, document(c.detection))
			if len(refused) != 1 || len(set.Rules()) != 0 {
				t.Fatalf("problems %v, %d rules", refused, len(set.Rules()))
			}
			p := refused[0]
			if p.Path != "rule1.yml" || p.Line != c.line || !strings.Contains(p.Reason, c.reason) || !strings.Contains(p.Mend, c.mend) {
				t.Errorf("got %v\nwant line %d, reason %q, mend %q", p, c.line, c.reason, c.mend)
			}
			if len(p.Error()) > 3000 || strings.ContainsAny(p.Error(), "\x00\x1b\n") {
				t.Errorf("not fit to print: %q", p.Error())
			}
		})
	}
}

// TestRefusedValuesOfLists: a value of a list that makes an expression which cannot be
// run is named, with its list and the rule.
func TestRefusedValuesOfLists(t *testing.T) {
	lists := map[string][]string{"broken": {"fine", "half("}, "ahead": {"(?=x)"}, "closing": {"a)b"}, "many": {"(x{900}){20}"}, "long": {strings.Repeat("ab", 1<<13)}, "slow": {"y{200}"}}
	for _, c := range []struct{ name, detection, reason, mend string }{
		{"of-itself", "s: {a|re|expand: '%broken%'}", `the regular expression "half(" of "a" with "half(" of the list "broken" cannot be run`, "mend the expression"},
		{"within-text", "s: {a|re|expand: 'x(%broken%)y'}", `"x(half()y" of "a" with "half(" of the list "broken" cannot be run`, ""},
		{"which-text-makes-whole", "s: {a|re|expand: '(%closing%'}", "", ""},
		{"of-two-lists", "s: {a|re|expand: '%closing%%broken%'}", `with "a)b" of the list "closing" and "fine" of the list "broken" cannot be run`, ""},
		{"look-ahead", "s: {a|re|expand: '%ahead%'}", `"(?=x)" of the list "ahead"`, "RE2 has no look-ahead"},
		{"too-large", "s: {a|re|expand: '%many%'}", `with "(x{900}){20}" of the list "many"`, ""},
		{"too-long", "s: {a|re|expand: '%long%%long%'}", `of the list "long" is longer than 16384 bytes`, "split it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, refused, warned := problemsOf(sigma.Options{Placeholders: lists}, document(c.detection))
			if c.reason == "" {
				if len(refused) != 0 || len(set.Rules()) != 1 {
					t.Errorf("refused %v", refused)
				}
				return
			}
			if len(refused) != 1 || len(warned) != 0 || len(set.Rules()) != 0 {
				t.Fatalf("refused %v, warned %v, %d rules", refused, warned, len(set.Rules()))
			}
			if p := refused[0]; p.Path != "rule1.yml" || p.Line != 4 || p.Rule != "t" || !strings.Contains(p.Reason, c.reason) || !strings.Contains(p.Mend, c.mend) {
				t.Errorf("got %v\nwant %q, mend %q", p, c.reason, c.mend)
			}
		})
	}
	set, refused, warned := problemsOf(sigma.Options{Placeholders: lists}, document("s: {a|re|expand: 'x%slow%'}"))
	if len(refused) != 0 || len(set.Rules()) != 1 || len(warned) != 1 || !strings.Contains(warned[0].Reason, `"xy{200}" with "y{200}" of the list "slow" repeats`) {
		t.Errorf("refused %v, warned %v", refused, warned)
	}
}

// TestOldAggregationsAreRewritten loads what the mend says to write.
func TestOldAggregationsAreRewritten(t *testing.T) {
	for _, condition := range []string{"s | count() > 5", "s | count() by ip >= 10", "s | count(user) by ip, host > 5", "s | sum(bytes) by ip > 1000", "s | near s", "s | whatever"} {
		_, refused, _ := problemsOf(sigma.Options{}, document("s: {a: x}\ntimeframe: 24h\ncondition: "+condition))
		if len(refused) != 1 {
			t.Fatalf("%s: %v", condition, refused)
		}
		_, body, _ := strings.Cut(refused[0].Mend, "`correlation: ")
		body = strings.NewReplacer("<name>", "r", "<other name>", "r", "<field>", "ip").Replace(strings.TrimSuffix(body, "`"))
		set, refused, _ := problemsOf(sigma.Options{}, counted+correlation(body))
		if len(refused) > 0 || len(set.Correlations()) != 1 || set.Correlations()[0].Timespan != 24*time.Hour {
			t.Errorf("%s: %s: %v", condition, body, refused)
		}
	}
}

func TestRefusedDocuments(t *testing.T) {
	const detection = "detection: {s: {a: x}, condition: s}\n"
	for _, c := range []struct {
		name, text string
		line       int
		reason     string
	}{
		{"no-yaml", "title: [", 1, "not YAML"},
		{"tab", "title: t\n\tlogsource: x", 2, "not YAML"},
		{"text", "hello", 1, "not a map"},
		{"nothing-known", "title: t", 1, "no rule, filter or correlation"},
		{"no-title", "logsource: {category: c}\n" + detection, 1, "no title"},
		{"no-logsource", "title: t\n" + detection, 1, "no logsource"},
		{"empty-logsource", "title: t\nlogsource: {definition: x}\n" + detection, 2, "names nothing"},
		{"logsource-no-map", "title: t\nlogsource: [linux]\n" + detection, 2, "logsource is not a map"},
		{"logsource-list", "title: t\nlogsource: {category: [a, b]}\n" + detection, 2, "category is not a text"},
		{"no-condition", "title: t\nlogsource: {category: c}\ndetection: {s: {a: x}}", 3, "no condition"},
		{"detection-list", "title: t\nlogsource: {category: c}\ndetection: [x]", 3, "not a map"},
		{"level", "title: t\nlevel: hihg\nlogsource: {category: c}\n" + detection, 2, `unknown level "hihg"`},
		{"taxonomy", "title: t\ntaxonomy: ecs\nlogsource: {category: c}\n" + detection, 1, "taxonomy"},
		{"action", "action: explode\ntitle: t", 1, "unknown action"},
		{"key-twice", "title: t\ntitle: u\n", 2, "twice"},
		{"key-is-a-list", "? [a]\n: b\n", 1, "key is a list"},
		{"merge-of-text", "title: t\n<<: x\n", 2, "not a map"},
		{"self-alias", "title: &a [*a]\n", 1, "nested deeper"},
		{"deep", "title: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), 1, "nested deeper"},
		{"very-deep", strings.Repeat("[", 20000), 0, ""},
		{"too-large", strings.Repeat("#", sigma.MaxFileBytes+1), 0, "more than the 1048576"},
		{"rule-and-correlation", "title: t\nlogsource: {category: c}\n" + detection + "correlation: {type: event_count, rules: [r], group-by: [u], timespan: 5m, condition: {gte: 2}}", 1, "detection and correlation"},
		{"rule-and-filter", "title: t\nlogsource: {category: c}\n" + detection + "filter: {rules: any, s: {a: x}, condition: not s}", 1, "detection and filter"},
		{"filter-list", "title: t\nfilter: [x]", 2, "not a map"},
		{"filter-without-rules", "title: t\nfilter: {rulez: [r], s: {a: x}, condition: not s}", 2, "for which rules"},
		{"filter-of-no-rules", "title: t\nfilter: {rules: , s: {a: x}, condition: not s}", 2, "for which rules"},
		{"filter-of-a-map", "title: t\nfilter: {rules: {id: r}, s: {a: x}, condition: not s}", 2, "for which rules"},
		{"filter-without-condition", "title: t\nfilter: {rules: any, s: {a: x}}", 2, "no condition"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, refused, _ := problemsOf(sigma.Options{}, c.text)
			if len(refused) != 1 || len(set.Rules()) != 0 {
				t.Fatalf("problems %v, %d rules", refused, len(set.Rules()))
			}
			if p := refused[0]; c.line > 0 && p.Line != c.line || !strings.Contains(p.Reason, c.reason) || p.Mend == "" {
				t.Errorf("got %v\nwant line %d, reason %q", p, c.line, c.reason)
			}
		})
	}
}

// TestAliasBomb checks that aliases cannot make a small file large.
func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	_, refused, _ := problemsOf(sigma.Options{}, b.String())
	if len(refused) != 1 || !strings.Contains(refused[0].Reason, "aliases expanded") {
		t.Errorf("got %v", refused)
	}
}

func TestWarnings(t *testing.T) {
	rule := document("s: {a: x}")
	for _, c := range []struct{ name, text, reason string }{
		{"unused-search", document("s: {a: x}\nother: {b: y}"), `search "other" is not used`},
		{"id", "id: 7\n" + rule, "not a UUID"},
		{"id-with-other-letters", "id: 7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1g1f\n" + rule, "not a UUID"},
		{"status", "status: tset\n" + rule, "unknown status"},
		{"deprecated", "status: deprecated\nrelated: [{id: abc, type: obsolete}]\n" + rule, "deprecated by its author"},
		{"blanks-around-a-field", document("s: {'a |contains': x}"), "blanks around it"},
		{"value-that-ends-with-a-line-break", document("s:\n  a|contains: |\n    x y\n"), `value "x y\n" of "a" ends with a line break`},
		{"colon-without-blank", document("s:\n  a|contains:x"), `looks for the text "a|contains:x"`},
		{"no-percentile", rule + "---\nname: r\n" + rule + "---\ntitle: c\ncorrelation: {type: value_percentile, rules: [r], group-by: [u], timespan: 5m, condition: {field: a, gte: 2}}", "which percentile"},
		{"counted-repeat", document("s: {a|re: '(ab){500}'}"), "repeats up to 500 times"},
		{"filter-that-keeps", rule + "---\ntitle: f\nlogsource: {category: c}\nfilter: {rules: any, s: {a: y}, condition: s}", "no `not`"},
		{"filter-for-nobody", rule + "---\ntitle: f\nfilter: {rules: [nobody], s: {a: y}, condition: not s}", "no rule has this id"},
		{"filter-for-another-log", "name: r\n" + rule + "---\ntitle: f\nlogsource: {category: d}\nfilter: {rules: [r], s: {a: y}, condition: not s}", "another log source"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, refused, warned := problemsOf(sigma.Options{}, c.text)
			if len(refused) != 0 || len(warned) != 1 || len(set.Rules()) == 0 {
				t.Fatalf("refused %v, warned %v, %d rules", refused, warned, len(set.Rules()))
			}
			if p := warned[0]; !strings.Contains(p.Reason, c.reason) || p.Mend == "" {
				t.Errorf("got %v, want %q", p, c.reason)
			}
		})
	}
}

// TestFileWithoutRules: a file that was not copied in full says nothing of what it lacks.
func TestFileWithoutRules(t *testing.T) {
	for _, text := range []string{"", "# nothing yet\n", "---\n---\n"} {
		_, refused, warned := problemsOf(sigma.Options{}, text)
		if len(refused) != 0 || len(warned) != 1 || !strings.Contains(warned[0].Reason, "holds no rule") {
			t.Errorf("%q: refused %v, warned %v", text, refused, warned)
		}
	}
}

// TestOneBadRuleLeavesTheOthers also covers ids that clash.
func TestOneBadRuleLeavesTheOthers(t *testing.T) {
	id := "id: 7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f\n"
	good, bad := document("s: {a: x}"), document("s: {a|re: '('}")
	set, refused, warned := problemsOf(sigma.Options{},
		id+good, bad+"---\n"+document("s: {b: y}"), id+good, id+document("s: {a: z}"))
	if n := len(set.Rules()); n != 2 {
		t.Errorf("%d rules, want 2", n)
	}
	if len(warned) != 1 || !strings.Contains(warned[0].Reason, "same rule") {
		t.Errorf("warned %v", warned)
	}
	if len(refused) != 2 || !strings.Contains(refused[1].Reason, "belongs to another rule, rule1.yml:1") {
		t.Errorf("refused %v", refused)
	}
}
