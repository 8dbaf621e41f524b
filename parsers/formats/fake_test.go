package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/envelope"
)

// Two formats for tests. "alpha" has records "A name"; words behind "A!" make it
// return the errors that formats return. "beta" is stateful: records "B name"
// are held back until the end of the stream.
var (
	alpha = &parsers.Format{
		Name: "alpha", Title: "for tests", Kinds: fakeKinds, Sniff: begins("A", `"alpha"`),
		NewDecoder: func(parsers.Options) parsers.Decoder { return &alphaDecoder{} },
	}
	beta = &parsers.Format{
		Name: "beta", Title: "for tests", Kinds: fakeKinds, Stateful: true, Sniff: begins("B", `"beta"`),
		NewDecoder: func(parsers.Options) parsers.Decoder { return &betaDecoder{} },
	}
	output = &parsers.Format{
		Name: outputName, Title: "for tests", Kinds: fakeKinds, Sniff: begins("out ", `"out"`),
		NewDecoder: func(parsers.Options) parsers.Decoder { return &outputDecoder{} },
	}
	fakeKinds = []parsers.Kind{{Name: "fake", Sources: []parsers.LogSource{{Product: "fake"}}}}
)

func begins(text, json string) func([]byte, string) parsers.Verdict {
	return func(b []byte, _ string) parsers.Verdict {
		if bytes.HasPrefix(b, []byte(text)) || bytes.HasPrefix(b, []byte("{"+json)) {
			return parsers.Verdict{Confidence: parsers.Likely}
		}
		return parsers.Verdict{Why: "does not begin with " + text}
	}
}

type alphaDecoder struct{}

func (alphaDecoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	data := string(rec.Data)
	switch {
	case data == "A!gap":
		return &parsers.RecordError{Code: "alpha.gap", Reason: "asked for"}
	case data == "A!note":
		return &parsers.RecordError{Code: "alpha.note", Note: true, Reason: "asked for"}
	case data == "A!kept":
		if err := emit(fakeEvent(rec)); err != nil {
			return err
		}
		return &parsers.RecordError{Code: "alpha.kept", Kept: true, Reason: "asked for"}
	case strings.HasPrefix(data, "A ") || strings.HasPrefix(data, `{"alpha"`):
		return emit(fakeEvent(rec))
	}
	return parsers.ErrForeign
}

func (alphaDecoder) Flush(func(*parsers.Event) error) error { return nil }

type betaDecoder struct{ held []*parsers.Event }

func (d *betaDecoder) Decode(rec *parsers.Record, _ func(*parsers.Event) error) error {
	if !bytes.HasPrefix(rec.Data, []byte("B ")) {
		return parsers.ErrForeign
	}
	ev := fakeEvent(rec)
	ev.Facts.Name, ev.Raw = bytes.Clone(ev.Facts.Name), [][]byte{bytes.Clone(rec.Raw)}
	d.held = append(d.held, ev)
	return nil
}

func (d *betaDecoder) Flush(emit func(*parsers.Event) error) error {
	for _, ev := range d.held {
		if err := emit(ev); err != nil {
			return err
		}
	}
	return nil
}

type outputDecoder struct{ alphaDecoder }

func (outputDecoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	if !bytes.HasPrefix(rec.Data, []byte("out ")) {
		return parsers.ErrForeign
	}
	return emit(fakeEvent(rec))
}

func fakeEvent(rec *parsers.Record) *parsers.Event {
	return &parsers.Event{
		Pos: []parsers.Pos{rec.Pos}, Raw: [][]byte{rec.Raw}, Origin: rec.Origin,
		Facts: parsers.Facts{Name: rec.Data}, Views: []parsers.View{{}},
	}
}

// fakeEnvelopes: "out X" is an envelope around X; "<X|Y>" one around X and Y.
var fakeEnvelopes = []envelope.Envelope{
	{Name: "angle", Open: func(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
		if !bytes.HasPrefix(rec.Data, []byte("<")) || !bytes.HasSuffix(rec.Data, []byte(">")) {
			return false, nil
		}
		for _, part := range bytes.Split(rec.Data[1:len(rec.Data)-1], []byte("|")) {
			if len(part) == 0 {
				continue
			}
			if err := emit(unwrapped(rec, "angle", part)); err != nil {
				return true, err
			}
		}
		return true, nil
	}},
	{Name: "out", Open: func(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
		if !bytes.HasPrefix(rec.Data, []byte("out ")) {
			return false, nil
		}
		return true, emit(unwrapped(rec, "out", rec.Data[4:]))
	}},
}

func unwrapped(rec *parsers.Record, name string, data []byte) *parsers.Record {
	in := *rec
	in.Data = data
	in.Origin.Envelope = strings.TrimPrefix(in.Origin.Envelope+">"+name, ">")
	return &in
}

// notepad is a sink that writes down what it is told.
type notepad struct {
	lines   []string
	remarks []parsers.Remark
	refuse  error
}

func (n *notepad) Event(f *parsers.Format, ev *parsers.Event) error {
	n.lines = append(n.lines, fmt.Sprintf("%s %d:%d %s %s", f.Name, ev.Pos[0].Line, ev.Pos[0].Offset, ev.Origin.Envelope, ev.Facts.Name))
	return n.refuse
}

func (n *notepad) Remark(r parsers.Remark) {
	kind := "note"
	if r.Gap {
		kind = "gap"
	}
	n.remarks = append(n.remarks, r)
	n.lines = append(n.lines, fmt.Sprintf("%s %s %d:%d bytes=%d count=%d", kind, r.Code, r.Pos.Line, r.Pos.Offset, r.Bytes, r.Count))
}

func fakeReader() *reader {
	return newReader([]*parsers.Format{alpha, beta, output}, fakeEnvelopes)
}

// read reads a stream into one sink and checks what holds of every stream.
func read(t testing.TB, r parsers.Reader, in io.Reader, o parsers.ReadOptions) (*notepad, parsers.Account) {
	t.Helper()
	pad := &notepad{}
	a, err := r.Read(context.Background(), parsers.Stream{Reader: in}, o, []parsers.Sink{pad})
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, a, pad)
	return pad, a
}

func checkAccount(t testing.TB, a parsers.Account, pads ...*notepad) {
	t.Helper()
	var sum parsers.Bytes
	for _, p := range pads {
		for _, r := range p.remarks {
			if r.Gap {
				sum.Gaps += r.Bytes
			} else {
				sum.Notes += r.Bytes
			}
			if r.Code == "" || r.Reason == "" {
				t.Errorf("remark without code or reason: %+v", r)
			}
		}
	}
	if !a.Bytes.Balanced() {
		t.Errorf("bytes do not add up: %+v", a.Bytes)
	}
	if sum.Notes != a.Bytes.Notes || sum.Gaps != a.Bytes.Gaps {
		t.Errorf("remarks account for %+v, the account says %+v", sum, a.Bytes)
	}
}

var errRefused = errors.New("sink is full")
