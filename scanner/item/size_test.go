package item

import (
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// TestSizesCountWhatALogCanMakeLong: whichever text of an item is long, the estimate
// of what it takes grows by nearly as much.
func TestSizesCountWhatALogCanMakeLong(t *testing.T) {
	const long = 10_000
	text := strings.Repeat("x", long)
	list := []string{text[:long/2], text[:long/2]}
	actors := map[string]finding.ActorRef{
		"name": {Name: text}, "impersonated": {Impersonated: text}, "session": {Session: text}, "agent": {Agent: text},
		"groups": {Groups: list}, "addresses": {Addresses: list},
	}
	base := HitSize(&finding.Hit{})
	for name, a := range actors {
		sizes := map[string]int{
			"hit": HitSize(&finding.Hit{Actor: a}) - base, "common": CommonSize(&finding.Hit{Actor: a}), "staged": StagedSize(&finding.Hit{Actor: a}) - base,
			"finding": FindingSize(&finding.Finding{Actor: a}) - FindingSize(&finding.Finding{}),
		}
		for item, size := range sizes {
			if size < long {
				t.Errorf("%s: %s of the actor counts for %d bytes of %d", item, name, size, long)
			}
		}
	}
	for name, h := range map[string]finding.Hit{
		"command": {Command: text}, "target": {Target: finding.Target{Name: text}}, "raw": {Raw: text}, "raw64": {RawBase64: text}, "summary": {Summary: text},
		"matched": {Matched: []finding.Match{{Value: text}}}, "exposed": {Exposed: []finding.Exposed{{Name: text}}}, "fields": {Fields: map[string][]string{"a": list}},
	} {
		if size := HitSize(&h) - base; size < long {
			t.Errorf("%s of a hit counts for %d bytes of %d", name, size, long)
		}
	}
	if size := StagedSize(&finding.Hit{Source: finding.Source{Pos: parsers.Pos{Length: long}}}) - base; size < long {
		t.Errorf("a hit whose record is elsewhere counts for %d bytes of %d", size, long)
	}
}
