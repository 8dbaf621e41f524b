package scanner

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/tally"
	"tideline/scanner/text"
)

// checkpointSchema identifies the form of a checkpoint on disk, like
// PartialSchema.
const checkpointSchema = "tideline.checkpoint/3"

// A nightBase is a checkpoint with what was read of the evidence up to it.
type nightBase struct {
	checkpoint
	sums    *tally.Aggregates
	entries map[string][]finding.Entry // ledger, by Source.Key
}

// A checkpointLine is one line; exactly one key is set.
type checkpointLine struct {
	Schema  string      `json:"schema,omitempty"`
	Stopped *checkpoint `json:"checkpoint,omitempty"`
	tally.Line
	Member  *savedMember    `json:"member,omitempty"`
	Key     string          `json:"key,omitempty"` // of the entries
	Entries []finding.Entry `json:"ledger,omitempty"`
	Act     *act            `json:"act,omitempty"`
	End     *int64          `json:"end,omitempty"` // number of acts
}

// write writes b to w. Acts that last occurred before forget are left out.
func (b *nightBase) write(w io.Writer, forget time.Time) error {
	return writeLines(w, "a checkpoint", func(put func(any) error) error {
		if err := put(checkpointLine{Schema: checkpointSchema}); err != nil {
			return err
		}
		if err := put(checkpointLine{Stopped: &b.checkpoint}); err != nil {
			return err
		}
		for _, key := range text.Keys(b.entries) {
			if err := put(checkpointLine{Key: key, Entries: b.entries[key]}); err != nil {
				return err
			}
		}
		if err := b.sums.Lines(func(l tally.Line) error { return put(checkpointLine{Line: l}) }); err != nil {
			return err
		}
		if err := b.putMembers(put); err != nil {
			return err
		}
		return b.putActs(put, forget)
	})
}

// putActs puts the acts, and how many they were.
func (b *nightBase) putActs(put func(any) error, forget time.Time) error {
	n := int64(0)
	if err := b.folded(func(a *act) error {
		if !a.Last.IsZero() && a.Last.Before(forget) {
			return nil
		}
		n++
		return put(checkpointLine{Act: a})
	}); err != nil {
		return err
	}
	return put(checkpointLine{End: &n})
}

// putMembers puts what correlations may name, each hit once.
func (b *nightBase) putMembers(put func(any) error) error {
	told := map[*finding.Hit]int{}
	for _, m := range b.Recent {
		i, again := told[m.Hit]
		if again {
			m.Hit = nil
		} else {
			i = len(told)
			told[m.Hit] = i
		}
		m.Like = i
		if err := put(checkpointLine{Member: &m}); err != nil {
			return err
		}
	}
	return nil
}

// takeMember is the inverse of putMembers for one line. hits are those of
// the lines before.
func (b *nightBase) takeMember(m *savedMember, hits *[]*finding.Hit, rename func(string) string) error {
	if m.Hit != nil {
		m.Like = len(*hits)
		*hits = append(*hits, m.Hit)
	}
	if m.Like < 0 || m.Like >= len(*hits) {
		return fmt.Errorf("%w: an event without a hit", ErrPartial)
	}
	m.Hit, m.Source.Path = (*hits)[m.Like], rename(m.Source.Path)
	b.Recent = append(b.Recent, *m)
	return nil
}

// readBase reads what write wrote. rename gives a path the name that it has
// now; it is called for every path in the checkpoint.
func readBase(r io.Reader, limit int, rename func(string) string) (*nightBase, error) {
	zr, err := gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPartial, err)
	}
	b := &nightBase{sums: tally.NewAggregates(), entries: map[string][]finding.Entry{}}
	found := newActs()
	found.Limit = limit
	if err := b.readLines(json.NewDecoder(zr), found, rename); err != nil {
		return nil, errors.Join(err, found.Close())
	}
	b.acts = []*acts{found}
	return b, nil
}

// readLines takes the lines that a checkpoint was written as, gives paths the names that
// their files have now, and adds the acts to found.
func (b *nightBase) readLines(dec *json.Decoder, found *acts, rename func(string) string) error {
	var hits []*finding.Hit
	for first := true; ; first = false {
		var l checkpointLine
		if err := dec.Decode(&l); err != nil {
			return fmt.Errorf("%w: it ends early: %w", ErrPartial, err)
		}
		switch {
		case first && l.Schema != checkpointSchema:
			return fmt.Errorf("%w: schema %.60q, want %s", ErrPartial, l.Schema, checkpointSchema)
		case first:
		case l.Stopped != nil && l.Stopped.Engine != nil:
			b.checkpoint = *l.Stopped
		case l.Take(&b.sums):
		case l.Member != nil:
			if err := b.takeMember(l.Member, &hits, rename); err != nil {
				return err
			}
		case l.Key != "":
			for i := range l.Entries {
				l.Entries[i].Path = rename(l.Entries[i].Path)
			}
			b.entries[l.Key] = l.Entries
		case l.Act != nil && l.Act.Hit != nil:
			l.Act.Hit.Source.Path = rename(l.Act.Hit.Source.Path)
			if err := found.Sorter.Add(l.Act); err != nil {
				return err
			}
		case l.End != nil:
			if *l.End != found.Len() || b.Engine == nil {
				return fmt.Errorf("%w: %d acts, its end says %d", ErrPartial, found.Len(), *l.End)
			}
			return wholeStream(dec)
		}
	}
}
