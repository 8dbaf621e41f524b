package scanner

import (
	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

// A findingCount is what the overview says of all findings together. They are
// counted as they are made, in no order of time.
type findingCount struct {
	byLevel, byOutcome map[string]int64
	shown, hidden      int64
	top                topList
	found              *tally.Marks // of the steps of the timeline
}

func (c *concluder) newFindingCount() *findingCount {
	n := &findingCount{byLevel: map[string]int64{}, byOutcome: map[string]int64{}, top: topList{max: finding.TopFindings}}
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
	n.top.add(f)
}
