package parsertest

import (
	"bytes"
	"testing"

	"tideline/parsers"
)

// maxRefusal is how long the error about a record may be in bytes: reports quote it.
const maxRefusal = 1000

// Fuzz is what a fuzz target demands of a format, whatever the records are: nothing
// panics when all of an event is asked for, and events and errors are formed as Run
// demands it. cut says that the records lack their end.
func Fuzz(t testing.TB, f *parsers.Format, fields []string, cut bool, records ...[]byte) {
	t.Helper()
	dec, emit := f.NewDecoder(parsers.Options{Fields: fields}), asking(f, fields)
	for _, data := range records {
		err := dec.Decode(&parsers.Record{Data: data, Raw: data, Cut: cut}, emit)
		if broken := recordErr(err); broken != nil {
			t.Fatal(broken)
		}
		if err != nil && len(err.Error()) > maxRefusal {
			t.Fatalf("an error of %d bytes: %.200q", len(err.Error()), err)
		}
	}
	if err := recordErr(dec.Flush(emit)); err != nil {
		t.Fatal(err)
	}
	f.Sniff(bytes.Join(records, []byte("\n")), "")
}

// asking is an emit that asks for all of an event, and refuses one that is not well
// formed.
func asking(f *parsers.Format, fields []string) func(*parsers.Event) error {
	var values [][]byte
	return func(ev *parsers.Event) error {
		for _, v := range ev.Views {
			for i := range fields {
				values = v.Fields.Values(values[:0], i)
			}
			values = v.Fields.Keywords(values[:0])
		}
		return wellFormed(f, ev)
	}
}

// AllocatesNothing demands that a record which a decoder met before costs no
// allocation: neither its event, nor the fields of the first view.
func AllocatesNothing(t testing.TB, f *parsers.Format, fields []string, rec *parsers.Record) {
	t.Helper()
	dec := f.NewDecoder(parsers.Options{Fields: fields})
	values := make([][]byte, 0, 8)
	emit := func(ev *parsers.Event) error {
		for i := range fields {
			values = ev.Views[0].Fields.Values(values[:0], i)
		}
		return nil
	}
	var err error
	if n := testing.AllocsPerRun(100, func() { err = dec.Decode(rec, emit) }); n > 0 || err != nil {
		t.Errorf("%.100q: %v allocations, %v", rec.Data, n, err)
	}
}
