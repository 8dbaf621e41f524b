package sigma

import (
	"errors"
	"slices"
	"strings"
)

// Parse reads the Sigma documents of one file: rules, filters, correlations,
// and the collections that `action:` makes of them. What is wrong is in
// Problems, with line and mend; every document that is right is kept. It never
// panics and needs memory in proportion to data at most. Path is used in
// messages only.
func Parse(path string, data []byte) *Collection {
	p := &parser{path: path, out: &Collection{}, arena: arenas.Get().(*arena)}
	defer p.arena.release()
	if len(data) > MaxFileBytes {
		p.refuse("", fault(0, "split the file", "%d bytes, more than the %d a rule file may have", len(data), MaxFileBytes))
		return p.out
	}
	docs, err := documents(data, p.arena)
	for _, d := range docs {
		if p.nodes += d.count(); p.nodes > maxNodes {
			p.refuse("", fault(d.line, "write the rules out in files of their own; what follows in this file is not read", "the documents of this file have more than %d values, actions carried out", maxNodes))
			break
		}
		p.action(d)
	}
	switch {
	case err != nil:
		p.refuse("", err)
	case !slices.ContainsFunc(docs, func(d *node) bool { return !d.isNull() }):
		p.warn("", fault(0, "see whether it was copied in full", "the file holds no rule, filter or correlation"))
	}
	return p.out
}

type parser struct {
	path   string
	out    *Collection
	global *node // what all `action: global` so far give to the documents behind them
	last   *node // the rule before with what was global then, for `action: repeat`; nil: there is none
	nodes  int   // of documents, what actions add to them included
	arena  *arena
}

// refuse records err as the reason why a document is not used.
func (p *parser) refuse(title string, err error) {
	var pr *Problem
	if !errors.As(err, &pr) {
		pr = &Problem{Reason: err.Error()}
	}
	pr.Path, pr.Rule = p.path, title
	p.out.Problems = append(p.out.Problems, pr)
}

// warn records a doubt about a document that is used all the same.
func (p *parser) warn(title string, pr *Problem) {
	pr.Path, pr.Rule, pr.Warning = p.path, title, true
	p.out.Problems = append(p.out.Problems, pr)
}

// action applies the collection actions of Sigma 1 (Sigma_specification.md 1.0, Rule
// Collections), which rules still use: global ones add up, and a repeated document is
// what it was, though a reset may stand between.
func (p *parser) action(d *node) {
	if d.isNull() {
		return
	}
	if d.kind != mapping {
		p.refuse("", fault(d.line, "a Sigma document starts with `title:`", "the document is not a map of keys"))
		return
	}
	act := d.get("action")
	if act == nil {
		p.last = p.overlay(p.global, d)
		p.document(p.last)
		return
	}
	d = d.without("action")
	switch strings.ToLower(act.text) {
	case "global":
		p.global = p.overlay(p.global, d)
	case "reset":
		p.global = nil
	case "repeat":
		p.last = p.overlay(p.overlay(p.global, p.last), d)
		p.document(p.last)
	default:
		p.refuse("", fault(act.line, "use global, reset or repeat", "unknown action %s", quote(act.text)))
	}
}

// document reads what actions have put together.
func (p *parser) document(d *node) {
	title := ""
	if t := d.get("title"); t != nil {
		title = t.text
	}
	var err error
	switch kinds := d.kinds(); {
	case len(kinds) > 1:
		err = fault(d.line, "give each a document of its own, `---` between them", "the document is several things at once: %s", strings.Join(kinds, " and "))
	case d.get("correlation") != nil:
		err = p.correlation(d)
	case d.get("filter") != nil:
		err = p.filter(d)
	case d.get("detection") != nil:
		err = p.rule(d)
	default:
		err = fault(d.line, "a rule has `detection:`, a filter `filter:`, a correlation `correlation:`", "the document is no rule, filter or correlation")
	}
	if err != nil {
		p.refuse(title, err)
	}
}

// kinds are the sections of d that say what kind of document it is.
func (n *node) kinds() (out []string) {
	for _, key := range []string{"detection", "filter", "correlation"} {
		if n.get(key) != nil {
			out = append(out, key)
		}
	}
	return out
}

// rule reads a document that is a rule.
func (p *parser) rule(d *node) error {
	h, err := p.header(d, "logsource", "detection")
	if err != nil {
		return err
	}
	r := &Rule{Header: h}
	if r.LogSource, err = parseLogSource(d); err != nil {
		return err
	}
	if r.detection, err = parseDetection(d.get("detection")); err != nil {
		return err
	}
	for _, w := range r.detection.warnings {
		p.warn(h.Title, w)
	}
	p.out.Rules = append(p.out.Rules, r)
	return nil
}

// parseLogSource reads the log source of a rule, which names one part at least.
func parseLogSource(d *node) (LogSource, error) {
	n := d.get("logsource")
	switch {
	case n == nil || n.isNull():
		return LogSource{}, fault(d.line, "add `logsource:` with category, product or service", "the document has no logsource")
	case n.kind != mapping:
		return LogSource{}, fault(n.line, "write category, product or service below it, for instance `product: linux`", "logsource is not a map")
	}
	var l LogSource
	for _, part := range []struct {
		key string
		to  *string
	}{{"category", &l.Category}, {"product", &l.Product}, {"service", &l.Service}} {
		v := n.get(part.key)
		if v == nil {
			continue
		}
		if v.kind != scalar {
			return l, fault(v.line, "give one value; a second log source needs a second rule", "logsource %s is not a text", part.key)
		}
		*part.to = v.text
	}
	if l == (LogSource{}) {
		return l, fault(n.line, "name at least one of category, product and service", "the logsource names nothing that can be compared")
	}
	return l, nil
}

func (n *node) count() int {
	sum := 1
	for _, it := range n.items {
		sum += it.count()
	}
	return sum
}

// without returns a copy of mapping n that lacks key.
func (n *node) without(key string) *node {
	out := &node{kind: mapping, line: n.line}
	for i, k := range n.keys {
		if k.text != key {
			out.keys, out.items = append(out.keys, k), append(out.items, n.items[i])
		}
	}
	return out
}

// overlay counts the values of base again: actions can repeat a large document with a
// few letters, as aliases can.
func (p *parser) overlay(base, top *node) *node {
	switch {
	case top == nil:
		return base
	case base != nil:
		p.nodes += base.count()
	}
	return overlay(base, top)
}

// overlay returns base with the keys of top laid over it, maps within maps
// merged. Neither is changed.
func overlay(base, top *node) *node {
	if base == nil || base.kind != mapping || top.kind != mapping {
		return top
	}
	out := &node{kind: mapping, line: top.line}
	for i, k := range base.keys {
		item := base.items[i]
		if over := top.get(k.text); over != nil {
			item = overlay(item, over)
		}
		out.keys, out.items = append(out.keys, k), append(out.items, item)
	}
	for i, k := range top.keys {
		if base.get(k.text) == nil {
			out.keys, out.items = append(out.keys, k), append(out.items, top.items[i])
		}
	}
	return out
}
