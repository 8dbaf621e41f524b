package sigma

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// correlationTypes are all that there are.
var correlationTypes = []string{
	string(EventCount), string(ValueCount), string(Temporal), string(TemporalOrdered),
	string(ValueSum), string(ValueAvg), string(ValuePercentile), string(ValueMedian),
}

// maxMembers bounds the rules of one correlation, and with them the state of
// one of its windows.
const maxMembers = 64

var boundOps = []string{"gt", "gte", "lt", "lte", "eq", "neq"}

// spanUnits are the units of a timespan. Those beyond days are pySigma's, a year of which
// is that of the calendar on average (365.2425 days), and a month a twelfth of it.
var spanUnits = map[byte]time.Duration{
	's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour,
	'w': 7 * 24 * time.Hour, 'M': 2_629_746 * time.Second, 'y': 31_556_952 * time.Second,
}

// isTemporal reports whether t looks at which rules matched, not at values.
func (t CorrelationType) isTemporal() bool { return t == Temporal || t == TemporalOrdered }

// isValue reports whether t looks at the values of a field.
func (t CorrelationType) isValue() bool { return strings.HasPrefix(string(t), "value_") }

// correlation reads a correlation document.
func (p *parser) correlation(d *node) error {
	h, err := p.header(d, "correlation", "generate", "logsource", "detection")
	if err != nil {
		return err
	}
	n := d.get("correlation")
	if n.kind != mapping {
		return fault(n.line, "write `type:`, `rules:`, `group-by:`, `timespan:` and `condition:` below it", "correlation is not a map")
	}
	c := &Correlation{Header: h}
	if err := c.read(n); err != nil {
		return err
	}
	for _, g := range []*node{d.get("generate"), n.get("generate")} {
		if g == nil {
			continue
		}
		var ok bool
		if c.Generate, ok = truth(g.text); !ok {
			return fault(g.line, "write true or false", "generate is %s, neither true nor false", quote(g.text))
		}
	}
	if c.Type == ValuePercentile && c.Percentile == 0 {
		c.Percentile = 50
		p.warn(h.Title, fault(n.line, "add for instance `percentile: 95` to the condition", "the correlation does not say which percentile it means; the median is taken"))
	}
	if len(c.Fields) > 0 && !c.Type.isValue() {
		p.warn(h.Title, fault(n.get("condition").line, "use value_count to count the different values of the field, or leave `field:` out",
			"%s looks at no field, and %s is not asked for", c.Type, quote(c.Fields[0])))
	}
	if w := c.unmet(n.line); w != nil {
		p.warn(h.Title, w)
	}
	if len(c.GroupBy) == 0 {
		p.warn(h.Title, fault(n.line, "name the fields that belong together, for instance `group-by: [user.username]`",
			"the correlation has no group-by: matches of everybody are taken together"))
	}
	p.out.Correlations = append(p.out.Correlations, c)
	return nil
}

// read takes the keys of the correlation section.
func (c *Correlation) read(n *node) error {
	for i, k := range n.keys {
		item, err := n.items[i], error(nil)
		switch k.text {
		case "type":
			c.Type = CorrelationType(strings.ToLower(item.text))
		case "rules":
			c.Rules, err = namesIn(k, item)
		case "group-by":
			c.GroupBy, err = namesIn(k, item)
		case "timespan":
			c.Timespan, err = parseTimespan(item)
		case "aliases":
			err = c.readAliases(item)
		case "condition", "generate": // below, once the type is known
		case "timeframe":
			err = fault(k.line, "call it `timespan`", "a correlation has no timeframe")
		case "field", "percentile", "gt", "gte", "lt", "lte", "eq", "neq":
			err = fault(k.line, "write it below `condition:`", "%s is a part of the condition of a correlation", k.text)
		default:
			err = fault(k.line, "leave it out"+suggest(k.text, []string{"type", "rules", "group-by", "timespan", "condition", "aliases", "generate"}),
				"unknown key %s of a correlation", quote(k.text))
		}
		if err != nil {
			return err
		}
	}
	if cond := n.get("condition"); len(c.Rules) == 0 && c.Type.isTemporal() && cond != nil && cond.kind == scalar {
		c.Rules = rulesIn(cond)
	}
	if err := c.check(n); err != nil {
		return err
	}
	return c.readCondition(n.get("condition"), n.line)
}

// rulesIn are the rules that a condition in words names, which pySigma takes where no
// list of them is given.
func rulesIn(cond *node) (out []string) {
	words, err := splitCondition(cond.text, cond.line)
	if err != nil {
		return nil // it is refused when the condition is read
	}
	for _, w := range words {
		if !slices.Contains([]string{"and", "or", "not", "(", ")"}, strings.ToLower(w)) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// namesIn reads one name or a list of them.
func namesIn(key, n *node) ([]string, error) {
	if n.kind == mapping {
		return nil, fault(n.line, "write a list, for instance `"+key.text+": [first, second]`", "%s of a correlation is a map", key.text)
	}
	return n.texts(), nil
}

func (c *Correlation) check(n *node) error {
	switch {
	case !slices.Contains(correlationTypes, string(c.Type)):
		return fault(n.line, "use "+strings.Join(correlationTypes, ", ")+suggest(string(c.Type), correlationTypes), "unknown correlation type %s", quote(string(c.Type)))
	case len(c.Rules) > maxMembers:
		return fault(n.line, "split it, and let a correlation count the parts", "the correlation names more than %d rules", maxMembers)
	case len(c.Rules) == 0:
		return fault(n.line, "add `rules:` with the ids or names of rules", "the correlation names no rules")
	case c.Timespan == 0:
		return fault(n.line, "add `timespan:`, for instance `timespan: 5m`", "the correlation has no timespan")
	}
	return nil
}

func parseTimespan(n *node) (time.Duration, error) {
	m := timespanForm.FindStringSubmatch(n.text)
	if m == nil {
		return 0, fault(n.line, "write a number and one of s, m, h, d, w, M, y, for instance 15m", "timespan %s is no span of time", quote(n.text))
	}
	count, _ := strconv.Atoi(m[1]) // digits by the expression
	unit := spanUnits[m[2][0]]
	if count == 0 || int64(count) > math.MaxInt64/int64(unit) {
		return 0, fault(n.line, "use a span between a second and some years", "timespan %s is out of range", quote(n.text))
	}
	return time.Duration(count) * unit, nil
}

func (c *Correlation) readAliases(n *node) error {
	if n.kind != mapping && !n.isNull() {
		return fault(n.line, "write `<alias>: {<rule name>: <field>}` below it", "aliases is not a map")
	}
	c.Aliases = map[string]map[string]string{}
	for i, k := range n.keys {
		fields := map[string]string{}
		for j, rule := range n.items[i].keys {
			fields[rule.text] = n.items[i].items[j].text
		}
		if len(fields) == 0 {
			return fault(k.line, "write `<rule name>: <field>` below it", "alias %s names no rule and field", quote(k.text))
		}
		c.Aliases[k.text] = fields
	}
	return nil
}

// readCondition takes operators and their field, or, for temporal types, an
// expression over rules.
func (c *Correlation) readCondition(n *node, line int) error {
	switch {
	case n == nil && c.Type.isTemporal():
		return nil
	case n == nil:
		return fault(line, "add `condition:`, for instance `condition: {gte: 10}`", "the correlation has no condition")
	case n.kind == scalar && c.Type.isTemporal():
		return c.readExpr(n)
	case n.kind != mapping:
		return fault(n.line, "write `gte: 10` below it", "the condition is not a map")
	}
	for i, k := range n.keys {
		if err := c.readBound(k, n.items[i]); err != nil {
			return err
		}
	}
	switch {
	case len(c.Bounds) == 0:
		return fault(n.line, "add one of "+strings.Join(boundOps, ", "), "the condition compares with nothing")
	case c.Type.isValue() && len(c.Fields) == 0:
		return fault(n.line, "add `field:` to the condition", "%s needs a field", c.Type)
	case len(c.Fields) > 1 && c.Type != ValueCount:
		return fault(n.line, "name one field", "%s takes one field", c.Type)
	}
	return nil
}

func (c *Correlation) readBound(k, item *node) error {
	switch k.text {
	case "field":
		c.Fields = item.texts()
		return nil
	case "percentile":
		x, err := strconv.ParseFloat(item.text, 64)
		if err != nil || !(x > 0 && x <= 100) {
			return fault(item.line, "give a number above 0 and up to 100", "percentile %s is out of range", quote(item.text))
		}
		c.Percentile = x
		return nil
	}
	if !slices.Contains(boundOps, k.text) {
		return fault(k.line, "use "+strings.Join(boundOps, ", ")+", field or percentile", "unknown key %s in the condition", quote(k.text))
	}
	x, err := strconv.ParseFloat(item.text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return fault(item.line, "give a number", "%s is compared with %s, which is no number", k.text, quote(item.text))
	}
	c.Bounds = append(c.Bounds, Bound{Op: k.text, Value: x})
	return nil
}

// readExpr reads a condition in words over the rules of c. In an order, all of them can
// be asked for, which is what no condition means; which of some comes first, words do not
// say.
func (c *Correlation) readExpr(n *node) error {
	p := &conditions{searches: map[string]*expr{}, used: map[string]bool{}, names: c.Rules}
	member := map[*expr]int{}
	for i, r := range c.Rules {
		e := &expr{op: opItem}
		p.searches[r], member[e] = e, i
	}
	root, err := p.parseOne(n)
	if err != nil {
		return err
	}
	if c.Type == Temporal {
		c.Expr = ruleExpr(root, member)
		return nil
	}
	asked := map[int]bool{}
	if !ruleExpr(root, member).isAll(asked) || len(asked) < len(c.Rules) {
		return fault(n.line, "leave it out, which asks for all rules in their order, or use temporal", "words do not say in which order rules are to match")
	}
	return nil
}

// isAll reports whether e asks for each of the members that it names, which it adds to
// asked.
func (e *RuleExpr) isAll(asked map[int]bool) bool {
	if e.Op == "rule" {
		asked[e.Member] = true
		return true
	}
	return e.Op == "and" && !slices.ContainsFunc(e.Kids, func(k *RuleExpr) bool { return !k.isAll(asked) })
}

func ruleExpr(e *expr, member map[*expr]int) *RuleExpr {
	out := &RuleExpr{Op: [...]string{opItem: "rule", opAnd: "and", opOr: "or", opNot: "not"}[e.op]}
	if e.op == opItem {
		out.Member = member[e]
	}
	for _, k := range e.kids {
		out.Kids = append(out.Kids, ruleExpr(k, member))
	}
	return out
}
