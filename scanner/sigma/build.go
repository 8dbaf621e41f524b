package sigma

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// keywordField is the field of predicates that look through all values.
const keywordField = -1

// predKind is what a predicate asks of its field as a whole.
type predKind uint8

const (
	predValue  predKind = iota // some value passes the test
	predNull                   // the field is absent or null
	predExists                 // the field is there, null or not
	predRef                    // some value relates to a value of another field
)

// A predicate is the smallest question, the same for all rules that ask it:
// it is answered once per event.
type predicate struct {
	field int // index into Set.fields, or keywordField
	kind  predKind
	test  test // of predValue
	other int  // of predRef: the other field
	shape shape
	cased bool
}

// A code is a detection ready to run: an expr whose items are predicates.
type code struct {
	op   op
	kids []*code
	pred int32
	// hint marks a predicate that is implied by the one it stands beside and
	// cheaper: a literal that a regular expression needs.
	hint bool
	// dear marks a code that asks a dear field, see Set.dear. Planned codes
	// have it.
	dear bool
}

// A builder turns detections into codes over one table of predicates.
type builder struct {
	opts   *Options
	fields map[string]int
	names  []string
	preds  []predicate
	ids    map[string]int32

	studies     studies
	expressions map[string]*expression // compiled, by text
	items       map[string]builtItem   // by what they ask, see itemKey
	key         []byte

	// Of the rule at hand.
	shared   map[*expr]*code
	warnings []*Problem
	rename   func(string) string // of its fields, nil for none
	patterns int
	spoken   bool // it, or a filter of it, has keywords
}

// perRule is how many predicates a rule brings, about.
const perRule = 16

// newBuilder makes a builder for that many rules.
func newBuilder(o *Options, rules int) *builder {
	return &builder{
		opts:        o,
		fields:      map[string]int{},
		preds:       make([]predicate, 0, perRule*rules),
		ids:         make(map[string]int32, perRule*rules),
		expressions: map[string]*expression{},
		items:       map[string]builtItem{},
	}
}

// field returns the index of a field, giving it one if it has none.
func (b *builder) field(name string) int {
	if b.rename != nil {
		name = b.rename(name)
	}
	i, ok := b.fields[name]
	if !ok {
		i = len(b.names)
		b.fields[name] = i
		b.names = append(b.names, name)
	}
	return i
}

// predicate returns the number of p in the table.
func (b *builder) predicate(p predicate) *code {
	cased := byte('0')
	if p.cased {
		cased = '1'
	}
	key := binary.AppendVarint(b.key[:0], int64(p.field))
	key = binary.AppendVarint(key, int64(p.other))
	key = append(key, byte(p.kind), byte(p.shape), cased)
	if p.test != nil {
		key = appendIdentity(key, p.test)
	}
	b.key = key
	id, ok := b.ids[string(key)]
	if !ok {
		id = int32(len(b.preds))
		b.ids[string(key)] = id
		b.preds = append(b.preds, p)
	}
	return &code{op: opItem, pred: id}
}

// build makes e runnable. Searches that e shares are built once.
func (b *builder) build(e *expr) (*code, error) {
	if c := b.shared[e]; c != nil {
		return c, nil
	}
	c := &code{op: e.op}
	var err error
	if e.op == opItem {
		c, err = b.item(e.item)
	}
	for _, k := range e.kids {
		kid, err := b.build(k)
		if err != nil {
			return nil, err
		}
		c.kids = append(c.kids, kid)
	}
	if err != nil {
		return nil, err
	}
	b.shared[e] = c
	return c, nil
}

// A builtItem is an item that was built without a warning, and how many
// patterns it stands for.
type builtItem struct {
	code     *code
	patterns int
}

// item builds one item, or finds it built: rules ask the same over and over,
// with the same long value lists.
func (b *builder) item(it *item) (*code, error) {
	b.spoken = b.spoken || it.keyword
	key := b.itemKey(it)
	if built, ok := b.items[key]; ok && b.patterns+built.patterns <= maxPatterns {
		b.patterns += built.patterns
		return built.code, nil
	}
	warnings, patterns := len(b.warnings), b.patterns
	c, err := b.newItem(it)
	if err == nil && len(b.warnings) == warnings {
		b.items[key] = builtItem{c, b.patterns - patterns}
	}
	return c, err
}

// itemKey is the same for items that ask the same.
func (b *builder) itemKey(it *item) string {
	field := it.field
	if b.rename != nil && !it.keyword {
		field = b.rename(field)
	}
	b.key = b.key[:0]
	add := func(text string) { b.key = append(binary.AppendUvarint(b.key, uint64(len(text))), text...) }
	add(field)
	b.key = strconv.AppendBool(b.key, it.keyword)
	b.key = binary.AppendUvarint(b.key, uint64(len(it.mods)))
	for _, m := range it.mods {
		add(m)
	}
	for _, v := range it.values {
		b.key = append(b.key, byte(v.kind))
		add(v.text)
	}
	return string(b.key)
}

// newItem builds an item: its values joined by OR, or by AND where it says
// all; what one value expands to stays joined by OR.
func (b *builder) newItem(it *item) (*code, error) {
	c, err := run(it, b.opts)
	if err != nil {
		return nil, err
	}
	field := keywordField
	if !it.keyword {
		field = b.field(it.field)
	}
	out := &code{op: opOr}
	if c.all {
		out.op = opAnd
	}
	for i := range it.values {
		kid, err := b.value(c, field, i)
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, kid)
	}
	out = out.simple()
	if c.neq {
		out = &code{op: opNot, kids: []*code{out}}
	}
	return out, nil
}

// value builds the i-th value of an item.
func (b *builder) value(c *chain, field, i int) (*code, error) {
	v := c.item.values[i]
	switch c.meaning {
	case asRegex:
		return b.regex(c, field, v)
	case asNetwork:
		return b.network(c, field, v)
	case asBound:
		return b.bound(c, field, v)
	case asPresence:
		return b.presence(c, field, v)
	case asReference:
		return b.reference(c, field, v)
	}
	if plain := !c.touched && !c.edged && !c.item.keyword; plain {
		switch v.kind {
		case nullValue:
			return b.predicate(predicate{field: field, kind: predNull}), nil
		case numberValue:
			text, _ := appendDecimal(nil, []byte(v.text)) // its kind says it is one
			return b.predicate(predicate{field: field, test: &number{text, v.text}}), nil
		}
	}
	return b.text(c, field, i)
}

// text builds a value that is compared as text.
func (b *builder) text(c *chain, field, i int) (*code, error) {
	out := &code{op: opOr}
	for _, p := range c.alts[i] {
		if c.item.keyword && !c.edged {
			p = p.wrap(true, true)
		}
		all := spellings(p)
		if b.patterns += len(all); b.patterns > maxPatterns {
			return nil, fault(c.item.line, "split the rule", "the values of the rule stand for more than %d patterns", maxPatterns)
		}
		for _, p := range all {
			out.kids = append(out.kids, b.pattern(field, p, c.cased))
		}
	}
	return out.simple(), nil
}

// spellings writes out the dashes of a pattern while they are few, since
// literals can be indexed.
func spellings(p pattern) []pattern {
	n := 0
	for _, t := range p {
		if isDash(t) {
			n++
		}
	}
	if n > 2 {
		return []pattern{p}
	}
	return p.spelled(slices.IndexFunc(p, isDash))
}

// pattern builds the cheapest test that means p.
func (b *builder) pattern(field int, p pattern, cased bool) *code {
	show := p.String()
	if !cased {
		q := make(pattern, len(p))
		for i, t := range p {
			q[i] = token{t.kind, foldString(t.text)}
		}
		p = q
	}
	if s, text, ok := p.edge(); ok {
		if s == within && text == "" {
			return b.predicate(predicate{field: field, test: present{}})
		}
		lit := b.predicate(predicate{field: field, test: &literal{s, []byte(text), cased, show}})
		if !cased {
			return lit
		}
		return b.hinted(field, [][]string{{text}}, lit)
	}
	g := newGlob(p)
	w := b.predicate(predicate{field: field, test: &wild{g, g.cost(), cased, show}})
	return b.hinted(field, [][]string{{p.longest()}}, w)
}

// edge reports whether p is one literal, whole or at an edge, or * alone.
func (p pattern) edge() (shape, string, bool) {
	s, inner := whole, p
	if len(inner) > 0 && inner[0].kind == anyToken {
		s, inner = suffix, inner[1:]
		if len(inner) == 0 {
			return within, "", true
		}
	}
	if n := len(inner); n > 0 && inner[n-1].kind == anyToken {
		inner = inner[:n-1]
		if s == suffix {
			s = within
		} else {
			s = prefix
		}
	}
	text, ok := inner.literal()
	return s, text, ok
}

// minHint is the length in bytes below which a literal narrows nothing.
const minHint = 3

// hinted puts before c the demand that the value hold one text of each of sets, which
// c implies: literals can be indexed, and tell most events apart from c.
func (b *builder) hinted(field int, sets [][]string, c *code) *code {
	all := &code{op: opAnd}
	for _, texts := range sets {
		if h := b.hint(field, texts); h != nil {
			all.kids = append(all.kids, h)
		}
	}
	if len(all.kids) == 0 {
		return c
	}
	all.kids = append(all.kids, c)
	return all
}

// hint is the demand that a value hold one of texts; nil if they narrow nothing.
func (b *builder) hint(field int, texts []string) *code {
	any := &code{op: opOr}
	for _, t := range texts {
		t = foldString(t)
		if len(t) < minHint || !utf8.ValidString(t) || strings.ContainsRune(t, utf8.RuneError) {
			return nil
		}
		h := b.predicate(predicate{field: field, test: &literal{within, []byte(t), false, t}})
		h.hint = true
		any.kids = append(any.kids, h)
	}
	return any.simple()
}

// simple removes an AND or OR of one.
func (c *code) simple() *code {
	if (c.op == opAnd || c.op == opOr) && len(c.kids) == 1 {
		return c.kids[0]
	}
	return c
}
