package scanner

import (
	"fmt"
	"time"

	"tideline/scanner/state"
)

const (
	// keepDefault is how long before the newest event hits are kept one by one.
	// What comes later than that still counts and is told, but it is not
	// correlated with what was folded before.
	keepDefault = 35 * 24 * time.Hour
	// forgetAfter is how long a finding that does not occur again is known.
	forgetAfter = 400 * 24 * time.Hour
	// recentWindow is how long before the newest event a night goes on from:
	// logs of other machines may be some hours behind. Events of before make a
	// night conclude over everything that is kept.
	recentWindow = 26 * time.Hour
	// restWindow is how old the last record of a file may be that is still
	// waited for to grow.
	restWindow = 48 * time.Hour
)

// A plan says from where a night concludes.
type plan struct {
	from  *state.Checkpoint // nil: from nothing
	level state.Coverage    // of from
}

func (n *nightReader) sameMaker() bool { return n.store.Index.Maker == n.night.next.Maker }

// pastUsable reports whether what was found before the kept time is there.
func (n *nightReader) pastUsable() bool {
	p := n.store.Index.Past
	return p != nil && n.sameMaker() && !n.unsound[p.SHA256]
}

// needsPast reports whether Past holds something that was found in s.
func needsPast(s *state.Source) bool {
	if s.Dropped > 0 || !s.From.IsZero() {
		return true
	}
	for _, g := range s.Parts {
		if g.Covered == state.InPast {
			return true
		}
	}
	return false
}

// plan chooses the latest checkpoint that all news stand behind.
func (n *nightReader) plan() plan {
	x := &n.night.next
	n.night.roll = n.rollDue()
	if c := x.Recent; c != nil && !n.outdated && n.sameMaker() && !n.unsound[c.SHA256] && !n.night.roll && n.fits(c) {
		return plan{c, state.InRecent}
	}
	if n.pastUsable() {
		return plan{x.Past, state.InPast}
	}
	x.Past = nil
	return plan{}
}

// fits reports whether everything that c holds is still wanted, and everything
// else happened after it.
func (n *nightReader) fits(c *state.Checkpoint) bool {
	covered := 0
	for i := range n.next {
		for _, g := range n.next[i].source.Parts {
			switch {
			case g.Covered >= state.InRecent:
				covered++
			case g.Hits > 0 && g.First.Before(c.At): // also if one has no time
				return false
			}
		}
	}
	return covered == c.Covers
}

// rollDue reports whether so much is kept beyond the kept time that folding it
// is worth while.
func (n *nightReader) rollDue() bool {
	from := n.store.Index.Newest.Add(-n.night.keep - n.night.keep/5)
	for i := range n.next {
		s := &n.next[i].source
		for j, g := range s.Parts {
			if g.Hits > 0 && g.Last.Before(from) && !g.Last.IsZero() && !isRest(s, j) {
				return true
			}
		}
	}
	return false
}

// isRest reports whether a part of s is what is behind the cut, to be read
// again when the file has grown.
func isRest(s *state.Source, part int) bool { return s.Cut > 0 && part == len(s.Parts)-1 }

// waits reports whether a part of s is left out of checkpoints because the file
// may grow. One that did not for long is taken for settled; if it grows after
// all, a night concludes over everything that is kept.
func (n *Night) waits(s *state.Source, part int) bool {
	g := &s.Parts[part]
	return isRest(s, part) && g.Covered == state.InNone && (g.Hits == 0 || !g.Last.Before(n.store.Index.Newest.Add(-restWindow)))
}

// verify reads what the plan needs, and makes sources new whose segments are
// damaged. It reports whether the plan holds.
func (n *nightReader) verify(p plan) (bool, error) {
	if p.from != nil {
		sound, err := n.store.Verify(p.from.Segment, lostCheckpoint(p))
		if err != nil {
			return false, err
		}
		if !sound {
			n.giveUp(p)
			return false, nil
		}
	}
	all := true
	for i := range n.next {
		x := &n.next[i]
		for _, g := range x.source.Parts {
			if p.covers(g) && !p.open(g) {
				continue
			}
			sound, err := n.store.Verify(g, lostSegment(&x.source))
			if err != nil {
				return false, err
			}
			if !sound {
				x.damaged()
				all = false
				break
			}
		}
	}
	return all, nil
}

func lostSegment(s *state.Source) string {
	return fmt.Sprintf("what was found in %q is read anew if it is still there", s.Path)
}

func lostCheckpoint(p plan) string {
	if p.level == state.InPast {
		return "what was found long ago is read anew as far as it is still there"
	}
	return "this run concludes over everything that is kept"
}

// giveUp marks a checkpoint as damaged, and what only it held as unread.
func (n *nightReader) giveUp(p plan) {
	if n.unsound == nil {
		n.unsound = map[string]bool{}
	}
	n.unsound[p.from.SHA256] = true
	if p.level != state.InPast {
		return
	}
	for i := range n.next {
		if x := &n.next[i]; needsPast(&x.source) && x.input != nil {
			x.damaged()
		}
	}
}

// damaged makes x new, if it is still there.
func (x *nextSource) damaged() {
	if x.known != nil {
		x.known.usable = false
	}
	if x.input != nil {
		x.input.how, x.input.result = asNew, nil
	} else {
		x.known.lost = true
	}
}

// covers reports whether the plan's checkpoint holds what g says of the time
// before it.
func (p plan) covers(g state.Segment) bool { return p.from != nil && g.Covered >= p.level }

// open reports whether g, which the checkpoint covers, has hits behind it.
func (p plan) open(g state.Segment) bool { return g.Hits > 0 && !g.Last.Before(p.from.At) }
