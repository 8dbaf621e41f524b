package baseline

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Schema identifies the form of a baseline on disk: JSON lines, a header, then
// habits and images in order, then a line that counts them.
const Schema = "tideline.baseline/1"

// ErrFile is returned by Read for bytes that are not a whole baseline of a
// known schema.
var ErrFile = errors.New("not a whole tideline baseline")

// A line of the file; exactly one of Schema, Actor, Image and End is set.
type line struct {
	Schema   string   `json:"schema,omitempty"`
	Overflow int64    `json:"overflow,omitempty"`
	Nameless []string `json:"nameless,omitempty"` // in the header: see AddNameless
	*Habit
	Image string `json:"image,omitempty"`
	*Use
	End *int `json:"end,omitempty"`
}

// Write writes b. The same habits give the same bytes.
func Write(w io.Writer, b *Baseline) error {
	buffered := bufio.NewWriter(w)
	enc := json.NewEncoder(buffered)
	lines := []line{{Schema: Schema, Overflow: b.Overflow, Nameless: slices.Sorted(maps.Keys(b.nameless))}}
	for _, h := range sortedHabits(b.habits) {
		lines = append(lines, line{Habit: &h, Use: b.habits[h]})
	}
	for _, r := range slices.Sorted(maps.Keys(b.images)) {
		lines = append(lines, line{Image: r, Use: b.images[r]})
	}
	n := len(lines) - 1
	for _, l := range append(lines, line{End: &n}) {
		if err := enc.Encode(l); err != nil {
			return fmt.Errorf("write baseline: %w", err)
		}
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	return nil
}

// Read reads what Write wrote. Bytes that were cut, or are something else, give
// ErrFile.
func Read(r io.Reader) (*Baseline, error) {
	b := New()
	dec := json.NewDecoder(bufio.NewReader(r))
	for n := -1; ; n++ {
		var l line
		if err := dec.Decode(&l); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrFile, n+2, err)
		}
		switch {
		case n < 0 && l.Schema != Schema:
			return nil, fmt.Errorf("%w: schema %.60q, want %s", ErrFile, l.Schema, Schema)
		case n < 0:
			b.Overflow = l.Overflow
			for _, host := range l.Nameless {
				b.AddNameless(host)
			}
		case l.End != nil && *l.End == n:
			return b, nil
		case l.Use == nil || l.Habit == nil && l.Image == "":
			return nil, fmt.Errorf("%w: line %d is neither a habit nor an image", ErrFile, n+2)
		case l.Image != "":
			b.AddImage(l.Image, *l.Use)
		default:
			b.Add(*l.Habit, *l.Use)
		}
	}
}
