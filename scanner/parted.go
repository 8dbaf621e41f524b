package scanner

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/item"
	"tideline/scanner/source"
	"tideline/scanner/spill"
)

// A partedEvent is one that the rotation of its log may have parted: its other
// records, if there are any, are in another file of the set, which another
// worker, machine or night reads. It is kept with its records until all
// partials are together, and only then counted and matched: see Settle.
type partedEvent struct {
	Format  string         `json:"format"`
	Path    string         `json:"path"` // of the stream
	Time    finding.Time   `json:"time"` // of the event
	Key     []byte         `json:"key"`
	Head    bool           `json:"head,omitempty"`
	Tail    bool           `json:"tail,omitempty"`
	Context []byte         `json:"context,omitempty"`
	Origin  partedOrigin   `json:"origin"`
	Records []partedRecord `json:"records"`

	set string // of rotated files, worked out from Path
}

// A partedRecord is a parsers.Record.
type partedRecord struct {
	Raw  []byte      `json:"raw"`
	Data []byte      `json:"data,omitempty"` // nil: Raw
	Pos  parsers.Pos `json:"pos"`
}

// A partedOrigin is a parsers.Origin on the wire.
type partedOrigin struct {
	Envelope  string            `json:"envelope,omitempty"`
	Time      finding.Time      `json:"time"`
	Host      string            `json:"host,omitempty"`
	Cluster   string            `json:"cluster,omitempty"`
	Container parsers.Container `json:"container"`
	Stream    string            `json:"stream,omitempty"`
}

// newParted copies what is borrowed.
func newParted(f *parsers.Format, path string, ev *parsers.Event) *partedEvent {
	p := ev.Parted
	e := &partedEvent{Format: f.Name, Path: path, Time: finding.Time{Time: ev.Time}, Key: bytes.Clone(p.Key), Head: p.Head, Tail: p.Tail, Context: bytes.Clone(p.Context)}
	for i := range p.Records {
		r := &p.Records[i]
		if i == 0 {
			e.Origin = partedOrigin{r.Origin.Envelope, finding.Time{Time: r.Origin.Time}, r.Origin.Host, r.Origin.Cluster, r.Origin.Container, r.Origin.Stream}
		}
		k := partedRecord{Raw: bytes.Clone(r.Raw), Pos: r.Pos}
		if !bytes.Equal(r.Raw, r.Data) {
			k.Data = bytes.Clone(r.Data)
		}
		e.Records = append(e.Records, k)
	}
	return e
}

// part is e as its format takes it back.
func (e *partedEvent) part() parsers.Parted {
	o := parsers.Origin{Envelope: e.Origin.Envelope, Time: e.Origin.Time.Time, Host: e.Origin.Host, Cluster: e.Origin.Cluster,
		Container: e.Origin.Container, Stream: e.Origin.Stream}
	p := parsers.Parted{Key: e.Key, Head: e.Head, Tail: e.Tail, Context: e.Context}
	for _, r := range e.Records {
		rec := parsers.Record{Data: r.Data, Raw: r.Raw, Pos: r.Pos, Origin: o}
		if r.Data == nil {
			rec.Data = r.Raw
		}
		p.Records = append(p.Records, rec)
	}
	return p
}

// rotated is the folder of the stream and the name of its rotation set.
func (e *partedEvent) rotated() string {
	if e.set == "" {
		name := base(e.Path)
		e.set = strings.TrimSuffix(e.Path, name) + source.RotationSet(name)
	}
	return e.set
}

// compareParted brings the parts of one event together, in the order of their
// rotation set.
func compareParted(a, b *partedEvent) int {
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

func codeParted(c *spill.Coder, l *partedEvent) {
	c.Texts(&l.Format, &l.Path)
	c.Time(&l.Time.Time)
	c.Bytes(&l.Key)
	c.Bool(&l.Head)
	c.Bool(&l.Tail)
	c.Bytes(&l.Context)
	o := &l.Origin
	c.Text(&o.Envelope)
	c.Time(&o.Time.Time)
	c.Texts(&o.Host, &o.Cluster)
	item.CodeContainer(c, &o.Container)
	c.Text(&o.Stream)
	spill.ListOf(c, &l.Records, func(c *spill.Coder, r *partedRecord) {
		c.Bytes(&r.Raw)
		c.Bytes(&r.Data)
		item.CodePos(c, &r.Pos)
	})
}

// partedSize estimates the bytes that a parted event takes in memory.
func partedSize(e *partedEvent) int {
	n := 512 + len(e.Context)
	for _, r := range e.Records {
		n += 64 + len(r.Raw) + len(r.Data)
	}
	return n
}

func newPartedSorter(limit int) *spill.Sorter[partedEvent] {
	return &spill.Sorter[partedEvent]{Compare: compareParted, Size: partedSize, Code: codeParted, Limit: limit / 8}
}

// eachParted calls f for the parted events of several partials, in order.
func eachParted(partials []*Partial, f func(*partedEvent) error) error {
	m := spill.Merger[partedEvent]{Compare: compareParted}
	for _, p := range partials {
		for _, r := range p.parted.Readers() {
			if err := m.Add(r); err != nil {
				return err
			}
		}
	}
	return m.Each(f)
}

// moved is e in a stream that has more bytes and lines before it.
func (e *partedEvent) moved(bytes, lines int64) *partedEvent {
	copied := *e
	copied.Records = slices.Clone(e.Records)
	for i := range copied.Records {
		p := &copied.Records[i].Pos
		p.Offset, p.Line = p.Offset+bytes, p.Line+lines
	}
	return &copied
}

// base is the last element of a path through archives.
func base(path string) string {
	if i := strings.LastIndexAny(path, "/!"); i >= 0 {
		return path[i+1:]
	}
	return path
}
