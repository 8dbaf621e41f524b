package auditd

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
)

// parents decodes lines and returns, of every program that was started, the
// command line of its parent.
func parents(t *testing.T, d parsers.Decoder, lines []string) (out, told []string) {
	t.Helper()
	emit := func(ev *parsers.Event) error {
		for _, v := range ev.Views {
			for _, value := range v.Fields.Values(nil, 0) {
				out = append(out, fmt.Sprintf("%s: %s", ev.Time.Format("05"), value))
			}
		}
		return nil
	}
	say := func(err error) {
		for _, e := range unjoined(err) {
			if r, ok := e.(*parsers.RecordError); ok {
				told = append(told, r.Reason)
			}
		}
	}
	for _, l := range lines {
		say(d.Decode(&parsers.Record{Data: []byte(l), Raw: []byte(l)}, emit))
	}
	say(d.Flush(emit))
	return out, told
}

func unjoined(err error) []error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		return all.Unwrap()
	}
	return []error{err}
}

// TestDecoderGoesOnWhereAnotherEnded cuts a log between events: two decoders
// know what one knows of processes and serial numbers.
func TestDecoderGoesOnWhereAnotherEnded(t *testing.T) {
	var events []string
	for i := range 12 {
		events = append(events, started(2*i+1, 10+i-1, 10+i, "/bin/sh", "sh", fmt.Sprint("step ", i)))
		if i == 5 {
			events = append(events, line(2*i+2, "USER_LOGIN", "pid=1 uid=0"))
		}
	}
	lines := func(events []string) (out []string) {
		for _, e := range events {
			out = append(out, strings.Split(e, "\n")...)
		}
		return out
	}
	o := optionsFor("ParentCommandLine")
	want, remarks := parents(t, newDecoder(o), lines(events))
	if len(want) < 11 || len(remarks) < 5 {
		t.Fatalf("%q, %q: the test shows nothing", want, remarks)
	}
	for cut := 1; cut < len(events); cut++ {
		a, b := newDecoder(o), newDecoder(o)
		got, told := parents(t, a, lines(events[:cut]))
		carry, ok := a.(parsers.Carrier).Carry()
		if !ok {
			t.Fatalf("cut at %d: it cannot be gone on from", cut)
		}
		if err := b.(parsers.Carrier).Resume(carry); err != nil {
			t.Fatal(err)
		}
		more, moreTold := parents(t, b, lines(events[cut:]))
		if got, told := append(got, more...), append(told, moreTold...); !slices.Equal(got, want) || !slices.Equal(told, remarks) {
			t.Errorf("cut at %d:\n%q\n%q\nwant\n%q\n%q", cut, got, told, want, remarks)
		}
	}
}

// FuzzResume: what no decoder carried is refused, or does no harm.
func FuzzResume(f *testing.F) {
	d := newDecoder(optionsFor("Image"))
	emit := func(*parsers.Event) error { return nil }
	for _, l := range strings.Split(started(1, 1, 10, "/bin/sh", "sh"), "\n") {
		if err := d.Decode(&parsers.Record{Data: []byte(l), Raw: []byte(l)}, emit); err != nil {
			f.Fatal(err)
		}
	}
	carry, _ := d.(parsers.Carrier).Carry()
	f.Add(carry)
	f.Add([]byte(`{"procs":[{"p":4294967295},{}],"serials":{"":{}},"left":-9}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := newDecoder(optionsFor("ParentImage"))
		if err := d.(parsers.Carrier).Resume(b); err != nil {
			return
		}
		parents(t, d, strings.Split(started(7, 10, 20, "/bin/cat", "cat"), "\n"))
	})
}
