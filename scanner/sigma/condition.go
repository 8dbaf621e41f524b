package sigma

import (
	"slices"
	"strings"
)

// Limits of a condition, far beyond any rule written by hand.
const (
	maxCondition  = 64 << 10 // bytes
	maxParens     = 200      // of nesting, `not` included
	maxSelections = 1 << 16  // searches that `1 of` and `all of` stand for, together
)

// conditions parses the condition of one detection. The grammar is pySigma's:
//
//	or    = and { "or" and }
//	and   = not { "and" not }
//	not   = "not" not | "(" or ")" | ("1"|"any"|"all") "of" (pattern|"them") | identifier
//
// Words are whole, so that a search may be called notepad; keywords are
// accepted in any case.
type conditions struct {
	searches map[string]*expr
	names    []string // of searches, in the order of the document
	used     map[string]bool
	selected int

	line  int
	words []string
	depth int
	det   *node // for the mend of an old aggregation
}

// parse reads a condition, or a list of them of which one must hold.
func (c *conditions) parse(n, det *node) (*expr, error) {
	c.used, c.det = map[string]bool{}, det
	list := n.items
	if n.kind == scalar {
		list = []*node{n}
	}
	out := &expr{op: opOr}
	for _, it := range list {
		if it.kind != scalar {
			return nil, fault(it.line, "write it as text", "the condition is not a text")
		}
		e, err := c.parseOne(it)
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, e)
	}
	if len(out.kids) == 0 || n.kind == mapping {
		return nil, fault(n.line, "write for instance `condition: selection`", "the condition is empty")
	}
	return out.simple(), nil
}

func (c *conditions) parseOne(n *node) (*expr, error) {
	c.line, c.depth = n.line, 0
	if len(n.text) > maxCondition {
		return nil, fault(n.line, "use `1 of` and `all of` with a pattern", "the condition is longer than %d bytes", maxCondition)
	}
	if strings.Contains(n.text, "|") {
		return nil, oldAggregation(n.line, c.det)
	}
	var err error
	if c.words, err = splitCondition(n.text, n.line); err != nil {
		return nil, err
	}
	e, err := c.or()
	if err == nil && len(c.words) > 0 {
		err = fault(n.line, "join searches with `and` or `or`, and close what you open", "the condition does not end at %s", quote(c.words[0]))
	}
	return e, err
}

// splitCondition cuts a condition into words and parentheses.
func splitCondition(s string, line int) ([]string, error) {
	var words []string
	for i := 0; i < len(s); {
		switch {
		case strings.IndexByte(" \t\r\n", s[i]) >= 0:
			i++
		case s[i] == '(' || s[i] == ')':
			words = append(words, s[i:i+1])
			i++
		default:
			n := 0
			for i+n < len(s) && isWord(s[i+n]) {
				n++
			}
			if n == 0 {
				return nil, fault(line, "names of searches are made of letters, digits, _ and -", "unexpected %s in the condition", quote(s[i:]))
			}
			words = append(words, s[i:i+n])
			i += n
		}
	}
	return words, nil
}

// isWord also takes what only patterns have, and dots, which some rules put
// into names of searches.
func isWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b >= 0x80 || strings.IndexByte("_-*?.", b) >= 0
}

// peek is the next word in lower case, or "".
func (c *conditions) peek() string {
	if len(c.words) == 0 {
		return ""
	}
	return strings.ToLower(c.words[0])
}

func (c *conditions) next() string {
	w := c.words[0]
	c.words = c.words[1:]
	return w
}

func (c *conditions) or() (*expr, error)  { return c.chain("or", opOr, c.and) }
func (c *conditions) and() (*expr, error) { return c.chain("and", opAnd, c.not) }

func (c *conditions) chain(word string, o op, operand func() (*expr, error)) (*expr, error) {
	out := &expr{op: o}
	for {
		e, err := operand()
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, e)
		if c.peek() != word {
			return out.simple(), nil
		}
		c.next()
	}
}

func (c *conditions) not() (*expr, error) {
	if c.depth++; c.depth > maxParens {
		return nil, fault(c.line, "simplify it", "the condition nests deeper than %d", maxParens)
	}
	defer func() { c.depth-- }()
	switch w := c.peek(); {
	case len(c.words) == 0:
		return nil, fault(c.line, "name a search", "the condition ends where a search is expected")
	case w == "(":
		return c.parens()
	case w == "not":
		c.next()
		e, err := c.not()
		return &expr{op: opNot, kids: []*expr{e}}, err
	case len(c.words) > 1 && strings.EqualFold(c.words[1], "of"):
		return c.selector()
	case w == ")" || w == "and" || w == "or":
		return nil, fault(c.line, "name a search", "%s where a search is expected", quote(w))
	}
	return c.identifier(c.next())
}

func (c *conditions) parens() (*expr, error) {
	c.next()
	e, err := c.or()
	if err != nil {
		return nil, err
	}
	if c.peek() != ")" {
		return nil, fault(c.line, "close it", "a parenthesis of the condition is not closed")
	}
	c.next()
	return e, nil
}

func (c *conditions) identifier(name string) (*expr, error) {
	e := c.searches[name]
	if e == nil {
		return nil, fault(c.line, c.known()+suggest(name, c.names), "the condition names %s, which is no search", quote(name))
	}
	c.used[name] = true
	return e, nil
}

// selector reads `1 of sel*`, `any of them` and `all of them`.
func (c *conditions) selector() (*expr, error) {
	how := c.next()
	c.next()
	out := &expr{op: opOr}
	switch strings.ToLower(how) {
	case "all":
		out.op = opAnd
	case "1", "any":
	default:
		return nil, fault(c.line, "use `1 of`, `any of` or `all of`; for other numbers write the combinations out", "the condition has %s of", quote(how))
	}
	if len(c.words) == 0 {
		return nil, fault(c.line, "write a pattern like `sel*`, or `them`", "nothing follows `%s of`", how)
	}
	pattern := c.next()
	for _, name := range c.names {
		if selects(pattern, name) {
			c.used[name] = true
			out.kids = append(out.kids, c.searches[name])
		}
	}
	if c.selected += len(out.kids); c.selected > maxSelections {
		return nil, fault(c.line, "simplify it", "the condition stands for more than %d searches", maxSelections)
	}
	if len(out.kids) == 0 {
		return nil, fault(c.line, c.known(), "%s of %s stands for no search", how, quote(pattern))
	}
	return out.simple(), nil
}

// selects reports whether pattern stands for the search name. Searches whose
// name begins with _ are meant for others to refer to, so that only a pattern
// that begins with _ stands for them.
func selects(pattern, name string) bool {
	if strings.HasPrefix(name, "_") && !strings.HasPrefix(pattern, "_") {
		return false
	}
	if strings.EqualFold(pattern, "them") {
		return true
	}
	return starMatch(pattern, name)
}

// starMatch matches name whole against a pattern in which * stands for any
// run of characters.
func starMatch(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(first) : len(name)-len(last)]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(name, p)
		if i < 0 {
			return false
		}
		name = name[i+len(p):]
	}
	return true
}

// known says which searches there are.
func (c *conditions) known() string {
	if len(c.names) == 0 {
		return "write a search, for instance `selection: {field: value}`"
	}
	return "the searches are " + firstNames(c.names)
}

// firstNames lists names, the first of them where there are many: messages are short.
func firstNames(names []string) string {
	out := slices.Clone(names[:min(len(names), 8)])
	for i, n := range out {
		out[i] = quote(n[:min(len(n), 40)])
	}
	if len(names) > len(out) {
		out = append(out, "...")
	}
	return strings.Join(out, ", ")
}
