package sigma

import (
	"slices"
	"strings"
)

// correlations resolves what the correlations of c refer to and puts them into
// s, those that others refer to first. One that refers to what is not there,
// or to itself through others, is refused.
func (k *compiler) correlations(s *Set, c *Collection) {
	all := k.distinct(c.Correlations)
	r := &resolver{k: k, set: s, all: all, state: make([]int, len(all)), index: make([]int, len(all))}
	r.name()
	for i := range all {
		r.visit(i)
	}
	s.counted, s.chained = make([]reporting, len(s.rules)), make([]reporting, len(s.correlations))
	for _, c := range s.correlations {
		for _, m := range c.Members {
			use := &reporting{}
			if m.Rule >= 0 {
				use = &s.counted[m.Rule]
			} else {
				use = &s.chained[m.Correlation]
			}
			use.referred, use.generated = true, use.generated || c.Generate
		}
		for _, f := range c.FieldNames() {
			k.b.field(f)
		}
	}
}

// distinct leaves out the correlations that were read before.
func (k *compiler) distinct(all []*Correlation) (out []*Correlation) {
	k.known = map[string]*Header{}
	for _, c := range all {
		if !k.twin(&c.Header, "correlation") {
			k.known[identity(&c.Header)] = &c.Header
			out = append(out, c)
		}
	}
	return out
}

// FieldNames are the fields that c needs of the events it counts, in a stable
// order: group-by and value fields, aliases replaced by what they stand for in its
// members.
func (c *Correlation) FieldNames() []string {
	names := map[string]bool{}
	for _, f := range append(append([]string(nil), c.GroupBy...), c.Fields...) {
		for i := range c.Members {
			if field, ok := c.Members[i].Field(c, f); ok {
				names[field] = true
			}
		}
	}
	return sorted(names)
}

// states of a correlation while references are followed.
const (
	unseen = iota
	open
	resolved
	refused
)

type resolver struct {
	k     *compiler
	set   *Set
	all   []*Correlation
	state []int
	index []int // in set, of resolved ones

	rules, others map[string]int // rules of set and correlations of all, by what they are called
}

// ambiguous stands for a name that several have.
const ambiguous = -1

// name notes what rules and correlations are called.
func (r *resolver) name() {
	r.rules, r.others = map[string]int{}, map[string]int{}
	note := func(names map[string]int, h *Header, i int) {
		for _, name := range []string{"id:" + strings.ToLower(h.ID), h.Name} {
			if name == "" || name == "id:" {
				continue
			}
			if _, taken := names[name]; taken {
				i = ambiguous
			}
			names[name] = i
		}
	}
	for i, rule := range r.set.rules {
		note(r.rules, &rule.Header, i)
	}
	for i, other := range r.all {
		note(r.others, &other.Header, i)
	}
}

// find looks up an id or name.
func find(names map[string]int, ref string) (int, bool) {
	i, ok := names["id:"+strings.ToLower(ref)]
	if !ok {
		i, ok = names[ref]
	}
	return i, ok
}

// visit resolves correlation i, those it refers to before it, and reports
// whether it stands.
func (r *resolver) visit(i int) bool {
	if r.state[i] != unseen {
		return r.state[i] == resolved
	}
	r.state[i] = open
	c := r.all[i]
	members, err := r.members(c)
	if err == nil {
		err = r.aliases(c, members)
	}
	if err != nil {
		r.state[i] = refused
		r.k.report(&c.Header, err, false)
		return false
	}
	c.Members = members
	r.chain(c)
	r.state[i], r.index[i] = resolved, len(r.set.correlations)
	r.set.correlations = append(r.set.correlations, c)
	return true
}

func (r *resolver) members(c *Correlation) ([]Member, error) {
	var out []Member
	for _, ref := range c.Rules {
		m, err := r.member(c, ref)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// member finds what a correlation calls ref: one rule, or one other correlation that is
// resolved by then.
func (r *resolver) member(c *Correlation, ref string) (Member, error) {
	one, isRule := find(r.rules, ref)
	other, isOther := find(r.others, ref)
	if one == ambiguous || other == ambiguous || isRule && isOther {
		return Member{}, fault(c.Line, "give each a `name:` of its own, or refer to it by id", "the correlation counts %s, and several documents have that id or name", quote(ref))
	}
	switch {
	case isRule:
		return Member{Ref: ref, Rule: one, Correlation: -1}, nil
	case isOther && r.state[other] == open:
		return Member{}, fault(c.Line, "break the circle", "the correlation counts itself through %s", quote(ref))
	case isOther && !r.visit(other):
		return Member{}, fault(c.Line, "mend that one first", "the correlation counts %s, which was refused", quote(ref))
	case isOther:
		return Member{Ref: ref, Rule: -1, Correlation: r.index[other]}, nil
	}
	return Member{}, fault(c.Line, "load the rule together with the correlation, and name it by id or `name:`; a refused rule is mended first",
		"the correlation counts %s, and no loaded rule has that id or name", quote(ref))
}

// header is that of what m stands for.
func (r *resolver) header(m *Member) *Header {
	if m.Rule >= 0 {
		return &r.set.rules[m.Rule].Header
	}
	return &r.set.correlations[m.Correlation].Header
}

// aliases tells each member what the aliases of c stand for in it. An alias
// for a rule that is not there is a typing mistake and refused; one for a rule
// that is there and that c does not count changes nothing, which is said. In a member
// that an alias says nothing about it is a field, as the reference implementation has it.
func (r *resolver) aliases(c *Correlation, members []Member) error {
	for _, alias := range sorted(c.Aliases) {
		for _, ref := range sorted(c.Aliases[alias]) {
			found := false
			for i := range members {
				m := &members[i]
				if m.Ref != ref && !r.header(m).isCalled(ref) {
					continue
				}
				if m.Alias == nil {
					m.Alias = map[string]string{}
				}
				m.Alias[alias], found = c.Aliases[alias][ref], true
			}
			if !found && r.stands(ref) {
				r.k.report(&c.Header, fault(c.Line, "leave the alias out, or count the rule", "alias %s is for %s, which the correlation does not count", quote(alias), quote(ref)), true)
				continue
			}
			if !found {
				return fault(c.Line, "the rules are "+firstNames(c.Rules), "alias %s is for %s, which the correlation does not count", quote(alias), quote(ref))
			}
		}
		for i := range members {
			m := &members[i]
			if _, told := m.Alias[alias]; told {
				continue
			}
			if m.Alias == nil {
				m.Alias = map[string]string{}
			}
			m.Alias[alias] = alias
		}
	}
	return nil
}

// stands reports whether a rule or correlation is called ref.
func (r *resolver) stands(ref string) bool {
	_, rule := find(r.rules, ref)
	_, other := find(r.others, ref)
	return rule || other
}

// chain warns where c groups by what a correlation that it counts does not
// tell: such matches have no group and are not counted.
func (r *resolver) chain(c *Correlation) {
	for i := range c.Members {
		m := &c.Members[i]
		if m.Correlation < 0 {
			continue
		}
		told := r.set.correlations[m.Correlation].GroupBy
		for _, name := range c.GroupBy {
			if f, ok := m.Field(c, name); ok && !slices.Contains(told, f) {
				r.k.report(&c.Header, fault(c.Line, "group the counted correlation by it as well, or add an alias",
					"the correlation groups by %s, which %s does not group by", quote(f), quote(m.Ref)), true)
			}
		}
	}
}
