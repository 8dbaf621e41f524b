package scanner

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"tideline/parsers"
	"tideline/scanner/source"
)

const (
	// largeInput is from how many bytes on it matters when an input is begun.
	largeInput = 16 << 20
	// largePerWorker is how many large inputs there may be for each worker; with
	// more of them, none is long compared with the whole.
	largePerWorker = 8
)

// inOrder brings inputs into the order in which they are begun: the largest
// first, so that the last worker does not end up alone with it. Streams that can
// be shared out come after those that cannot: whoever has nothing left to do
// can help with them.
func (c *collector) inOrder(ctx context.Context, window []source.Input) {
	slices.SortStableFunc(window, func(a, b source.Input) int { return cmp.Compare(b.Size, a.Size) })
	large := 0
	for large < len(window) && window[large].Size >= largeInput {
		large++
	}
	if c.options.workers() < 2 || large < 2 || large > largePerWorker*c.options.workers() {
		return
	}
	shareable := map[string]bool{}
	for _, in := range window[:large] {
		shareable[in.Path] = c.shareable(ctx, in)
	}
	slices.SortStableFunc(window[:large], func(a, b source.Input) int {
		return compareBools(shareable[a.Path], shareable[b.Path])
	})
}

// errSniffed ends a reading for its beginning.
var errSniffed = errors.New("scanner: the beginning was read")

// shareable reports whether the first stream of an input begins like one that
// can be shared out. It is a guess, for the order of work alone.
func (c *collector) shareable(ctx context.Context, in source.Input) (yes bool) {
	defer func() {
		if recover() != nil {
			yes = false // it will be told when the input is read
		}
	}()
	o := c.options.Source
	o.Progress, o.Cores = nil, nil
	_ = in.Streams(ctx, o, func(s *source.Stream) error {
		head := make([]byte, parsers.SniffLen)
		n, _ := io.ReadFull(s, head) // what cannot be read is told when the input is read
		best, sure := (*parsers.Format)(nil), parsers.Confidence(0)
		for _, f := range c.options.Reader.Formats() {
			if k := f.Sniff(head[:n], s.Path).Confidence; k > sure {
				best, sure = f, k
			}
		}
		yes = best != nil && !best.Stateful
		return errSniffed
	}, func(*source.Member) {})
	return yes
}
