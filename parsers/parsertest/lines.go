package parsertest

import (
	"strings"
	"testing"

	"tideline/parsers"
)

// Lines decodes text line by line, with no place in a stream, and returns the events
// as Render prints them, and the last error that Decode returned.
func Lines(t testing.TB, f *parsers.Format, text string, fields ...string) (events []string, last error) {
	t.Helper()
	return linesOf(t, f, f.NewDecoder(parsers.Options{Fields: fields}), text, fields...)
}

// Reused demands that a decoder that has decoded the lines of before makes of those
// of text what a new one does (parsers.Reuser), and that before matters if they are of
// one stream: otherwise nothing would be shown.
func Reused(t testing.TB, f *parsers.Format, before, text string, fields ...string) {
	t.Helper()
	want, _ := Lines(t, f, text, fields...)
	whole, _ := Lines(t, f, before+text, fields...)
	if strings.HasSuffix(strings.Join(whole, "\n"), strings.Join(want, "\n")) {
		t.Error("what comes before makes no difference")
	}
	dec := f.NewDecoder(parsers.Options{Fields: fields})
	linesOf(t, f, dec, before, fields...)
	if r, ok := dec.(parsers.Reuser); !ok || !r.Reuse() {
		t.Fatal("it cannot be used again")
	}
	got, _ := linesOf(t, f, dec, text, fields...)
	Same(t, got, want)
}

func linesOf(t testing.TB, f *parsers.Format, dec parsers.Decoder, text string, fields ...string) (events []string, last error) {
	t.Helper()
	emit := func(ev *parsers.Event) error {
		events = append(events, Render(f, fields, ev))
		return nil
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		data := []byte(line)
		if err := dec.Decode(&parsers.Record{Data: data, Raw: data, Pos: parsers.Pos{Length: int64(len(data))}}, emit); err != nil {
			last = err
		}
	}
	if err := dec.Flush(emit); err != nil {
		t.Fatal(err)
	}
	return events, last
}
