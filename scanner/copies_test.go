package scanner

import (
	"context"
	"slices"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// TestAReportSaysOfCopies, and is the same the second time.
func TestAReportSaysOfCopies(t *testing.T) {
	p := NewPartial(0)
	defer p.Close()
	for _, path := range []string{"b.log", "a.log"} {
		if err := p.enter(finding.Entry{Path: path, SHA256: "a", Size: 7, Events: 3, Notes: []parsers.Remark{}, Gaps: []parsers.Remark{}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		r, err := Conclude(context.Background(), []*Partial{p}, testRuleset(t), nil, ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var notes []string
		if err := r.Overview.EachEntry(func(e *finding.Entry) error {
			for _, m := range e.Notes {
				notes = append(notes, e.Path+" "+m.Code)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(notes, []string{"b.log fs.copy"}) {
			t.Errorf("notes %v", notes)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
