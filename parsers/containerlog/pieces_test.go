package containerlog

import (
	"fmt"
	"reflect"
	"testing"

	"tideline/parsers"
)

// TestPiecesInAJournal: lines that Docker and podman cut are put together per
// container and priority, though the entries of several lie mixed; every entry
// is in one event, whatever is left open at the end.
func TestPiecesInAJournal(t *testing.T) {
	entry := func(container, message, members string) *parsers.Record {
		return &parsers.Record{
			Data:   []byte(message),
			Raw:    fmt.Appendf(nil, `{"CONTAINER_NAME":%q, "MESSAGE":%q, "PRIORITY" : "6"%s}`, container, message, members),
			Origin: parsers.Origin{Envelope: "journald-json", Container: parsers.Container{Name: container}},
		}
	}
	const more, last = `, "CONTAINER_PARTIAL_MESSAGE": "true"`, `,"CONTAINER_PARTIAL_ID":"a","CONTAINER_PARTIAL_LAST":"true"`
	for name, c := range map[string]struct {
		records []*parsers.Record
		want    []string
	}{
		"docker":  {[]*parsers.Record{entry("web", "AKIA", more+`,"CONTAINER_PARTIAL_LAST":"false"`), entry("web", "XYZ", last+more)}, []string{"web AKIAXYZ 2"}},
		"podman":  {[]*parsers.Record{entry("web", "AKIA", more), entry("web", "XYZ", "")}, []string{"web AKIAXYZ 2"}},
		"mixed":   {[]*parsers.Record{entry("web", "AK", more), entry("db", "one", more), entry("x", "alone", ""), entry("web", "IA", more), entry("db", "two", ""), entry("web", "!", "")}, []string{"x alone 1", "db onetwo 2", "web AKIA! 3"}},
		"open":    {[]*parsers.Record{entry("web", "AK", more), entry("db", "one", more)}, []string{"web AK 1", "db one 1"}},
		"whole":   {[]*parsers.Record{entry("web", "a", ""), entry("web", "b", "")}, []string{"web a 1", "web b 1"}},
		"streams": {[]*parsers.Record{entry("web", "out", more), {Data: []byte("err"), Raw: []byte(`{"PRIORITY":"3"}`), Origin: entry("web", "", "").Origin}, entry("web", "put", "")}, []string{"web err 1", "web output 2"}},
	} {
		var got []string
		d := newDecoder(parsers.Options{Fields: []string{"log"}}).(*decoder)
		emit := func(ev *parsers.Event) error {
			got = append(got, fmt.Sprintf("%s %s %d", ev.Origin.Name, ev.Views[0].Fields.Values(nil, 0)[0], len(ev.Pos)))
			return nil
		}
		for _, rec := range c.records {
			if err := d.Decode(rec, emit); err != nil {
				t.Fatal(name, err)
			}
		}
		if err := d.Flush(emit); err != nil {
			t.Fatal(name, err)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if _, whole := d.Carry(); whole == (name == "open") {
			t.Errorf("%s: may be cut here: %v", name, whole)
		}
	}
}

// TestPiecesOfManyWriters: no more lines than maxOpen are held open.
func TestPiecesOfManyWriters(t *testing.T) {
	d, events := newDecoder(parsers.Options{}).(*decoder), 0
	emit := func(*parsers.Event) error { events++; return nil }
	for i := range 5 * maxOpen {
		rec := &parsers.Record{Data: []byte("x"), Raw: []byte(`{"CONTAINER_PARTIAL_MESSAGE":"true"}`),
			Origin: parsers.Origin{Envelope: "systemd-journal", Container: parsers.Container{Name: fmt.Sprint("c", i)}}}
		if err := d.Decode(rec, emit); err != nil {
			t.Fatal(err)
		}
		if len(d.pieces) > maxOpen || len(d.pieces)+events != i+1 {
			t.Fatalf("%d open, %d out of %d", len(d.pieces), events, i+1)
		}
	}
}
