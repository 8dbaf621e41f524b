package dockerevents

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// TestCorpus reads every file line by line and says how many lines are events,
// and how many are not.
func TestCorpus(t *testing.T) {
	root := filepath.Join(parsertest.Corpus(t), "docker-events")
	for file, want := range map[string]struct{ events, others int }{
		"docker+cli/cli/command/system/testdata/docker-events-default.golden":       {4, 0},
		"docker+cli/cli/command/system/testdata/docker-events-json-template.golden": {4, 0},
		"docker+cli/cli/command/system/testdata/docker-events-json.golden":          {4, 0},
		// Lines of a template that prints nothing but the action.
		"docker+cli/cli/command/system/testdata/docker-events-json-action.golden": {0, 4},
		"docker+cli/extracted/system_events.text.log":                             {84, 0},
		"moby+moby/cli-docs/v1.8.0.events.log":                                    {38, 0},
		"moby+moby/cli-docs/v1.10.0.events.log":                                   {44, 0},
		"moby+moby/cli-docs/v17.03.0-ce.events.log":                               {75, 0},
		"rhixecompany+banking/docker-events.log":                                  {18, 0},
	} {
		data, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		events, others := count(t, bytes.Split(bytes.TrimRight(data, "\n"), []byte("\n")))
		if events != want.events || others != want.others {
			t.Errorf("%s: %d events, %d other lines; want %d and %d", file, events, others, want.events, want.others)
		}
		if v := Format.Sniff(data[:min(len(data), parsers.SniffLen)], file); (v.Confidence == parsers.No) != (want.events == 0) {
			t.Errorf("%s: confidence %d, %s", file, v.Confidence, v.Why)
		}
	}
	pretty, err := os.ReadFile(filepath.Join(root, "timescale+rsigma/crates/rsigma-eval/tests/fixtures/schema-classification/docker_events/test_event.json"))
	if err != nil {
		t.Fatal(err)
	}
	if events, others := count(t, [][]byte{pretty}); events != 1 || others != 0 {
		t.Errorf("pretty: %d events, %d others", events, others)
	}
}

// TestManualsExamples finds the objects in the manuals of the API.
func TestManualsExamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(parsertest.Corpus(t), "docker-events", "moby+moby", "api-docs", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var records [][]byte
		for rest := data; ; {
			at := bytes.Index(rest, []byte("\n    {"))
			if at < 0 {
				break
			}
			rest = rest[at+1:]
			var object json.RawMessage
			if json.NewDecoder(bytes.NewReader(rest)).Decode(&object) == nil && bytes.Contains(object, []byte(`"time"`)) {
				records = append(records, object)
			}
		}
		if events, others := count(t, records); events < 3 || others > 0 {
			t.Errorf("%s: %d events, %d others of %d", filepath.Base(file), events, others, len(records))
		}
	}
}

func count(t *testing.T, records [][]byte) (events, others int) {
	t.Helper()
	dec := Format.NewDecoder(parsers.Options{})
	for _, r := range records {
		err := dec.Decode(&parsers.Record{Data: r, Raw: r}, func(ev *parsers.Event) error {
			events++
			if ev.Facts.Action == nil || ev.Facts.Kind == nil || ev.Time.IsZero() {
				t.Errorf("%.200q: %+v", r, ev.Facts)
			}
			return nil
		})
		if err != nil {
			others++
			if err != parsers.ErrForeign {
				t.Errorf("%.200q: %v", r, err)
			}
		}
	}
	return events, others
}
