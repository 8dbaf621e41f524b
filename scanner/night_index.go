package scanner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tideline/scanner/finding"
	"tideline/scanner/source"
	"tideline/scanner/state"
)

// A nextSource is one of the next index.
type nextSource struct {
	source state.Source
	input  *nightInput  // nil if it is gone
	known  *knownSource // nil if it is new
	name   string       // path that reports show
}

// nextIndex makes the index of what is known now. It is made again when what was
// known turned out to be damaged.
func (n *nightReader) nextIndex() {
	night := n.night
	n.next, night.Read, night.Known = nil, 0, 0
	night.Notes = night.Notes[:n.skips:n.skips]
	taken := map[string]bool{}
	for _, in := range n.inputs {
		taken[in.in.Path] = true
		n.keepInput(in)
	}
	for _, k := range n.known {
		n.keepGone(k, taken)
	}
	slices.SortStableFunc(n.next, func(a, b nextSource) int {
		return cmp.Or(strings.Compare(a.source.Path, b.source.Path), strings.Compare(a.source.Sum, b.source.Sum))
	})
	next := &night.next
	next.Sources = nil
	for i := range n.next {
		next.Sources = append(next.Sources, n.next[i].source)
	}
	next.Choice = n.options.Choice
	next.Newest, next.Told = n.store.Index.Newest, n.store.Index.Told
	next.Recent, next.Past = n.store.Index.Recent, n.store.Index.Past
}

// keepInput enters an input into the next index, as what it was recognised as.
func (n *nightReader) keepInput(in *nightInput) {
	night := n.night
	switch {
	case in.how == asCopy:
		night.Notes = append(night.Notes, copyEntry(in))
		night.Known++
	case in.how == asUnread:
		night.Notes = append(night.Notes, in.entries...)
	case in.result != nil:
		n.next = append(n.next, nextSource{n.afterPast(in), in, in.known, in.in.Path})
		night.Read++
	case in.how == asKnown && in.known != nil:
		s := in.known.Source
		in.seen(&s)
		night.moved = night.moved || s.Path != in.known.Path || s.Inode != in.known.Inode || s.ModTime != in.known.ModTime || s.Changed != in.known.Changed
		n.next = append(n.next, nextSource{s, in, in.known, in.in.Path})
		night.Known++
	}
}

// keepGone enters a known source that was not met again: what was found in it still
// counts. taken are the paths of inputs.
func (n *nightReader) keepGone(k *knownSource, taken map[string]bool) {
	if k.claimed || k.lost || k.Size == 0 || !k.usable && n.sameMaker() {
		return // met again; or empty; or its segments are damaged, which was said
	}
	name := k.Path
	if taken[name] { // it left its name to another
		name += "~" + k.Sum[:8]
	}
	n.next = append(n.next, nextSource{k.Source, nil, k, name})
}

// afterPast is the result of reading in. Of a file that replaces one of which
// Past holds the beginning, only what is behind that is new.
func (n *nightReader) afterPast(in *nightInput) state.Source {
	s := *in.result
	if in.known != nil && n.pastUsable() && in.replacesPast() {
		s.From = n.store.Index.Past.At
	}
	return s
}

// replacesPast reports whether Past holds something that in reads again.
func (in *nightInput) replacesPast() bool {
	s := &in.known.Source
	if in.how == asNew {
		return needsPast(s)
	}
	last := len(s.Parts) - 1
	return last >= 0 && isRest(s, last) && s.Parts[last].Covered == state.InPast
}

// copyEntry says that a file holds what another one does.
func copyEntry(in *nightInput) finding.Entry {
	return finding.Entry{Path: in.in.Path, Codecs: []string{}, Size: in.in.Size, Gaps: []finding.Remark{}, Notes: []finding.Remark{{
		Code: source.CodeDuplicate, Count: 1, Reason: fmt.Sprintf("the same content as %.200q, which was read", in.known.Path)}}}
}
