package formats

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// accessLine is what every stream of this file holds, once, and otherKlog what stands
// around it.
const (
	accessLine = `I0301 10:00:00.123456       1 httplog.go:132] "HTTP" verb="GET" URI="/api/v1/namespaces/prod/secrets/db" latency="3.1ms" userAgent="curl/8.5.0" audit-ID="5b0d0001" srcIP="10.0.3.7:51234" resp=200`
	accessJSON = `{"ts":1740823200123.456,"caller":"httplog/httplog.go:132","msg":"HTTP","v":3,"verb":"GET","URI":"/api/v1/namespaces/prod/secrets/db","latency":"3.1ms","userAgent":"curl/8.5.0","srcIP":"10.0.3.7:51234","resp":200}`
	otherKlog  = `I0301 10:00:00.000000       1 controller.go:132] "OpenAPI AggregationController: Processing item" key="v1."`
)

// A pageSink keeps events as parsertest prints them, and the codes of remarks.
type pageSink struct{ access, output, gaps, notes []string }

func (s *pageSink) Event(f *parsers.Format, ev *parsers.Event) error {
	if f.Name == "kubernetes-http" {
		s.access = append(s.access, parsertest.Render(f, nil, ev)+" "+ev.Origin.Host+" "+ev.Origin.Cluster+" "+ev.Origin.Pod)
	} else {
		s.output = append(s.output, f.Name)
	}
	return nil
}

func (s *pageSink) Remark(r parsers.Remark) {
	if r.Gap {
		s.gaps = append(s.gaps, r.Code)
	} else {
		s.notes = append(s.notes, r.Code)
	}
}

// TestAccessLinesInAllTheyAreMetIn: the message reaches the format, with the time and
// the place that is told around it.
func TestAccessLinesInAllTheyAreMetIn(t *testing.T) {
	const precise, envelopes = "2025-03-01T10:00:00.120356Z", "2025-03-01T10:00:00.1199Z"
	for name, c := range map[string]struct{ line, time, place string }{
		"bare":                          {accessLine, "-", "  "},
		"JSON":                          {accessJSON, precise, "  "},
		"CRI":                           {"2025-03-01T10:00:00.123999999Z stderr F " + accessLine, precise, "  "},
		"CRI, JSON":                     {"2025-03-01T10:00:00.123999999Z stderr F " + accessJSON, precise, "  "},
		"json-file":                     {`{"log":` + quoted(t, accessLine+"\n") + `,"stream":"stderr","time":"2025-03-01T10:00:00.123999999Z"}`, precise, "  "},
		"kubectl logs --timestamps":     {"2025-03-01T10:00:00.123999999Z " + accessLine, precise, "  "},
		"kubectl logs --prefix":         {"[pod/kube-apiserver-m0/kube-apiserver] " + accessLine, "-", "  kube-apiserver-m0"},
		"journalctl":                    {"Mar 01 10:00:00 w1 kubelet[914]: " + accessLine, "-", "w1  "},
		"journalctl -o short-precise":   {"Mar 01 10:00:00.124000 w1 kubelet[914]: " + accessLine, "-", "w1  "},
		"journalctl -o short-full":      {"Sat 2025-03-01 10:00:00 UTC w1 kubelet[914]: " + accessLine, precise, "w1  "},
		"the same where it is CET":      {"Sat 2025-03-01 11:00:00 CET w1 kubelet[914]: " + accessLine, "-", "w1  "},
		"where zones have no name":      {"Sat 2025-03-01 13:00:00 +03 w1 kubelet[914]: " + accessLine, precise, "w1  "},
		"journalctl -o with-unit":       {"Sat 2025-03-01 10:00:00.124001 UTC w1 kubelet.service[914]: " + accessLine, precise, "w1  "},
		"journalctl -o short-unix":      {"1740823200.124000 w1 kubelet[914]: " + accessLine, precise, "w1  "},
		"journalctl -o short-monotonic": {"[ 1234.567890] w1 kubelet[914]: " + accessLine, "-", "w1  "},
		"journalctl -o short-delta":     {"[ 1234.567890 <    0.000001 >] w1 kubelet[914]: " + accessLine, "-", "w1  "},
		"journalctl --no-hostname":      {"Sat 2025-03-01 10:00:00 UTC kubelet[914]: " + accessLine, precise, "  "},
		"a number that is no time":      {"123 12345.6789 " + accessLine, "-", "  "},
		"journalctl -o short-iso":       {"2025-03-01T10:00:00+0000 w1 kubelet[914]: " + accessLine, precise, "w1  "},
		"RFC 5424":                      {"<30>1 2025-03-01T10:00:00.124Z w1 kubelet 914 - - " + accessLine, precise, "w1  "},
		"journalctl -o json":            {`{"__REALTIME_TIMESTAMP":"1740823200124000","_HOSTNAME":"w1","MESSAGE":` + quoted(t, accessLine) + `}`, precise, "w1  "},
		"EKS, a log event":              {`{"logStreamName":"kube-apiserver-0f","timestamp":1740823200124,"message":` + quoted(t, accessLine) + `,"ingestionTime":1740823201000,"eventId":"1"}`, precise, "  "},
		"EKS, S3 export":                {"2025-03-01T10:00:00.124Z " + accessLine, precise, "  "},
		"EKS, aws logs tail":            {"2025-03-01T10:00:00.124000+00:00 kube-apiserver-0f " + accessLine, precise, "  "},
		"AKS":                           {`{"category":"kube-apiserver","properties":{"log":` + quoted(t, accessLine+"\n") + `,"stream":"stderr","pod":"kube-apiserver-1"},"resourceId":"/SUBSCRIPTIONS/S/MANAGEDCLUSTERS/C","time":"2025-03-01T10:00:00.1240000Z"}`, precise, " C kube-apiserver-1"},
		"GKE, textPayload":              {`{"insertId":"a","timestamp":"2025-03-01T10:00:00.124Z","resource":{"type":"k8s_control_plane_component"},"textPayload":` + quoted(t, accessLine) + `}`, "", "  "},
		"GKE, parsed":                   {`{"timestamp":"2025-03-01T10:00:00.123Z","severity":"INFO","jsonPayload":{"message":` + quoted(t, accessLine[strings.Index(accessLine, `"HTTP"`):]) + `}}`, "", "  "},
		"fluent-bit":                    {`{"log":` + quoted(t, accessLine) + `,"stream":"stderr","time":"2025-03-01T10:00:00.124Z","kubernetes":{"pod_name":"kube-apiserver-m0","namespace_name":"kube-system","host":"m0"}}`, precise, "m0  kube-apiserver-m0"},
		"fluent-bit that took the head": {`{"message":` + quoted(t, accessLine[strings.Index(accessLine, `"HTTP"`):]) + `,"time":"2025-03-01T10:00:00.123Z","kubernetes":{"pod_name":"kube-apiserver-m0","namespace_name":"kube-system","host":"m0"}}`, envelopes, "m0  kube-apiserver-m0"},
		"Filebeat":                      {`{"@timestamp":"2025-03-01T10:00:00.124Z","agent":{"type":"filebeat"},"host":{"name":"m0"},"message":` + quoted(t, accessLine) + `}`, precise, "m0  "},
		"Splunk":                        {`{"result":{"_raw":` + quoted(t, accessLine) + `,"_time":"2025-03-01T10:00:00.124+00:00","host":"m0"}}`, precise, "m0  "},
		"Loki":                          {`{"stream":{"node":"m0","pod":"kube-apiserver-m0"},"values":[["1740823200124000000",` + quoted(t, accessLine) + `]]}`, precise, "m0  kube-apiserver-m0"},
		"grep":                          {"var/log/pods/x/0.log:2025-03-01T10:00:00.123999999Z stderr F " + accessLine, precise, "  "},
		"stern":                         {"kube-apiserver-m0 kube-apiserver " + accessLine, "-", "  "},
		"in colour":                     {"\x1b[32m" + accessLine + "\x1b[0m", "-", "  "},
		"an unknown shipper":            {`{"entry_text":` + quoted(t, accessLine) + `,"time":"2025-03-01T10:00:00.124Z","hostname":"m0"}`, precise, "m0  "},
	} {
		t.Run(name, func(t *testing.T) {
			s := &pageSink{}
			in := c.line + "\n"
			a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s})
			if err != nil {
				t.Fatal(err)
			}
			want := c.time + " - get secrets prod/db allowed " + c.place
			if c.time == "" && len(s.access) == 1 { // of where the time stands nothing is asked here
				_, rest, _ := strings.Cut(s.access[0], " ")
				s.access[0] = " " + rest
			}
			if !slices.Equal(s.access, []string{want}) || s.output != nil || s.gaps != nil || !a.Bytes.Balanced() {
				t.Errorf("%q, %v, gaps %v; want %q", s.access, s.output, s.gaps, want)
			}
		})
	}
}

// TestOtherLinesOfKlogStayWhatTheyWere: output in a container's output, notes elsewhere,
// gaps nowhere.
func TestOtherLinesOfKlogStayWhatTheyWere(t *testing.T) {
	cri := func(line string) string { return "2025-03-01T10:00:00.123999999Z stderr F " + line }
	syslog := func(line string) string { return "Mar 01 10:00:00 w1 kubelet[914]: " + line }
	journal := func(line string) string {
		return `{"__REALTIME_TIMESTAMP":"1740823200124000","_HOSTNAME":"w1","MESSAGE":` + quoted(t, line) + `}`
	}
	for name, c := range map[string]struct {
		path   string
		wrap   func(string) string
		output int
	}{
		"CRI":                   {"", cri, 4},
		"a pod's file, bare":    {"var/log/pods/kube-system_kube-apiserver-m0_0a/kube-apiserver/0.log", strings.Clone, 4},
		"kube-apiserver.log":    {"var/log/kube-apiserver.log", strings.Clone, 0},
		"kubelet in the syslog": {"var/log/kubelet.log", syslog, 0},
		"journalctl -o json":    {"", journal, 0},
		"EKS, S3 export":        {"", func(line string) string { return "2025-03-01T10:00:00.124Z " + line }, 0},
		"EKS, aws logs tail":    {"", func(line string) string { return "2025-03-01T10:00:00.124000+00:00 kube-apiserver-0f " + line }, 0},
		"EKS, log events": {"", func(line string) string {
			return `{"timestamp":1740823200124,"message":` + quoted(t, line) + `,"ingestionTime":1}`
		}, 0},
		"Splunk": {"", func(line string) string { return `{"result": {"_raw": ` + quoted(t, line) + `, "host": "m0"}}` }, 0},
		"AKS": {"", func(line string) string {
			return `{"category":"kube-apiserver","properties":{"log":` + quoted(t, line+"\n") + `},"time":"2025-03-01T10:00:00.1240000Z"}`
		}, 0},
	} {
		for _, order := range [][]string{{otherKlog, accessLine, otherKlog, otherKlog, accessLine, otherKlog}, {accessLine, otherKlog, otherKlog, accessLine, otherKlog, otherKlog}} {
			in := ""
			for _, line := range order {
				in += c.wrap(line) + "\n"
			}
			s := &pageSink{}
			stream := parsers.Stream{Path: c.path, Reader: strings.NewReader(in)}
			if strings.Contains(c.path, "/pods/") {
				stream.Origin.Pod = "kube-apiserver-m0" // as the path tells
			}
			a, err := NewReader().Read(t.Context(), stream, parsers.ReadOptions{}, []parsers.Sink{s})
			if err != nil {
				t.Fatal(err)
			}
			noted := slices.Contains(s.notes, "klog.other")
			if len(s.access) != 2 || len(s.output) != c.output || s.gaps != nil || noted != (c.output == 0) || a.Bytes.Read != int64(len(in)) || !a.Bytes.Balanced() {
				t.Errorf("%s: %d accesses, %d lines of output, notes %v, gaps %v, %+v", name, len(s.access), len(s.output), s.notes, s.gaps, a.Bytes)
			}
		}
	}
}

// TestStepsOfATrace: the lines of a slow request have no head but the first.
func TestStepsOfATrace(t *testing.T) {
	for name, before := range map[string]string{"bare": "", "EKS, S3 export": "2025-03-01T10:00:00.124Z ", "syslog": "Mar 01 10:00:00 w1 kube-apiserver[914]: "} {
		in := ""
		for _, line := range []string{accessLine, `I0301 10:00:00.223456      10 trace.go:236] Trace[1420329011]: "List" accept:application/json,client:10.0.0.1 (total time: 600ms):`,
			`Trace[1420329011]: ["List(recursive=true) etcd3" key:/secrets 599ms (10:00:00.600)]`, `Trace[1420329011]: [600.123ms] [600.123ms] END`} {
			in += before + line + "\n"
		}
		s := &pageSink{}
		if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
			t.Fatal(err)
		}
		if len(s.access) != 1 || s.gaps != nil || !slices.Contains(s.notes, "klog.other") {
			t.Errorf("%s: %d accesses, notes %v, gaps %v", name, len(s.access), s.notes, s.gaps)
		}
	}
}

// aStack is what stands behind the access line of a request that failed.
const aStack = "\tgoroutine 51 [running]:\n\tk8s.io/apiserver/pkg/server/httplog.(*respLogger).recordStatus(0xc000a, 0x1f4)\n" +
	"\t\tk8s.io/apiserver/pkg/server/httplog/httplog.go:320 +0x10e\n\tcreated by k8s.io/apiserver/pkg/server/filters.(*timeoutHandler).ServeHTTP\n" +
	"\tlogging error output: \"k8s\\x00\"\n >\n"

// TestStacksBelongToTheirLine: in a stream with access lines the lines of a stack are a
// note; in another, where a tab and a call may mean anything, they are what they were.
func TestStacksBelongToTheirLine(t *testing.T) {
	for _, c := range []struct{ in, gaps, notes string }{
		{accessLine + " statusStack=<\n" + aStack + accessLine + "\n", "[]", "[klog.other]"},
		{aStack + accessLine + "\n", "[]", "[klog.other]"},
		{samples["auditd"] + "\n" + aStack, "[line.unknown]", "[]"},
		{samples["auditd"] + "\nx\n" + aStack, "[line.unknown]", "[]"},
		{aStack, "[]", "[file.unrecognised]"},
		{accessLine + "\n\tan item\n\talice is impersonating bob\n\tf(x) y\n", "[line.unknown]", "[]"},
	} {
		s := &pageSink{}
		a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(c.in)}, parsers.ReadOptions{}, []parsers.Sink{s})
		if got := fmt.Sprint(s.gaps); err != nil || got != c.gaps || fmt.Sprint(s.notes) != c.notes || !a.Bytes.Balanced() || a.Bytes.Read != int64(len(c.in)) {
			t.Errorf("%.60q: gaps %v, notes %v, %+v, %v", c.in, s.gaps, s.notes, a.Bytes, err)
		}
	}
}

// TestALogWithoutAccessLinesIsStillOfNoFormat: below -v=3 there are none, and a klog file
// is no more than it was.
func TestALogWithoutAccessLinesIsStillOfNoFormat(t *testing.T) {
	s := &pageSink{}
	a, err := NewReader().Read(t.Context(), parsers.Stream{Path: "kubelet.log", Reader: strings.NewReader(strings.Repeat(otherKlog+"\n", 30))}, parsers.ReadOptions{}, []parsers.Sink{s})
	if err != nil || a.Format != "" || !slices.Equal(s.notes, []string{"file.unrecognised"}) || s.gaps != nil {
		t.Errorf("%q %v %v %v", a.Format, s.notes, s.gaps, err)
	}
}

// TestOneWorkerOrMany: a log of which the access lines are a part is the same however
// many lanes read it.
func TestOneWorkerOrMany(t *testing.T) {
	var in strings.Builder
	for i := range 30_000 {
		in.WriteString(otherKlog + "\n")
		fmt.Fprintf(&in, "%s n=%d\n", accessLine, i)
	}
	want := ""
	for _, lanes := range []int{1, 4} {
		sinks, events := make([]parsers.Sink, lanes), 0
		for i := range sinks {
			sinks[i] = &pageSink{}
		}
		a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in.String())}, parsers.ReadOptions{}, sinks)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sinks {
			events += len(s.(*pageSink).access)
		}
		got := fmt.Sprintf("%d %+v %d %q", events, a.Bytes, a.Records, sinks[0].(*pageSink).notes)
		if want == "" {
			want = got
		}
		if got != want || events != 30_000 {
			t.Errorf("%d lanes: %s, want %s", lanes, got, want)
		}
	}
}

// TestAHugeAccessLine ends neither the run nor the next line.
func TestAHugeAccessLine(t *testing.T) {
	huge := strings.Replace(accessLine, "curl/8.5.0", strings.Repeat(`\"x `, 1<<20), 1)
	s := &pageSink{}
	start := time.Now()
	a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(huge + "\n" + accessLine + "\n")}, parsers.ReadOptions{}, []parsers.Sink{s})
	if err != nil || len(s.access) != 2 || !a.Bytes.Balanced() {
		t.Errorf("%d events, %+v, %v", len(s.access), a.Bytes, err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}
