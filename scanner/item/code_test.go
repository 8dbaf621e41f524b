package item

import (
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/spill"
	"tideline/scanner/spill/spilltest"
)

func TestItemsComeBackFromRunsAsTheyWere(t *testing.T) {
	t.Run("hit", func(t *testing.T) { spilltest.RoundTrip(t, CodeHit, func(*finding.Hit) {}) })
	t.Run("entry", func(t *testing.T) { spilltest.RoundTrip(t, CodeEntry, func(*finding.Entry) {}) })
	t.Run("finding", func(t *testing.T) {
		label := func(c *spill.Coder, f *finding.Finding) {
			c.Texts(&f.Rule.ID, &f.Rule.Title, &f.Rule.Level)
			c.List(&f.Attack)
		}
		spilltest.RoundTrip(t, func(c *spill.Coder, f *finding.Finding) { CodeFinding(c, f, label) }, func(f *finding.Finding) {
			f.Rule = finding.Rule{ID: f.Rule.ID, Title: f.Rule.Title, Level: f.Rule.Level}
		})
	})
}
