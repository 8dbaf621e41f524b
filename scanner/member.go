package scanner

import (
	"hash/maphash"
	"maps"
	"slices"

	"tideline/scanner/finding"
)

// A commonPart is what a correlation says of its members, as far as members of one act
// have it in common. There may be as many as events that are remembered, so it holds no
// more than that.
type commonPart struct {
	actor     finding.ActorRef
	action    string
	outcome   string
	host      string
	cluster   string
	container finding.Container
	fields    []ownField
}

// A member is one rule's act on an event.
type member struct {
	rule   int
	key    string       // of the rule
	id     string       // of the finding
	like   *finding.Hit // that it repeats, in all but rule, target, source and addresses
	common *commonPart  // the same, if it repeats none
	target finding.Target
	source finding.Source
	from   []string   // its own addresses
	own    []ownField // Optional: fields that the others have otherwise
}

// An ownField is a field of a member.
type ownField struct {
	name   string
	values []string // nil: it has none
}

// field returns the values of a field.
func (m *member) field(name string) []string {
	for i := range m.own {
		if m.own[i].name == name {
			return m.own[i].values
		}
	}
	if m.like != nil {
		return m.like.Fields[name]
	}
	return m.common.field(name)
}

func (c *commonPart) field(name string) []string {
	for i := range c.fields {
		if c.fields[i].name == name {
			return c.fields[i].values
		}
	}
	return nil
}

func (m *member) outcome() string {
	if m.like != nil {
		return m.like.Outcome
	}
	return m.common.outcome
}

// whole is the member as a hit. Members that are equal but for their sources share
// the one that same, which may be nil, has for their common part.
func (m *member) whole(same map[*commonPart]*finding.Hit) *finding.Hit {
	if m.like != nil {
		if m.equals(m.like) {
			return m.like
		}
		h := *m.like
		h.Fields = maps.Clone(h.Fields)
		return m.finish(&h)
	}
	if h := same[m.common]; h != nil && m.equals(h) {
		return h
	}
	c := m.common
	h := m.finish(&finding.Hit{Actor: c.actor, Action: c.action, Outcome: c.outcome, Host: c.host, Cluster: c.cluster,
		Container: c.container, Source: m.source, Fields: fieldsOf(c.fields)})
	if same != nil && len(m.own) == 0 {
		same[c] = h
	}
	return h
}

// equals reports whether h, which is of the same common part, has what m has of its own.
func (m *member) equals(h *finding.Hit) bool {
	return h.Rule == m.key && h.Target == m.target && len(m.own) == 0 && slices.Equal(h.Actor.Addresses, m.from)
}

// finish gives h what m has of its own.
func (m *member) finish(h *finding.Hit) *finding.Hit {
	h.Rule, h.Target, h.Actor.Addresses = m.key, m.target, m.from
	for _, f := range m.own {
		if h.Fields == nil {
			h.Fields = map[string][]string{}
		}
		if f.values == nil {
			delete(h.Fields, f.name)
		} else {
			h.Fields[f.name] = f.values
		}
	}
	return h
}

func fieldsOf(list []ownField) map[string][]string {
	if len(list) == 0 {
		return nil
	}
	out := make(map[string][]string, len(list))
	for _, f := range list {
		out[f.name] = f.values
	}
	return out
}

// commonOf is the common part of h. Hits of one actor who does the same to one thing after the
// other, perhaps each time from elsewhere, share one, but for fields of their own; so
// do the rules that one event matched, which come one after the other or, of one
// instant, rule by rule.
func (r *recent) commonOf(h *finding.Hit) (*commonPart, []ownField) {
	var hash maphash.Hash
	hash.SetSeed(commonSeed)
	for _, text := range [...]string{h.Actor.ID, h.Actor.Agent, h.Action, h.Outcome, h.Container.ID} {
		hash.WriteString(text) // never fails
	}
	known := &r.commons[hash.Sum64()%uint64(len(r.commons))]
	if *known == nil || !(*known).same(h) {
		c := &commonPart{actor: h.Actor, action: h.Action, outcome: h.Outcome, host: h.Host, cluster: h.Cluster, container: h.Container}
		for _, name := range r.names {
			if values := h.Fields[name]; values != nil {
				c.fields = append(c.fields, ownField{name, values})
			}
		}
		*known = c
		return c, nil
	}
	var own []ownField
	for _, name := range r.names {
		if values := h.Fields[name]; !slices.Equal(values, (*known).field(name)) {
			own = append(own, ownField{name, values})
		}
	}
	return *known, own
}

// commonSeed makes hashes comparable within this process; they decide nothing that is
// reported.
var commonSeed = maphash.MakeSeed()

// same leaves out what members have of their own.
func (c *commonPart) same(h *finding.Hit) bool {
	x, y := &c.actor, &h.Actor
	return c.action == h.Action && c.outcome == h.Outcome && c.host == h.Host && c.cluster == h.Cluster && c.container == h.Container &&
		x.ID == y.ID && x.Kind == y.Kind && x.Name == y.Name && x.Impersonated == y.Impersonated && x.Impersonator == y.Impersonator &&
		x.Session == y.Session && x.Agent == y.Agent && slices.Equal(x.Groups, y.Groups)
}
