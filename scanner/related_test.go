package scanner

import (
	"testing"

	"tideline/scanner/finding"
)

// TestEventsAreForgottenAlikeBehindACheckpoint: a night that goes on from a
// checkpoint remembers only what open windows hold, and forgets an event at the
// moment at which one scan forgets it, or correlations had other members.
func TestEventsAreForgottenAlikeBehindACheckpoint(t *testing.T) {
	var whole, night recent
	for ref := int64(1); ref < maxRecent; ref++ {
		whole.add(ref, 0, "id", &finding.Hit{})
	}
	for _, event := range whole.queue[:3] { // an open window
		night.enter(event, whole.byRef[event.ref][0])
	}
	night.count = whole.count
	for i := range int64(5) {
		ref := maxRecent + i
		whole.add(ref, 0, "id", &finding.Hit{})
		night.add(ref, 0, "id", &finding.Hit{})
		for old := int64(1); old <= 3; old++ {
			_, a := whole.byRef[old]
			_, b := night.byRef[old]
			if a != b || a != (old > i) {
				t.Errorf("%d more events: event %d remembered by one scan %v, by a night %v", i+1, old, a, b)
			}
		}
	}
}
