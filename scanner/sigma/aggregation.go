package sigma

import (
	"fmt"
	"regexp"
	"strings"
)

// aggregation recognises the aggregations of Sigma 1: `count(field) by group > 5`.
var aggregation = regexp.MustCompile(`(?i)\|\s*(count|sum|avg|min|max)\b\s*(?:\(\s*([\w.\-]*)\s*\))?(?:\s+by\s+([\w.\-, ]+?))?(?:\s*(>=|<=|>|<|==?)\s*(\d+))?\s*$`)

// near recognises the one about other searches: `sel1 | near sel2`.
var near = regexp.MustCompile(`(?i)\|\s*near\b`)

// timespanForm is how Sigma writes a span of time.
var timespanForm = regexp.MustCompile(`^(\d{1,9})\s*([smhdwMy])$`)

// oldAggregation refuses `timeframe` and `| count()`, and writes down the
// correlation that says the same.
func oldAggregation(line int, det *node) error {
	text, frame := "", "5m"
	if c := det.get("condition"); c != nil {
		text = strings.Join(c.texts(), " ")
	}
	if t := det.get("timeframe"); t != nil && timespanForm.MatchString(t.text) {
		frame = t.text
	}
	return fault(line, "keep the searches in this rule under a `name:`, and add a second document with "+rewrite(text, frame),
		"aggregations of Sigma 1 (`timeframe:`, `| count()`) are not run: Sigma 2 has correlations for them")
}

// rewrite is the correlation that stands for an old condition.
func rewrite(condition, frame string) string {
	if near.MatchString(condition) {
		return fmt.Sprintf("`correlation: {type: temporal, rules: [<name>, <other name>], group-by: [<field>], timespan: %s}`", frame)
	}
	typ, extra := "event_count", ""
	m := aggregation.FindStringSubmatch(condition)
	if m == nil {
		m = make([]string, 6)
	}
	switch strings.ToLower(m[1]) {
	case "sum", "avg":
		typ = "value_" + strings.ToLower(m[1])
	case "count":
		if m[2] != "" {
			typ = "value_count"
		}
	}
	if m[2] != "" {
		extra = ", field: " + m[2]
	}
	group, op, n := m[3], map[string]string{">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "=": "eq", "==": "eq"}[m[4]], m[5]
	if op == "" {
		op, n = "gte", "10"
	}
	return fmt.Sprintf("`correlation: {type: %s, rules: [<name>], group-by: [%s], timespan: %s, condition: {%s: %s%s}}`", typ, group, frame, op, n, extra)
}
