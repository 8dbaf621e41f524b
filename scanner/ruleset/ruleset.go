package ruleset

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"tideline/parsers"
	"tideline/scanner/block"
	"tideline/scanner/correlate"
	"tideline/scanner/given"
	"tideline/scanner/identity"
	"tideline/scanner/sigma"
	"tideline/scanner/text"
)

// A Text is one file of Sigma documents.
type Text struct {
	Path string // for messages and reports
	Data []byte
}

// A Ruleset is compiled rules with their tideline: blocks. It does not change
// and is shared by all goroutines of a scan.
type Ruleset struct {
	Set      *sigma.Set
	Problems []*sigma.Problem // rules that were refused, and warnings
	Hash     string           // sha256 over the texts and the lists, hex

	keys    []string       // by index of the rule in Set, see Key
	byKey   map[string]int // index of a rule that is not hidden, by its key
	blocks  []*block.Block // by rule
	adjusts []*Adjuster    // by rule; nil if it has no adjustments
	keep    [][]string     // by rule: fields that correlations ask for
	made    []Makings      // by rule
	counted []bool         // by rule: a correlation counts it
	turns   []int          // by rule: where correlations with an order want it
	silent  []bool         // by rule: only correlations are to report it
	lists   Lists          // value lists, those of rules and those for scoring

	corrKeys  []string                // by index of the correlation in Set
	corrByKey map[string]int          // index of a correlation, by its key
	corr      map[string]*block.Block // by correlation key

	plans   parsers.Plans // of Set.Fields
	viewing sync.Mutex
	viewed  map[*parsers.Format][]*sigma.Matcher // see views
}

// Options extend rules.
type Options struct {
	Placeholders map[string][]string // value lists for |expand
	FieldCost    func(string) int    // relative cost of looking a field up; nil means equal

	// Common tells which values of a field most events have; nil: not known.
	Common func(field, value string) int
}

// New parses and compiles rules. What is wrong with single rules is in
// Problems, and the others are used; the caller decides whether that is enough.
func New(texts []Text, o Options) *Ruleset {
	all := parseAll(texts)
	rs := &Ruleset{Hash: hashTexts(texts, o.Placeholders), lists: o.Placeholders}
	blocks := rs.readBlocks(all)
	conditions := rs.addConditions(all, blocks)
	set, problems := sigma.Compile(all, sigma.Options{
		Placeholders: o.Placeholders,
		FieldCost:    o.FieldCost,
		Common:       o.Common,
		ExtraFields:  append(extraFields(blocks), lookedUp...),
		Taxonomies:   map[string]func(string) string{"ecs": ecsField},
	})
	rs.Set = set
	rs.name()
	rs.Problems = append(append(rs.Problems, all.Problems...), problems...)
	rs.index(blocks, conditions)
	return rs
}

// ecsField takes the prefix off that pySigma's pipeline for Kubernetes audit
// logs in the Elastic Common Schema puts before every field.
func ecsField(name string) string { return strings.TrimPrefix(name, "kubernetes.audit.") }

// readBlocks parses the tideline: block of every rule; a rule whose block is
// wrong is refused like one whose detection is.
func (rs *Ruleset) readBlocks(c *sigma.Collection) map[*sigma.Rule]*block.Block {
	read, errs := make([]*block.Block, len(c.Rules)), make([]error, len(c.Rules))
	sideBySide(len(c.Rules), func(i int) { read[i], errs[i] = block.Parse(c.Rules[i].Custom) })
	blocks := map[*sigma.Rule]*block.Block{}
	var kept []*sigma.Rule
	for i, r := range c.Rules {
		if errs[i] != nil {
			rs.Problems = append(rs.Problems, block.Problem(&r.Header, errs[i]))
			continue
		}
		blocks[r] = read[i]
		r.Custom = nil // it is read, and large
		kept = append(kept, r)
	}
	c.Rules = kept
	return blocks
}

// index works out, for each compiled rule, what is asked of it for every hit: its block,
// its adjustments, and the fields that hits keep.
func (rs *Ruleset) index(blocks map[*sigma.Rule]*block.Block, conditions map[*sigma.Rule][]string) {
	byTitle := map[string]int{}
	rules := rs.Set.Rules()
	for i, r := range rules {
		byTitle[r.Title] = i
	}
	engine := correlate.New(rs.Set, correlate.Options{})
	rs.blocks, rs.adjusts = make([]*block.Block, len(rules)), make([]*Adjuster, len(rules))
	rs.keep, rs.made = make([][]string, len(rules)), make([]Makings, len(rules))
	for i, r := range rules {
		rs.blocks[i] = blocks[r]
		if rs.blocks[i] == nil {
			rs.blocks[i] = &block.Block{}
			continue
		}
		if titles := conditions[r]; len(titles) > 0 {
			rs.adjusts[i] = newAdjuster(rs.Set, titles, byTitle)
		}
		rs.keep[i] = withJoins(withIdentity(engine.Needs(i)))
		if slices.Contains(rs.blocks[i].FirstSeen, block.NewImage) {
			rs.keep[i] = append(rs.keep[i], FieldPodImages)
		}
		rs.made[i] = rs.madeOf(i)
	}
	rs.indexCorrelations()
	rs.turns = turns(rs.Set)
}

// indexCorrelations reads the blocks of the correlations; one whose block is
// wrong runs without it and is named.
func (rs *Ruleset) indexCorrelations() {
	rs.corr = map[string]*block.Block{}
	for i, r := range rs.Set.Correlations() {
		b, err := block.Parse(r.Custom)
		if err != nil {
			rs.Problems = append(rs.Problems, block.Problem(&r.Header, err))
			b = &block.Block{}
		}
		rs.corr[rs.corrKeys[i]] = b
	}
	rs.counted, rs.silent = make([]bool, len(rs.blocks)), make([]bool, len(rs.blocks))
	for _, r := range rs.Set.Correlations() {
		for _, m := range r.Members {
			if m.Rule >= 0 {
				rs.counted[m.Rule] = true
			}
		}
	}
	for i := range rs.silent {
		rs.silent[i] = !rs.Set.Reported(i)
	}
}

// Named are the fields that the summaries of correlations name.
func (rs *Ruleset) Named() []string {
	var names []string
	for _, key := range text.Keys(rs.corr) {
		names = append(names, rs.corr[key].Summary.Fields()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// CountedBy are the rules that correlation i counts, directly or through
// others. Each of those is looked at once, whatever the number of ways to it.
func (rs *Ruleset) CountedBy(i int) map[int]bool {
	out, seen := map[int]bool{}, map[int]bool{i: true}
	for todo := []int{i}; len(todo) > 0; {
		next := rs.Set.Correlations()[todo[0]]
		todo = todo[1:]
		for _, m := range next.Members {
			switch {
			case m.Rule >= 0:
				out[m.Rule] = true
			case !seen[m.Correlation]:
				seen[m.Correlation] = true
				todo = append(todo, m.Correlation)
			}
		}
	}
	return out
}

// Rules are the indices of the rules that are rules.
func (rs *Ruleset) Rules() []int {
	var out []int
	for i := range rs.Set.Rules() {
		if !rs.Hidden(i) {
			out = append(out, i)
		}
	}
	return out
}

// Block is the tideline: block of rule i.
func (rs *Ruleset) Block(i int) *block.Block { return rs.blocks[i] }

// Refused are the problems that are not warnings.
func (rs *Ruleset) Refused() []*sigma.Problem {
	var out []*sigma.Problem
	for _, p := range rs.Problems {
		if !p.Warning {
			out = append(out, p)
		}
	}
	return out
}

func extraFields(blocks map[*sigma.Rule]*block.Block) []string {
	seen := map[string]bool{}
	for _, b := range blocks {
		for _, f := range b.Fields() {
			seen[f] = true
		}
	}
	return text.Keys(seen)
}

// hashTexts does not depend on the order or the paths of the files.
func hashTexts(texts []Text, lists map[string][]string) string {
	sums := make([]string, len(texts), len(texts)+len(lists))
	sideBySide(len(texts), func(i int) {
		sum := sha256.Sum256(texts[i].Data)
		sums[i] = hex.EncodeToString(sum[:])
	})
	for _, name := range text.Keys(lists) {
		sum := sha256.Sum256([]byte(name + "\x00" + strings.Join(lists[name], "\x00")))
		sums = append(sums, hex.EncodeToString(sum[:]))
	}
	slices.Sort(sums)
	sum := sha256.Sum256([]byte(strings.Join(sums, "\n")))
	return hex.EncodeToString(sum[:])
}

// lookedUp are the fields that hits are asked for beside those of their rules.
var lookedUp = append([]string{given.FieldItemName, given.FieldItemNamespace, identity.FieldCredential, identity.FieldTokenID}, identity.Fields...)

// withIdentity adds the fields of identity to those that correlations ask for.
func withIdentity(fields []string) []string {
	out := append([]string{}, fields...)
	for _, f := range identity.Fields {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}
