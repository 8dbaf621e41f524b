package ledger

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

func TestCopiesAreNoted(t *testing.T) {
	shared := []finding.Remark{{Code: "line.unknown", Count: 1}}
	entriesOf := func() (out []finding.Entry) {
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
		entries := entriesOf()
		NoteCopies(entries, strict)
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
