package main

import (
	"slices"
	"testing"
	"time"

	"tideline/fixtures/attacks"
	"tideline/scanner/finding"
)

// TestOtherAttacksAreFound plays attacks of other tools, each alone: its rules
// find it at their level, and above low is everything that is done. What was
// only tried is told as an attempt, which may be low.
func TestOtherAttacksAreFound(t *testing.T) {
	d := newDetector(t)
	list, err := attacks.Others()
	if err != nil {
		t.Fatal(err)
	}
	acts, missed := 0, 0
	for _, f := range list {
		t.Run(f.Name, func(t *testing.T) {
			levels, found := map[string]string{}, map[int64]bool{}
			for _, got := range d.scan(t, f) {
				name := d.slugs[got.Rule.ID]
				if finding.LevelRank(got.Rule.Level) >= finding.LevelRank(levels[name]) {
					levels[name] = got.Rule.Level
				}
				if aboveLow(got) || slices.Contains(f.May, name) || got.Outcome == "denied" || got.Outcome == "failed" {
					found[got.Time.Unix()], found[got.LastTime.Unix()] = true, true
				}
			}
			for _, name := range f.Want {
				if d.levels[name] == "" {
					t.Errorf("there is no rule %s", name)
				} else if finding.LevelRank(levels[name]) < finding.LevelRank(d.levels[name]) {
					t.Errorf("%s: found at level %q, want %q", name, levels[name], d.levels[name])
				}
			}
			f.Each(func(line string, at time.Time) {
				if acts++; !found[at.Unix()] {
					missed++
					t.Errorf("nothing above low finds %s", line)
				}
			})
		})
	}
	t.Logf("%d of %d acts are found", acts-missed, acts)
}
