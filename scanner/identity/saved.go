package identity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tideline/scanner/finding"
)

// Saved is what an Attribution knows, on the wire: a Conclude that stopped goes on from it.
type Saved struct {
	NamedActs  []savedNamedAct `json:"named_acts"` // within JoinWindow of the last hit
	Lost       time.Time       `json:"named_acts_lost,omitzero"`
	Unsure     int64           `json:"unsure,omitempty"` // see namedActs
	Identities savedIdentities `json:"identities"`
}

// Save is what x knows now.
func (x *Attribution) Save() Saved {
	return Saved{x.acts.saved(), x.acts.lost, x.acts.unsure, x.known.saved()}
}

// Resume takes up the identities of s.
func (x *Attribution) Resume(s *Saved) { x.known.restore(&s.Identities) }

// ResumeActs takes up the named acts of s, in place of those since.
func (x *Attribution) ResumeActs(s *Saved) {
	x.acts = namedActs{lost: s.Lost, unsure: s.Unsure + x.acts.unsure}
	x.acts.restore(s.NamedActs)
}

// A savedNamedAct is a named act on the wire.
type savedNamedAct struct {
	Time    time.Time        `json:"time"`
	Actor   finding.ActorRef `json:"actor"`
	Host    string           `json:"host,omitempty"`
	Exec    bool             `json:"exec,omitempty"`
	Pod     string           `json:"pod,omitempty"`
	NS      string           `json:"ns,omitempty"`
	Command string           `json:"command"`

	Exposed []finding.Exposed `json:"exposed,omitempty"`
}

func (a *namedActs) saved() []savedNamedAct {
	out := []savedNamedAct{}
	for _, x := range a.seen {
		out = append(out, savedNamedAct{x.time, x.actor, x.host, x.exec, x.pod, x.ns, x.command, x.exposed})
	}
	return out
}

func (a *namedActs) restore(saved []savedNamedAct) {
	for _, x := range saved {
		a.add(namedAct{time: x.Time, actor: x.Actor, host: x.Host, exec: x.Exec, pod: x.Pod, ns: x.NS, command: x.Command, exposed: x.Exposed})
	}
}

// savedIdentities are identities on the wire.
type savedIdentities struct {
	Issued    map[string]savedFacet   `json:"issued"`
	Held      map[string]savedFacet   `json:"held,omitempty"`
	Granted   map[string][]savedGrant `json:"granted"`
	Taken     map[string][]savedGrant `json:"taken,omitempty"`
	Pods      map[string]savedFacet   `json:"pods"`
	Addresses map[string][]savedFacet `json:"addresses"`
	Terminals []savedTerminal         `json:"terminals,omitempty"`
	Nodes     map[string][]savedFacet `json:"nodes,omitempty"`
}

type savedTerminal struct {
	Container string         `json:"container"`
	Name      string         `json:"name"`
	Shells    []savedOpening `json:"shells"`
}

type savedOpening struct {
	By   savedFacet   `json:"by"`
	What string       `json:"what"`
	At   finding.Time `json:"at"`
}

type savedFacet struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Kind    string       `json:"kind"`
	Session string       `json:"session,omitempty"`
	Address string       `json:"address,omitempty"`
	Agent   string       `json:"agent,omitempty"`
	At      finding.Time `json:"at"`
}

type savedGrant struct {
	To   savedFacet `json:"to"`
	What string     `json:"what"`
}

func (f facet) saved() savedFacet {
	return savedFacet{f.id, f.name, f.kind, f.session, f.address, f.agent, f.at}
}

func (s savedFacet) facet() facet {
	return facet{s.ID, s.Name, s.Kind, s.Session, s.Address, s.Agent, s.At}
}

func (x *identities) saved() savedIdentities {
	return savedIdentities{
		Issued: eachValue(x.issued, facet.saved), Held: eachValue(x.held, facet.saved), Pods: eachValue(x.pods, facet.saved),
		Addresses: eachValue(x.addresses, func(list []facet) []savedFacet { return eachItem(list, facet.saved) }),
		Granted:   eachValue(x.granted, savedGrants),
		Taken:     eachValue(x.taken, savedGrants),
		Terminals: x.terminals.saved(),
		Nodes:     eachValue(x.nodes, func(list []facet) []savedFacet { return eachItem(list, facet.saved) }),
	}
}

// saved is all of them, in order.
func (t terminals) saved() []savedTerminal {
	var out []savedTerminal
	for on, list := range t {
		out = append(out, savedTerminal{on.container, on.name, eachItem(list, func(o opening) savedOpening { return savedOpening{o.by.saved(), o.what, o.at} })})
	}
	slices.SortFunc(out, func(a, b savedTerminal) int {
		return cmp.Or(strings.Compare(a.Container, b.Container), strings.Compare(a.Name, b.Name))
	})
	return out
}

func (t terminals) restore(saved []savedTerminal) {
	for _, s := range saved {
		t[terminal{s.Container, s.Name}] = eachItem(s.Shells, func(o savedOpening) opening { return opening{o.By.facet(), o.What, o.At} })
	}
}

func savedGrants(list []grant) []savedGrant {
	return eachItem(list, func(g grant) savedGrant { return savedGrant{g.to.saved(), g.what} })
}

func grants(list []savedGrant) []grant {
	return eachItem(list, func(g savedGrant) grant { return grant{g.To.facet(), g.What} })
}

func (x *identities) restore(s *savedIdentities) {
	x.issued, x.held, x.pods = eachValue(s.Issued, savedFacet.facet), eachValue(s.Held, savedFacet.facet), eachValue(s.Pods, savedFacet.facet)
	x.addresses = eachValue(s.Addresses, func(list []savedFacet) []facet { return eachItem(list, savedFacet.facet) })
	x.granted, x.taken = eachValue(s.Granted, grants), eachValue(s.Taken, grants)
	x.nodes = eachValue(s.Nodes, func(list []savedFacet) []facet { return eachItem(list, savedFacet.facet) })
	x.terminals = terminals{}
	x.terminals.restore(s.Terminals)
}

func eachValue[A, B any](m map[string]A, f func(A) B) map[string]B {
	out := make(map[string]B, len(m))
	for k, v := range m {
		out[k] = f(v)
	}
	return out
}

func eachItem[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}
