package scanner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
)

func TestCopiesAreNoted(t *testing.T) {
	shared := []finding.Remark{{Code: "line.unknown", Count: 1}}
	ledger := func() (out []finding.Entry) {
		for i, e := range []finding.Entry{
			{SHA256: "a", Size: 7, Events: 3},
			{SHA256: "b", Size: 7, Events: 3},
			{SHA256: "a", Size: 7, Events: 3, Notes: shared[:1:1]},
			{SHA256: "d", Size: 7, Events: 3},
			{SHA256: "a", Size: 7, Events: 3},
			{SHA256: "c", Size: 7}, {SHA256: "c", Size: 7}, // nothing counts twice
			{Events: 3}, {Events: 3}, // members of an archive that are told of together
		} {
			e.Path = fmt.Sprintf("%d.log", i)
			out = append(out, e)
		}
		return out
	}
	for _, strict := range []bool{false, true} {
		entries := ledger()
		noteCopies(entries, strict)
		var got []string
		for _, e := range entries {
			for _, m := range slices.Concat(e.Notes, e.Gaps) {
				if m.Code == "fs.copy" && m.Gap == strict && m.Lift != "" && strings.Contains(m.Reason, `as "0.log",`) && slices.ContainsFunc(e.Gaps, func(g finding.Remark) bool { return g.Code == m.Code }) == strict {
					got = append(got, e.Path)
				}
			}
		}
		if !slices.Equal(got, []string{"2.log", "4.log"}) {
			t.Errorf("strict %v: copies are %v", strict, got)
		}
	}
	if len(shared) != 1 || shared[0].Code != "line.unknown" {
		t.Error("what entries share was changed")
	}
}

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
