package sigma

import (
	"strings"
	"testing"
)

func TestBoundsThatNoValueMeets(t *testing.T) {
	for _, c := range []struct{ search, condition, want string }{
		{`{x|lt: 1, x|gt: 5}`, "s", `"x" is never both > 5 and < 1`},
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
