package scanner

import (
	"cmp"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// overview states everything a report says besides its findings.
func (c *concluder) overview(r *Report) error {
	s, err := c.summary()
	if err != nil {
		return err
	}
	o := &r.Overview
	if o.Actors, err = c.actors.list(c); err != nil {
		return err
	}
	scores := map[string]int{}
	for i := range o.Actors {
		scores[o.Actors[i].ID] = o.Actors[i].Score
	}
	for k := range c.accounts.aggregates.Names {
		c.actors.exposures.Name(k.Kind, k.Namespace, k.Name)
	}
	o.Exposure, o.Unlisted = c.actors.exposures.Lines(scores), c.actors.exposures.Overflow
	if o.Coverage, err = c.coverage(); err != nil {
		return err
	}
	o.Ledger = c.accounts.ledger
	if o.Ledger == nil {
		o.Ledger = []finding.Entry{}
	}
	if c.accounts.long != nil {
		o.Long = c.accounts.long
	}
	o.Tool = c.tool()
	o.Top = c.counted.top.list()
	s.Timeline = c.accounts.aggregates.Timeline(c.counted.found)
	o.Summary = s
	o.Summary.Verdict = verdict(o, c.options.Since, c.options.Until)
	return nil
}

// summary counts what was read and found.
func (c *concluder) summary() (finding.Summary, error) {
	n := c.counted
	s := finding.Summary{ByLevel: n.byLevel, ByOutcome: n.byOutcome, Findings: n.shown, Hidden: n.hidden, Interrupted: c.accounts.interrupted}
	err := c.accounts.eachEntry(c.ctx, func(e *finding.Entry) {
		if e.Looks != archiveLooks {
			s.Sources++
			if e.Format == "" {
				s.Unread++
			}
		}
		s.Bytes += e.Bytes.Read
		s.Records += e.Records
		s.Events += e.Events
		s.First.Time, s.Last.Time = finding.Earlier(s.First.Time, e.First.Time), finding.Later(s.Last.Time, e.Last.Time)
		for _, n := range e.Notes {
			s.NoteCount += max(n.Count, 1)
		}
		for _, g := range e.Gaps {
			s.GapCount += max(g.Count, 1)
			s.GapBytes += g.Bytes
		}
	})
	s.Complete = s.GapCount == 0 && !c.accounts.interrupted && len(c.rules.Refused()) == 0 && c.correlations.lost() == 0
	return s, err
}

func (c *concluder) tool() finding.Tool {
	args := append([]string{}, c.options.Arguments...)
	return finding.Tool{Name: "tideline", Version: c.options.Version, Rules: len(c.rules.Rules()) + len(c.rules.Set.Correlations()),
		RulesHash: c.rules.Hash, Arguments: args}
}

// chosen applies the choice of rules by key, title or tag.
func (c *concluder) chosen(f *finding.Finding) bool {
	o := &c.options
	if len(o.Only) > 0 && !slices.ContainsFunc(o.Only, func(n string) bool { return isRule(f, n) }) {
		return false
	}
	if slices.ContainsFunc(o.Exclude, func(n string) bool { return isRule(f, n) }) {
		return false
	}
	return len(o.Tags) == 0 || slices.ContainsFunc(o.Tags, func(t string) bool { return c.hasTag(f, t) })
}

func isRule(f *finding.Finding, name string) bool {
	return strings.EqualFold(f.Rule.ID, name) || strings.EqualFold(f.Rule.Title, name)
}

func (c *concluder) hasTag(f *finding.Finding, tag string) bool {
	h := c.rules.Header(f.Rule.ID)
	return h != nil && HasTag(h.Tags, tag)
}

// HasTag reports whether a rule with tags is one of those that a tag chooses, with or
// without its namespace. A technique of ATT&CK chooses its sub-techniques, too.
func HasTag(tags []string, tag string) bool {
	tag = strings.ToLower(tag)
	return slices.ContainsFunc(tags, func(t string) bool {
		t = strings.ToLower(t)
		for _, t := range [...]string{t, strings.TrimPrefix(t, "attack.")} {
			if rest, ok := strings.CutPrefix(t, tag); ok && (rest == "" || rest[0] == '.') {
				return true
			}
		}
		return false
	})
}

// reported applies the choice of rules, the least level and the least score.
func (c *concluder) reported(f *finding.Finding) bool {
	return c.chosen(f) && f.Score >= c.options.MinScore &&
		finding.LevelRank(f.Rule.Level) >= finding.LevelRank(c.options.MinLevel)
}

// actorLevel is the least level that makes an actor: low, or less if asked for.
func (c *concluder) actorLevel() int { return actorLevel(c.options.MinLevel) }

func actorLevel(asked string) int {
	return min(finding.LevelRank("low"), max(finding.LevelRank(asked), 0))
}

// A topList keeps the findings of highest score, one for each record: several
// rules may speak of one act. At equal scores the earlier one stands first.
type topList struct {
	max   int
	items []*finding.Finding
	least *finding.Finding // Optional: what stands behind it is not among the max first
}

// add takes f over as it is now.
func (t *topList) add(f *finding.Finding) {
	if t.least != nil && f.Score < t.least.Score {
		return
	}
	own := *f
	t.items = append(t.items, &own)
	if len(t.items) < 4*t.max {
		return
	}
	t.trim()
	if len(t.items) == t.max {
		t.least = t.items[t.max-1]
	}
}

// trim drops all but the first max, and puts those in order.
func (t *topList) trim() {
	slices.SortStableFunc(t.items, func(a, b *finding.Finding) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), a.Time.Compare(b.Time.Time), strings.Compare(a.ID, b.ID))
	})
	told := map[finding.Source]bool{}
	t.items = slices.DeleteFunc(t.items, func(f *finding.Finding) bool {
		if len(told) == t.max || told[f.Source] {
			return true
		}
		told[f.Source] = true
		return false
	})
}

// list returns the first max.
func (t *topList) list() []finding.Finding {
	t.trim()
	out := []finding.Finding{}
	for _, f := range t.items {
		out = append(out, *f)
	}
	return out
}
