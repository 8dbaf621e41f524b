package sigma

import (
	"slices"
	"strings"
)

// A modifier changes how the values of an item are meant. To add one, add an
// entry to modifiers and its cases to the test table.
type modifier struct {
	apply func(*chain) error
	after string // a modifier that must stand before it, "" for none
	alone bool   // takes no other modifier beside it
}

// modifiers are all that exist, by name.
var modifiers = map[string]modifier{
	"contains":   {apply: edges(true, true)},
	"startswith": {apply: edges(false, true)},
	"endswith":   {apply: edges(true, false)},
	"all":        {apply: func(c *chain) error { c.all = true; return nil }},
	"neq":        {apply: func(c *chain) error { c.neq = true; return nil }},
	"cased":      {apply: func(c *chain) error { c.cased = true; return nil }},
	"exists":     {apply: means(asPresence), alone: true},
	"re":         {apply: means(asRegex)},
	"cidr":       {apply: means(asNetwork)},
	"fieldref":   {apply: means(asReference)},

	"i":          {apply: flag("i"), after: "re"},
	"ignorecase": {apply: flag("i"), after: "re"},
	"m":          {apply: flag("m"), after: "re"},
	"multiline":  {apply: flag("m"), after: "re"},
	"s":          {apply: flag("s"), after: "re"},
	"dotall":     {apply: flag("s"), after: "re"},

	"lt":  {apply: bound("lt")},
	"lte": {apply: bound("lte")},
	"gt":  {apply: bound("gt")},
	"gte": {apply: bound("gte")},

	"minute": {apply: timeModifier("minute")},
	"hour":   {apply: timeModifier("hour")},
	"day":    {apply: timeModifier("day")},
	"week":   {apply: timeModifier("week")},
	"month":  {apply: timeModifier("month")},
	"year":   {apply: timeModifier("year")},

	"base64":       {apply: encode(base64Whole)},
	"base64offset": {apply: encode(base64Offsets)},
	"wide":         {apply: recode(utf16le)},
	"utf16le":      {apply: recode(utf16le)},
	"utf16be":      {apply: recode(utf16be)},
	"utf16":        {apply: recode(utf16bom)},
	"windash":      {apply: each(windash)},
	"expand":       {apply: expandPlaceholders},
}

// meaning is what the values of an item are taken for.
type meaning uint8

const (
	asText meaning = iota
	asRegex
	asNetwork
	asReference
	asBound
	asPresence
)

// A chain is an item on its way through its modifiers.
type chain struct {
	item    *item
	opts    *Options
	meaning meaning
	alts    [][]pattern // per value its spellings, of which one must match
	touched bool        // a modifier has changed the spellings
	// wordings are per value the expressions that it stands for; nil: itself.
	wordings [][]wording

	before, after bool   // something may stand before, behind: contains, endswith, startswith
	edged         bool   // one of those was used
	flags         string // of a regular expression
	op, part      string // of a bound
	all, neq      bool
	cased         bool
}

// run takes it through its modifiers.
func run(it *item, o *Options) (*chain, error) {
	c := &chain{item: it, opts: o, alts: make([][]pattern, len(it.values))}
	for i, v := range it.values {
		c.alts[i] = []pattern{parsePattern(v.text)}
	}
	for i, name := range it.mods {
		m := modifiers[name]
		if m.alone && len(it.mods) > 1 {
			return nil, fault(it.line, "write it as a second item of the search", "%s of %s takes no other modifier beside it", name, quote(it.name()))
		}
		if m.after != "" && !slices.Contains(it.mods[:i], m.after) {
			return nil, fault(it.line, "write it behind `"+m.after+"`", "%s of %s is a flag of %s", name, quote(it.name()), m.after)
		}
		if err := m.apply(c); err != nil {
			return nil, err
		}
	}
	return c, c.check()
}

// check finds combinations that have no meaning.
func (c *chain) check() error {
	it := c.item
	switch {
	case it.keyword && (c.meaning == asReference || c.meaning == asPresence):
		return fault(it.line, "name a field before the first |", "keywords have no field that %s could be about", it.mods[0])
	case c.part != "" && c.edged:
		return fault(it.line, "compare the part with numbers", "%s of %s has no text to search", c.part, quote(it.name()))
	case (c.meaning == asNetwork || c.meaning == asBound) && c.edged:
		return fault(it.line, "leave the text modifier out", "numbers and networks of %s are not searched like text", quote(it.name()))
	}
	for _, v := range it.values {
		if v.kind == nullValue && (it.keyword || c.meaning != asText || c.touched || c.edged) {
			return fault(v.line, "write `field: null` without modifiers; quote the word if it is a text", "a value of %s is null, which its modifiers cannot take", quote(it.name()))
		}
	}
	return nil
}

func means(m meaning) func(*chain) error {
	return func(c *chain) error {
		if c.meaning != asText || c.touched || c.edged && m != asReference {
			mend := "keep one of them, and write it first"
			if m == asRegex && slices.Contains(c.item.mods, "expand") {
				mend = "write `re|expand`: behind `re` values of lists are put into the expression"
			}
			return fault(c.item.line, mend, "the modifiers of %s contradict each other: %s", quote(c.item.name()), strings.Join(c.item.mods, "|"))
		}
		c.meaning = m
		return nil
	}
}

func edges(before, after bool) func(*chain) error {
	return func(c *chain) error {
		c.before, c.after, c.edged = c.before || before, c.after || after, true
		// On text at once, so that what follows (base64) sees the wildcards
		// and can refuse them; on the others when they are compiled.
		if c.meaning == asText {
			c.each(func(p pattern) []pattern { return []pattern{p.wrap(before, after)} })
		}
		return nil
	}
}

func flag(f string) func(*chain) error {
	return func(c *chain) error { c.flags += f; return nil }
}

func bound(op string) func(*chain) error {
	set := means(asBound)
	return func(c *chain) error {
		if c.part != "" && c.op == "" {
			c.op = op
			return nil
		}
		c.op = op
		return set(c)
	}
}

func timeModifier(part string) func(*chain) error {
	set := means(asBound)
	return func(c *chain) error {
		c.part = part
		if c.op != "" {
			return nil // gte|hour means the same as hour|gte
		}
		return set(c)
	}
}

// each replaces every spelling of every text value by those that f gives.
func (c *chain) each(f func(pattern) []pattern) {
	for i := range c.alts {
		var out []pattern
		for _, p := range c.alts[i] {
			out = append(out, f(p)...)
		}
		c.alts[i] = out
	}
}

func each(f func(pattern) []pattern) func(*chain) error {
	return func(c *chain) error {
		if err := c.wantText(); err != nil {
			return err
		}
		c.each(f)
		return nil
	}
}

// wantText refuses a text modifier on what is no text.
func (c *chain) wantText() error {
	if c.meaning != asText {
		return fault(c.item.line, "leave one of them out", "the modifiers of %s contradict each other: %s", quote(c.item.name()), strings.Join(c.item.mods, "|"))
	}
	c.touched = true
	return nil
}

// modifierMend says what to do about a modifier that does not exist.
func modifierMend(m string) string {
	known := map[string]string{
		"equals": "leave it out: a plain value is compared whole", "eq": "leave it out: a plain value is compared whole",
		"regex": "use re", "regexp": "use re", "not": "use neq, or `not` in the condition", "startwith": "use startswith",
		"endwith": "use endswith", "contain": "use contains", "like": "use contains, or wildcards in the value", "in": "leave it out: a list means any of its values",
		"any": "leave it out: a list means any of its values", "or": "leave it out: a list means any of its values", "and": "use all",
		"utf8": "leave it out: values are UTF-8", "ge": "use gte", "le": "use lte", "min": "use gte", "max": "use lte",
	}
	if mend := known[m]; mend != "" {
		return mend
	}
	if s := suggest(m, sorted(modifiers)); s != "" {
		return strings.TrimPrefix(s, "; ")
	}
	return "known are " + strings.Join(sorted(modifiers), ", ")
}

// truth reads a boolean as YAML 1.1 and 1.2 write it; ok is false if s is none.
func truth(s string) (is, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}
