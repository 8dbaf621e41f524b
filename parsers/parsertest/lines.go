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
	dec := f.NewDecoder(parsers.Options{Fields: fields})
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
