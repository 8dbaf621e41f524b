package sigma

import (
	"regexp"
	"slices"
	"strings"
)

// op is what an expr does.
type op uint8

const (
	opItem op = iota // asks one question about one field
	opAnd
	opOr
	opNot
)

// An expr is a detection as written: searches and condition joined to one
// tree. A search that the condition names twice is shared, not copied.
type expr struct {
	op   op
	kids []*expr
	item *item
}

// An item is one `field|modifier: values` of a search. Keywords have no field.
type item struct {
	field   string
	keyword bool
	mods    []string
	values  []value
	line    int
}

// valueKind is how YAML reads a plain scalar; a quoted one is text.
type valueKind uint8

const (
	textValue valueKind = iota
	numberValue
	boolValue
	nullValue
)

// A value keeps its spelling: events are compared with what the author wrote.
type value struct {
	kind valueKind
	text string
	line int
}

// A detection is a parsed `detection:` section.
type detection struct {
	root     *expr
	warnings []*Problem
}

// parseDetection reads the searches of n and its condition.
func parseDetection(n *node) (*detection, error) {
	return parseSearches(n, "condition")
}

// parseSearches reads n; the keys named in skip are not searches.
func parseSearches(n *node, skip ...string) (*detection, error) {
	if n.kind != mapping {
		return nil, fault(n.line, "write `selection:` and `condition:` below it", "detection is not a map")
	}
	c := &conditions{searches: map[string]*expr{}}
	for i, k := range n.keys {
		switch {
		case slices.Contains(skip, k.text):
		case k.text == "timeframe":
			return nil, oldAggregation(k.line, n)
		default:
			e, err := parseSearch(n.items[i])
			if err != nil {
				return nil, err
			}
			c.searches[k.text] = e
			c.names = append(c.names, k.text)
		}
	}
	cond := n.get("condition")
	if cond == nil {
		return nil, fault(n.line, "add `condition:`, for instance `condition: selection`", "the detection has no condition")
	}
	root, err := c.parse(cond, n)
	if err != nil {
		return nil, err
	}
	d := &detection{root: root}
	root.walk(map[*expr]bool{}, func(it *item) {
		if strings.TrimSpace(it.field) != it.field {
			d.warnings = append(d.warnings, fault(it.line, "write the name without them", "the name of field %s has blanks around it, which are part of it", quote(it.field)))
		}
		for _, v := range it.values {
			if strings.HasSuffix(v.text, "\n") {
				d.warnings = append(d.warnings, fault(v.line, "write |- in place of |, or >- in place of >", "value %s of %s ends with a line break, which the log must have as well", quote(v.text), quote(it.name())))
			}
		}
	})
	root.unmet(map[*expr]bool{}, func(p *Problem) { d.warnings = append(d.warnings, p) })
	for i, k := range n.keys {
		if v := n.items[i]; c.searches[k.text] != nil && v.kind == scalar && lostBlank.MatchString(v.text) {
			d.warnings = append(d.warnings, fault(v.line, "write a blank behind the colon; if it is a keyword, make it a list of one", "search %s looks for the text %s in all values", quote(k.text), quote(v.text)))
		}
		if c.searches[k.text] != nil && !c.used[k.text] && !strings.HasPrefix(k.text, "_") {
			d.warnings = append(d.warnings, fault(n.items[i].line, "name it in the condition, or delete it", "search %s is not used by the condition", quote(k.text)))
		}
	}
	return d, nil
}

// lostBlank is a field and a value with no blank between them, which is one text to YAML.
var lostBlank = regexp.MustCompile(`^[A-Za-z_][\w.|-]*:\S`)

// parseSearch reads the value of a search identifier: a map is AND, a list is
// OR, a plain value a keyword, and lists may hold any of them.
func parseSearch(n *node) (*expr, error) {
	switch {
	case n.kind == mapping:
		return parseItems(n)
	case n.kind == scalar:
		if n.isNull() {
			return nil, fault(n.line, "give it a map of fields or a list of keywords", "the search is empty")
		}
		return keywordExpr([]*node{n}, n.line), nil
	case len(n.items) == 0:
		return nil, fault(n.line, "give it a map of fields or a list of keywords", "the search is an empty list")
	}
	var words []*node
	out := &expr{op: opOr}
	for _, it := range n.items {
		if it.kind == scalar && !it.isNull() {
			words = append(words, it)
			continue
		}
		e, err := parseSearch(it)
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, e)
	}
	if len(words) > 0 {
		out.kids = append(out.kids, keywordExpr(words, n.line))
	}
	return out.simple(), nil
}

func keywordExpr(words []*node, line int) *expr {
	it := &item{keyword: true, line: line}
	for _, w := range words {
		it.values = append(it.values, readValue(w))
	}
	return &expr{op: opItem, item: it}
}

func parseItems(n *node) (*expr, error) {
	if len(n.keys) == 0 {
		return nil, fault(n.line, "write `field: value` below it", "the search is an empty map")
	}
	out := &expr{op: opAnd}
	for i, k := range n.keys {
		it, err := parseItem(k, n.items[i])
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, &expr{op: opItem, item: it})
	}
	return out.simple(), nil
}

// parseItem reads one line of a search: a field with modifiers, and its values.
func parseItem(key, val *node) (*item, error) {
	parts := strings.Split(key.text, "|")
	it := &item{field: parts[0], keyword: parts[0] == "", line: key.line}
	for _, m := range parts[1:] {
		m = strings.ToLower(strings.TrimSpace(m))
		if modifiers[m].apply == nil {
			return nil, fault(key.line, modifierMend(m), "unknown modifier %s of %s", quote(m), quote(it.name()))
		}
		it.mods = append(it.mods, m)
	}
	switch {
	case val.kind == mapping:
		return nil, fault(val.line, "write the path with dots, `"+parts[0]+".inner: value`", "the value of %s is a map", quote(it.name()))
	case val.kind == scalar:
		it.values = []value{readValue(val)}
	case len(val.items) == 0:
		it.values = []value{{kind: nullValue, line: val.line}} // as pySigma reads it
	}
	for _, v := range val.items {
		if v.kind != scalar {
			return nil, fault(v.line, "put all values in one plain list", "a value of %s is a list or a map", quote(it.name()))
		}
		it.values = append(it.values, readValue(v))
	}
	return it, nil
}

// name is what messages call it.
func (it *item) name() string {
	if it.keyword {
		return "keywords"
	}
	return it.field
}

// readValue is a value as rules mean it: text keeps its spelling.
func readValue(n *node) value {
	v := value{text: n.text, line: n.line}
	switch n.tag {
	case "!!null":
		v.kind = nullValue
	case "!!bool":
		v.kind = boolValue
	case "!!int", "!!float":
		// Octal, hexadecimal and underscored numbers are compared as spelled:
		// a log's 0123 or 40000 is text, whatever YAML makes of it.
		if _, ok := appendDecimal(nil, []byte(n.text)); ok {
			v.kind = numberValue
		}
	}
	return v
}

// simple removes an AND or OR of one.
func (e *expr) simple() *expr {
	if (e.op == opAnd || e.op == opOr) && len(e.kids) == 1 {
		return e.kids[0]
	}
	return e
}
