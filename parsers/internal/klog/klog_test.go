package klog

import (
	"strings"
	"testing"
)

const head = "I0607 10:01:02.123456       1 httplog.go:132] "

func TestCut(t *testing.T) {
	stamp, message, ok := Cut([]byte(head + `"HTTP" verb="GET"`))
	if !ok || string(stamp) != "0607 10:01:02.123456" || string(message) != `"HTTP" verb="GET"` {
		t.Errorf("%v: %q %q", ok, stamp, message)
	}
	for _, line := range []string{
		"", "I", "I0607", "I0607 10:01:02.123456", "Info 10:01:02.123456       1 httplog.go:132] x", "I06O7 10:01:02.123456       1 httplog.go:132] x",
		"D0607 10:01:02.123456       1 httplog.go:132] x", "I0607 10:01:02.123456       1 httplog.go:132", "I0607 10:01:02.123456 no file] x",
		"I0607 " + strings.Repeat("x", maxHead) + " a.go:1] x", "I0607_10:01:02.123456       1 httplog.go:132] x", "I0607 10:01:02.1234567890:] x",
	} {
		if stamp, message, ok := Cut([]byte(line)); ok {
			t.Errorf("%q is taken for %q, %q", line, stamp, message)
		}
	}
}

// Who can print an impossible time must not thereby hide the next line.
func TestDigitsDecideNothing(t *testing.T) {
	for _, stamp := range []string{"9999 99:99:99.999999", "0000 0:0:0.0", "0607 10:01:02"} {
		if !IsAccess([]byte("W" + stamp + ` 1 a.go:1] "HTTP" verb="GET" URI="/x"`)) {
			t.Errorf("%s is refused", stamp)
		}
	}
}

func TestShapes(t *testing.T) {
	for message, want := range map[string]Shape{
		`"HTTP" verb="GET" URI="/api" latency="1ms"`:             Current,
		`verb="GET" URI="/api" latency=1ms resp=200`:             Quoted,
		`GET /api: (1ms) 200 [kubectl/v1 10.0.0.1:1]`:            Old,
		`OPTIONS /x: (1ms) 200 [a 10.0.0.1:1]`:                   Old,
		`GET /api: (1ms) 500`:                                    Old,
		`GET https://10.0.0.1:6443/api 200 OK in 4 milliseconds`: None,
		`GET /api/v1/pods 200 OK in 4 milliseconds`:              None,
		`"HTTP2" verb="GET"`:                                     None,
		`"Caches are synced" controller="x"`:                     None,
		`verbose logging`:                                        None,
		`Trace[1]: "Get" url:/api (1-Mar) (total time: 1ms)`:     None,
		`LONGERTHANAMETHOD /api: (1ms)`:                          None,
		`G`:                                                      None,
		``:                                                       None,
		`http: TLS handshake error from 10.0.0.1:5: remote error: tls: (x`: None,
	} {
		if got := ShapeOf([]byte(message)); got != want {
			t.Errorf("%q is of shape %d, want %d", message, got, want)
		}
		if got := IsAccess([]byte(head + message)); got != (want != None) {
			t.Errorf("%q with a head: %v", message, got)
		}
	}
	if !IsAccess([]byte(`"HTTP" verb="GET" URI="/api"`)) || IsAccess([]byte(`GET /api: (1ms) 200 [a 10.0.0.1:1]`)) {
		t.Error("without a head only the current shape is known")
	}
}

func TestFind(t *testing.T) {
	const line = head + `"HTTP" verb="GET" URI="/api"`
	for text, want := range map[string]int{
		line: 0, "a.log:2025-03-01T10:00:00Z stderr F " + line: 36, "\x1b[32m" + line: 5, "pod container " + line: 14,
		"": -1, "httplog.go:": -1, "see httplog.go:132 for \"HTTP\" verb=": -1, head + "started": -1,
		"I0607 10:01:02.123456       1 other.go:1] httplog.go:132] x": -1,
	} {
		if got := Find([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	if n := len(head); headWidth > n {
		t.Errorf("a head of %d bytes is shorter than the shortest", n)
	}
}

// BenchmarkRefuse is what a line of anybody else's costs.
func BenchmarkRefuse(b *testing.B) {
	line := []byte(`INFO 2025-03-01 request served in 12 ms by worker 7 for tenant 9`)
	b.ReportAllocs()
	for range b.N {
		if IsAccess(line) {
			b.Fatal("taken")
		}
	}
}
