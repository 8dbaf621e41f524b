package tally

import (
	"slices"
	"strings"

	"tideline/scanner/baseline"
)

// A Principal is what one principal did, from one address with one client, to
// one kind of object with one class of verbs.
type Principal struct {
	Actor, Address, Agent, Class, Kind string
	PrincipalRow
	New   string // what is new about it, a clause; "" if nothing is, or if nothing was learned
	Known bool   // what was learned has it as it is
}

// ByClass sums the principals up by class of verbs, in order, and says what is
// new compared with b; nil stands for the first part of the evidence.
func (a *Aggregates) ByClass(b *baseline.Baseline) []Principal {
	index := a.Baseline().FirstPart()
	if b != nil {
		index = b.IndexFor(a.Nameless())
	}
	sums := map[PrincipalKey]*PrincipalRow{}
	for k, row := range a.Principals {
		k.Action = baseline.Class(k.Action, k.Kind)
		if sums[k] == nil {
			sums[k] = &PrincipalRow{}
		}
		sums[k].merge(row)
	}
	out := make([]Principal, 0, len(sums))
	for k, row := range sums {
		p := Principal{Actor: k.Actor, Address: k.Address, Agent: k.Agent, Class: k.Action, Kind: k.Kind, PrincipalRow: *row}
		p.judge(index)
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Principal) int { return a.key().compare(b.key()) })
	return out
}

func (p *Principal) key() PrincipalKey {
	return PrincipalKey{p.Actor, p.Address, p.Agent, p.Class, p.Kind}
}

// judge asks for the last time it was seen: what was seen in the part that was
// learned from and later too is known, not unjudged.
func (p *Principal) judge(x *baseline.Index) {
	h := baseline.Habit{Actor: p.Actor, Class: p.Class, Kind: p.Kind, Client: baseline.Client(p.Agent), Network: baseline.Network(p.Address)}
	news, known := x.Look(h, p.Last.Time)
	p.New, p.Known = strings.Join(news, ", "), known
}
