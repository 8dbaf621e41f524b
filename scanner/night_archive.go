package scanner

import (
	"io"
	"slices"
	"strings"

	"tideline/scanner/fileid"
	"tideline/scanner/finding"
	"tideline/scanner/source"
)

// A predecessor is an archive that was read under the name that another one has
// now: a bundle that is made anew each night. If that holds everything the old
// one held, the old one is replaced by it, not gone: or each night would count
// all the nights before it once more.
type predecessor struct {
	known *knownSource
	wants map[heldContent]bool // what of it was not met yet
}

// A heldContent is a file in an archive.
type heldContent struct {
	path   string // below the archive
	length int64
	sum    string
}

// predecessors are the archives that in may replace. What Past holds of one
// cannot be taken back, so that one stays.
func (n *nightReader) predecessors(in *nightInput) []*predecessor {
	if in.how != asNew || in.known != nil {
		return nil
	}
	var out []*predecessor
	for _, k := range n.known {
		if k.claimed || !k.usable || k.Path != in.in.Path || k.HeadLen > 0 || k.Size == 0 || needsPast(&k.Source) {
			continue
		}
		if p := (&predecessor{k, map[heldContent]bool{}}); n.contents(p) && len(p.wants) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// contents enters what p's archive held. One of which that cannot be said, as
// its segments are damaged, is no predecessor; that it is damaged is said when
// it is loaded.
func (n *nightReader) contents(p *predecessor) bool {
	for _, g := range p.known.Parts {
		f, err := n.store.Open(g)
		if err != nil {
			return false
		}
		part, err := ReadPartial(f, n.night.limit)
		_ = f.Close() // read only: nothing can be lost
		if err != nil {
			return false
		}
		ledger := part.Ledger
		_ = part.Close() // its runs have no names: nothing is left behind
		for i := range ledger {
			e := &ledger[i]
			below, ok := strings.CutPrefix(e.Path, p.known.Read+"!")
			if ok && e.Size > 0 && !holdsOthers(ledger, e.Path) {
				p.wants[heldContent{below, e.Size, e.SHA256}] = true
			}
		}
	}
	return true
}

// holdsOthers reports whether a path of a sorted ledger is that of an archive:
// its contents are looked at one by one.
func holdsOthers(ledger []finding.Entry, path string) bool {
	inside := path + "!"
	i, _ := slices.BinarySearchFunc(ledger, inside, func(e finding.Entry, p string) int { return strings.Compare(e.Path, p) })
	return i < len(ledger) && strings.HasPrefix(ledger[i].Path, inside)
}

// A succession watches the reading of an archive that may replace others.
type succession struct {
	archive string
	before  []*predecessor
	sums    *fileid.Prefixes // of the stream that is being read
	path    string           // of it, below the archive
}

// open watches a stream: a log in it may begin as the old one was.
func (s *succession) open(stream *source.Stream) {
	s.close()
	below, ok := strings.CutPrefix(stream.Path, s.archive+"!")
	if !ok {
		return
	}
	var lengths []int64
	for _, p := range s.before {
		for c := range p.wants {
			if c.path == below {
				lengths = append(lengths, c.length)
			}
		}
	}
	if len(lengths) == 0 {
		return
	}
	slices.Sort(lengths)
	s.path, s.sums = below, fileid.NewPrefixes(slices.Compact(lengths)...)
	stream.Reader = io.TeeReader(stream.Reader, s.sums)
}

// close takes what the last stream held.
func (s *succession) close() {
	if s.sums == nil {
		return
	}
	for length, sum := range s.sums.Sums() {
		s.met(heldContent{s.path, length, sum})
	}
	s.sums = nil
}

// member takes what a member held as it is stored.
func (s *succession) member(m *source.Member) {
	if below, ok := strings.CutPrefix(m.Path, s.archive+"!"); ok {
		s.met(heldContent{below, m.Size, m.SHA256})
	}
}

func (s *succession) met(c heldContent) {
	for _, p := range s.before {
		delete(p.wants, c)
	}
}

// replaced are the archives of which everything was met.
func (s *succession) replaced() []*knownSource {
	s.close()
	var out []*knownSource
	for _, p := range s.before {
		if len(p.wants) == 0 {
			out = append(out, p.known)
		}
	}
	return out
}

// succeed lets the inputs that were read take the place of what they replace.
func (n *nightReader) succeed(inputs []*nightInput) {
	for _, in := range inputs {
		for _, k := range in.replaces {
			if in.result == nil || k.claimed {
				continue
			}
			k.claimed = true
			if in.known == nil {
				in.known = k
			}
		}
		in.replaces = nil
	}
}
