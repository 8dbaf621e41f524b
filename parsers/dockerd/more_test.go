package dockerd

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// TestCorpus reads the log of a real daemon, whose last line is cut.
func TestCorpus(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(parsertest.Corpus(t), "dockerd-logs", "docker+docs", "dockerd-desktop-debug.log"))
	if err != nil {
		t.Fatal(err)
	}
	if v := Format.Sniff(data, "dockerd-desktop-debug.log"); v.Confidence < parsers.Likely {
		t.Errorf("confidence %d, %s", v.Confidence, v.Why)
	}
	events, last := decodeAll(t, string(data), "docker.action", "http.query")
	if len(events) != 8 || !strings.Contains(events[3], "[dockerd: docker.action=attach http.query=logs=1&stdout=1&stderr=1&stream=1]") ||
		!strings.Contains(events[5], " inspect container /35fc5ec0ffe1") {
		t.Errorf("%d events: %s", len(events), strings.Join(events, "\n"))
	}
	if damage, ok := last.(*parsers.RecordError); !ok || damage.Code != "logrus.unclosed_quote" || !damage.Kept {
		t.Errorf("the cut line: %v", last)
	}
}

func TestRoutes(t *testing.T) {
	for _, c := range []struct{ call, want string }{
		{"GET /containers/json", "list container "},
		{"GET /containers/web/json", "inspect container web"},
		{"GET /containers/web/logs", "logs container web"},
		{"GET /containers/web/attach/ws", "attach container web"},
		{"POST /containers/web/exec", "exec_create container web"},
		{"POST /exec/9a/start", "exec_start exec 9a"},
		{"GET /exec/9a/json", "inspect exec 9a"},
		{"PUT /containers/web/archive", "extract-to-dir container web"},
		{"HEAD /containers/web/archive", "stat container web"},
		{"DELETE /containers/web", "remove container web"},
		{"GET /images/registry.corp/a/b:1/json", "inspect image registry.corp/a/b:1"},
		{"GET /images/get", "save image "},
		{"POST /images/create", "pull image "},
		{"DELETE /images/a/b", "remove image a/b"},
		{"GET /secrets", "list secret "},
		{"GET /secrets/x", "inspect secret x"},
		{"GET /swarm", "inspect swarm "},
		{"POST /commit", "commit container "},
		{"POST /build", "build image "},
		{"GET /system/df", "df daemon "},
		{"GET /_ping", "_ping daemon "},
		{"GET /", " daemon "},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		r := routeOf([]byte(method), []byte(path))
		if got := fmt.Sprintf("%s %s %s", r.action, r.kind, r.name); got != c.want {
			t.Errorf("%s: %q, want %q", c.call, got, c.want)
		}
	}
}

func TestBareOf(t *testing.T) {
	for in, want := range map[string]string{
		"/v1.47/info": "/info", "/v1/info": "/info", "/v4.0.0/libpod/info": "/info", "/info": "/info", "/volumes": "/volumes", "/v1.47": "/v1.47",
		"/libpod/info": "/info", "": "",
	} {
		if got := bareOf([]byte(in)); string(got) != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestSniffKnowsDaemonsFromOtherPrograms(t *testing.T) {
	form := `time="2025-03-01T10:00:00Z" level=info msg="listening on :8080"` + "\n"
	for _, c := range []struct {
		input, path string
		least       parsers.Confidence
		most        parsers.Confidence
	}{
		{form, "app.log", parsers.Maybe, parsers.Maybe},
		{form, "host.tar!var/log/docker.log", parsers.Likely, parsers.Likely},
		{form + `time="2025-03-01T10:00:00Z" level=info msg="API listen on /run/docker.sock"`, "x", parsers.Likely, parsers.Certain},
		{"Accepted publickey for root", "dockerd.log", parsers.No, parsers.No},
	} {
		if v := Format.Sniff([]byte(c.input), c.path); v.Confidence < c.least || v.Confidence > c.most {
			t.Errorf("%q: %d", c.input, v.Confidence)
		}
	}
}

func TestOutputOfContainersIsOfDaemonsOnlyIfMarked(t *testing.T) {
	for input, want := range map[string]error{
		`time="2025-03-01T10:00:00Z" level=info msg="token=x"`:                             parsers.ErrForeign,
		`{"level":"info","msg":"token=x","time":"2025-03-01T10:00:00Z"}`:                   parsers.ErrForeign,
		`time="2025-03-01T10:00:00Z" level=debug msg="Calling GET /v1.41/info"`:            nil,
		`time="2025-03-01T10:00:00Z" level=info msg="API listen on 0.0.0.0:2375"`:          nil,
		`time="2025-03-01T10:00:00Z" level=info msg="Exec for \"4f0c\" with command [sh]"`: nil,
	} {
		rec := &parsers.Record{Data: []byte(input), Raw: []byte(input), Origin: parsers.Origin{Envelope: "cri", Stream: "stdout"}}
		if err := Format.NewDecoder(parsers.Options{}).Decode(rec, func(*parsers.Event) error { return nil }); err != want {
			t.Errorf("%s: %v", input, err)
		}
	}
}

func TestNeeds(t *testing.T) {
	for field, want := range map[string]string{"http.path": "[debug]", "body.Env": "[debug]", "form-data": "[debug]", "msg": "[]", "level": "[]"} {
		if got := fmt.Sprint(Format.Needs(daemonView, field)); got != want {
			t.Errorf("%s: %s, want %s", field, got, want)
		}
	}
}

// TestLinesThatLostTheirNewline: each is read.
func TestLinesThatLostTheirNewline(t *testing.T) {
	line := func(name string) string {
		return `time="2025-03-01T10:00:00Z" level=debug msg="Calling GET /v1.41/containers/` + name + `/json"`
	}
	for _, between := range []string{"", " ", "\n", "\r\n", `\n`, ",", "\x00", "\u2028"} {
		events, last := decodeAll(t, line("a")+between+line("b")+between+line("c")+"\n", "docker.action")
		if len(events) != 3 || last != nil || !strings.Contains(events[1], "inspect container /b") || !strings.Contains(events[2], "inspect container /c") {
			t.Errorf("%q between: %q, %v", between, events, last)
		}
	}
	for torn, want := range map[string]int{line("a")[:80]: 3, line("a")[:45]: 2, line("a")[:15]: 2, line("a")[:34]: 2, line("a")[:38]: 2, line("a") + " module=ap": 3} {
		events, last := decodeAll(t, torn+line("b")+"\n"+line("c")+"\n", "docker.action")
		damage, ok := last.(*parsers.RecordError)
		if n := len(events); n != want || !ok || !strings.Contains(events[n-2], "inspect container /b") {
			t.Errorf("behind %s: %q, %v", torn, events, last)
		} else if wrong := damage.Code != "logrus.unclosed_quote" && damage.Code != "line.broken"; wrong {
			t.Errorf("behind %s: %v", torn, last)
		}
	}
	if events, last := decodeAll(t, line("a")+` starttime="2025-03-01T10:00:00Z" module=x`+"\n"); len(events) != 1 || last != nil {
		t.Errorf("a field that ends like the time: %q, %v", events, last)
	}
	events, last := decodeAll(t, line("a")+`time="2025-03-01T10`+"\n", "docker.action")
	if damage, ok := last.(*parsers.RecordError); len(events) != 1 || !ok || damage.Code != "line.broken" {
		t.Errorf("with a torn one behind it: %q, %v", events, last)
	}
}

func TestManyKeysAreBounded(t *testing.T) {
	events, last := decodeAll(t, `time="2025-03-01T10:00:00Z" level=info msg=x `+strings.Repeat("a=b ", 5000))
	damage, ok := last.(*parsers.RecordError)
	if len(events) != 1 || !ok || damage.Code != "logrus.too_many_keys" {
		t.Errorf("%d events, %v", len(events), last)
	}
}

var boring = []byte(`time="2025-03-01T10:00:00.123456789Z" level=debug msg="handling GET request" method=GET module=api request-url=/v1.48/containers/` + id + `/json vars="map[name:x version:1.48]"`)

var wanted = []string{"method", "http.path", "http.query", "request-url", "status", "msg"}

func TestBoringLinesAllocateNothing(t *testing.T) {
	quoted := []byte(`time="2025-03-01T10:00:00Z" level=info msg="loading \"x\""`)
	for _, data := range [][]byte{boring, quoted} {
		parsertest.AllocatesNothing(t, Format, wanted, &parsers.Record{Data: data, Raw: data})
	}
}

func BenchmarkDecode(b *testing.B) {
	dec := Format.NewDecoder(parsers.Options{Fields: wanted})
	rec := &parsers.Record{Data: boring, Raw: boring}
	values := make([][]byte, 0, 8)
	emit := func(ev *parsers.Event) error {
		for i := range wanted {
			values = ev.Views[0].Fields.Values(values[:0], i)
		}
		return nil
	}
	b.SetBytes(int64(len(boring)))
	b.ReportAllocs()
	for b.Loop() {
		if err := dec.Decode(rec, emit); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.Input), false)
	}
	fields := append([]string{"body.Cmd", "body.HostConfig.Binds", "docker.cmd", "container.id"}, wanted...)
	f.Fuzz(func(t *testing.T, data []byte, cut bool) {
		parsertest.Fuzz(t, Format, fields, cut, bytes.Split(data, []byte("\n"))...)
	})
}

// TestNewestFirst: where an export has the newest line first, a body stands before its
// call. One without a call is an event of its own, in either order.
func TestNewestFirst(t *testing.T) {
	line := func(at, msg string) string {
		return fmt.Sprintf(`time="2025-03-01T10:00:%sZ" level=debug msg=%q`, at, msg)
	}
	call, exec := "Calling POST /v1.41/containers/create?name=x", "Calling POST /v1.41/containers/y/exec"
	bodyOf, execBody := `form data: {"Image":"alpine"}`, `form data: {"Cmd":["env"]}`
	for name, c := range map[string]struct {
		lines []string
		want  string // how many records are of each event
	}{
		"two calls":              {[]string{line("02.2", execBody), line("02.1", exec), line("01.2", bodyOf), line("01.1", call)}, "[2 2]"},
		"a line between":         {[]string{line("02.3", execBody), line("02.2", "Calling GET /v1.41/info"), line("02.1", exec)}, "[1 2]"},
		"no call":                {[]string{line("02.3", execBody), line("02.2", "Calling GET /v1.41/info")}, "[1 1]"},
		"a call of another time": {[]string{line("05.3", execBody), line("02.1", exec)}, "[1 1]"},
		"a call behind it":       {[]string{line("02.2", execBody), line("02.3", exec)}, "[1 1]"},
		"another body":           {[]string{line("02.3", execBody), line("02.2", bodyOf), line("02.1", call)}, "[1 2]"},
		"oldest first":           {[]string{line("01.1", call), line("01.2", bodyOf), line("02.1", exec), line("02.2", execBody)}, "[2 2]"},
	} {
		var counts []int
		dec := Format.NewDecoder(parsers.Options{})
		emit := func(ev *parsers.Event) error {
			counts = append(counts, len(ev.Raw))
			return nil
		}
		for _, l := range c.lines {
			if err := dec.Decode(&parsers.Record{Data: []byte(l), Raw: []byte(l)}, emit); err != nil {
				t.Fatal(name, err)
			}
		}
		if err := dec.Flush(emit); err != nil || fmt.Sprint(counts) != c.want {
			t.Errorf("%s: %v, want %s, %v", name, counts, c.want, err)
		}
	}
}

// TestMarksInFrontOfLines: what is no name of a program does not make a line another's.
func TestMarksInFrontOfLines(t *testing.T) {
	line := `time="2025-03-01T10:00:00Z" level=debug msg="Calling GET /v1.41/info"`
	for mark, want := range map[string]error{"- ": nil, "12: ": nil, "[09:53:33.803][Docker  ][Info   ] ": nil, "kubelet: ": parsers.ErrForeign, "Mar  1 10:00:00 h kubelet[7]: ": parsers.ErrForeign} {
		rec := &parsers.Record{Data: []byte(mark + line), Raw: []byte(mark + line)}
		if err := Format.NewDecoder(parsers.Options{}).Decode(rec, func(*parsers.Event) error { return nil }); err != want {
			t.Errorf("%q: %v", mark, err)
		}
	}
}
