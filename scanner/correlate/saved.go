package correlate

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// ErrSaved is returned by Resume for what no engine of the same set saved.
var ErrSaved = errors.New("correlate: not the saved state of these correlations")

// Saved is what an engine knows between two matches, for a run that goes on
// where another one ended. It is data without pointers: JSON keeps it. It
// belongs to one set of rules.
type Saved struct {
	Now     time.Time        `json:"now"`
	Evicted int64            `json:"evicted"`
	Skipped int64            `json:"skipped"`
	Fresh   int              `json:"fresh,omitempty"` // members since windows were thinned
	Windows []SavedWindow    `json:"windows"`         // those that are open, and those they count
	Open    map[string][]int `json:"open"`            // indexes of Windows by id or title of the correlation, oldest first
}

// A SavedWindow is the matches of one group.
type SavedWindow struct {
	Group   []GroupValue `json:"group"`
	Members []SavedEntry `json:"members"`
	Live    int          `json:"live"`
	Fired   bool         `json:"fired"`
	Note    string       `json:"note,omitempty"`
	More    int          `json:"more,omitempty"`
	Lone    bool         `json:"lone,omitempty"` // its match is kept as a lone one
}

// A SavedEntry is one match within a window.
type SavedEntry struct {
	Time   time.Time `json:"time"`
	Ref    int64     `json:"ref"`
	Inner  int       `json:"inner"` // index of Windows, plus one; 0 for an event
	Member int       `json:"member"`
	Values []string  `json:"values,omitempty"`
}

// Refs calls yield for the events of all open windows, and of those they count; some
// come more than once. They are what a report may still name.
func (e *Engine) Refs(yield func(ref int64)) {
	done := map[*window]bool{} // of those that others count
	var visit func(w *window)
	visit = func(w *window) {
		for i := range w.members {
			x := &w.members[i]
			yield(x.ref)
			if inner := x.inner(); inner != nil && !done[inner] {
				done[inner] = true
				visit(inner)
			}
		}
	}
	for _, n := range e.counters {
		n.lones.each(n, func(_ []GroupValue, x entry) { yield(x.ref) })
		for w := n.oldest; w != nil; w = w.newer {
			visit(w)
		}
	}
}

// Save returns what e knows; e stays as it is.
func (e *Engine) Save() *Saved {
	s := &saver{out: &Saved{Now: e.now, Evicted: e.evicted, Skipped: e.skipped, Fresh: e.fresh}, index: map[*window]int{}}
	s.out.Open = map[string][]int{}
	for _, n := range e.counters {
		n.lones.each(n, func(group []GroupValue, x entry) {
			s.out.Open[n.name] = append(s.out.Open[n.name], len(s.out.Windows))
			s.out.Windows = append(s.out.Windows, SavedWindow{Group: group, Lone: true,
				Members: []SavedEntry{{Time: x.time(), Ref: x.ref, Member: int(x.member), Values: x.values()}}})
		})
		for w := n.oldest; w != nil; w = w.newer {
			s.out.Open[n.name] = append(s.out.Open[n.name], s.window(w))
		}
	}
	return s.out
}

// nameCounters tells counters apart whatever the order of the rules is, as far as ids and
// titles do: a number is added to those that others have, too.
func (e *Engine) nameCounters() {
	taken := map[string]bool{}
	for _, n := range e.counters {
		base := n.c.ID
		if base == "" {
			base = "title:" + n.c.Title
		}
		n.name = base
		for i := 2; taken[n.name]; i++ {
			n.name = fmt.Sprintf("%s#%d", base, i)
		}
		taken[n.name] = true
	}
}

// A saver is one Save.
type saver struct {
	out   *Saved
	index map[*window]int
}

func (s *saver) window(w *window) int {
	if i, ok := s.index[w]; ok {
		return i
	}
	saved := SavedWindow{Group: w.group, Live: w.live, Fired: w.fired, Note: w.note, More: w.more}
	for i := range w.members {
		x := &w.members[i]
		entry := SavedEntry{Time: x.time(), Ref: x.ref, Member: int(x.member), Values: x.values()}
		if inner := x.inner(); inner != nil {
			entry.Inner = s.window(inner) + 1 // counted windows count nothing that counts them
		}
		saved.Members = append(saved.Members, entry)
	}
	i := len(s.out.Windows)
	s.index[w] = i
	s.out.Windows = append(s.out.Windows, saved)
	return i
}

// Resume makes e, which is new, know what the engine knew that saved s. On
// ErrSaved e is not to be used.
func (e *Engine) Resume(s *Saved) error {
	windows := make([]*window, len(s.Windows))
	for i := range s.Windows {
		w, err := s.Windows[i].window(windows[:i])
		if err != nil {
			return err
		}
		windows[i] = w
	}
	known := 0
	for _, n := range e.counters {
		open, ok := s.Open[n.name]
		if ok {
			known++
		}
		for _, j := range open {
			if j < 0 || j >= len(windows) || windows[j].queued {
				return fmt.Errorf("%w: a window that is not there", ErrSaved)
			}
			if s.Windows[j].Lone {
				if alone, err := n.resumeLone(windows[j]); err != nil {
					return err
				} else if alone {
					e.hold(&windows[j].members[0])
					continue
				}
			}
			if err := n.reopen(windows[j]); err != nil {
				return err
			}
			for k := range windows[j].members {
				e.hold(&windows[j].members[k])
			}
		}
	}
	if known != len(s.Open) {
		return fmt.Errorf("%w: it has windows of others", ErrSaved)
	}
	e.now, e.evicted, e.skipped, e.fresh = s.Now, s.Evicted, s.Skipped, s.Fresh
	return nil
}

// window makes a window that counts some of those before it.
func (s *SavedWindow) window(before []*window) (*window, error) {
	if len(s.Members) == 0 || s.Live < 0 || s.Live > len(s.Members) {
		return nil, fmt.Errorf("%w: a window without matches", ErrSaved)
	}
	w := &window{key: keyOf(s.Group), group: s.Group, live: s.Live, fired: s.Fired, note: s.Note, more: s.More}
	for i := range s.Members {
		m := &s.Members[i]
		if m.Inner < 0 || m.Inner > len(before) || m.Member < 0 || m.Member > math.MaxUint16 {
			return nil, fmt.Errorf("%w: a match of nothing", ErrSaved)
		}
		var inner *window
		if m.Inner > 0 {
			inner = before[m.Inner-1]
		}
		w.members = append(w.members, newEntry(m.Time, m.Ref, m.Member, newExtra(inner, m.Values)))
	}
	return w, nil
}

// resumeLone keeps the match of a saved window as a lone one, if it can be.
func (n *counter) resumeLone(w *window) (bool, error) {
	x := &w.members[0]
	if len(w.members) != 1 || w.fired || w.live > 0 || x.inner() != nil || n.atEnd || len(w.group) != len(n.c.GroupBy) {
		return false, fmt.Errorf("%w: no lone match", ErrSaved)
	}
	if int(x.member) >= len(n.c.Members) {
		return false, fmt.Errorf("%w: a match of no rule", ErrSaved)
	}
	if _, taken := n.lones.take(n, w.key); taken || n.windows[w.key] != nil {
		return false, fmt.Errorf("%w: two windows of one group", ErrSaved)
	}
	return n.lones.put(&group{w.key, w.group}, x), nil
}

// reopen puts a saved window at the end of the line, with its tally.
func (n *counter) reopen(w *window) error {
	if n.windows[w.key] != nil {
		return fmt.Errorf("%w: two windows of one group", ErrSaved)
	}
	for i := w.live; i < len(w.members); i++ {
		if int(w.members[i].member) >= len(n.c.Members) {
			return fmt.Errorf("%w: a match of no rule", ErrSaved)
		}
	}
	w.tallyAnew(n.tally)
	n.windows[w.key] = w
	n.link(w)
	return nil
}
