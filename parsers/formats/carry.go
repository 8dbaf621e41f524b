package formats

import (
	"fmt"

	"tideline/parsers"
)

// newDecoder makes the decoder of a format, which goes on where another one
// ended if it was told to.
func (l *lane) newDecoder(format int) (parsers.Decoder, error) {
	f := l.formats[format]
	if l.spares != nil {
		if d := l.spares.Take(f); d != nil {
			return d, nil
		}
	}
	d := f.NewDecoder(l.options)
	if l.resume == nil || l.resume.Format != f.Name {
		return d, nil
	}
	if c, ok := d.(parsers.Carrier); ok {
		if err := c.Resume(l.resume.Data); err != nil {
			return nil, fmt.Errorf("formats: go on in a stream of %s: %w", f.Name, err)
		}
	}
	return d, nil
}

// spare gives the decoders of a stream that was read to its end to those of other
// streams.
func (l *lane) spare() {
	for i, d := range l.decoders {
		if r, ok := d.(parsers.Reuser); ok && l.spares != nil && r.Reuse() {
			l.spares.Keep(l.formats[i], d)
		}
	}
}

// carry is what the next part of a stream needs to know; nil if it cannot be
// read apart from this one: several formats, or one that cannot tell.
func carry(lanes []*lane) *parsers.Carry {
	only := -1
	for _, l := range lanes {
		for i := range l.formats {
			if l.account.recognised[i] == 0 || i == only {
				continue
			}
			if only >= 0 {
				return nil
			}
			only = i
		}
	}
	if only < 0 {
		return nil
	}
	f := lanes[0].formats[only]
	out := &parsers.Carry{Format: f.Name}
	c, ok := lanes[0].decoders[only].(parsers.Carrier) // of a stateful format, the first lane reads all
	if !ok && !f.Stateful {
		return out
	}
	if ok {
		out.Data, ok = c.Carry()
	}
	if !ok {
		return nil
	}
	return out
}
