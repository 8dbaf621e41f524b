package main

import (
	"encoding/json"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

func TestTimeOfEvents(t *testing.T) {
	for in, want := range map[string]string{
		`"2026-03-01T12:00:00.5+02:00"`: "2026-03-01T10:00:00.5Z",
		`1772359200`:                    "2026-03-01T10:00:00Z",
		`1772359200123`:                 "2026-03-01T10:00:00.123Z",
		`"yesterday"`:                   "0001-01-01T00:00:00Z",
	} {
		var v any
		dec := json.NewDecoder(strings.NewReader(in))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		got := timeOf(sigma.NewDocument(map[string]any{"@timestamp": v}, nil))
		if got.Format("2006-01-02T15:04:05.999999999Z07:00") != want {
			t.Errorf("%s: %v, want %s", in, got, want)
		}
	}
}
