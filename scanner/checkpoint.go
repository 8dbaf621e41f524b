package scanner

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"tideline/scanner/correlate"
	"tideline/scanner/finding"
)

// A checkpoint is a Conclude that stopped at a moment: all hits before it were
// taken, none after. Going on from it, with the hits after it, gives the report
// of a Conclude over all hits; that is what makes a night cost what its news
// cost. It takes the room of the different findings, of the correlation windows
// that are open, and of what is known of identities, not of the hits.
type checkpoint struct {
	At         time.Time        `json:"at"`
	Engine     *correlate.Saved `json:"engine"`
	Recent     []savedMember    `json:"-"`          // the events of open windows, lines of their own
	Counted    int64            `json:"counted"`    // events so far that correlations count
	NamedActs  []savedNamedAct  `json:"named_acts"` // within joinWindow of the last hit
	Retold     []toldRequest    `json:"retold,omitempty"`
	Lost       time.Time        `json:"named_acts_lost,omitzero"`
	Unsure     int64            `json:"unsure,omitempty"` // see namedActs
	Identities savedIdentities  `json:"identities"`
	Firsts     savedFirsts      `json:"firsts"`

	acts []*acts // every act before At, in layers; the checkpoint's only if it was read
}

// endOfTime is behind every mark.
var endOfTime = time.Unix(1<<60, 0)

// layer begins a set of acts of its own.
func (c *concluder) layer() {
	c.acts = newActs()
	c.layers = append(c.layers, c.acts)
}

// close frees temporary files.
func (c *concluder) close() error {
	err := c.actors.close()
	for _, l := range c.layers {
		err = errors.Join(err, l.Close())
	}
	return err
}

// eachAct calls f for the acts of all layers, those that fold together next to
// each other, the earliest first. Those read from runs, and their hits, are used again.
func (c *concluder) eachAct(f func(*act) error) error { return eachAct(c.layers, &spares[act]{}, f) }

func eachAct(layers []*acts, again *spares[act], f func(*act) error) error {
	m := merger[act]{compare: compareActs, again: again}
	order := 0
	for _, l := range layers {
		for _, r := range l.readers() {
			r.order = order
			order++
			if err := m.push(r); err != nil {
				return err
			}
		}
	}
	return m.each(f)
}

// passMarks makes the checkpoints that stand before a hit of time t. flush
// hands on the hits that are held back.
func (c *concluder) passMarks(t time.Time, flush func() error) error {
	for len(c.marks) > 0 && !t.IsZero() && !t.Before(c.marks[0]) {
		if err := flush(); err != nil {
			return err
		}
		if err := c.endLate(); err != nil {
			return err
		}
		at := c.marks[0]
		c.marks = c.marks[1:]
		if err := c.marked(c.checkpoint(at)); err != nil {
			return err
		}
		c.layer()
	}
	return nil
}

// checkpoint is what c knows now.
func (c *concluder) checkpoint(at time.Time) *checkpoint {
	return &checkpoint{At: at, acts: slices.Clone(c.layers), Engine: c.engine.Save(),
		Recent: c.recent.saved(c.engine), Counted: c.recent.count, NamedActs: c.joined.saved(), Retold: slices.Clone(c.retold.queue), Lost: c.joined.lost, Unsure: c.joined.unsure, Identities: c.known.saved(), Firsts: c.firsts.saved(at)}
}

// resume takes up what base knew.
func (c *concluder) resume() error {
	if c.base == nil {
		return nil
	}
	if err := c.engine.Resume(c.base.Engine); err != nil {
		return err
	}
	for _, m := range c.base.Recent {
		if rule, ok := c.byKey[m.Hit.Rule]; ok {
			c.recent.enter(numbered{m.Ref, m.N}, member{rule: rule, key: m.Hit.Rule, id: m.ID, like: m.Hit, target: m.Hit.Target, source: m.Source, from: m.Hit.Actor.Addresses})
		}
	}
	c.recent.count = c.base.Counted
	c.known.restore(&c.base.Identities)
	c.firsts.restore(&c.base.Firsts)
	c.layers = append(slices.Clone(c.base.acts), c.layers...)
	c.late = c.newEngine()
	return nil
}

// engineAt is the engine that takes a hit of time t. Hits before base are late:
// they count and fold like all others, and correlate among each other.
func (c *concluder) engineAt(t time.Time) (*correlate.Engine, error) {
	if c.late == nil {
		return c.engine, nil
	}
	if t.Before(c.base.At) { // also one without a time
		return c.late, nil
	}
	return c.engine, c.endLate()
}

// endLate ends the windows of late hits, and goes on where base stopped.
func (c *concluder) endLate() error {
	if c.late == nil {
		return nil
	}
	late := c.late
	c.late, c.joined = nil, namedActs{lost: c.base.Lost, unsure: c.base.Unsure + c.joined.unsure}
	c.joined.restore(c.base.NamedActs)
	c.retold = retold{}
	for _, x := range c.base.Retold {
		c.retold.add(x)
	}
	c.evicted = late.Evicted()
	return late.Close(c.correlation)
}

// A savedMember is an act that a correlation may name. A flood of them are
// alike: on the wire, one whose hit was told before has its number, from 0.
type savedMember struct {
	Ref    int64          `json:"ref"`
	N      int64          `json:"n"` // of the event
	ID     string         `json:"id"`
	Hit    *finding.Hit   `json:"hit,omitempty"`
	Like   int            `json:"like"`
	Source finding.Source `json:"source"` // its own, not that of Hit
}

// saved are the events that the windows of e hold, in the order in which they
// came.
func (r *recent) saved(e *correlate.Engine) []savedMember {
	held := map[int64]bool{}
	e.Refs(func(ref int64) { held[ref] = true })
	out, same := []savedMember{}, map[*deed]*finding.Hit{}
	for _, event := range r.queue {
		if !held[event.ref] {
			continue
		}
		for _, m := range r.byRef[event.ref] {
			out = append(out, savedMember{Ref: event.ref, N: event.n, ID: m.id, Hit: m.whole(same), Source: m.source})
		}
	}
	return out
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

// folded calls f for one act of each identity, with what it repeats counted
// in: what a checkpoint keeps.
func (p *checkpoint) folded(f func(*act) error) error {
	var current *act
	err := eachAct(p.acts, nil, func(a *act) error {
		if current != nil && current.ID == a.ID {
			current.repeat(a)
			return nil
		}
		before := current
		copied := *a // the layers are read again
		copied.From, copied.With = slices.Clip(copied.From), slices.Clip(copied.With)
		current = &copied
		if before == nil {
			return nil
		}
		return f(before)
	})
	if err == nil && current != nil {
		err = f(current)
	}
	if err != nil {
		return fmt.Errorf("fold what was found: %w", err)
	}
	return nil
}

// compareActs orders acts by what folds, then as their hits.
func compareActs(a, b *act) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), a.Hit.Compare(b.Hit))
}
