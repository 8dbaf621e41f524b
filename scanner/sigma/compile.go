package sigma

import (
	"errors"
	"slices"
	"strings"
	"sync"
)

// DefaultMatchBudget is Options.MatchBudget where that is zero. It stands for
// a second or two of a value that is made to take as long as it can.
const DefaultMatchBudget = 1 << 29

// Options change what Compile makes of a collection. The zero value is usual.
type Options struct {
	// Placeholders are the values of %name% for the modifier expand.
	Placeholders map[string][]string
	// FieldCost is the relative cost of looking a field up ("" is that of the
	// keywords); nil means 1 for all. Costly fields are looked at only when
	// cheaper ones have not already decided.
	FieldCost func(field string) int
	// ExtraFields get an index in Fields beside those that rules use.
	ExtraFields []string
	// Taxonomies says how the field names of a taxonomy other than sigma are
	// called by the events. A rule of a taxonomy that is not here is refused.
	Taxonomies map[string]func(field string) string
	// Common is the relative cost of looking for a value, in the rule's
	// spelling, that events have often: what it finds is mostly no match.
	// Nil means that no value is known to be common.
	Common func(field, value string) int
	// MatchBudget bounds the work of one Match on regular expressions and
	// wildcards, in steps (bytes times instructions), so that no value can
	// hold up a scan. 0 means DefaultMatchBudget, or as much as an event of 8 KiB
	// may take of many rules.
	MatchBudget int
}

// A Set is compiled rules. It is immutable and shared between goroutines.
type Set struct {
	rules        []*Rule
	codes        []*code // by rule
	spoken       []bool  // by rule: it looks through all values of an event
	plans        []*code // by rule: its code in the order in which it is evaluated
	correlations []*Correlation
	names        []string // of fields
	asked        int      // of names, from the first on: those that rules ask
	fields       map[string]int
	preds        []predicate
	cost         func(field string) int
	common       func(field, value string) int
	budget       int
	roomy        bool // a Matcher may have more of it

	scratches sync.Pool // of *Scratch, for Explain and Holds

	counted []reporting // by rule
	chained []reporting // by correlation
}

// reporting says whether correlations refer to something and let it be
// reported on its own.
type reporting struct{ referred, generated bool }

// Compile makes the rules, filters and correlations of c ready to run. What
// cannot run is refused with a Problem and the rest compiled; problems of c
// itself are not repeated. Filters are added to the rules they name, as
// (rule) and (filter). c is not changed, except that Members of its
// correlations are resolved.
func Compile(c *Collection, o Options) (*Set, []*Problem) {
	k := &compiler{b: newBuilder(&o, len(c.Rules)), known: map[string]*Header{}}
	s := &Set{cost: o.FieldCost, budget: o.MatchBudget}
	if s.cost == nil {
		s.cost = func(string) int { return 1 }
	}
	if s.common = o.Common; s.common == nil {
		s.common = func(string, string) int { return 0 }
	}
	if s.budget <= 0 {
		s.budget, s.roomy = DefaultMatchBudget, true
	}
	k.b.studies.start(c.Rules, &o)
	defer k.b.studies.stop()
	filters := k.sound(c.Filters)
	for _, r := range c.Rules {
		if code := k.rule(r, filters); code != nil {
			s.rules, s.codes, s.spoken = append(s.rules, r), append(s.codes, code), append(s.spoken, k.b.spoken)
		}
	}
	k.problems = append(k.problems, checkFilters(c)...)
	s.asked = len(k.b.names)
	k.b.rename = nil
	k.correlations(s, c)
	for _, f := range o.ExtraFields {
		k.b.field(f)
	}
	s.names, s.fields, s.preds = k.b.names, k.b.fields, k.b.preds
	order := &planner{s, map[*code]planned{}}
	for _, c := range s.codes {
		s.plans = append(s.plans, order.plan(c).code)
	}
	s.scratches.New = func() any { return newScratch(s) }
	return s, k.problems
}

type compiler struct {
	b        *builder
	known    map[string]*Header // documents of one kind, see twin
	problems []*Problem
}

// report records err as the problem of the document h.
func (k *compiler) report(h *Header, err error, warning bool) {
	p := &Problem{Line: h.Line, Reason: err.Error()}
	if known, ok := errors.AsType[*Problem](err); ok {
		*p = *known
	}
	p.Path, p.Rule, p.Warning = h.Path, h.Title, warning
	k.problems = append(k.problems, p)
}

// sound returns the filters that can be compiled, so that one that cannot is
// reported once and not with every rule.
func (k *compiler) sound(filters []*Filter) []*Filter {
	var out []*Filter
	for _, f := range filters {
		_, err := k.detection(&f.Header, f.Taxonomy, f.detection)
		for _, w := range k.b.warnings {
			k.report(&f.Header, w, true)
		}
		if err != nil {
			k.report(&f.Header, err, false)
			continue
		}
		out = append(out, f)
	}
	return out
}

// rule compiles r with its filters, or reports why not and returns nil.
func (k *compiler) rule(r *Rule, filters []*Filter) *code {
	if k.twin(&r.Header, "rule") {
		return nil
	}
	k.b.spoken = false
	code, err := k.detection(&r.Header, r.Taxonomy, r.detection)
	for _, w := range k.b.warnings {
		k.report(&r.Header, w, true)
	}
	if err != nil {
		k.report(&r.Header, err, false)
		return nil
	}
	for _, f := range filters {
		if !f.applies(r) {
			continue
		}
		taxonomy := f.Taxonomy
		if taxonomy == "" {
			taxonomy = r.Taxonomy // it is written for the rules that it names
		}
		extra, err := k.detection(&r.Header, taxonomy, f.detection)
		if err != nil {
			k.report(&f.Header, err, false)
			return nil
		}
		code = and(code, extra)
	}
	k.known[identity(&r.Header)] = &r.Header
	return code
}

// identity is what no two rules, and no two correlations, can have in common: the
// id, or the whole content where there is none.
func identity(h *Header) string {
	if h.ID != "" {
		return "id:" + strings.ToLower(h.ID)
	}
	return "content:" + string(h.digest[:])
}

// twin reports that h, a rule or a correlation, is one that is known already, or
// has the id of one.
func (k *compiler) twin(h *Header, kind string) bool {
	twin := k.known[identity(h)]
	switch {
	case twin == nil:
		return false
	case twin.digest == h.digest:
		k.report(h, fault(h.Line, "leave one of the files out", "the same %s was read from %s:%d already; it runs once", kind, twin.Path, twin.Line), true)
	default:
		k.report(h, fault(h.Line, "give it an id of its own", "id %s belongs to another %s, %s:%d", quote(h.ID), kind, twin.Path, twin.Line), false)
	}
	return true
}

func and(a, b *code) *code { return &code{op: opAnd, kids: []*code{a, b}} }

// detection builds d, which belongs to the document h, in a taxonomy.
func (k *compiler) detection(h *Header, taxonomy string, d *detection) (*code, error) {
	k.b.rename = nil
	if t := strings.ToLower(taxonomy); t != "" && t != "sigma" {
		rename := k.b.opts.Taxonomies[t]
		if rename == nil {
			return nil, fault(h.Line, "rename the fields to those of Sigma and leave `taxonomy:` out", "the field names of taxonomy %s are not known here", quote(taxonomy))
		}
		k.b.rename = rename
	}
	k.b.shared, k.b.warnings, k.b.patterns = map[*expr]*code{}, nil, 0
	return k.b.build(d.root)
}

// Rules returns the compiled rules. An index into them names a rule
// everywhere. It belongs to s.
func (s *Set) Rules() []*Rule { return s.rules }

// Fields are the names of the fields that s looks up, at the index that
// Event.Values is asked for. It belongs to s.
func (s *Set) Fields() []string { return s.names }

// Asked is how many of Fields, from the first on, decide whether rules match;
// the others are only of use with a match.
func (s *Set) Asked() int { return s.asked }

// FieldIndex returns the index of a field in Fields.
func (s *Set) FieldIndex(name string) (int, bool) {
	i, ok := s.fields[name]
	return i, ok
}

// Correlations returns the compiled correlations: those that others refer to
// come before them. It belongs to s.
func (s *Set) Correlations() []*Correlation { return s.correlations }

// Reported tells whether matches of a rule are reported on their own: a rule
// that correlations count is not, unless one of them says `generate: true`.
func (s *Set) Reported(rule int) bool { return s.counted[rule].own() }

// ReportedCorrelation is Reported for a correlation, which others may count.
func (s *Set) ReportedCorrelation(i int) bool { return s.chained[i].own() }

func (r reporting) own() bool { return !r.referred || r.generated }

// selected returns the rules that apply to events of at least one of sources,
// ascending.
func (s *Set) selected(sources []LogSource) []int {
	var out []int
	for i, r := range s.rules {
		if len(sources) == 0 || r.appliesTo(sources) {
			out = append(out, i)
		}
	}
	return out
}

func (r *Rule) appliesTo(sources []LogSource) bool {
	return slices.ContainsFunc(sources, r.LogSource.Contains)
}
