package parsertest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"tideline/parsers"
)

// maxDamaged is how many offsets of a case are damaged; of longer inputs every
// second, third and so on is.
const maxDamaged = 2048

func stride(n int) int { return max(1, n/maxDamaged) }

func checkCut(f *parsers.Format, c Case) error {
	stream, records := c.pieces()
	whole, err := run{format: f, c: c, stream: stream}.decode(records)
	if err != nil {
		return err
	}
	for n := 0; n < len(stream); n += stride(len(stream)) {
		events, err := run{format: f, c: c, stream: stream[:n]}.decode(cutAt(records, n))
		if err != nil {
			return fmt.Errorf("cut at %d: %w", n, err)
		}
		for _, e := range events {
			if err := partOf(f, whole, e); err != nil {
				return fmt.Errorf("cut at %d: %w", n, err)
			}
		}
	}
	return nil
}

// partOf checks that e, read from a cut stream, is an event of the whole one
// that at most lacks something. Of a stateful format only place and time can be
// told: the record that names the actor may be the one that is missing.
func partOf(f *parsers.Format, whole []seen, e seen) error {
	err := fmt.Errorf("event at %d, where the whole stream has none: %s", e.first, e.text)
	for _, w := range whole {
		if w.first != e.first {
			continue
		}
		if e.event.Time.IsZero() || e.event.Time.Equal(w.event.Time) {
			a, b := &e.event.Facts, &w.event.Facts
			if f.Stateful || (lesser(a.Name, b.Name) && lesser(a.Action, b.Action)) {
				return nil
			}
		}
		err = fmt.Errorf("event differs from that of the whole stream:\n\twant %s\n\tgot  %s", w.text, e.text)
	}
	return err
}

func lesser(part, whole []byte) bool { return len(part) == 0 || bytes.Equal(part, whole) }

// checkDirt overwrites every byte in turn. What the events then are is not
// judged, only that they are well formed and lie where Pos says.
func checkDirt(f *parsers.Format, c Case) error {
	stream, records := c.pieces()
	for _, dirt := range []byte{0x00, 0xff, '"', '\\', '{', ' '} {
		for i := 0; i < len(stream); i += stride(len(stream)) {
			dirty := bytes.Clone(stream)
			dirty[i] = dirt
			cut := lines(dirty)
			if c.Records != nil {
				cut = recut(dirty, records)
			}
			if _, err := (run{format: f, c: c, stream: dirty}).decode(cut); err != nil {
				return fmt.Errorf("%#02x at %d: %w", dirt, i, err)
			}
		}
	}
	return nil
}

// recut takes records out of another stream of the same length.
func recut(stream []byte, records []piece) []piece {
	out := make([]piece, len(records))
	for i, p := range records {
		p.raw = stream[p.pos.Offset : p.pos.Offset+p.pos.Length]
		out[i] = p
	}
	return out
}

func checkOverlong(f *parsers.Format, c Case) error {
	if c.Records != nil {
		return nil
	}
	want, err := run{format: f, c: c}.decode(lines([]byte(c.Input)))
	if err != nil {
		return err
	}
	end := strings.TrimRight(c.Input, "\r\n") + "\n"
	for _, long := range []string{strings.Repeat("x", 1<<20), strings.Repeat("[", 1<<20), `{"a":"` + strings.Repeat(`\u0041`, 1<<17)} {
		stream := []byte(long + "\n" + end)
		got, err := run{format: f, c: c, stream: stream}.decode(lines(stream))
		if err != nil {
			return fmt.Errorf("%.10q...: %w", long, err)
		}
		if len(got) < len(want) {
			return fmt.Errorf("%.10q... took %d of %d events with it", long, len(want)-len(got), len(want))
		}
	}
	return nil
}

func checkRefusal(f *parsers.Format, c Case) error {
	_, records := c.pieces()
	dec := f.NewDecoder(parsers.Options{Fields: c.Fields})
	refuse := func(*parsers.Event) error { return errStopped }
	for _, p := range records {
		err := dec.Decode(run{format: f, c: c}.record(p, p.raw), refuse)
		if errors.Is(err, errStopped) {
			return nil
		}
		if err := recordErr(err); err != nil {
			return err
		}
	}
	if err := dec.Flush(refuse); !errors.Is(err, errStopped) {
		return fmt.Errorf("emit refused every event, and neither Decode nor Flush said so (last error %v)", err)
	}
	return nil
}
