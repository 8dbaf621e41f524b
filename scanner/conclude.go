package scanner

import (
	"context"
	"errors"
	"slices"

	"tideline/parsers"
	"tideline/scanner/actor"
	"tideline/scanner/finding"
	"tideline/scanner/identity"
	"tideline/scanner/ruleset"
	"tideline/scanner/spill"
)

// Conclude merges partial results into a report. The result does not depend
// on how the evidence was cut into partials, nor on their order. The partials stay
// as they are, unless o.Spend is set; Conclude does not close them.
func Conclude(ctx context.Context, partials []*Partial, rules *ruleset.Ruleset, formats []*parsers.Format, o ReportOptions) (*Report, error) {
	c := newConcluder(ctx, rules, formats, o)
	defer c.close()
	return c.run(partials)
}

func newConcluder(ctx context.Context, rules *ruleset.Ruleset, formats []*parsers.Format, o ReportOptions) *concluder {
	c := &concluder{
		ctx: ctx, rules: rules, options: o, formats: formats,
		twins: twins{}, fired: map[string]bool{}, correlations: newCorrelations(rules),
	}
	c.layer()
	c.labels = ruleset.NewLabels(rules)
	c.actors = actor.NewBook(rules, c.labels)
	return c
}

// run concludes over partials, beginning where base ended.
func (c *concluder) run(partials []*Partial) (*Report, error) {
	settled, err := settle(c.ctx, partials, c.rules, c.formats)
	if err != nil {
		return nil, err
	}
	defer settled.Close()
	c.accounts = newAccounts(partials, settled, c.options.Strict)
	partials = append(slices.Clip(partials), settled)
	c.usual = newUsual(c.options.Baseline, c.accounts.aggregates)
	c.whose = identity.New(c.accounts.aggregates, c.usual.habits)
	if err := c.resume(); err != nil {
		return nil, err
	}
	if err := c.order(partials); err != nil {
		return nil, err
	}
	if err := c.ordered(partials); err != nil {
		return nil, err
	}
	c.counted = c.newFindingCount()
	r := &Report{findings: newFindingSorter(c.labels), reported: c.reported}
	if err := c.fold(r); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	c.folded()
	if err := c.overview(r); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	c.told(partials)
	return r, nil
}

// ordered lets go of what is about the hits: no correlation will fire any more.
func (c *concluder) ordered(partials []*Partial) error {
	c.correlations.recent, c.twins, c.usual.firsts, c.spare = recent{}, nil, nil, spill.Spares[finding.Hit]{}
	c.whose.Passed()
	c.retold = retold{}
	for _, l := range c.layers {
		l.held, l.twins = nil, nil
	}
	var err error
	if c.options.Spend {
		for _, p := range partials {
			err = errors.Join(err, p.spendHits())
		}
	}
	return err
}

// folded lets go of what is about the acts, which are findings by now; but those of
// checkpoints are whoever's that took one.
func (c *concluder) folded() {
	if c.span.marked == nil {
		for _, l := range c.layers {
			l.Forget()
		}
	}
	c.whose.Settled()
	c.usual.homes = nil
}

// told lets go of what the overview says. The report asks c, as long as it is
// there, which findings it shows.
func (c *concluder) told(partials []*Partial) {
	c.accounts, c.usual, c.actors, c.fired, c.counted = accounts{}, usual{}, actor.Book{}, nil, nil
	c.correlations.engine = nil
	if c.options.Spend {
		for _, p := range partials {
			p.Aggregates = nil
		}
	}
}

// A concluder holds the state of one Conclude.
type concluder struct {
	ctx     context.Context
	rules   *ruleset.Ruleset
	options ReportOptions
	formats []*parsers.Format
	labels  *ruleset.Labels
	span    span

	accounts     accounts
	usual        usual
	whose        *identity.Attribution
	correlations *correlations

	acts   *acts                     // hits after their stages were joined, and correlations, by what folds: the last of layers
	layers []*acts                   // one more after each mark
	retold retold                    // requests of the audit log that access lines may tell of again
	twins  twins                     // of hits that are alike
	spare  spill.Spares[finding.Hit] // of echoes

	actors  actor.Book
	fired   map[string]bool // rule keys that fired
	counted *findingCount
	whole   bool // quiet findings are kept, too; else they are counted only
}

// order runs through all hits in event-time order: it joins the stages of
// requests and feeds correlations.
func (c *concluder) order(partials []*Partial) error {
	all := spill.Merger[finding.Hit]{Compare: func(a, b *finding.Hit) int { return a.Compare(b) }}
	for _, p := range partials {
		for _, r := range p.readers(&c.spare) {
			if err := all.Add(r); err != nil {
				return err
			}
		}
	}
	j := stageJoiner{emit: c.act, shade: c.shade, turn: c.turn}
	if err := all.Each(func(h *finding.Hit) error {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if !c.within(h) {
			return nil
		}
		if err := c.passMarks(h.Time.Time, j.flush); err != nil {
			return err
		}
		return j.add(h)
	}); err != nil {
		return err
	}
	if err := j.flush(); err != nil {
		return err
	}
	if err := errors.Join(c.passMarks(endOfTime, j.flush), c.endLate()); err != nil {
		return err
	}
	return c.correlations.engine.Close(c.correlation)
}

// within applies the time window. A hit without a time is never outside.
func (c *concluder) within(h *finding.Hit) bool {
	if h.Time.IsZero() {
		return true
	}
	return (c.options.Since.IsZero() || !h.Time.Before(c.options.Since)) &&
		(c.options.Until.IsZero() || !h.Time.After(c.options.Until))
}

// act takes one hit with its stages joined, gives it to the correlations, and
// keeps it for folding.
func (c *concluder) act(h *finding.Hit) error {
	rule, ok := c.rules.Rule(h.Rule)
	if !ok {
		return nil // of a rule that is not in use any more (a partial of another rule set)
	}
	engine, err := c.engineAt(h.Time.Time)
	if err != nil {
		return err
	}
	if c.retold.is(h) {
		c.letGo(h)
		return nil
	}
	c.retold.remember(h)
	novelty := ""
	if things := c.rules.Block(rule).FirstSeen; len(things) > 0 {
		if c.twins.judged(h) {
			c.letGo(h)
			return nil // what it repeats was new, or not: it is not new again
		}
		if h, novelty = c.first(things, h); h == nil {
			return nil
		}
	}
	h, link := c.whose.Attribute(h)
	twin := c.twins.of(h)
	id := novelty
	if id == "" {
		id = twin.id(h)
	}
	if c.rules.Counted(rule) && !(c.rules.Block(rule).Done && finding.NotDone(h.Outcome)) {
		if err := engine.Add(c.correlations.input(rule, id, h, twin), c.correlation); err != nil {
			return err
		}
	}
	if c.rules.Silent(rule) || c.acts.again(id, h, twin) {
		c.letGo(h)
		return nil
	}
	// What it repeats may have been given to somebody: then it is the first itself.
	if c.quiet(c.rules.Level(rule, h)) {
		h = brief(h)
	} else if err := h.WithEvidence(); err != nil {
		return err
	}
	return c.acts.Add(&act{Hit: h, ID: id, Link: link, Last: h.Time, Count: 1})
}

// letGo is for hits that nobody holds any more: those made of echoes are used again.
func (c *concluder) letGo(h *finding.Hit) {
	if h.Like != nil {
		c.spare.Put(h)
	}
}
