package scanner

import (
	"fmt"
	"slices"
	"strings"

	"tideline/scanner/finding"
	"tideline/scanner/identity"
	"tideline/scanner/overview"
	"tideline/scanner/tally"
)

// overview states everything a report says besides its findings.
func (c *concluder) overview(r *Report) error {
	s, err := c.summary()
	if err != nil {
		return err
	}
	o := &r.Overview
	if o.Actors, err = c.actors.List(c.ctx); err != nil {
		return err
	}
	scores := map[string]int{}
	for i := range o.Actors {
		scores[o.Actors[i].ID] = o.Actors[i].Score
	}
	for k := range c.accounts.aggregates.Names {
		c.actors.Exposures.Name(k.Kind, k.Namespace, k.Name)
	}
	o.Exposure, o.Unlisted = c.actors.Exposures.Lines(scores), c.actors.Exposures.Overflow
	o.Coverage, err = overview.Coverage(&overview.Evidence{Rules: c.rules, Formats: c.formats, Aggregates: c.accounts.aggregates, Fired: c.fired,
		Learned: c.usual.habits.Learned(), Told: c.full(),
		EachEntry: func(f func(*finding.Entry)) error { return c.accounts.eachEntry(c.ctx, f) }})
	if err != nil {
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
	o.Top = c.counted.top.List()
	s.Timeline = c.accounts.aggregates.Timeline(c.counted.found)
	o.Summary = s
	o.Summary.Verdict = overview.Verdict(o, c.options.Since, c.options.Until)
	return nil
}

// summary counts what was read and found.
func (c *concluder) summary() (finding.Summary, error) {
	n := c.counted
	s := finding.Summary{ByLevel: n.byLevel, ByOutcome: n.byOutcome, Findings: n.shown, Hidden: n.hidden, Interrupted: c.accounts.interrupted}
	err := c.accounts.eachEntry(c.ctx, func(e *finding.Entry) {
		if e.Looks != finding.ArchiveLooks {
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

// full says which lists and windows had no room for all that was seen. It is told
// before what was never logged: it was there.
func (c *concluder) full() (out []string) {
	if n := c.correlations.lost(); n > 0 {
		out = append(out, fmt.Sprintf("correlations had to forget %d open windows: the log has too many distinct groups at once", n))
	}
	if n := c.correlations.shortened; n > 0 {
		out = append(out, fmt.Sprintf("%d of the correlations that fired rest on more events than are remembered (%d): they count all of them, but the findings and the target that they name are of those remembered", n, maxRecent))
	}
	if n := c.whose.Unsure(); n > 0 {
		out = append(out, fmt.Sprintf("%d acts whose log names nobody came when more than %d others did within %s: whose they were is not looked for", n, identity.MaxNamedActs, identity.JoinWindow))
	}
	if n := c.accounts.aggregates.Overflow; n > 0 {
		out = append(out, fmt.Sprintf("the table of who did what from where, and of names, was full: it does not count %d events, though the rules saw them", n))
	}
	if n := c.actors.Exposures.Overflow; n > 0 {
		out = append(out, fmt.Sprintf("the rotation list was full: %d findings gave away credentials that it does not list; the findings name them", n))
	}
	if n := c.actors.Overflow; n > 0 {
		out = append(out, fmt.Sprintf("the list of actors was full: %d findings are of actors that it does not list, which have the lowest scores", n))
	}
	if n := c.actors.Shortened; n > 0 {
		out = append(out, fmt.Sprintf("there are so many actors that of %d, which have the lowest scores, only the gravest steps or the first findings are listed; the findings name them", n))
	}
	if n := len(c.accounts.aggregates.Active); c.accounts.aggregates.LogsAreMissing() {
		out = append(out, fmt.Sprintf("times without events are told of %d logs only: there are more hosts than that, or they reach over more time than is remembered", n))
	}
	return out
}

// A findingCount is what the overview says of all findings together. They are
// counted as they are made, in no order of time.
type findingCount struct {
	byLevel, byOutcome map[string]int64
	shown, hidden      int64
	top                *overview.Top
	found              *tally.Marks // of the steps of the timeline
}

func (c *concluder) newFindingCount() *findingCount {
	n := &findingCount{byLevel: map[string]int64{}, byOutcome: map[string]int64{}, top: overview.NewTop(finding.TopFindings)}
	for _, l := range finding.Levels {
		n.byLevel[l] = 0
	}
	n.found = c.accounts.aggregates.NewMarks()
	return n
}

// countFinding counts a finding, which is kept and scored unless it is quiet. What the
// choice of rules excludes does not exist.
func (c *concluder) countFinding(f *finding.Finding, quiet bool) {
	if !c.chosen(f) {
		return
	}
	c.fired[f.Rule.ID] = true
	n := c.counted
	n.byLevel[f.Rule.Level]++
	n.byOutcome[f.Outcome]++
	if quiet || !c.reported(f) {
		n.hidden++
		return
	}
	n.shown++
	if !f.Time.IsZero() {
		n.found.Add(f.Time.Time)
	}
	n.top.Add(f)
}
