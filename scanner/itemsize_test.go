package scanner

import (
	"reflect"
	"strings"
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/item"
	"tideline/scanner/text"
)

// TestSizesCountWhatALogCanMakeLong: what an actor is called is as long as a log likes.
func TestSizesCountWhatALogCanMakeLong(t *testing.T) {
	const long = 10_000
	actor := finding.ActorRef{Name: strings.Repeat("x", long)}
	if n := actSize(&act{Hit: &finding.Hit{Actor: actor}}) - actSize(&act{Hit: &finding.Hit{}}); n < long {
		t.Errorf("the name of its actor counts for %d bytes of an act", n)
	}
}

// TestHitsOfOneInstantAreBoundedInBytes: each holds its record.
func TestHitsOfOneInstantAreBoundedInBytes(t *testing.T) {
	most, told := 0, 0
	j := stageJoiner{emit: func(*finding.Hit) error { told++; return nil }}
	for i := range int64(maxStaged) {
		h := testHit(1, "audit.log", i, "rule")
		h.Source.Length = text.MaxRaw
		if err := j.add(h); err != nil {
			t.Fatal(err)
		}
		most = max(most, len(j.held))
	}
	if err := j.flush(); err != nil || told != maxStaged {
		t.Errorf("%d of %d hits were told, error %v", told, maxStaged, err)
	}
	if limit := maxStagedBytes/text.MaxRaw + 1; most > limit {
		t.Errorf("%d hits were held, want at most %d", most, limit)
	}
}

// TestLongMembersAreForgottenSooner: of actors with many groups fewer events are
// remembered.
func TestLongMembersAreForgottenSooner(t *testing.T) {
	var r recent
	groups := strings.Split(strings.Repeat("a group of this length,", 200), ",")
	for i := range int64(maxRecent) {
		r.add(i+1, 0, "", &finding.Hit{Actor: finding.ActorRef{Groups: groups}})
	}
	size := item.CommonSize(&finding.Hit{Actor: finding.ActorRef{Groups: groups}})
	if n, most := len(r.queue), maxRecent*recentBytes/size; n > most || n < most/2 {
		t.Errorf("%d events of %d bytes are remembered, want at most %d", n, size, most)
	}
	if n := int(reflect.TypeFor[commonPart]().Size()); n > recentBytes/2 {
		t.Errorf("a common part takes %d bytes without its texts", n)
	}
}
