package scanner

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"os"
	"slices"

	"tideline/scanner/finding"
)

// spill writes what is held as one sorted run.
func (e *echoes) spill() error {
	slices.SortStableFunc(e.held, e.compare)
	f, err := writeEchoes(func(put func(*echo) error) error {
		for i := range e.held {
			if err := put(&e.held[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.runs, e.held = append(e.runs, run{f, 0}), e.held[:0]
	return e.mergeRuns()
}

// mergeRuns merges the last runs while there are enough of one level.
func (e *echoes) mergeRuns() error {
	for last := mergeable(e.runs); last != nil; last = mergeable(e.runs) {
		m, spare := merger[echo]{compare: func(a, b *echo) int { return e.compare(*a, *b) }}, &spares[echo]{}
		for i, r := range last {
			if err := m.push(&runReader[echo]{order: i, read: readEchoes(r.File), spare: spare}); err != nil {
				return err
			}
		}
		f, err := writeEchoes(func(put func(*echo) error) error {
			return m.each(func(x *echo) error {
				defer spare.put(x)
				return put(x)
			})
		})
		if err != nil {
			return err
		}
		if e.runs, err = replaced(e.runs, last, f); err != nil {
			return err
		}
	}
	return nil
}

// writeEchoes writes what each gives to a temporary file.
func writeEchoes(each func(func(*echo) error) error) (*os.File, error) {
	f, err := unnamedFile()
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(f, 256<<10)
	var b [echoSize]byte
	err = each(func(x *echo) error {
		x.put(&b)
		_, err := w.Write(b[:])
		return err
	})
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		f.Close()
		return nil, noRoom("write temporary run", err)
	}
	return f, nil
}

// readEchoes reads what writeEchoes wrote, from its beginning.
func readEchoes(file *os.File) func(*echo) error {
	from := bufio.NewReaderSize(io.NewSectionReader(file, 0, math.MaxInt64), 32<<10)
	var b [echoSize]byte
	return func(x *echo) error {
		if _, err := io.ReadFull(from, b[:]); err != nil {
			return err
		}
		x.get(&b)
		return nil
	}
}

func (x *echo) put(b *[echoSize]byte) {
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

func (x *echo) get(b *[echoSize]byte) {
	le := binary.LittleEndian
	x.time, x.offset = int64(le.Uint64(b[0:])), int64(le.Uint64(b[8:]))
	x.line, x.length = int64(le.Uint64(b[16:])), int64(le.Uint64(b[24:]))
	x.request, x.template, x.path, x.stage = le.Uint64(b[32:]), le.Uint32(b[40:]), le.Uint32(b[44:]), b[48]
	x.quote = int64(le.Uint64(b[49:]))
}

// readers yield the echoes as hits, one reader for each sorted run. They make
// them of spare ones while there are any; spare may be nil.
func (e *echoes) readers(spare *spares[finding.Hit]) []*runReader[finding.Hit] {
	slices.SortStableFunc(e.held, e.compare)
	var out []*runReader[finding.Hit]
	for _, r := range e.runs {
		next := readEchoes(r.File)
		var x echo
		out = append(out, &runReader[finding.Hit]{spare: spare, read: func(h *finding.Hit) error {
			if err := next(&x); err != nil {
				return err
			}
			e.fill(&x, h)
			return nil
		}})
	}
	rest := e.held
	return append(out, &runReader[finding.Hit]{spare: spare, read: func(h *finding.Hit) error {
		if len(rest) == 0 {
			return io.EOF
		}
		e.fill(&rest[0], h)
		rest = rest[1:]
		return nil
	}})
}
