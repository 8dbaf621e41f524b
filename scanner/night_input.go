package scanner

import (
	"io/fs"
	"os"
	"sync"

	"tideline/scanner/fileid"
	"tideline/scanner/finding"
	"tideline/scanner/source"
	"tideline/scanner/state"
)

// howToRead is what becomes of an input.
type howToRead int

const (
	asNew    howToRead = iota // read it all; if known is set, that source is replaced
	asKnown                   // nothing is read
	asGrown                   // read from where known ended
	asCopy                    // the same content as another file that is there: it is not counted twice
	asUnread                  // it could not be read
)

// A nightInput is one file of this run.
type nightInput struct {
	in     source.Input
	info   fs.FileInfo // before it was read; nil if that cannot be had
	how    howToRead
	known  *knownSource
	packed bool // the file as stored is not the content that grew

	result  *state.Source   // of reading it
	entries []finding.Entry // of one that could not be read

	replaces []*knownSource // archives that held nothing that it does not hold
}

// recognise decides for every input how it is read. The cheap tests come
// first: a file that is where it was, of the size and time it had, with the
// ends it had, is known. One that is larger and begins as the known one did is
// grown. For all others the content decides.
func (n *nightReader) recognise() error {
	byFile := map[[2]uint64][]*knownSource{}
	for _, k := range n.known {
		if k.Inode != 0 {
			byFile[[2]uint64{k.Dev, k.Inode}] = append(byFile[[2]uint64{k.Dev, k.Inode}], k)
		}
	}
	var rest []*nightInput
	for _, in := range n.inputs {
		in.look()
		if !n.sameFile(in, byFile) {
			rest = append(rest, in)
		}
	}
	rest = n.grownFiles(rest, byFile)
	if err := n.sameContent(rest); err != nil {
		return err
	}
	n.altered(rest)
	return nil
}

// altered finds the files that pretend to be what they were.
func (n *nightReader) altered(inputs []*nightInput) {
	type look struct {
		path          string
		dev, inode    uint64
		size, modTime int64
	}
	were := map[look]bool{}
	for _, k := range n.known {
		if !k.claimed {
			were[look{k.Path, 0, 0, k.Size, k.ModTime}] = true
			were[look{"", k.Dev, k.Inode, k.Size, k.ModTime}] = true
		}
	}
	for _, in := range inputs {
		if in.how != asNew || in.known != nil || in.info == nil || in.info.Size() == 0 {
			continue
		}
		l := look{in.in.Path, 0, 0, in.info.Size(), in.info.ModTime().UnixNano()}
		file := l
		file.path = ""
		if dev, inode, ok := fileid.Number(in.info); ok {
			file.dev, file.inode = dev, inode
		}
		if were[l] || file.inode != 0 && were[file] {
			n.night.Altered = append(n.night.Altered, in.in.Path)
		}
	}
}

func (in *nightInput) look() {
	if info, err := os.Stat(in.in.Path); err == nil {
		in.info = info // else reading it says why
	}
}

// seen notes where s was met.
func (in *nightInput) seen(s *state.Source) {
	s.Path = in.in.Path
	if in.info != nil {
		s.Dev, s.Inode, _ = fileid.Number(in.info)
		s.ModTime, s.Changed = in.info.ModTime().UnixNano(), fileid.Changed(in.info)
	}
}

// take makes k the source of in.
func (in *nightInput) take(k *knownSource, how howToRead) {
	k.claimed = true
	in.known, in.how = k, how
	if !k.usable {
		in.how = asNew
	}
}

// sameFile finds the known source that in still is, by where it is, how large,
// of what time and with what ends. A file that the kernel saw changing under the
// name that it had, though its time says otherwise, is compared by content: a
// rename alone changes that time too, so one under another name is not.
func (n *nightReader) sameFile(in *nightInput, byFile map[[2]uint64][]*knownSource) bool {
	return n.takeFile(in, byFile, asKnown, func(k *knownSource) bool {
		return k.Size == in.info.Size() && k.ModTime == in.info.ModTime().UnixNano() &&
			(k.Path != in.in.Path || k.Changed == fileid.Changed(in.info))
	})
}

// takeFile finds the known source that in is, of those of the same file for which is
// holds, and of which in has at their places the bytes that were its ends.
func (n *nightReader) takeFile(in *nightInput, byFile map[[2]uint64][]*knownSource, how howToRead, is func(*knownSource) bool) bool {
	if in.info == nil || n.options.Verify {
		return false
	}
	dev, inode, ok := fileid.Number(in.info)
	for _, k := range byFile[[2]uint64{dev, inode}] {
		if !ok || k.claimed || !is(k) {
			continue
		}
		if ends, err := fileid.Ends(in.in.Path, k.Size); err == nil && ends == k.Ends {
			in.take(k, how)
			return true
		}
	}
	return false
}

// grownFiles finds the sources that grew where they are, and returns the other
// inputs.
func (n *nightReader) grownFiles(inputs []*nightInput, byFile map[[2]uint64][]*knownSource) []*nightInput {
	var rest []*nightInput
	for _, in := range inputs {
		if !n.grownFile(in, byFile) {
			rest = append(rest, in)
		}
	}
	return rest
}

// grownFile recognises a file that a known one has grown to: the same file, larger.
func (n *nightReader) grownFile(in *nightInput, byFile map[[2]uint64][]*knownSource) bool {
	return n.takeFile(in, byFile, asGrown, func(k *knownSource) bool { return k.Size > 0 && k.Size < in.info.Size() })
}

// sameContent looks for the sources that inputs hold whatever their names are.
func (n *nightReader) sameContent(inputs []*nightInput) error {
	sums := make([]*contentSums, len(inputs))
	var group sync.WaitGroup
	slots := make(chan struct{}, n.options.workers())
	for i, in := range inputs {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			sums[i] = n.sum(in)
		})
	}
	group.Wait()
	if err := n.ctx.Err(); err != nil {
		return err
	}
	for i, in := range inputs {
		in.matchSums(sums[i])
	}
	return nil
}

// matchSums takes the longest known content that in begins with.
func (in *nightInput) matchSums(c *contentSums) {
	if c == nil {
		return
	}
	var best *knownSource
	for _, k := range c.equal {
		switch {
		case k.claimed && k.Length == c.length && k.usable:
			in.how, in.known = asCopy, k
			return
		case !k.claimed && (best == nil || k.Length > best.Length):
			best = k
		}
	}
	switch {
	case best == nil:
	case best.Length == c.length:
		in.take(best, asKnown)
	default:
		in.take(best, asGrown)
		if in.packed = in.info == nil || c.packed; in.packed && best.Cut == 0 {
			in.how = asNew // no place to go on from
		}
	}
}
