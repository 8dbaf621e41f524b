package containerlog

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// TestCorpus reads every file that a runtime wrote: all lines are events, and
// none is refused.
func TestCorpus(t *testing.T) {
	root := filepath.Join(parsertest.Corpus(t), "container-logs")
	files := 0
	err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		runtime := strings.HasSuffix(path, "-json.log") || strings.Contains(path, "data/kubernetes/log/") ||
			strings.HasSuffix(path, "cri.log") || strings.HasSuffix(path, "raw_container.log")
		if err != nil || info.IsDir() || !runtime || info.Size() == 0 {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		records, events := 0, 0
		dec := Format.NewDecoder(parsers.Options{})
		emit := func(ev *parsers.Event) error {
			events += len(ev.Pos)
			if ev.Time.IsZero() {
				t.Errorf("%s: no time: %q", path, ev.Raw[0])
			}
			return nil
		}
		for _, line := range bytes.Split(bytes.TrimRight(data, "\n"), []byte("\n")) {
			records++
			if err := dec.Decode(&parsers.Record{Data: line, Raw: line}, emit); err != nil {
				t.Errorf("%s: %.100q: %v", path, line, err)
			}
		}
		if err := dec.Flush(emit); err != nil {
			return err
		}
		if events != records {
			t.Errorf("%s: %d of %d records are events", path, events, records)
		}
		if v := Format.Sniff(data[:min(len(data), parsers.SniffLen)], path); v.Confidence < parsers.Likely {
			t.Errorf("%s: confidence %d, %s", path, v.Confidence, v.Why)
		}
		return nil
	})
	if err != nil || files < 60 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestPiecesFarApartAreTwoLines(t *testing.T) {
	events, err := decodeAll(t, "2025-03-01T10:00:00Z stdout P last words\n2025-03-01T12:00:00Z stdout F hello\n", "log")
	if err != nil || len(events) != 2 || !strings.HasSuffix(events[0], "[container-log: log=last words]") {
		t.Errorf("%q, %v", events, err)
	}
}

func TestSniffIsCautious(t *testing.T) {
	for _, c := range []struct{ input, path string }{
		{"hello world\nGET / 200\n", "var/log/nginx/access.log"},
		{"hello world\n", ""},
		{"\x7fELF\x00\x01", "var/log/pods/prod_web_1/app/0.log"},
		{`{"level":"info","msg":"x"}`, "app.log"},
		{"2025-03-01T10:00:00Z starting", "syslog"},
	} {
		if v := Format.Sniff([]byte(c.input), c.path); v.Confidence != parsers.No || v.Why == "" {
			t.Errorf("%q at %q: %d", c.input, c.path, v.Confidence)
		}
	}
	for _, path := range []string{
		"must-gather/namespaces/prod/pods/web-0/app/app/logs/current.log", "var/log/containers/web_prod_app-4f0c.log",
		"sos_commands/crio/containers/logs/crictl_logs_-t_4f0c", "[root]/live_response/containers/docker_container_logs_4f0c.txt",
	} {
		if v := Format.Sniff([]byte("hello\n"), path); v.Confidence != parsers.Maybe {
			t.Errorf("%s: %d, %s", path, v.Confidence, v.Why)
		}
	}
}

func TestPayloadsThatEnvelopesOpened(t *testing.T) {
	dec := Format.NewDecoder(parsers.Options{Fields: []string{"log", "stream"}})
	rec := &parsers.Record{Data: []byte("password=hunter22"), Raw: []byte("x"), Origin: parsers.Origin{Envelope: "cri", Stream: "stderr"}}
	var got []string
	if err := dec.Decode(rec, func(ev *parsers.Event) error {
		for i := range 2 {
			for _, v := range ev.Views[0].Fields.Values(nil, i) {
				got = append(got, string(v))
			}
		}
		return nil
	}); err != nil || strings.Join(got, "|") != "password=hunter22|stderr" {
		t.Errorf("%q, %v", got, err)
	}
}

var lines = map[string]string{
	"cri":       `2025-03-01T10:00:00.123456789Z stdout F 10.0.2.1:59838 - - [Tue, 16 Apr 2024 06:21:39 UTC] "GET /readiness HTTP/1.1" kube-probe/1.27`,
	"json-file": `{"log":"10.0.2.1:59838 - - [Tue, 16 Apr 2024 06:21:39 UTC] \"GET /readiness HTTP/1.1\" kube-probe/1.27\n","stream":"stdout","time":"2025-03-01T10:00:00.123456789Z"}`,
}

func TestBoringLinesAllocateNothing(t *testing.T) {
	for _, line := range lines {
		parsertest.AllocatesNothing(t, Format, []string{"log"}, &parsers.Record{Data: []byte(line), Raw: []byte(line), Origin: web})
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, line := range lines {
		b.Run(name, func(b *testing.B) {
			dec := Format.NewDecoder(parsers.Options{Fields: []string{"log"}})
			rec := &parsers.Record{Data: []byte(line), Raw: []byte(line), Origin: web}
			values := make([][]byte, 0, 8)
			emit := func(ev *parsers.Event) error {
				values = ev.Views[0].Fields.Values(values[:0], 0)
				return nil
			}
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			for b.Loop() {
				if err := dec.Decode(rec, emit); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzObject holds the walk over the driver's own spelling to the full parse.
func FuzzObject(f *testing.F) {
	for _, c := range cases {
		for _, line := range strings.Split(c.Input, "\n") {
			f.Add([]byte(line))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var quick, full entry
		if len(data) == 0 || data[0] != '{' || !quick.walk(data) {
			return
		}
		quick.layout = jsonFile
		quick.ended()
		if err := full.parse(data); err != nil {
			t.Fatalf("%q: the full parse refuses what the walk took: %v", data, err)
		}
		if !bytes.Equal(quick.message, full.message) || !bytes.Equal(quick.stream, full.stream) || !quick.time.Equal(full.time) || quick.partial != full.partial {
			t.Fatalf("%q:\nwalk %q %q %v\nfull %q %q %v", data, quick.message, quick.stream, quick.time, full.message, full.stream, full.time)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.Input), false)
	}
	fields := []string{"log", "stream", "jwt.sub", "attrs.tag", "container.pod", "a.b"}
	f.Fuzz(func(t *testing.T, data []byte, cut bool) {
		parsertest.Fuzz(t, Format, fields, cut, bytes.Split(data, []byte("\n"))...)
	})
}

// TestSectionsOfAClusterDump: the lines around a container's log say whose it
// is, and are none of its output.
func TestSectionsOfAClusterDump(t *testing.T) {
	dec := Format.NewDecoder(parsers.Options{})
	var got []string
	emit := func(ev *parsers.Event) error {
		c := ev.Origin.Container
		got = append(got, c.Namespace+"/"+c.Pod+"/"+c.Name)
		return nil
	}
	notes := 0
	for _, line := range []string{
		"==== START logs for container app of pod prod/web-0 ====", "2025-03-01T10:00:00.1Z one", "two", "==== END logs for container app of pod prod/web-0 ====",
		"==== START logs for container side of pod prod/web-0 ====", "three", "==== END logs for container side of pod prod/web-0 ====",
	} {
		rec := &parsers.Record{Data: []byte(line), Raw: []byte(line), Origin: parsers.Origin{Container: parsers.Container{Namespace: "prod", Pod: "web-0"}}}
		if err := dec.Decode(rec, emit); err == errSection {
			notes++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if want := "prod/web-0/app prod/web-0/app prod/web-0/side"; strings.Join(got, " ") != want || notes != 4 {
		t.Errorf("%q, %d notes", got, notes)
	}
}

// What shippers say of whose line it is, each in its words.
func TestShippers(t *testing.T) {
	const at = "2025-03-01T10:00:00Z "
	cases := []struct{ name, line, want string }{
		{"fluent-bit", `{"time":"2025-03-01T10:00:00Z","log":"x","kubernetes":{"pod_name":"web-0","namespace_name":"prod","host":"n1","container_name":"app","docker_id":"4f0c"}}`, at + "prod/web-0/app n1 4f0c x"},
		{"vector", `{"kubernetes":{"container_id":"containerd://4f0c","container_name":"app","pod_name":"web-0","pod_namespace":"prod","pod_node_name":"n1"},"message":"x","timestamp":"2025-03-01T10:00:00Z"}`, at + "prod/web-0/app n1 4f0c x"},
		{"beats", `{"@timestamp":"2025-03-01T10:00:00Z","message":"x","stream":"stdout","log":{"file":{"path":"/l"}},"kubernetes":{"pod":{"name":"web-0"},"namespace":"prod","container":{"name":"app"},"node":{"name":"n1"}},"container":{"id":"4f0c"}}`, at + "prod/web-0/app n1 4f0c x"},
		{"beats, dotted", `{"@timestamp":"2025-03-01T10:00:00Z","message":"x","kubernetes.pod.name":"web-0","kubernetes.namespace":"prod","kubernetes.container.name":"app","kubernetes.node.name":"n1","container.id":"4f0c"}`, at + "prod/web-0/app n1 4f0c x"},
		{"beats, of Docker", `{"@timestamp":"2025-03-01T10:00:00Z","message":"x","stream":"stderr","log":{"offset":7},"container":{"id":"4f0c","name":"app","image":{"name":"shop"}},"host":{"name":"n1"}}`, at + "app n1 4f0c x"},
		{"vector, of Docker", `{"container_id":"4f0c","container_name":"app","host":"n1","image":"shop","message":"x","source_type":"docker_logs","stream":"stdout","timestamp":"2025-03-01T10:00:00Z"}`, at + "app n1 4f0c x"},
		{"nobody's", `{"stream":"stdout","message":"x","time":"2025-03-01T10:00:00Z"}`, at + " - - x"},
		{"stern", `{"message":"x","nodeName":"n1","namespace":"prod","podName":"web-0","containerName":"app"}`, "- prod/web-0/app n1 - x"},
		{"FireLens", `{"container_id":"4f0c","container_name":"/app","source":"stdout","log":"x","ecs_cluster":"c"}`, "- app - 4f0c x"},
		{"Splunk's driver", `{"line":"x","source":"stdout","tag":"4f0c"}`, "-  - - x"},
		{"Google's driver", `{"insertId":"i","jsonPayload":{"container":{"id":"4f0c","name":"/app","imageName":"shop"},"instance":{"name":"n1"},"message":"x"},"resource":{"type":"global"},"timestamp":"2025-03-01T10:00:00Z"}`, at + "app n1 4f0c x"},
		{"GKE", `{"insertId":"i","labels":{"compute.googleapis.com/resource_name":"n1"},"logName":"projects/p/logs/stderr","resource":{"labels":{"cluster_name":"c","container_name":"app","namespace_name":"prod","pod_name":"web-0"},"type":"k8s_container"},"textPayload":"x","timestamp":"2025-03-01T10:00:00Z"}`, at + "prod/web-0/app n1 - x"},
		{"Datadog", `{"id":"A","type":"log","attributes":{"timestamp":"2025-03-01T10:00:00Z","host":"n1","message":"x","tags":["container_id:4f0c","container_name:app","kube_namespace:prod","pod_name:web-0","env:x"]}}`, at + "prod/web-0/app n1 4f0c x"},
		{"GKE, parsed", `{"jsonPayload":{"msg":"x","n":1},"resource":{"labels":{"container_name":"app","namespace_name":"prod","pod_name":"web-0"},"type":"k8s_container"},"timestamp":"2025-03-01T10:00:00Z"}`, at + `prod/web-0/app - - {"msg":"x","n":1}`},
		{"GELF", `{"version":"1.1","host":"n1","short_message":"x","timestamp":1740823200.5,"_container_id":"4f0c","_container_name":"app"}`, "2025-03-01T10:00:00.5Z app n1 4f0c x"},
	}
	for _, c := range cases {
		d := newDecoder(parsers.Options{Fields: []string{"message"}})
		got := ""
		err := d.Decode(&parsers.Record{Data: []byte(c.line), Raw: []byte(c.line)}, func(ev *parsers.Event) error {
			text := func(s string) string {
				if s == "" {
					return "-"
				}
				return s
			}
			at := "-"
			if !ev.Time.IsZero() {
				at = ev.Time.Format(time.RFC3339Nano)
			}
			got = strings.Join([]string{at, string(ev.Facts.Name), text(ev.Origin.Host), text(ev.Origin.ID), string(ev.Views[0].Fields.Values(nil, 0)[0])}, " ")
			return nil
		})
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
		if sniff([]byte(c.line), "x.log").Confidence == parsers.No {
			t.Errorf("%s: not recognised", c.name)
		}
	}
	for _, line := range []string{`{"message":"x","podName":"p"}`, `{"container_id":"4f0c","log":"x"}`, `{"kubernetes":{"pod":{"name":"p"}}}`, `{"kubernetes":{"pod_name":""},"log":"x"}`} {
		if err := new(entry).read(&parsers.Record{Data: []byte(line)}); err != parsers.ErrForeign {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestPrefixedLines: what compose and a swarm print. want is name, host, time and
// message, or nothing where a line is none of theirs.
func TestPrefixedLines(t *testing.T) {
	var e entry
	for _, c := range []struct{ line, want string }{
		{"redis     | before any sure one", ""},
		{"web-1     | hello", "web-1  - hello"},
		{"redis     | same column", "redis  - same column"},
		{"redis | another column", ""},
		{"web_12    | 2025-03-01T10:00:00.5Z GET /", "web_12  10:00:00 GET /"},
		{"\x1b[36mweb-1     | \x1b[0mcoloured", "web-1  - coloured"},
		{"web-1     | ", "web-1  - "},
		{"web-1     |", "web-1  - "},
		{"web.1.x3ti0erg11rjpg64m75kej2mz@node1    | out", "web.1.x3ti0erg11rjpg64m75kej2mz node1 - out"},
		{"2025-03-01T10:00:01Z web.1.x3ti0erg11rjpg64m75kej2mz@node1    | out", "web.1.x3ti0erg11rjpg64m75kej2mz node1 10:00:01 out"},
		{"ps aux | grep x", ""},
		{" id | name", ""},
		{"| a | b |", ""},
		{"web-1 || true", ""},
		{"cat-file a-1 | sh", ""},
		{"-1 | x", ""},
	} {
		e.reset()
		message, ok := e.readPrefixed([]byte(c.line))
		got := ""
		if ok {
			at := "-"
			if !e.time.IsZero() {
				at = e.time.Format("15:04:05")
			}
			got = fmt.Sprintf("%s %s %s %s", e.container, e.host, at, message)
			if e.time.IsZero() { // behind the bar, which readPlain reads
				e.reset()
				if !e.readPlain([]byte(c.line), false) {
					t.Errorf("%q: not taken as a whole", c.line)
				}
				if !e.time.IsZero() {
					got = fmt.Sprintf("%s %s %s %s", e.container, e.host, e.time.Format("15:04:05"), e.message)
				}
			}
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.line, got, c.want)
		}
	}
}

// TestRemarksOfCompose: what compose says between the lines is a note, and other
// words that begin alike are text.
func TestRemarksOfCompose(t *testing.T) {
	for line, want := range map[string]bool{
		"Attaching to db-1, web-1":         true,
		"web-1 exited with code 137":       true,
		"\x1b[33mweb-1 exited with code 0": true,
		"Attaching to process 42":          false,
		"job exited with code unknown":     false,
		"it exited with code 1 again":      false,
	} {
		if got := isRemark([]byte(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
