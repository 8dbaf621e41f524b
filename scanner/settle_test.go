package scanner

import "testing"

// TestWhichPartsAreOneEvent: only the end of one file of a rotation set and the
// beginning of a newer one can hold one event.
func TestWhichPartsAreOneEvent(t *testing.T) {
	first := partedEvent{Format: "auditd", Path: "h/audit.log.1", Key: []byte("7"), Tail: true}
	next := partedEvent{Format: "auditd", Path: "h/audit.log", Key: []byte("7"), Head: true}
	for name, c := range map[string]struct {
		change func(first, next *partedEvent)
		want   bool
	}{
		"as it is":                     {func(_, _ *partedEvent) {}, true},
		"more follows the first":       {func(f, _ *partedEvent) { f.Tail = false }, false},
		"more stands before the other": {func(_, n *partedEvent) { n.Head = false }, false},
		"another event":                {func(_, n *partedEvent) { n.Key = []byte("8") }, false},
		"another format":               {func(_, n *partedEvent) { n.Format = "journal" }, false},
		"another log":                  {func(_, n *partedEvent) { n.Path = "h/other.log" }, false},
		"another folder":               {func(_, n *partedEvent) { n.Path = "i/audit.log" }, false},
		"the same file":                {func(_, n *partedEvent) { n.Path = first.Path }, false},
	} {
		f, n := first, next
		c.change(&f, &n)
		if got := f.goesOn(&n); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
