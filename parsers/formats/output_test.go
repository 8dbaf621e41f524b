package formats

import (
	"strings"
	"testing"

	"tideline/parsers"
)

// A namesSink keeps of which format events were.
type namesSink struct{ names []string }

func (s *namesSink) Event(f *parsers.Format, _ *parsers.Event) error {
	s.names = append(s.names, f.Name)
	return nil
}

func (*namesSink) Remark(parsers.Remark) {}

// TestOneRecordAmongOutput: what a container printed before does not make its next
// line output, be it of a format that has no mark of its own for each record.
func TestOneRecordAmongOutput(t *testing.T) {
	entry := func(line string) string {
		return `{"__REALTIME_TIMESTAMP":"1740823200123451","_HOSTNAME":"m0","CONTAINER_ID_FULL":"` + aLongID + `","CONTAINER_NAME":"web","MESSAGE":` + quoted(t, line) + "}\n"
	}
	for name, c := range map[string]struct{ line, format string }{
		"an audit event":                {variantEvent, "kubernetes-audit"},
		"an audit event without a kind": {strings.Replace(variantEvent, `"kind":"Event","apiVersion":"audit.k8s.io/v1",`, "", 1), "kubernetes-audit"},
		"a request of a Docker within":  {`time="2025-03-01T10:00:00.1Z" level=debug msg="Calling POST /v1.41/containers/create?name=x"`, "dockerd"},
		"the same as JSON":              {`{"level":"debug","msg":"Calling GET /v1.41/containers/x/json","time":"2025-03-01T10:00:00.1Z"}`, "dockerd"},
		"an event of Docker":            {samples["docker-events"], "docker-events"},
		"a program that logs likewise":  {`time="2025-03-01T10:00:00.1Z" level=info msg="ready"`, outputName},
	} {
		t.Run(name, func(t *testing.T) {
			s := &namesSink{}
			in := entry("ready") + entry(c.line) + entry("done")
			if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, n := range s.names {
				if n == c.format {
					found++
				}
			}
			if want := map[bool]int{true: 3, false: 1}[c.format == outputName]; found != want || len(s.names) != 3 {
				t.Errorf("events of %q, want %s", s.names, c.format)
			}
		})
	}
}

// TestWhatALineOfARuntimeHolds: what stands in the line of a runtime was printed by a
// container, and is not read as anything else by taking the line for another's. Where
// the path names no container, it is output all the same.
func TestWhatALineOfARuntimeHolds(t *testing.T) {
	for name, c := range map[string]struct{ line, format string }{
		"a program that logs as Docker's daemon": {`{"level":"info","msg":"token=x","time":"2025-03-01T10:00:00.1Z"}`, outputName},
		"a description of a container":           {samples["docker-inspect"], outputName},
		"JSON of nobody":                         {`{"ts":1,"msg":"ready"}`, outputName},
		"a request of a daemon":                  {`{"level":"debug","msg":"Calling GET /v1.41/containers/x/json","time":"2025-03-01T10:00:00.1Z"}`, "dockerd"},
		"an audit event":                         {variantEvent, "kubernetes-audit"},
		"an audit event behind a text":           {"got " + variantEvent, "kubernetes-audit"},
	} {
		for as, line := range map[string]string{"CRI": printedAs(t, c.line)["CRI"], "json-file": printedAs(t, c.line)["json-file"]} {
			s := &namesSink{}
			in := line + "\n" + line + "\n"
			if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
				t.Fatal(err)
			}
			if len(s.names) != 2 || s.names[0] != c.format || s.names[1] != c.format {
				t.Errorf("%s in %s: events of %q, want two of %s", name, as, s.names, c.format)
			}
		}
	}
}

// A wordsSink keeps the values of events of container output.
type wordsSink struct{ words []string }

func (s *wordsSink) Event(f *parsers.Format, ev *parsers.Event) error {
	if f.Name == outputName {
		for _, w := range ev.Views[0].Fields.Keywords(nil) {
			s.words = append(s.words, string(w))
		}
	}
	return nil
}

func (*wordsSink) Remark(parsers.Remark) {}

// TestALineOfOutputStaysWhole: a member of a JSON line that a container printed is
// not the line, even if it has the name under which shippers keep one.
func TestALineOfOutputStaysWhole(t *testing.T) {
	for name, line := range map[string]string{
		"an object":           `{"level":"info","who":"carol","event":{"a":"b"}}`,
		"a text":              `{"level":"info","who":"carol","data":"{\"a\":\"b\"}"}`,
		"a word of an event":  `{"level":"info","who":"carol","text":"auditID 5b0d"}`,
		"an object with such": `{"level":"info","who":"carol","req":{"auditID":"5b0d"}}`,
	} {
		s := &wordsSink{}
		in := `{"__REALTIME_TIMESTAMP":"1740823200123451","CONTAINER_ID_FULL":"` + aLongID + `","CONTAINER_NAME":"web","MESSAGE":` + quoted(t, line) + "}\n"
		if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(s.words, " "), "carol") {
			t.Errorf("%s: the values are %q", name, s.words)
		}
	}
}
