package formats

import (
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"tideline/parsers"
)

// auditLine is an audit event with a body, one of a few that come again and again.
func auditLine(r *rand.Rand, n int, body string) string {
	node := r.Intn(3)
	if body != "" {
		body = `"requestObject":` + body + `,`
	}
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"%08x-1111-4222-8333-444444444444","stage":"ResponseComplete",`+
		`"requestURI":"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-%[2]d?timeout=10s","verb":"update","user":{"username":"system:node:node-%[2]d","groups":["system:nodes"]},`+
		`"sourceIPs":["10.20.0.7"],"userAgent":"kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47","objectRef":{"resource":"leases","namespace":"kube-node-lease","name":"node-%[2]d","apiGroup":"coordination.k8s.io","apiVersion":"v1"},`+
		`"responseStatus":{"metadata":{},"code":200},%[3]s"requestReceivedTimestamp":"2026-03-01T10:%02[4]d:%02[5]d.000000Z","stageTimestamp":"2026-03-01T10:00:00.003000Z","annotations":{"authorization.k8s.io/decision":"allow"}}`,
		n, node, body, n/60%60, n%60)
}

// containerLine is an event of one of a few containers.
func containerLine(r *rand.Rand, n int) string {
	id := strings.Repeat(string("abc"[r.Intn(3)]), 64)
	what := [...]string{"exec_create: /bin/sh -c curl -fsS localhost || exit 1", "health_status: healthy", "exec_start: sh -c 'echo }{'", "exec_create: echo {"}[r.Intn(4)]
	return fmt.Sprintf(`{"status":"%[1]s","id":"%[2]s","from":"shop:1","Type":"container","Action":"%[1]s","Actor":{"ID":"%[2]s","Attributes":{"image":"shop:1","name":"shop-%[3]c"}},"scope":"local","time":%[4]d,"timeNano":%[4]d000000000}`,
		what, id, id[0], 1773014400+n)
}

// objectStream is a log of so many lines, most of them objects that are like others
// before, and some that are torn, or something else. If it is a long one, only what
// leaves it a stream that can be shared is.
func objectStream(r *rand.Rand, lines int) string {
	long := lines > 1000
	bodies := []string{"", "", "", `{"spec":{"a":1}}`, `{"spec":{"a":"}{"}}`, `[{},{}]`, `"{"`}
	torn := []string{`[{}{"kind":"Event","verb":"x"}]`, `{]{"kind":"Event"}`, `{"a" 1}`, `{]`, `[}`, `[}{]`, `{}{}`, `[{}{}]`, `"}{"`, `{"a":"` + "\x00" + `"}`, `{"a":"` + strings.Repeat("x", 40<<10) + `"}`}
	other := []string{"", "\x00\x00\x00\x00\x00\x00\x00\x00\x00", `{"x":{}}`, `{"kind":"EventList","items":[`, `{"kind":"Event","items":[{}]}`, "no record", "---", `{"kind":"Event"}`, "[", "]}", `,{"a":1}`, "a,b"}
	if long {
		other = other[:5]
	}
	var b strings.Builder
	for n := range lines {
		line := auditLine(r, n, bodies[r.Intn(len(bodies))])
		if !long && r.Intn(3) == 0 {
			line = containerLine(r, n)
		}
		odd := r.Intn(400)
		if n/4000%2 == 1 {
			odd = -1 // so that there are pages without
		}
		switch odd {
		case 0:
			line = auditLine(r, n, torn[r.Intn(len(torn))])
		case 1:
			line = line[:r.Intn(len(line))]
		case 2:
			line += "\r"
		case 3:
			line += ", "
		case 4:
			line += line
		case 5:
			line = " " + line
		case 6, 7:
			line = other[r.Intn(len(other))]
		}
		b.WriteString(line + "\n")
	}
	return b.String()[:b.Len()-r.Intn(200)]
}

// TestObjectsReadOn: who reads objects many at a time, and from pages of a stream
// that is shared, gives what is read line by line.
func TestObjectsReadOn(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	r := rand.New(rand.NewSource(1))
	for n := range 30 {
		lines := 500
		if n%6 == 0 {
			lines = 10 * pageBytes / 1000
		}
		stream := objectStream(r, lines)
		if n%3 == 0 {
			stream = auditLine(r, 0, "") + "\n" + stream
		}
		want, account := read(t, lineByLine(), strings.NewReader(stream), parsers.ReadOptions{})
		got, a := read(t, NewReader(), iotest.HalfReader(strings.NewReader(stream)), parsers.ReadOptions{})
		sameReading(t, fmt.Sprintf("%d, alone", n), got.lines, want.lines, a, account)

		pads := []*notepad{{}, {}, {}}
		var sinks []parsers.Sink
		for _, p := range pads {
			sinks = append(sinks, p)
		}
		a, err := NewReader().Read(context.Background(), parsers.Stream{Reader: bytes.NewReader([]byte(stream))}, parsers.ReadOptions{}, sinks)
		if err != nil {
			t.Fatal(err)
		}
		shared := slices.Concat(pads[0].lines, pads[1].lines, pads[2].lines)
		slices.Sort(shared)
		slices.Sort(want.lines)
		sameReading(t, fmt.Sprintf("%d, shared", n), shared, want.lines, a, account)
	}
}

func sameReading(t *testing.T, name string, got, want []string, a, b parsers.Account) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%s: from %d of %d and %d on:\n%s\nwant\n%s", name, i, len(got), len(want), strings.Join(got[min(i, len(got)):min(i+3, len(got))], "\n"), strings.Join(want[min(i, len(want)):min(i+3, len(want))], "\n"))
		}
	}
	if a.Bytes != b.Bytes || a.Records != b.Records || a.Events != b.Events || a.Recognised != b.Recognised || a.Format != b.Format {
		t.Fatalf("%s: %+v, want %+v", name, a, b)
	}
}

// FuzzObjectsReadOn changes lines among many that are like those before.
func FuzzObjectsReadOn(f *testing.F) {
	f.Add(int64(1), 100, []byte("}{"), 0)
	f.Add(int64(2), 2000, []byte(`,"requestObject":{]{"kind":"Event"}`), 0)
	f.Add(int64(3), 60000, []byte("\n"), 3)
	f.Add(int64(4), 70000, []byte("\r"), 1)
	f.Add(int64(5), 90000, []byte("\x00\x00\x00\x00\x00\x00\x00\x00"), 8)
	f.Add(int64(6), 65432, []byte(`"items":[{},`), 9)
	f.Fuzz(func(t *testing.T, seed int64, at int, with []byte, less int) {
		r := rand.New(rand.NewSource(seed))
		var b strings.Builder
		for n := range 200 {
			if r.Intn(3) == 0 {
				b.WriteString(containerLine(r, n) + "\n")
			} else {
				b.WriteString(auditLine(r, n, [...]string{"", `{"a":{"b":[1]}}`, `[{}]`}[r.Intn(3)]) + "\n")
			}
		}
		text := b.String()
		from := int(uint(at) % uint(len(text)))
		stream := text[:from] + string(with) + text[min(len(text), from+int(uint(less)%2000)):]
		want, account := read(t, lineByLine(), strings.NewReader(stream), parsers.ReadOptions{})
		got, a := read(t, NewReader(), strings.NewReader(stream), parsers.ReadOptions{})
		sameReading(t, "changed", got.lines, want.lines, a, account)
	})
}

// TestAnArrayWithoutLinesIsShared: pages of a stream in which no line ends are no
// smaller for that, and what is unread of them is not moved for every record.
func TestAnArrayWithoutLinesIsShared(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var b strings.Builder
	b.WriteString(`{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[`)
	n := 0
	for ; b.Len() < 8*pageBytes; n++ {
		b.WriteString(auditLine(r, n, "") + ",")
	}
	b.WriteString(auditLine(r, n, "") + "]}") // no line ends anywhere
	pads := []parsers.Sink{&notepad{}, &notepad{}, &notepad{}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a, err := NewReader().Read(context.Background(), parsers.Stream{Reader: strings.NewReader(b.String())}, parsers.ReadOptions{}, pads)
	runtime.ReadMemStats(&after)
	if err != nil || a.Events != int64(n+1) || a.Bytes.Events+a.Bytes.Notes != int64(b.Len()) {
		t.Errorf("%+v, %v", a, err)
	}
	if made := after.TotalAlloc - before.TotalAlloc; made > 20*uint64(b.Len()) {
		t.Errorf("%d bytes were allocated for a stream of %d", made, b.Len())
	}
}
