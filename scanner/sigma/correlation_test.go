package sigma_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/scanner/sigma"
)

const counted = "title: r\nname: r\nid: 7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f\nlogsource: {category: c}\ndetection: {s: {a: x}, condition: s}\n---\n"

func correlation(body string) string {
	return "title: c\nname: c\ncorrelation: " + body + "\n---\n"
}

func TestCorrelationParsed(t *testing.T) {
	set := compileOne(t, sigma.Options{}, `
title: many
id: 11111111-2222-3333-4444-555555555555
level: high
correlation:
  type: value_count
  rules: [r, 7F3C1F5E-3B0F-4C55-9C55-1F1F1F1F1F1F]
  group-by: who
  timespan: 15m
  aliases: {who: {r: user}}
  condition: {gte: 3, lt: 10, field: [ip, port]}
generate: true
custom: kept
---
`+counted)
	c := set.Correlations()[0]
	c.Custom = nil
	if c.Type != sigma.ValueCount || c.Level != "high" || c.Timespan != 15*time.Minute || !c.Generate ||
		!slices.Equal(c.GroupBy, []string{"who"}) || !slices.Equal(c.Fields, []string{"ip", "port"}) ||
		!slices.Equal(c.Bounds, []sigma.Bound{{Op: "gte", Value: 3}, {Op: "lt", Value: 10}}) {
		t.Errorf("got %+v", c)
	}
	alias := map[string]string{"who": "user"}
	want := []sigma.Member{{Ref: "r", Rule: 0, Correlation: -1, Alias: alias},
		{Ref: "7F3C1F5E-3B0F-4C55-9C55-1F1F1F1F1F1F", Rule: 0, Correlation: -1, Alias: alias}}
	if !reflect.DeepEqual(c.Members, want) {
		t.Errorf("members %+v", c.Members)
	}
	if got, want := set.Fields(), []string{"a", "ip", "port", "user"}; !slices.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
	if !set.Reported(0) {
		t.Error("generate: true, and the rule is not reported")
	}
}

func TestTimespans(t *testing.T) {
	day := 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "5m": 5 * time.Minute, "2h": 2 * time.Hour, "1d": day, "1w": 7 * day, "4M": 10_518_984 * time.Second, "100y": 876_582 * time.Hour,
	} {
		set := compileOne(t, sigma.Options{}, counted+correlation("{type: event_count, rules: [r], group-by: [u], timespan: "+text+", condition: {gte: 2}}"))
		if got := set.Correlations()[0].Timespan; got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestAliasOfSomeRules: in a rule that an alias says nothing about, it is a field.
func TestAliasOfSomeRules(t *testing.T) {
	other := strings.NewReplacer("id: 7f", "id: 8f", "name: r", "name: q", "title: r", "title: q").Replace(counted)
	set := compileOne(t, sigma.Options{}, counted+other+correlation("{type: temporal, rules: [r, q], group-by: [who], timespan: 1m, aliases: {who: {r: user}}}"))
	c := set.Correlations()[0]
	for i, want := range []string{"user", "who"} {
		if got, ok := c.Members[i].Field(c, "who"); got != want || !ok {
			t.Errorf("in %s: %q %v, want %q", c.Members[i].Ref, got, ok, want)
		}
	}
	if got, want := set.Fields(), []string{"a", "user", "who"}; !slices.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
}

// TestRulesOfTheCondition: where no rules are listed, those of a condition in words count.
func TestRulesOfTheCondition(t *testing.T) {
	other := strings.NewReplacer("id: 7f", "id: 8f", "name: r", "name: q", "title: r", "title: q").Replace(counted)
	set := compileOne(t, sigma.Options{}, counted+other+correlation("{type: temporal, group-by: [u], timespan: 5m, condition: q AND NOT (r or q)}"))
	if c := set.Correlations()[0]; !slices.Equal(c.Rules, []string{"q", "r"}) || len(c.Members) != 2 || c.Expr.Op != "and" {
		t.Errorf("rules %q, members %v, condition %v", c.Rules, c.Members, c.Expr)
	}
}

func TestRefusedCorrelations(t *testing.T) {
	full := func(with string) string { // a correlation in which the last key decides
		return "{group-by: [u], " + with + "}"
	}
	for _, c := range []struct{ name, body, reason string }{
		{"not-a-map", "[a]", "not a map"},
		{"unknown-type", full("type: event_cuont, rules: [r], timespan: 5m, condition: {gte: 2}"), "unknown correlation type"},
		{"no-rules", full("type: event_count, timespan: 5m, condition: {gte: 2}"), "names no rules"},
		{"no-timespan", full("type: event_count, rules: [r], condition: {gte: 2}"), "no timespan"},
		{"odd-timespan", full("type: event_count, rules: [r], timespan: 5 minutes, condition: {gte: 2}"), "no span of time"},
		{"zero-timespan", full("type: event_count, rules: [r], timespan: 0s, condition: {gte: 2}"), "out of range"},
		{"endless-timespan", full("type: event_count, rules: [r], timespan: 999999999y, condition: {gte: 2}"), "out of range"},
		{"timeframe", full("type: event_count, rules: [r], timeframe: 5m, condition: {gte: 2}"), "no timeframe"},
		{"unknown-key", full("type: event_count, rules: [r], timespan: 5m, groupby: [x], condition: {gte: 2}"), "unknown key"},
		{"no-condition", full("type: event_count, rules: [r], timespan: 5m"), "no condition"},
		{"rules-map", full("type: event_count, rules: {a: r}, timespan: 5m, condition: {gte: 2}"), "rules of a correlation is a map"},
		{"group-by-map", "{group-by: {u: v}, type: event_count, rules: [r], timespan: 5m, condition: {gte: 2}}", "group-by of a correlation is a map"},
		{"aliases-text", full("type: event_count, rules: [r], timespan: 5m, aliases: u, condition: {gte: 2}"), "aliases is not a map"},
		{"field-beside-condition", full("type: value_sum, rules: [r], timespan: 5m, field: v, condition: {gte: 2}"), "field is a part of the condition"},
		{"empty-condition", full("type: event_count, rules: [r], timespan: 5m, condition: {}"), "compares with nothing"},
		{"text-condition", full("type: event_count, rules: [r], timespan: 5m, condition: many"), "not a map"},
		{"unknown-operator", full("type: event_count, rules: [r], timespan: 5m, condition: {ge: 2}"), "unknown key"},
		{"no-number", full("type: event_count, rules: [r], timespan: 5m, condition: {gte: NaN}"), "no number"},
		{"no-field", full("type: value_sum, rules: [r], timespan: 5m, condition: {gte: 2}"), "needs a field"},
		{"two-fields", full("type: value_sum, rules: [r], timespan: 5m, condition: {gte: 2, field: [a, b]}"), "one field"},
		{"percentile", full("type: value_percentile, rules: [r], timespan: 5m, condition: {gte: 2, field: a, percentile: 101}"), "out of range"},
		{"unknown-rule", full("type: event_count, rules: [q], timespan: 5m, condition: {gte: 2}"), "no loaded rule"},
		{"itself", full("type: event_count, rules: [c], timespan: 5m, condition: {gte: 2}"), "counts itself"},
		{"alias-for-another", full("type: event_count, rules: [r], timespan: 5m, aliases: {u: {q: a}}, condition: {gte: 2}"), "does not count"},
		{"empty-alias", full("type: event_count, rules: [r], timespan: 5m, aliases: {u: x}, condition: {gte: 2}"), "names no rule and field"},
		{"unknown-in-words", full("type: temporal, rules: [r], timespan: 5m, condition: r and q"), `names "q"`},
		{"words-without-order", full("type: temporal_ordered, rules: [r], timespan: 5m, condition: r or r"), "in which order"},
		{"words-for-some-in-order", full("type: temporal_ordered, rules: [r, r2], timespan: 5m, condition: r and not r2"), "in which order"},
		{"words-without-some", full("type: temporal_ordered, rules: [r, r2], timespan: 5m, condition: r"), "in which order"},
		{"generate-maybe", full("type: event_count, rules: [r], timespan: 5m, condition: {gte: 2}, generate: maybe"), "neither true nor false"},
		{"too-many-rules", full("type: temporal, rules: [" + strings.Repeat("r,", 65) + "], timespan: 5m"), "more than 64"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, refused, _ := problemsOf(sigma.Options{}, counted+correlation(c.body))
			if len(refused) != 1 || len(set.Correlations()) != 0 || len(set.Rules()) != 1 {
				t.Fatalf("refused %v", refused)
			}
			if p := refused[0]; !strings.Contains(p.Reason, c.reason) || p.Mend == "" || p.Line < 6 {
				t.Errorf("got %v, want %q", p, c.reason)
			}
		})
	}
}

func TestCorrelationOfRefusedRule(t *testing.T) {
	bad := strings.Replace(counted, "{a: x}", "{a|re: '('}", 1)
	_, refused, _ := problemsOf(sigma.Options{}, bad+correlation("{type: event_count, rules: [r], group-by: [u], timespan: 5m, condition: {gte: 2}}"))
	if len(refused) != 2 || !strings.Contains(refused[1].Reason, "no loaded rule") {
		t.Errorf("refused %v", refused)
	}
}

// TestCorrelationOfNamesThatSeveralHave: which of them is meant, nobody knows.
func TestCorrelationOfNamesThatSeveralHave(t *testing.T) {
	twin := strings.Replace(counted, "id: 7f", "id: 8f", 1)
	called := func(name, body string) string {
		return strings.Replace(correlation("{"+body+", group-by: [u], timespan: 5m, condition: {gte: 2}}"), "name: c", "name: "+name, 1)
	}
	for name, text := range map[string]string{
		"two rules":              counted + twin + called("c", "type: event_count, rules: [r]"),
		"a rule, a correlation":  counted + called("r", "type: event_count, rules: [7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f]") + called("c", "type: event_count, rules: [r]"),
		"two other correlations": counted + called("q", "type: event_count, rules: [r]") + called("q", "type: temporal, rules: [r]") + called("c", "type: event_count, rules: [q]"),
	} {
		_, refused, _ := problemsOf(sigma.Options{}, text)
		if len(refused) != 1 || !strings.Contains(refused[0].Reason, "several documents") {
			t.Errorf("%s: refused %v", name, refused)
		}
	}
}

func TestCorrelationCircle(t *testing.T) {
	one := "title: one\nname: one\ncorrelation: {type: event_count, rules: [two], group-by: [u], timespan: 5m, condition: {gte: 2}}\n---\n"
	two := "title: two\nname: two\ncorrelation: {type: event_count, rules: [one], group-by: [u], timespan: 5m, condition: {gte: 2}}\n---\n"
	set, refused, _ := problemsOf(sigma.Options{}, one+two)
	if len(refused) != 2 || len(set.Correlations()) != 0 {
		t.Errorf("refused %v", refused)
	}
}

func TestCorrelationWarnings(t *testing.T) {
	for _, c := range []struct{ name, text, reason string }{
		{"no-group-by", counted + correlation("{type: event_count, rules: [r], timespan: 5m, condition: {gte: 2}}"), "no group-by"},
		{"field-of-events", counted + correlation("{type: event_count, rules: [r], group-by: [u], timespan: 5m, condition: {gte: 2, field: ip}}"), `event_count looks at no field, and "ip"`},
		{"alias-of-a-rule-beside", counted + strings.NewReplacer("id: 7f", "id: 8f", "name: r", "name: q", "title: r", "title: q").Replace(counted) +
			correlation("{type: event_count, rules: [r], group-by: [u], timespan: 5m, aliases: {u: {r: a, q: b}}, condition: {gte: 2}}"), "does not count"},
		{"chain-without-the-group", counted + correlation("{type: event_count, rules: [r], group-by: [u], timespan: 5m, condition: {gte: 2}}") +
			strings.NewReplacer("title: c", "title: d", "name: c", "name: d").Replace(correlation("{type: event_count, rules: [c], group-by: [ip], timespan: 5m, condition: {gte: 2}}")), `groups by "ip"`},
	} {
		_, refused, warned := problemsOf(sigma.Options{}, c.text)
		if len(refused) != 0 || len(warned) != 1 || !strings.Contains(warned[0].Reason, c.reason) {
			t.Errorf("%s: refused %v, warned %v", c.name, refused, warned)
		}
	}
}
