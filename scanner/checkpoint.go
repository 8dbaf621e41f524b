package scanner

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"tideline/scanner/correlate"
	"tideline/scanner/finding"
	"tideline/scanner/identity"
	"tideline/scanner/spill"
)

// A checkpoint is a Conclude that stopped at a moment: all hits before it were
// taken, none after. Going on from it, with the hits after it, gives the report
// of a Conclude over all hits; that is what makes a night cost what its news
// cost. It takes the room of the different findings, of the correlation windows
// that are open, and of what is known of identities, not of the hits.
type checkpoint struct {
	At      time.Time        `json:"at"`
	Engine  *correlate.Saved `json:"engine"`
	Recent  []savedMember    `json:"-"`       // the events of open windows, lines of their own
	Counted int64            `json:"counted"` // events so far that correlations count
	Retold  []toldRequest    `json:"retold,omitempty"`
	identity.Saved
	Firsts savedFirsts `json:"firsts"`

	acts []*acts // every act before At, in layers; the checkpoint's only if it was read
}

// A span is the part of the evidence that one Conclude is over.
type span struct {
	base   *checkpoint             // Optional: what was concluded before
	marks  []time.Time             // Optional: where to stop for a checkpoint, ascending, not before that of base
	marked func(*checkpoint) error // takes those checkpoints, not their acts
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
	err := c.actors.Close()
	for _, l := range c.layers {
		err = errors.Join(err, l.Close())
	}
	return err
}

// eachAct calls f for the acts of all layers, those that fold together next to
// each other, the earliest first. Those read from runs, and their hits, are used again.
func (c *concluder) eachAct(f func(*act) error) error {
	return eachAct(c.layers, &spill.Spares[act]{}, f)
}

func eachAct(layers []*acts, again *spill.Spares[act], f func(*act) error) error {
	m := spill.Merger[act]{Compare: compareActs, Again: again}
	for _, l := range layers {
		for _, r := range l.Readers() {
			if err := m.Add(r); err != nil {
				return err
			}
		}
	}
	return m.Each(f)
}

// passMarks makes the checkpoints that stand before a hit of time t. flush
// hands on the hits that are held back.
func (c *concluder) passMarks(t time.Time, flush func() error) error {
	for len(c.span.marks) > 0 && !t.IsZero() && !t.Before(c.span.marks[0]) {
		if err := flush(); err != nil {
			return err
		}
		if err := c.endLate(); err != nil {
			return err
		}
		at := c.span.marks[0]
		c.span.marks = c.span.marks[1:]
		if err := c.span.marked(c.checkpoint(at)); err != nil {
			return err
		}
		c.layer()
	}
	return nil
}

// checkpoint is what c knows now.
func (c *concluder) checkpoint(at time.Time) *checkpoint {
	return &checkpoint{At: at, acts: slices.Clone(c.layers), Engine: c.correlations.engine.Save(),
		Recent: c.correlations.recent.saved(c.correlations.engine), Counted: c.correlations.recent.count, Retold: slices.Clone(c.retold.queue), Saved: c.whose.Save(), Firsts: c.usual.firsts.saved(at)}
}

// resume takes up what base knew.
func (c *concluder) resume() error {
	if c.span.base == nil {
		return nil
	}
	if err := c.correlations.engine.Resume(c.span.base.Engine); err != nil {
		return err
	}
	for _, m := range c.span.base.Recent {
		if rule, ok := c.rules.Rule(m.Hit.Rule); ok {
			c.correlations.recent.enter(numbered{m.Ref, m.N}, member{rule: rule, key: m.Hit.Rule, id: m.ID, like: m.Hit, target: m.Hit.Target, source: m.Source, from: m.Hit.Actor.Addresses})
		}
	}
	c.correlations.recent.count = c.span.base.Counted
	c.whose.Resume(&c.span.base.Saved)
	c.usual.firsts.restore(&c.span.base.Firsts)
	c.layers = append(slices.Clone(c.span.base.acts), c.layers...)
	c.correlations.late = c.correlations.newEngine()
	return nil
}

// engineAt is the engine that takes a hit of time t. Hits before base are late:
// they count and fold like all others, and correlate among each other.
func (c *concluder) engineAt(t time.Time) (*correlate.Engine, error) {
	if c.correlations.late == nil {
		return c.correlations.engine, nil
	}
	if t.Before(c.span.base.At) { // also one without a time
		return c.correlations.late, nil
	}
	return c.correlations.engine, c.endLate()
}

// endLate ends the windows of late hits, and goes on where base stopped.
func (c *concluder) endLate() error {
	if c.correlations.late == nil {
		return nil
	}
	late := c.correlations.late
	c.correlations.late = nil
	c.whose.ResumeActs(&c.span.base.Saved)
	c.retold = retold{}
	for _, x := range c.span.base.Retold {
		c.retold.add(x)
	}
	c.correlations.evicted = late.Evicted()
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
	out, same := []savedMember{}, map[*commonPart]*finding.Hit{}
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
