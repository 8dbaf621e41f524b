package kubehttp

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// FuzzDecode: whatever a line says, no panic, no event without a verb or an address of
// the request, and no field that a value in quotes brought.
func FuzzDecode(f *testing.F) {
	for _, c := range cases {
		for line := range strings.Lines(c.Input) {
			f.Add([]byte(strings.TrimSuffix(line, "\n")), false)
			f.Add([]byte(line[:len(line)/2]), true)
		}
	}
	fields := append(append([]string{"addedInfo", "k8s.path", "k8s.src_public"}, apiFields...), kubeletFields...)
	f.Fuzz(func(t *testing.T, line []byte, cut bool) {
		d := Format.NewDecoder(parsers.Options{Fields: fields})
		before := string(line)
		events := 0
		err := d.Decode(&parsers.Record{Data: line, Raw: line, Cut: cut, Origin: parsers.Origin{Time: at}}, func(ev *parsers.Event) error {
			events++
			if ev.Facts.Actor != parsers.KubernetesClient || ev.Facts.Name != nil || len(ev.Views) == 0 {
				t.Errorf("%+v", ev.Facts)
			}
			parsertest.Render(Format, fields, ev)
			ev.Views[0].Fields.Keywords(nil)
			return nil
		})
		var said *parsers.RecordError
		kept := err == nil || errors.As(err, &said) && said.Kept
		if kept != (events == 1) || events > 1 {
			t.Errorf("%d events and %v of %q", events, err, line)
		}
		if string(line) != before {
			t.Error("the record was changed")
		}
	})
}

// FuzzQuotes: a line made as a server makes it says what went in, whatever it was.
func FuzzQuotes(f *testing.F) {
	for _, s := range []string{"curl/8", `" resp=200`, "\\", "\x00\xff", "é\u2028", "a\tb", `\" srcIP="1.1.1.1:1`} {
		f.Add(s, "/api/v1/secrets")
	}
	f.Fuzz(func(t *testing.T, agent, uri string) {
		if strings.Contains(agent+uri, "\n") || uri == "" {
			t.Skip() // no header and no address has one
		}
		line := head + `"HTTP" verb="GET" URI=` + quote(uri) + ` latency="3ms" userAgent=` + quote(agent) + ` audit-ID=` + quote(agent) + ` srcIP="10.0.0.7:5" resp=403`
		d := newDecoder(parsers.Options{Fields: []string{"userAgent", "requestURI", "responseStatus.code", "sourceIPs"}}).(*decoder)
		err := d.Decode(&parsers.Record{Data: []byte(line)}, func(ev *parsers.Event) error {
			for i, want := range []string{agent, uri, "403", "10.0.0.7"} {
				if got := ev.Views[0].Fields.Values(nil, i); len(got) != 1 || string(got[0]) != want {
					t.Errorf("field %d is %q, want %q of %s", i, got, want, line)
				}
			}
			return nil
		})
		if err != nil {
			t.Errorf("%v of %s", err, line)
		}
	})
}

// quote is what klog does to a text.
func quote(s string) string { return strconv.Quote(s) }
