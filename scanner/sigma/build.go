package sigma

import (
	"encoding/binary"
	"strconv"
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
	// dear marks a code that asks a dear field, see Set.dear, and mixed one that asks
	// others, too, so that those may decide it. Planned codes have both.
	dear, mixed bool
}

// weigh makes a code dear and mixed as its operands are.
func (c *code) weigh() {
	cheap := false
	for _, k := range c.kids {
		c.dear = c.dear || k.dear
		cheap = cheap || !k.dear || k.mixed
	}
	c.mixed = c.dear && cheap
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
		return b.wordings(c, field, i)
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

// simple removes an AND or OR of one.
func (c *code) simple() *code {
	if (c.op == opAnd || c.op == opOr) && len(c.kids) == 1 {
		return c.kids[0]
	}
	return c
}
