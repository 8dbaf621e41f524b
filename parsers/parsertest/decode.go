package parsertest

import (
	"bytes"
	"errors"
	"fmt"

	"tideline/parsers"
)

// A seen is what remains of an event after emit has returned.
type seen struct {
	text  string // Render
	deep  string // everything else that must not change from run to run
	first int64  // offset of its first record
	event parsers.Event
}

// A run is one decoder fed with one stream.
type run struct {
	format *parsers.Format
	c      Case
	stream []byte // to check Pos against; nil: not checked
	// decoder is one that was used before; nil: a new one.
	decoder parsers.Decoder
	// scribble: all records share one buffer, which is overwritten as soon
	// as Decode returns.
	scribble bool
}

var (
	errPos     = errors.New("position and raw bytes disagree with the stream")
	errShape   = errors.New("the event is not well formed")
	errDecode  = errors.New("a decoder returned an error that is no RecordError")
	errStopped = errors.New("emit refused")
)

// decode returns the events of records, or the first rule that was broken.
func (r run) decode(records []piece) ([]seen, error) {
	var out []seen
	emit := func(ev *parsers.Event) error {
		s, err := r.look(ev)
		out = append(out, s)
		return err
	}
	dec := r.decoder
	if dec == nil {
		dec = r.format.NewDecoder(parsers.Options{Fields: r.c.Fields})
	}
	var shared []byte
	for _, p := range records {
		data := bytes.Clone(p.raw)
		if r.scribble {
			shared = append(shared[:0], p.raw...)
			data = shared
		}
		if err := recordErr(dec.Decode(r.record(p, data), emit)); err != nil {
			return out, fmt.Errorf("record at %d: %w", p.pos.Offset, err)
		}
		if r.scribble {
			for i := range data {
				data[i] = '~'
			}
		}
	}
	return out, recordErr(dec.Flush(emit))
}

func (r run) record(p piece, data []byte) *parsers.Record {
	rec := &parsers.Record{Data: data, Raw: data, Pos: p.pos, Origin: r.c.Origin, Cut: p.cut}
	if r.c.Context != "" {
		rec.Context = []byte(r.c.Context)
	}
	return rec
}

// recordErr lets through what a decoder may say of a record.
func recordErr(err error) error {
	var rec *parsers.RecordError
	switch {
	case err == nil, errors.Is(err, parsers.ErrForeign):
		return nil
	case errors.As(err, &rec):
		if rec.Code == "" || rec.Reason == "" {
			return fmt.Errorf("%w: a RecordError without code or reason: %+v", errShape, rec)
		}
		return nil
	case errors.Is(err, errPos), errors.Is(err, errShape), errors.Is(err, errStopped):
		return err
	}
	return fmt.Errorf("%w: %w", errDecode, err)
}

// look checks one event and copies what later checks compare.
func (r run) look(ev *parsers.Event) (seen, error) {
	if err := wellFormed(r.format, ev); err != nil {
		return seen{}, err
	}
	for i, p := range ev.Pos {
		if r.stream == nil {
			break
		}
		end := p.Offset + p.Length
		if p.Offset < 0 || p.Length < 0 || end > int64(len(r.stream)) || !bytes.Equal(r.stream[p.Offset:end], ev.Raw[i]) {
			return seen{}, fmt.Errorf("%w: record %d of the event: %+v, raw %.200q", errPos, i, p, ev.Raw[i])
		}
	}
	s := seen{text: Render(r.format, r.c.Fields, ev), first: ev.Pos[0].Offset, event: *ev}
	s.event.Facts.Name = bytes.Clone(ev.Facts.Name)
	s.event.Facts.Action = bytes.Clone(ev.Facts.Action)
	s.deep = deep(ev)
	return s, nil
}

func wellFormed(f *parsers.Format, ev *parsers.Event) error {
	switch {
	case len(ev.Pos) == 0 || len(ev.Pos) != len(ev.Raw):
		return fmt.Errorf("%w: %d positions, %d raw records", errShape, len(ev.Pos), len(ev.Raw))
	case ev.Decisive < 0 || ev.Decisive >= len(ev.Pos):
		return fmt.Errorf("%w: Decisive is %d of %d records", errShape, ev.Decisive, len(ev.Pos))
	case len(ev.Views) == 0:
		return fmt.Errorf("%w: no view, so that no rule could ever see it", errShape)
	case !ev.Time.IsZero() && ev.Time.Location().String() != "UTC":
		return fmt.Errorf("%w: time %v is not in UTC", errShape, ev.Time)
	case ev.Facts.Actor == "":
		return fmt.Errorf("%w: Facts.Actor is empty; UnknownActor says that it is not known", errShape)
	}
	for _, v := range ev.Views {
		if v.Kind < 0 || v.Kind >= len(f.Kinds) || v.Fields == nil {
			return fmt.Errorf("%w: view of kind %d of %d", errShape, v.Kind, len(f.Kinds))
		}
	}
	return nil
}

// deep prints what Render leaves out.
func deep(ev *parsers.Event) string {
	k := &ev.Facts
	s := fmt.Sprintf("%s %s %q %q %q %q %q %v %q", k.Actor, k.Impersonated, k.Session, k.Groups, k.Addresses, k.Agent,
		k.Details, ev.Request.Received.UnixNano(), ev.Request.ID)
	s += fmt.Sprintf(" %q %+v %d", ev.Request.Stage, ev.Origin, ev.Decisive)
	for _, v := range ev.Views {
		s += fmt.Sprintf(" %d%q", v.Kind, v.Fields.Keywords(nil))
	}
	return s
}
