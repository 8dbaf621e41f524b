package sigma

import (
	"strings"
	"testing"
)

func TestBoundsThatNoValueMeets(t *testing.T) {
	for _, c := range []struct{ search, condition, want string }{
		{`{x|lt: 1, x|gt: 5}`, "s", `"x" is never both > 5 and < 1`},
		{`{y: [1, 2], x|lt: 1, x|gt: 5}`, "s", `"x" is never both > 5 and < 1`},
		{`{x|gte: 5, x|lt: 5.0}`, "s", `"x" is never both >= 5 and < 5.0`},
		{`{x|gt: 5, x|lte: 5}`, "s", `"x" is never both > 5 and <= 5`},
		{`{"@timestamp|hour|gte": 22, "@timestamp|hour|lt": 6}`, "s", `hour of "@timestamp" is never both >= 22 and < 6`},
		{`{t|gte|hour: 22, y: 1, t|hour: 3}`, "s", `hour of "t" is never both >= 22 and 3`},
		{`{t|hour: 24}`, "s", `hour of "t" is never 24`},
		{`{t|month: [1, 13]}`, "s", `month of "t" is never 13`},
		{`{t|minute|gt: 59}`, "not s", `minute of "t" is never > 59`},
		{`{x|gte: 5, x|lte: 5}`, "s", ""},
		{`{x|gt: -5, x|lt: 5}`, "s", ""},
		{`{x|gte: 5, y|lt: 1}`, "s", ""},
		{`{t|hour|gte: 22, t|minute|lt: 6}`, "s", ""},
		{`{t|hour|gte: 22, t|hour|lt: [6, 23]}`, "s", ""},
		{`{t|hour|gte: 22, t|hour|lt|neq: 6}`, "s", ""},
		{`[{t|hour|gte: 22}, {t|hour|lt: 6}]`, "s", ""},
		{`{t|year|gte: 2020, t|year|lt: 2030}`, "s", ""},
	} {
		got := Parse("r.yml", []byte("title: T\nlogsource: {product: x}\ndetection:\n  s: "+c.search+"\n  condition: "+c.condition+"\n"))
		var said []string
		for _, p := range got.Problems {
			said = append(said, p.Error())
		}
		if all := strings.Join(said, "\n"); len(said) > 1 || !strings.Contains(all, c.want) || (c.want == "") != (all == "") {
			t.Errorf("%s: said %q, want %q", c.search, all, c.want)
		}
	}
}

func TestBoundsThatNoWindowMeets(t *testing.T) {
	for body, want := range map[string]string{
		"type: event_count, rules: [r], condition: {lt: 1}":                    "event_count is never both >= 1 and < 1",
		"type: value_count, rules: [r], condition: {field: f, eq: 0}":          "value_count is never both >= 1 and 0",
		"type: temporal, rules: [r, q], condition: {gte: 3}":                   "temporal is never both >= 3 and <= 2",
		"type: temporal_ordered, rules: [r, q], condition: {gt: 2}":            "temporal_ordered is never both > 2 and <= 2",
		"type: value_sum, rules: [r], condition: {field: f, gt: 5, lte: 5}":    "value_sum is never both > 5 and <= 5",
		"type: value_sum, rules: [r], condition: {field: f, lt: 0}":            "",
		"type: event_count, rules: [r], condition: {gt: 100, lte: 200}":        "",
		"type: event_count, rules: [r], condition: {neq: 1}":                   "",
		"type: temporal, rules: [r, q], condition: {gte: 2}":                   "",
		"type: temporal, rules: [r, q]":                                        "",
		"type: value_avg, rules: [r], condition: {field: f, gte: 0.5, lt: 10}": "",
	} {
		got := Parse("r.yml", []byte("title: T\ncorrelation: {timespan: 5m, group-by: [u], "+body+"}\n"))
		switch {
		case want == "" && len(got.Problems) > 0:
			t.Errorf("%s: said %v", body, got.Problems)
		case want != "" && (len(got.Problems) != 1 || !got.Problems[0].Warning || !strings.Contains(got.Problems[0].Reason, want)):
			t.Errorf("%s: said %v, want %q", body, got.Problems, want)
		}
	}
}
