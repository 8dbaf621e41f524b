package scanner

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/source"
)

// A loose event is one that the rotation of its log may have parted: its other
// records, if there are any, are in another file of the set, which another
// worker, machine or night reads. It is kept with its records until all
// partials are together, and only then counted and matched: see Settle.
type loose struct {
	Format  string        `json:"format"`
	Path    string        `json:"path"` // of the stream
	Time    finding.Time  `json:"time"` // of the event
	Key     []byte        `json:"key"`
	Head    bool          `json:"head,omitempty"`
	Tail    bool          `json:"tail,omitempty"`
	Context []byte        `json:"context,omitempty"`
	Origin  looseOrigin   `json:"origin"`
	Records []looseRecord `json:"records"`

	set string // of rotated files, worked out from Path
}

// A looseRecord is a parsers.Record.
type looseRecord struct {
	Raw  []byte      `json:"raw"`
	Data []byte      `json:"data,omitempty"` // nil: Raw
	Pos  parsers.Pos `json:"pos"`
}

// A looseOrigin is a parsers.Origin on the wire.
type looseOrigin struct {
	Envelope  string            `json:"envelope,omitempty"`
	Time      finding.Time      `json:"time"`
	Host      string            `json:"host,omitempty"`
	Cluster   string            `json:"cluster,omitempty"`
	Container parsers.Container `json:"container"`
	Stream    string            `json:"stream,omitempty"`
}

// newLoose copies what is borrowed.
func newLoose(f *parsers.Format, path string, ev *parsers.Event) *loose {
	p := ev.Parted
	l := &loose{Format: f.Name, Path: path, Time: finding.Time{Time: ev.Time}, Key: bytes.Clone(p.Key), Head: p.Head, Tail: p.Tail, Context: bytes.Clone(p.Context)}
	for i := range p.Records {
		r := &p.Records[i]
		if i == 0 {
			l.Origin = looseOrigin{r.Origin.Envelope, finding.Time{Time: r.Origin.Time}, r.Origin.Host, r.Origin.Cluster, r.Origin.Container, r.Origin.Stream}
		}
		k := looseRecord{Raw: bytes.Clone(r.Raw), Pos: r.Pos}
		if !bytes.Equal(r.Raw, r.Data) {
			k.Data = bytes.Clone(r.Data)
		}
		l.Records = append(l.Records, k)
	}
	return l
}

// part is l as its format takes it back.
func (l *loose) part() parsers.Parted {
	o := parsers.Origin{Envelope: l.Origin.Envelope, Time: l.Origin.Time.Time, Host: l.Origin.Host, Cluster: l.Origin.Cluster,
		Container: l.Origin.Container, Stream: l.Origin.Stream}
	p := parsers.Parted{Key: l.Key, Head: l.Head, Tail: l.Tail, Context: l.Context}
	for _, r := range l.Records {
		rec := parsers.Record{Data: r.Data, Raw: r.Raw, Pos: r.Pos, Origin: o}
		if r.Data == nil {
			rec.Data = r.Raw
		}
		p.Records = append(p.Records, rec)
	}
	return p
}

// rotated is the folder of the stream and the name of its rotation set.
func (l *loose) rotated() string {
	if l.set == "" {
		name := base(l.Path)
		l.set = strings.TrimSuffix(l.Path, name) + source.RotationSet(name)
	}
	return l.set
}

// compareLoose brings the parts of one event together, in the order of their
// rotation set.
func compareLoose(a, b *loose) int {
	if c := cmp.Or(strings.Compare(a.rotated(), b.rotated()), strings.Compare(a.Format, b.Format), bytes.Compare(a.Key, b.Key)); c != 0 {
		return c
	}
	switch x, y := base(a.Path), base(b.Path); {
	case source.RotationLess(x, y):
		return -1
	case source.RotationLess(y, x):
		return 1
	}
	return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Records[0].Pos.Offset, b.Records[0].Pos.Offset))
}

// looseSize estimates the bytes that a loose event takes in memory.
func looseSize(l *loose) int {
	n := 512 + len(l.Context)
	for _, r := range l.Records {
		n += 64 + len(r.Raw) + len(r.Data)
	}
	return n
}

func newLooseSorter(limit int) *sorter[loose] {
	return &sorter[loose]{compare: compareLoose, size: looseSize, code: codeLoose, limit: limit / 8}
}

// eachLoose calls f for the loose events of several partials, in order.
func eachLoose(partials []*Partial, f func(*loose) error) error {
	m := merger[loose]{compare: compareLoose}
	for _, p := range partials {
		for _, r := range p.loose.readers() {
			if err := m.push(r); err != nil {
				return err
			}
		}
	}
	return m.each(f)
}

// moved is l in a stream that has more bytes and lines before it.
func (l *loose) moved(bytes, lines int64) *loose {
	copied := *l
	copied.Records = slices.Clone(l.Records)
	for i := range copied.Records {
		p := &copied.Records[i].Pos
		p.Offset, p.Line = p.Offset+bytes, p.Line+lines
	}
	return &copied
}
