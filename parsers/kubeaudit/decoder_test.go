package kubeaudit

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// decodeAll gives the records to a new decoder and prints the events and, in
// front of them, what was remarked.
func decodeAll(t *testing.T, fields []string, records ...string) []string {
	t.Helper()
	var out []string
	d := Format.NewDecoder(parsers.Options{Fields: fields})
	for _, rec := range records {
		err := d.Decode(&parsers.Record{Data: []byte(rec), Raw: []byte(rec)}, func(ev *parsers.Event) error {
			out = append(out, parsertest.Render(Format, fields, ev))
			return nil
		})
		var re *parsers.RecordError
		switch {
		case errors.As(err, &re):
			out = append(out, fmt.Sprintf("%s note=%v kept=%v", re.Code, re.Note, re.Kept))
		case err != nil:
			out = append(out, err.Error())
		}
	}
	return out
}

// corpus is the folder of real logs beside the checkout, or "".
func corpus() string {
	if dir := parsertest.FindShared(); dir != "" {
		return filepath.Join(dir, "corpus")
	}
	return ""
}

// kept reports whether err is about a record of which an event was emitted.
func kept(err error) bool {
	var rec *parsers.RecordError
	return errors.As(err, &rec) && rec.Kept
}

// TestEventsBehindWords: events of one line, between which the heads of syslog messages
// stand, are all read; other words between them are said.
func TestEventsBehindWords(t *testing.T) {
	for between, remark := range map[string]string{`711 <134>1 2025-03-01T10:00:00Z h app - - - `: "", ` and then `: "k8s.mixed note=false kept=true", "\u2028": "k8s.mixed note=false kept=true"} {
		got := decodeAll(t, nil, listSecrets+between+execShell+between+listSecrets)
		want := 3
		if remark != "" {
			want = 4
		}
		if len(got) != want || remark != "" && got[3] != remark {
			t.Errorf("%q: %s", between, strings.Join(got, "\n"))
		}
	}
}
