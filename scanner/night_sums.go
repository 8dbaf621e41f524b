package scanner

import (
	"errors"
	"io"
	"maps"
	"slices"

	"tideline/scanner/fileid"
	"tideline/scanner/source"
)

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

// sumStream reads r to its end and says which known contents it begins with. It returns
// errEnough, and reads no further, if the first bytes are those of none.
func (n *nightReader) sumStream(r io.Reader) (*contentSums, error) {
	head := make([]byte, fileid.EndBytes)
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
			heads[k.HeadLen] = fileid.Sum(head[:k.HeadLen])
		}
		if k.Head == heads[k.HeadLen] {
			lengths[k.Length] = append(lengths[k.Length], k)
		}
	}
	if len(lengths) == 0 {
		return nil, errEnough
	}
	w := fileid.NewPrefixes(slices.Sorted(maps.Keys(lengths))...)
	w.Write(head)
	if _, err := io.Copy(w, r); err != nil {
		return nil, err
	}
	c := &contentSums{length: w.Length()}
	for length, list := range lengths {
		for _, k := range list {
			if sum, ok := w.Sums()[length]; ok && sum == k.Sum {
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
		if ends, err := fileid.Ends(in.in.Path, k.Size); err != nil || ends != k.Ends {
			continue
		}
		if sum == "" {
			var err error
			if sum, err = fileid.File(in.in.Path); err != nil {
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
