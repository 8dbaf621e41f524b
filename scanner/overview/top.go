package overview

import (
	"cmp"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// A Top keeps the findings of highest score, one for each record: several
// rules may speak of one act. At equal scores the earlier one stands first.
type Top struct {
	max   int // findings
	items []*finding.Finding
	least *finding.Finding // Optional: what stands behind it is not among the max first
}

// NewTop keeps most findings.
func NewTop(most int) *Top { return &Top{max: most} }

// Add takes f over as it is now.
func (t *Top) Add(f *finding.Finding) {
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
func (t *Top) trim() {
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

// List returns the first max.
func (t *Top) List() []finding.Finding {
	t.trim()
	out := []finding.Finding{}
	for _, f := range t.items {
		out = append(out, *f)
	}
	return out
}
