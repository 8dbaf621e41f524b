package scanner

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"sync"

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

// endBytes is how much of each end of a file is compared before it is taken
// for one that is known.
const endBytes = 4096

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
		if dev, inode, ok := fileNumber(in.info); ok {
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
		s.Dev, s.Inode, _ = fileNumber(in.info)
		s.ModTime, s.Changed = in.info.ModTime().UnixNano(), changeTime(in.info)
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
	if in.info == nil || n.options.Verify {
		return false
	}
	dev, inode, ok := fileNumber(in.info)
	for _, k := range byFile[[2]uint64{dev, inode}] {
		if k.Path == in.in.Path && k.Changed != changeTime(in.info) {
			continue
		}
		if !ok || k.claimed || k.Size != in.info.Size() || k.ModTime != in.info.ModTime().UnixNano() {
			continue
		}
		if ends, err := endsOf(in.in.Path, k.Size); err == nil && ends == k.Ends {
			in.take(k, asKnown)
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

func (n *nightReader) grownFile(in *nightInput, byFile map[[2]uint64][]*knownSource) bool {
	if in.info == nil || n.options.Verify {
		return false
	}
	dev, inode, ok := fileNumber(in.info)
	for _, k := range byFile[[2]uint64{dev, inode}] {
		if !ok || k.claimed || k.Size == 0 || k.Size >= in.info.Size() {
			continue
		}
		if ends, err := endsOf(in.in.Path, k.Size); err == nil && ends == k.Ends {
			in.take(k, asGrown)
			return true
		}
	}
	return false
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

// contentSums says which known contents an input begins with.
type contentSums struct {
	length int64
	packed bool // what was hashed is not the file as stored
	equal  []*knownSource
}

var errEnough = errors.New("scanner: the head was seen")

// sum hashes the content of in, if a known content has its head. An archive is
// compared as it is stored.
func (n *nightReader) sum(in *nightInput) *contentSums {
	if stored := n.sumStored(in); stored != nil {
		return stored
	}
	var out *contentSums
	err := in.in.Streams(n.ctx, n.options.Source, func(s *source.Stream) error {
		if s.Path != in.in.Path || out != nil {
			return errEnough
		}
		c, err := n.sumStream(s)
		if err == nil {
			c.packed = len(s.Codecs) > 0
			out = c
		}
		return err
	}, func(*source.Member) {})
	if err != nil {
		return nil // an archive, something with no known head, or unreadable: it is read as new
	}
	return out
}

func (n *nightReader) sumStream(r io.Reader) (*contentSums, error) {
	head := make([]byte, endBytes)
	read, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:read]
	lengths := map[int64][]*knownSource{}
	heads := map[int64]string{} // most are of one length
	for _, k := range n.known {
		if k.HeadLen <= 0 || k.HeadLen > int64(read) {
			continue
		}
		if heads[k.HeadLen] == "" {
			heads[k.HeadLen] = hexSum(head[:k.HeadLen])
		}
		if k.Head == heads[k.HeadLen] {
			lengths[k.Length] = append(lengths[k.Length], k)
		}
	}
	if len(lengths) == 0 {
		return nil, errEnough
	}
	w := &prefixSums{at: sortedLengths(lengths), hash: sha256.New()}
	w.Write(head)
	if _, err := io.Copy(w, r); err != nil {
		return nil, err
	}
	c := &contentSums{length: w.length}
	for length, list := range lengths {
		for _, k := range list {
			if sum, ok := w.sums[length]; ok && sum == k.Sum {
				c.equal = append(c.equal, k)
			}
		}
	}
	sortKnown(c.equal)
	return c, nil
}

// sumStored compares the file as it is stored with archives of its size and
// ends.
func (n *nightReader) sumStored(in *nightInput) *contentSums {
	if in.info == nil {
		return nil
	}
	var equal []*knownSource
	sum := ""
	for _, k := range n.known {
		if k.HeadLen > 0 || k.Size != in.info.Size() || k.Size == 0 {
			continue
		}
		if ends, err := endsOf(in.in.Path, k.Size); err != nil || ends != k.Ends {
			continue
		}
		if sum == "" {
			var err error
			if sum, err = fileSum(in.in.Path); err != nil {
				return nil
			}
		}
		if sum == k.Sum {
			equal = append(equal, k)
		}
	}
	if len(equal) == 0 {
		return nil
	}
	sortKnown(equal)
	return &contentSums{length: equal[0].Length, packed: true, equal: equal}
}

// prefixSums hashes what is written to it and keeps the digests of prefixes.
type prefixSums struct {
	hash   hash.Hash
	length int64
	at     []int64 // lengths to come, ascending
	sums   map[int64]string
}

func (w *prefixSums) Write(b []byte) (int, error) {
	all := len(b)
	for len(w.at) > 0 && w.at[0] <= w.length+int64(len(b)) {
		n := w.at[0] - w.length
		w.hash.Write(b[:n])
		w.length, b = w.at[0], b[n:]
		if w.sums == nil {
			w.sums = map[int64]string{}
		}
		w.sums[w.at[0]] = hex.EncodeToString(w.hash.Sum(nil))
		w.at = w.at[1:]
	}
	w.hash.Write(b)
	w.length += int64(len(b))
	return all, nil
}

// endsOf hashes the first and the last bytes of the first size bytes of a file.
func endsOf(name string, size int64) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("look at the ends of %q: %w", name, err)
	}
	defer f.Close() // read only: nothing can be lost
	part := min(size, endBytes)
	b := make([]byte, 2*part)
	if _, err := f.ReadAt(b[:part], 0); err != nil && part > 0 {
		return "", fmt.Errorf("look at the ends of %q: %w", name, err)
	}
	if _, err := f.ReadAt(b[part:], size-part); err != nil && part > 0 {
		return "", fmt.Errorf("look at the ends of %q: %w", name, err)
	}
	return hexSum(b), nil
}

func fileSum(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() // read only: nothing can be lost
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
