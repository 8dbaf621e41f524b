package parsertest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

// toy is a format of lines "toy <unix seconds> <name> <verb>;". Its faults are
// the ones the suite has to find.
type toy struct {
	fault string
	raws  [][]byte
	pos   []parsers.Pos
	met   int // records
}

// Reuse forgets nothing, which is right for what the toy does not remember.
func (d *toy) Reuse() bool { return true }

func toyFormat(fault string) *parsers.Format {
	return &parsers.Format{
		Name: "toy", Title: "a format for tests",
		Kinds: []parsers.Kind{{Name: "toy", Sources: []parsers.LogSource{{Product: "toy"}}}},
		Sniff: func(prefix []byte, _ string) parsers.Verdict {
			if bytes.Contains(prefix, []byte("toy ")) || fault == "sniffs-all" {
				return parsers.Verdict{Confidence: parsers.Certain}
			}
			return parsers.Verdict{Why: `no "toy "`}
		},
		NewDecoder: func(parsers.Options) parsers.Decoder { return &toy{fault: fault} },
	}
}

func (d *toy) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	if !bytes.HasPrefix(rec.Data, []byte("toy ")) {
		return parsers.ErrForeign
	}
	var sec int64
	var name, verb string
	body := string(rec.Data)
	if !strings.HasSuffix(body, ";") && d.fault != "torn" {
		return &parsers.RecordError{Code: "toy.cut", Reason: "no semicolon"}
	}
	if _, err := fmt.Sscan(strings.TrimSuffix(body[4:], ";"), &sec, &name, &verb); err != nil && d.fault != "torn" {
		if d.fault == "panics" {
			panic("bad line")
		}
		return &parsers.RecordError{Code: "toy.bad", Reason: "not three words", Err: err}
	}
	ev := &parsers.Event{
		Time: time.Unix(sec, 0).UTC(), Pos: []parsers.Pos{rec.Pos}, Raw: [][]byte{rec.Raw},
		Facts: parsers.Facts{Actor: parsers.UnknownActor, Name: []byte(name), Action: []byte(verb)},
		Views: []parsers.View{{Fields: toyFields(verb)}},
	}
	d.met++
	switch d.fault {
	case "remembers":
		ev.Facts.Session = fmt.Append(nil, d.met)
	case "local-time":
		ev.Time = ev.Time.In(time.FixedZone("here", 3600))
	case "wrong-pos":
		ev.Pos[0].Offset++
	case "keeps":
		d.raws, d.pos = append(d.raws, rec.Raw), append(d.pos, rec.Pos)
		return nil
	case "swallows":
		_ = emit(ev)
		return nil
	}
	return emit(ev)
}

func (d *toy) Flush(emit func(*parsers.Event) error) error {
	for i, raw := range d.raws {
		ev := &parsers.Event{
			Pos: d.pos[i : i+1], Raw: [][]byte{raw},
			Facts: parsers.Facts{Actor: parsers.UnknownActor, Name: bytes.Fields(raw)[min(2, len(bytes.Fields(raw))-1)]},
			Views: []parsers.View{{Fields: toyFields("")}},
		}
		if err := emit(ev); err != nil {
			return err
		}
	}
	return nil
}

type toyFields string

func (f toyFields) Values(dst [][]byte, field int) [][]byte {
	if field != 0 {
		return dst
	}
	return append(dst, []byte(f))
}
func (f toyFields) Keywords(dst [][]byte) [][]byte { return append(dst, []byte(f)) }

var toyCase = Case{
	Name: "two-lines", Input: "toy 10 ann get;\ntoy 11 bob put;\n", Fields: []string{"verb"},
	Want: []string{
		"1970-01-01T00:00:10Z ann get - / unknown [toy: verb=get]",
		"1970-01-01T00:00:11Z bob put - / unknown [toy: verb=put]",
	},
	Foreign: []string{"boy 1 2 3", ""},
}

func TestSoundFormatPasses(t *testing.T) {
	records := toyCase
	records.Name, records.Input = "records", ""
	records.Records = []string{"toy 10\n ann get;", "toy 11 bob put;"}
	Run(t, toyFormat(""), toyCase, records)
}

// TestFaultsAreFound gives the suite formats that break one rule each.
func TestFaultsAreFound(t *testing.T) {
	for fault, want := range map[string]string{
		"panics": "cut", "torn": "cut", "local-time": "events", "wrong-pos": "events",
		"keeps": "aliasing", "sniffs-all": "sniff", "swallows": "refusal", "remembers": "reuse",
	} {
		c := toyCase
		if fault == "keeps" {
			c.Want = nil
		}
		if fault == "panics" {
			c.Input = "toy 10 ann get;\ntoy 11 bob;put;\n"
			c.Want = nil
			want = "events"
		}
		found := ""
		for _, k := range checks {
			if k.try(toyFormat(fault), c) != nil {
				found += k.name + " "
			}
		}
		if !strings.Contains(found, want) {
			t.Errorf("%s: found by %q, want %s", fault, found, want)
		}
	}
}

func TestUndescribedFormatIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*parsers.Format){
		"no name":    func(f *parsers.Format) { f.Name = "" },
		"no sniff":   func(f *parsers.Format) { f.Sniff = nil },
		"no kinds":   func(f *parsers.Format) { f.Kinds = nil },
		"no sources": func(f *parsers.Format) { f.Kinds = []parsers.Kind{{Name: "x"}} },
	} {
		f := toyFormat("")
		spoil(f)
		if checkFormat(f) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestLines(t *testing.T) {
	stream := "\xef\xbb\xbfone\r\n\n\x00\x00two\x00\n  \nthree"
	var got []string
	for _, p := range lines([]byte(stream)) {
		got = append(got, fmt.Sprintf("%d %d %q", p.pos.Line, p.pos.Offset, p.raw))
	}
	if err := same([]string{`1 3 "one"`, `3 11 "two"`, `5 19 "three"`}, got); err != nil {
		t.Error(err)
	}
}

func TestOtherErrorsAreNotRecordErrors(t *testing.T) {
	if err := recordErr(errors.New("disk")); !errors.Is(err, errDecode) {
		t.Errorf("got %v", err)
	}
	if err := recordErr(&parsers.RecordError{Code: "x"}); !errors.Is(err, errShape) {
		t.Errorf("a RecordError without a reason passed: %v", err)
	}
}

func ExampleRender() {
	d := toyFormat("").NewDecoder(parsers.Options{})
	line := []byte("toy 10 ann get;")
	_ = d.Decode(&parsers.Record{Data: line, Raw: line}, func(ev *parsers.Event) error {
		fmt.Println(Render(toyFormat(""), []string{"verb"}, ev))
		return nil
	})
	// Output: 1970-01-01T00:00:10Z ann get - / unknown [toy: verb=get]
}
