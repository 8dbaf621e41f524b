package dockerevents

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// everything is what events are asked for when the two passes are compared.
var everything = append(append([]string{}, slotNames[:]...), "docker.action", "docker.cmd", "CommandLine", "container_name", "container.id",
	"container.pod", "container.namespace", "nobody", "action", "container.name", "docker.foreground")

// told prints all that an event says, read with or without the cheap pass.
func told(data []byte, cheap bool) string {
	var h happening
	err := h.read(data, false)
	if !cheap && h.cheap {
		h.reset()
		h.raw = bytes.Trim(data, " \t\r\n\x1e")
		h.form = formOf(h.full().Root())
		if h.form == text {
			return "foreign"
		}
		forms[h.form](&h, h.doc.Root())
		if len(h.typ) == 0 && len(h.actions) > 0 {
			h.typ = typeOf(h.actions[0])
		}
		err = h.damaged()
	}
	if err == parsers.ErrForeign {
		return "foreign"
	}
	out := fmt.Sprintf("%v %q %q %q %q %q %q %q %q %q", h.time, h.typ, h.actions, h.id, h.name, h.image, h.user, h.target, h.pod, h.namespace)
	v := view{h: &h, asked: compile(everything)}
	for i, name := range everything {
		out += fmt.Sprintf(" %s=%q", name, v.Values(nil, i))
	}
	return out
}

func compare(t *testing.T, data []byte) {
	t.Helper()
	var h happening
	if h.read(data, false); !h.cheap || !json.Valid(data) {
		return // the grammar of values that are skipped is the full parse's business
	}
	if a, b := told(data, true), told(data, false); a != b {
		t.Errorf("%q:\ncheap %s\nfull  %s", data, a, b)
	}
}

func TestCheapPassAgreesWithFullParse(t *testing.T) {
	cheap := 0
	for _, c := range cases {
		for _, line := range bytes.Split([]byte(c.Input), []byte("\n")) {
			compare(t, line)
			var h happening
			if len(line) > 0 && h.read(line, false) == nil && h.cheap {
				cheap++
			}
		}
	}
	if cheap < 4 {
		t.Errorf("only %d records were read by the cheap pass", cheap)
	}
}

func FuzzCheapAgainstFull(f *testing.F) {
	for _, c := range cases {
		for _, line := range bytes.Split([]byte(c.Input), []byte("\n")) {
			f.Add(line)
		}
	}
	f.Fuzz(compare)
}

func FuzzDecode(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.Input), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, cut bool) {
		parsertest.Fuzz(t, Format, everything, cut, bytes.Split(data, []byte("\n"))...)
	})
}

// boring is what nearly every record is.
var boring = []byte(`{"status":"exec_die","id":"` + id + `","from":"alpine:3","Type":"container","Action":"exec_die","Actor":{"ID":"` + id +
	`","Attributes":{"execID":"9a","exitCode":"0","image":"alpine:3","name":"web","org.opencontainers.image.created":"2025-05-02T16:30:35+02:00",` +
	`"org.opencontainers.image.description":"A server"}},"scope":"local","time":1740823200,"timeNano":1740823200123456789}`)

var boringText = []byte("2025-03-01T18:00:00.123456789+08:00 container exec_die " + id + " (execID=9a, exitCode=0, image=alpine:3, name=web)")

// look asks for what rules ask of every event.
func look(dec parsers.Decoder, data []byte, values [][]byte) error {
	return dec.Decode(&parsers.Record{Data: data, Raw: data}, func(ev *parsers.Event) error {
		for _, v := range ev.Views {
			for i := range 6 {
				values = v.Fields.Values(values[:0], i)
			}
		}
		return nil
	})
}

var wanted = []string{"Type", "docker.action", "docker.cmd", "Actor.Attributes.name", "user", "docker.healthcheck"}

func TestBoringEventsAllocateNothing(t *testing.T) {
	for _, data := range [][]byte{boring, boringText} {
		parsertest.AllocatesNothing(t, Format, wanted[:5], &parsers.Record{Data: data, Raw: data})
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, data := range map[string][]byte{"json": boring, "text": boringText} {
		b.Run(name, func(b *testing.B) {
			dec := Format.NewDecoder(parsers.Options{Fields: wanted})
			values := make([][]byte, 0, 8)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := look(dec, data, values); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestHealthChecksAreToldByTheirRhythm(t *testing.T) {
	dec := Format.NewDecoder(parsers.Options{Fields: []string{"docker.healthcheck"}})
	start := time.Date(2025, 3, 1, 10, 0, 0, 0, time.UTC)
	run := func(after time.Duration, command string) bool {
		line := fmt.Appendf(nil, "%s container exec_create: %s %s (image=a, name=b)", start.Add(after).Format(time.RFC3339Nano), command, id)
		healthy := false
		err := dec.Decode(&parsers.Record{Data: line, Raw: line}, func(ev *parsers.Event) error {
			healthy = len(ev.Views[0].Fields.Values(nil, 0)) > 0
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return healthy
	}
	for i := range 6 {
		at := time.Duration(i) * 30 * time.Second
		if got := run(at+time.Duration(i%3)*100*time.Millisecond, "curl -f http://localhost/health"); got != (i >= 2) {
			t.Errorf("probe %d: %v", i, got)
		}
		// A person types at no rhythm.
		if run(at*time.Duration(i+1)+time.Second, "sh") {
			t.Errorf("shell %d taken for a health check", i)
		}
	}
	if run(time.Hour, "curl -f http://localhost/health") {
		t.Error("a probe out of rhythm still passes")
	}
}
