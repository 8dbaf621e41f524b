package scanner

import "tideline/scanner/finding"

// A Watcher is told how a Collect is getting on, which waits for it. Several goroutines
// call it at once.
type Watcher interface {
	// Reading says that the stream at path, which may lie within archives, is read from
	// now on.
	Reading(path string)
	// Found says that something was found which will be, or become part of, the finding
	// with that id; not of most of what repeats itself. When all is concluded there may be
	// fewer, and others that several acts amount to.
	Found(id, level string)
}

// found tells who watches of a hit that repeats none.
func (s *sink) found(rule int, h *finding.Hit) {
	w := s.partial.watch
	if w == nil || s.rules.Silent(rule) || len(s.rules.Block(rule).FirstSeen) > 0 {
		return // a finding in other company, or when it is known what is new
	}
	w.Found(foldID(h, ""), s.rules.Level(rule, h))
}
