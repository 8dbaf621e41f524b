package parsertest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tideline/parsers"
)

// Alike holds the events of one decoder that are said to be like one another to what
// that means: they say the same (see parsers.Likeness). The zero value is ready.
type Alike struct {
	Keywords bool // they are held to that also in what Keywords gives

	firsts map[int][2]string // what the first of each number said: exactly, and loosely
	Used   int               // events that were said to be like an earlier one
}

// See takes the next event. said spells out all of it that may not differ between
// events that are alike, or, if loose is set, between events that are alike but for
// what Likeness.Loose excepts.
func (a *Alike) See(t testing.TB, ev *parsers.Event, said func(loose bool) string) {
	t.Helper()
	like := ev.Like
	if a.Keywords {
		words, of := words(ev), said // whatever is loose
		said = func(loose bool) string { return of(loose) + words }
	}
	switch {
	case like.Number == 0:
	case like.First:
		if a.firsts == nil {
			a.firsts = map[int][2]string{}
		}
		a.firsts[like.Number] = [2]string{said(false), said(true)}
	default:
		a.Used++
		first := a.firsts[like.Number][0]
		if like.Loose {
			first = a.firsts[like.Number][1]
		}
		if text := said(like.Loose); text != first {
			t.Errorf("said to be like (loosely: %v)\n%s\nbut is\n%s", like.Loose, first, text)
		}
	}
}

// words spells out what Keywords gives of an event, but for numbers.
func words(ev *parsers.Event) string {
	var out strings.Builder
	for _, v := range ev.Views {
		fmt.Fprintf(&out, " view %d:", v.Kind)
		for _, value := range v.Fields.Keywords(nil) {
			if len(value) > 64 || len(bytes.Trim(value, "0123456789abcdefABCDEF")) > 0 {
				fmt.Fprintf(&out, " %q", value)
			}
		}
	}
	return out.String()
}

// Same demands that a decoder with a short cut says the same as one without: the
// same events, spelled out, in the same order.
func Same(t testing.TB, with, without []string) {
	t.Helper()
	at := func(list []string, i int) string {
		if i < len(list) {
			return list[i]
		}
		return "(none)"
	}
	for i := range max(len(with), len(without)) {
		if a, b := at(with, i), at(without, i); a != b {
			t.Fatalf("event %d of %d: with the short cut\n%s\nwithout\n%s", i, len(without), a, b)
		}
	}
}
