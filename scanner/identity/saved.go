package identity

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Saved is what an Attribution knows, on the wire: a Conclude that stopped goes on from it.
type Saved struct {
	NamedActs  []namedAct      `json:"named_acts"` // within JoinWindow of the last hit
	Lost       time.Time       `json:"named_acts_lost,omitzero"`
	Unsure     int64           `json:"unsure,omitempty"` // see namedActs
	Identities savedIdentities `json:"identities"`
}

// Save is what x knows now.
func (x *Attribution) Save() Saved {
	return Saved{append([]namedAct{}, x.acts.seen...), x.acts.lost, x.acts.unsure, x.known.saved()}
}

// Resume takes up the identities of s.
func (x *Attribution) Resume(s *Saved) { x.known.restore(&s.Identities) }

// ResumeActs takes up the named acts of s, in place of those since.
func (x *Attribution) ResumeActs(s *Saved) {
	x.acts = namedActs{seen: slices.Clone(s.NamedActs), lost: s.Lost, unsure: s.Unsure + x.acts.unsure}
}

// savedIdentities are identities on the wire.
type savedIdentities struct {
	Issued    map[string]facet   `json:"issued"`
	Held      map[string]facet   `json:"held,omitempty"`
	Granted   map[string][]grant `json:"granted"`
	Taken     map[string][]grant `json:"taken,omitempty"`
	Pods      map[string]facet   `json:"pods"`
	Addresses map[string][]facet `json:"addresses"`
	Terminals []savedTerminal    `json:"terminals,omitempty"`
	Nodes     map[string][]facet `json:"nodes,omitempty"`
}

type savedTerminal struct {
	Container string    `json:"container"`
	Name      string    `json:"name"`
	Shells    []opening `json:"shells"`
}

// saved are copies: x goes on.
func (x *identities) saved() savedIdentities {
	return savedIdentities{
		Issued: copied(x.issued), Held: copied(x.held), Pods: copied(x.pods), Addresses: copiedLists(x.addresses),
		Granted: copiedLists(x.granted), Taken: copiedLists(x.taken), Terminals: x.terminals.saved(), Nodes: copiedLists(x.nodes),
	}
}

// restore takes up copies of s: more than one may go on from it.
func (x *identities) restore(s *savedIdentities) {
	x.issued, x.held, x.pods, x.addresses = copied(s.Issued), copied(s.Held), copied(s.Pods), copiedLists(s.Addresses)
	x.granted, x.taken, x.nodes = copiedLists(s.Granted), copiedLists(s.Taken), copiedLists(s.Nodes)
	x.terminals = terminals{}
	for _, t := range s.Terminals {
		x.terminals[terminal{t.Container, t.Name}] = slices.Clone(t.Shells)
	}
}

// saved is all of them, in order.
func (t terminals) saved() []savedTerminal {
	var out []savedTerminal
	for on, list := range t {
		out = append(out, savedTerminal{on.container, on.name, slices.Clone(list)})
	}
	slices.SortFunc(out, func(a, b savedTerminal) int {
		return cmp.Or(strings.Compare(a.Container, b.Container), strings.Compare(a.Name, b.Name))
	})
	return out
}

// copied is a map like m, and never nil.
func copied[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	maps.Copy(out, m)
	return out
}

// copiedLists is copied for lists, of which nobody else has the memory.
func copiedLists[V any](m map[string][]V) map[string][]V {
	out := make(map[string][]V, len(m))
	for key, list := range m {
		out[key] = slices.Clone(list)
	}
	return out
}
