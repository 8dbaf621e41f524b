package echo

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"tideline/scanner/finding"
	"tideline/scanner/spill"
)

// Flush writes what is held, and the evidence that goes with it, to temporary files,
// though there is room for it: tests do so.
func (e *Store) Flush() error { return errors.Join(e.spill(), e.quotes.flush()) }

// spill writes what is held as one sorted run.
func (e *Store) spill() error {
	slices.SortStableFunc(e.held, e.compare)
	if err := e.runs.Add(func(put func(*Echo) error) error {
		for i := range e.held {
			if err := put(&e.held[i]); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	e.held = e.held[:0]
	return nil
}

// Readers yield the echoes as hits, one reader for each sorted run. They make
// them of spare ones while there are any; spare may be nil.
func (e *Store) Readers(spare *spill.Spares[finding.Hit]) []*spill.Reader[finding.Hit] {
	slices.SortStableFunc(e.held, e.compare)
	var out []*spill.Reader[finding.Hit]
	for _, r := range e.runs.Readers() {
		var x Echo
		out = append(out, &spill.Reader[finding.Hit]{Spare: spare, Read: func(h *finding.Hit) error {
			if err := r.Read(&x); err != nil {
				return err
			}
			e.fill(&x, h)
			return nil
		}})
	}
	rest := e.held
	return append(out, &spill.Reader[finding.Hit]{Spare: spare, Read: func(h *finding.Hit) error {
		if len(rest) == 0 {
			return io.EOF
		}
		e.fill(&rest[0], h)
		rest = rest[1:]
		return nil
	}})
}

// An echoCodec writes each echo in as many bytes.
type echoCodec [echoSize]byte

// Write implements spill.Codec.
func (b *echoCodec) Write(to *bufio.Writer, x *Echo) error {
	x.put((*[echoSize]byte)(b))
	_, err := to.Write(b[:])
	return err
}

// Read implements spill.Codec.
func (b *echoCodec) Read(from *bufio.Reader, x *Echo) error {
	if _, err := io.ReadFull(from, b[:]); err != nil {
		return err
	}
	x.get((*[echoSize]byte)(b))
	return nil
}

func (x *Echo) put(b *[echoSize]byte) {
	le := binary.LittleEndian
	le.PutUint64(b[0:], uint64(x.time))
	le.PutUint64(b[8:], uint64(x.offset))
	le.PutUint64(b[16:], uint64(x.line))
	le.PutUint64(b[24:], uint64(x.length))
	le.PutUint64(b[32:], x.request)
	le.PutUint32(b[40:], x.template)
	le.PutUint32(b[44:], x.path)
	b[48] = x.stage
	le.PutUint64(b[49:], uint64(x.quote))
}

func (x *Echo) get(b *[echoSize]byte) {
	le := binary.LittleEndian
	x.time, x.offset = int64(le.Uint64(b[0:])), int64(le.Uint64(b[8:]))
	x.line, x.length = int64(le.Uint64(b[16:])), int64(le.Uint64(b[24:]))
	x.request, x.template, x.path, x.stage = le.Uint64(b[32:]), le.Uint32(b[40:]), le.Uint32(b[44:]), b[48]
	x.quote = int64(le.Uint64(b[49:]))
}
