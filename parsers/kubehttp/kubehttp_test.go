package kubehttp

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

const head = "I0607 10:01:02.123456       1 httplog.go:132] "

// at is a time as an envelope has it, some milliseconds behind the line.
var at = time.Date(2024, 6, 7, 10, 1, 2, 130_000_000, time.UTC)

var apiFields = []string{"verb", "http.verb", "responseStatus.code", "objectRef.resource", "objectRef.subresource", "objectRef.namespace", "objectRef.name",
	"objectRef.apiGroup", "sourceIPs", "userAgent", "k8s.ok", "k8s.scope", "k8s.cmd", "http.program"}

var kubeletFields = []string{"verb", "kubelet.endpoint", "kubelet.pod", "kubelet.container", "k8s.cmd", "responseStatus.code", "sourceIPs", "userAgent"}

// cases are lines of each release, with the fields that rules ask for.
var cases = []parsertest.Case{
	{
		Name: "current", // v1.31
		Input: head + `"HTTP" verb="LIST" URI="/api/v1/namespaces/kube-system/secrets?limit=500" latency="3.1ms" userAgent="curl/8.5.0" audit-ID="0b3c0001" srcIP="10.0.0.7:51234" ` +
			`apf_pl="global-default" apf_fs="global-default" apf_iseats=1 apf_fseats=0 apf_additionalLatency="0s" apf_execution_time="2.5ms" resp=200` + "\n",
		Origin: parsers.Origin{Time: at}, Fields: append([]string{"apf_pl", "apf_iseats", "auditID", "latency", "stage"}, apiFields...),
		Want: []string{"2024-06-07T10:01:02.120356Z - list secrets kube-system/ allowed" + both(
			"apf_pl=global-default apf_iseats=1 auditID=0b3c0001 latency=3.1ms stage=ResponseComplete verb=list http.verb=LIST responseStatus.code=200 objectRef.resource=secrets "+
				"objectRef.namespace=kube-system sourceIPs=10.0.0.7 userAgent=curl/8.5.0 k8s.ok=true k8s.scope=namespace http.program=false")},
		Foreign: []string{head + `"Caches are synced" controller="x"`, head + "GET https://10.0.0.1:6443/api/v1/pods 200 OK in 4 milliseconds", "x", "",
			`{"ts":1717754462123.4,"caller":"a.go:1","msg":"Starting","v":0}`, `{"msg":"HTTP","verb":"GET"}`, `{"msg":"http","verb":"GET","URI":"/x","s":"HTTP"}`,
			`verb="GET" URI="/x"`, `GET /x: (1ms) 200 [a 10.0.0.1:1]`, "type=SYSCALL msg=audit(1:1): x"},
	},
	{
		Name: "a program of the cluster", // seen by rules for httplog alone
		Input: head + `"HTTP" verb="LIST" URI="/apis/apps/v1/deployments?limit=500&resourceVersion=0" latency="1.5s" ` +
			`userAgent="kube-controller-manager/v1.30.1 (linux/amd64) kubernetes/6911225/shared-informers" audit-ID="0b3c0002" srcIP="[fd00::7]:51234" resp=200` + "\n",
		Fields: apiFields,
		Want: []string{"- - list deployments / allowed [kubernetes-http: verb=list http.verb=LIST responseStatus.code=200 objectRef.resource=deployments objectRef.apiGroup=apps " +
			"sourceIPs=fd00::7 userAgent=kube-controller-manager/v1.30.1 (linux/amd64) kubernetes/6911225/shared-informers k8s.ok=true k8s.scope=cluster http.program=true]"},
	},
	{
		Name: "hijacked",
		Input: head + `"HTTP" verb="POST" URI="/api/v1/namespaces/prod/pods/web-0/exec?command=sh&command=-c&command=cat+%2Frun%2F%2Fsecrets" latency="2m0s" ` +
			`userAgent="kubectl/v1.30.1 (linux/amd64) kubernetes/6911225" audit-ID="0b3c0003" srcIP="10.0.0.7:51234" hijacked=true` + "\n",
		Origin: parsers.Origin{Time: at}, Fields: apiFields,
		Want: []string{"2024-06-07T09:59:02.123456Z - create pods/exec prod/web-0 allowed $ sh -c cat /run//secrets" + both(
			"verb=create http.verb=POST responseStatus.code=101 objectRef.resource=pods objectRef.subresource=exec objectRef.namespace=prod objectRef.name=web-0 "+
				"sourceIPs=10.0.0.7 userAgent=kubectl/v1.30.1 (linux/amd64) kubernetes/6911225 k8s.ok=true k8s.scope=object k8s.cmd=sh -c cat /run//secrets k8s.cmd=sh -c cat /run/secrets http.program=false")},
	},
	{
		Name: "a kubelet",
		Input: `I0607 10:01:02.123456    1184 httplog.go:132] "HTTP" verb="POST" URI="/run/kube-system/etcd-0/etcd?cmd=cat%20/etc/x.key" latency="12.4ms" userAgent="curl/8.5.0" audit-ID="" srcIP="10.244.1.9:40122" resp=200` + "\n" +
			`I0607 10:01:03.123456    1184 httplog.go:132] "HTTP" verb="GET" URI="/pods" latency="12.4ms" userAgent="python-requests/2.31" audit-ID="" srcIP="10.244.1.9:40124" resp=401` + "\n",
		Fields: kubeletFields,
		Want: []string{
			"- - run kubelet/run kube-system/etcd-0 allowed $ cat /etc/x.key [kubernetes-http: verb=post kubelet.endpoint=run kubelet.pod=kube-system/etcd-0 kubelet.container=etcd " +
				"k8s.cmd=cat /etc/x.key responseStatus.code=200 sourceIPs=10.244.1.9 userAgent=curl/8.5.0]",
			"- - pods kubelet/pods / denied [kubernetes-http: verb=get kubelet.endpoint=pods responseStatus.code=401 sourceIPs=10.244.1.9 userAgent=python-requests/2.31]",
		},
	},
	{
		Name: "quoted", // v1.18
		Input: `I0607 10:01:02.123456       1 httplog.go:90] verb="GET" URI="/api/v1/namespaces/prod/secrets/db" latency=1.2ms resp=404 UserAgent="kubectl/v1.18.3 (linux/amd64) kubernetes/2e7996e" srcIP="10.0.0.1:5312": ` + "\n" +
			`I0607 10:01:02.123456       1 httplog.go:90] verb="GET" URI="/api/v1/namespaces/prod/pods/web/attach" latency=7.5s UserAgent="kubectl/v1.18.3" srcIP="10.0.0.1:5312": hijacked` + "\n",
		Fields: []string{"verb", "responseStatus.code", "sourceIPs", "userAgent"},
		Want: []string{
			"- - get secrets prod/db failed" + both("verb=get responseStatus.code=404 sourceIPs=10.0.0.1 userAgent=kubectl/v1.18.3 (linux/amd64) kubernetes/2e7996e"),
			"- - get pods/attach prod/web allowed" + both("verb=get responseStatus.code=101 sourceIPs=10.0.0.1 userAgent=kubectl/v1.18.3"),
		},
	},
	{
		Name: "old", // v1.13, v1.9
		Input: `I0607 10:01:02.123456       1 wrap.go:47] GET /api/v1/secrets?limit=500: (1.2ms) 200 [kubectl/v1.13.1 (linux/amd64) kubernetes/eec55b9 10.0.0.1:5312]` + "\n" +
			`I0607 10:01:02.123456       1 wrap.go:42] GET /api/v1/secrets: (985.3µs) 403 [[curl/7.61.0] 10.0.0.1:5312]` + "\n" +
			`I0607 10:01:02.123456     914 server.go:796] POST /run/prod/web-0/app: (1.2ms) hijacked [curl/7.61.0 10.0.0.1:5312]` + "\n" +
			`I0607 10:01:02.123456       1 wrap.go:47] GET /api/v1/nodes: (2ms) 500` + "\n",
		Fields: []string{"verb", "responseStatus.code", "sourceIPs", "userAgent"},
		Want: []string{
			"- - list secrets / allowed" + both("verb=list responseStatus.code=200 sourceIPs=10.0.0.1 userAgent=kubectl/v1.13.1 (linux/amd64) kubernetes/eec55b9"),
			"- - list secrets / denied" + both("verb=list responseStatus.code=403 sourceIPs=10.0.0.1 userAgent=curl/7.61.0"),
			"- - run kubelet/run prod/web-0 allowed [kubernetes-http: verb=post responseStatus.code=101 sourceIPs=10.0.0.1 userAgent=curl/7.61.0]",
			"- - list nodes / failed" + both("verb=list responseStatus.code=500"),
		},
	},
	{
		Name: "json", // component-base v0.30
		Input: `{"ts":1717754462123.456,"caller":"httplog/httplog.go:132","msg":"HTTP","v":3,"verb":"LIST","URI":"/api/v1/secrets","latency":"3.1ms","userAgent":"curl/8.5.0","audit-ID":"0b3c","srcIP":"10.0.0.7:51234",` +
			`"resp":200,"addedInfo":"\nalice is impersonating system:masters"}` + "\n",
		Fields: []string{"verb", "responseStatus.code", "addedInfo"},
		Want:   []string{"2024-06-07T10:01:02.120356Z - list secrets / allowed" + both("verb=list responseStatus.code=200 addedInfo=\nalice is impersonating system:masters")},
	},
	{
		Name:   "without its head", // as fluent-bit's parser of klog leaves it
		Input:  `"HTTP" verb="DELETE" URI="/api/v1/namespaces/prod/events" latency="3.1ms" userAgent="" audit-ID="" srcIP="@" resp=200` + "\n",
		Origin: parsers.Origin{Time: at}, Fields: []string{"verb", "sourceIPs", "userAgent"},
		Want: []string{`2024-06-07T10:01:02.1269Z - deletecollection events prod/ allowed` + both(`verb=deletecollection userAgent=""`)},
	},
}

// both is an event's two views, in which all fields have the same values.
func both(values string) string {
	return " [kubernetes-http: " + values + "] [kubernetes-http-as-audit: " + values + "]"
}

func TestConformance(t *testing.T) { parsertest.Run(t, Format, cases...) }

// decode returns the events of lines, as Render prints them, and what was said of the
// last line.
func decode(t testing.TB, lines string, origin parsers.Origin, fields ...string) (events []string, last error) {
	t.Helper()
	d := Format.NewDecoder(parsers.Options{Fields: fields})
	for line := range strings.Lines(lines) {
		line = strings.TrimSuffix(line, "\n")
		rec := &parsers.Record{Data: []byte(line), Raw: []byte(line), Pos: parsers.Pos{Line: 1, Length: int64(len(line))}, Origin: origin}
		last = d.Decode(rec, func(ev *parsers.Event) error {
			events = append(events, parsertest.Render(Format, fields, ev))
			return nil
		})
	}
	return events, last
}

// TestDamage: what is left of a line is read as far as it is sure, and the rest said.
func TestDamage(t *testing.T) {
	const start = head + `"HTTP" verb="LIST" URI="/api/v1/secrets`
	for _, c := range []struct {
		line string
		cut  bool
		code string
		want string // the event; "" for none
	}{
		{start, false, "klog.no_request", ""},
		{start, true, "line.truncated_tail", ""},
		{start + `" latency="3ms" userAgent="cur`, false, "klog.unclosed_quote", "list secrets / unknown"},
		{start + `" latency="3ms" userAgent="cur`, true, "line.truncated_tail", "list secrets / unknown"},
		{start + `" latency="3ms" userAgent="curl/8" srcIP="10.0.0.7:1" resp=20`, true, "line.truncated_tail", "list secrets / unknown"},
		{start + `" latency="3ms" userAgent="curl/8" srcIP="10.0.0.7:1" resp=200 statusStack=<`, false, "", "list secrets / allowed"},
		{start + `" latency="3ms" userAgent="curl/8" srcIP="10.0.0.7:1" resp=200,`, false, "", "list secrets / allowed"},
		{start + `" ` + strings.Repeat("a=1 ", 300) + `resp=200`, false, "klog.too_many_keys", "list secrets / unknown"},
		{`{"ts":1717754462123.4,"msg":"HTTP","verb":"GET","URI":"/x","HTTP":`, false, "json.damaged", "get - / unknown"},
		{`{"ts":1717754462123.4,"msg":"HTTP","verb":"GET","URI":"/x`, false, "klog.no_request", ""},
		{head + `GET /api/v1/namespaces/default/servic...48076]`, false, "", "foreign"},
		{head + `GET /api/v1/namespaces/default: (3.70...48076]`, false, "klog.no_request", ""},
		{head + `GET /apis/batch/v1beta1/cronjobs: (1.169888ms) 200 [kube-controller-m...0.1:50476]`, false, "", "list cronjobs / allowed"},
	} {
		d := Format.NewDecoder(parsers.Options{})
		got := ""
		err := d.Decode(&parsers.Record{Data: []byte(c.line), Cut: c.cut}, func(ev *parsers.Event) error {
			got = strings.TrimPrefix(parsertest.Render(Format, nil, ev), "- - ")
			return nil
		})
		code := ""
		if said, ok := errors.AsType[*parsers.RecordError](err); ok {
			code = said.Code
		}
		if err == parsers.ErrForeign {
			got = "foreign"
		}
		if _, rest, ok := strings.Cut(got, "Z - "); ok {
			got = rest
		}
		if got != c.want || code != c.code {
			t.Errorf("%.120s (cut %v): %q %v; want %q %s", c.line, c.cut, got, err, c.want, c.code)
		}
	}
}

// TestLinesThatLostTheirNewline: each is read, and one that breaks off is said. What a
// client calls itself is no line.
func TestLinesThatLostTheirNewline(t *testing.T) {
	line := func(name, agent string) string {
		return head + `"HTTP" verb="GET" URI="/api/v1/namespaces/a/secrets/` + name + `" latency="3ms" userAgent="` + agent + `" srcIP="10.0.0.7:1" resp=200`
	}
	old := head + `verb="GET" URI="/api/v1/namespaces/a/secrets/old" latency=3ms resp=200 UserAgent="curl" srcIP="10.0.0.7:1": `
	torn := line("a", "curl")
	for _, c := range []struct{ input, want, code string }{
		{line("a", "curl") + line("b", "curl") + line("c", "curl"), "a allowed b allowed c allowed ", ""},
		{line("a", "curl") + "\n" + line("b", "curl") + "\r\n" + old + line("c", "curl"), "a allowed b allowed old allowed c allowed ", ""},
		{torn[:len(torn)-2] + line("b", "curl"), "a unknown b allowed ", "line.broken"},
		{torn[:len(torn)-20] + line("b", "curl"), "a unknown b allowed ", "line.broken"},
		{torn[:90] + line("b", "curl"), "b allowed ", "line.broken"},
		{line("a", "curl") + torn[:90], "a allowed ", "line.broken"},
		{line("a", "httplog.go:1] I0607 10:01:02.123456       1 httplog.go:132] ") + line("b", "curl"), "a allowed b allowed ", ""},
		{line("a", strings.ReplaceAll(line("x", "y"), `"`, `\"`)), "a allowed ", ""},
		{line("a", head+"GET /api/v1/secrets: (1ms) 200 [x 10.0.0.1:1]"), "a allowed ", ""},
	} {
		got := ""
		err := Format.NewDecoder(parsers.Options{}).Decode(&parsers.Record{Data: []byte(c.input)}, func(ev *parsers.Event) error {
			got += string(ev.Facts.Target) + " " + ev.Facts.Outcome.String() + " "
			return nil
		})
		damage, ok := errors.AsType[*parsers.RecordError](err)
		if got != c.want || ok != (c.code != "") || ok && (damage.Code != c.code || !damage.Kept) {
			t.Errorf("%s: %q %v; want %q %s", c.input, got, err, c.want, c.code)
		}
	}
}

func TestClients(t *testing.T) {
	for agent, want := range map[string]bool{
		"kube-controller-manager/v1.30.1 (linux/amd64) kubernetes/6911225/leader-election": true,
		"kubelet/v1.30.1 (linux/amd64) kubernetes/6911225":                                 true,
		"manager/v0.0.0 (linux/arm64) kubernetes/$Format":                                  true,
		"kube-probe/1.30": true,
		"kubectl/v1.30.1 (linux/amd64) kubernetes/6911225":            false,
		"kubectl-view_secret/v0.0.0 (linux/amd64) kubernetes/$Format": false,
		"k9s/v0.32.4 (linux/amd64) kubernetes/$Format":                false,
		"oc/4.14.0 (linux/amd64) kubernetes/0c63f9d":                  false,
		"Helm/3.14.0":            false,
		"curl/8.5.0":             false,
		"Go-http-client/2.0":     false,
		"python-requests/2.31.0": false,
		"node-problem-detector/v0.8.7 (linux/amd64) kubernetes/$Format": true,
		"a (x) kubernetes/": false,
		"":                  false,
		"curl/8.5.0 (linux/amd64) kubernetes/6911225": false,
		"fabric8-kubernetes-client/6.10":              false,
	} {
		if got := isProgram([]byte(agent), nil); got != want {
			t.Errorf("%q: %v", agent, got)
		}
	}
	informer := []byte("allowWatchBookmarks=true&resourceVersion=7&watch=true")
	if !isProgram([]byte("fabric8-kubernetes-client/6.10"), informer) || isProgram([]byte("curl/8"), informer) || isProgram(nil, informer) {
		t.Error("an informer is known by its query, unless its name is that of a person's client")
	}
}

// TestPeers: an address is believed if it is one.
func TestPeers(t *testing.T) {
	for source, want := range map[string]string{
		"10.0.0.7:51234": "10.0.0.7", "[fd00::7]:51234": "fd00::7", "[fe80::1%eth0]:5": "fe80::1%eth0", "@": "", "": "", "kube-controller-m...0.1:50476": "", "0.1:50476": "",
		"10.0.0.7": "", "1....2:5": "", "x.y.z.w:5": "", "[::1]:9": "::1",
	} {
		a := access{source: []byte(source)}
		if got := string(a.address()); got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
}

func TestNeeds(t *testing.T) {
	for field, want := range map[string]bool{"user.username": true, "username": true, "requestObject.spec.hostPID": true, "k8s.pod.privileged": true, "kubernetes.audit.user.groups": true,
		"annotations.authorization.k8s.io/decision": true, "verb": false, "objectRef.resource": false, "": false, "k8s.path": false, "responseStatus.code": false} {
		if got := len(needs(kindAudit, field)) > 0; got != want {
			t.Errorf("%q needs an audit event: %v", field, got)
		}
	}
}

// TestBoringLinesCostNoAllocation: almost all lines are.
func TestBoringLinesCostNoAllocation(t *testing.T) {
	for _, line := range []string{cases[0].Input, cases[1].Input, cases[3].Input[:strings.IndexByte(cases[3].Input, '\n')]} {
		parsertest.AllocatesNothing(t, Format, apiFields, &parsers.Record{Data: []byte(line), Raw: []byte(line), Origin: parsers.Origin{Time: at}})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, c := range []parsertest.Case{cases[0], cases[5], cases[6]} {
		line := []byte(c.Input[:strings.IndexByte(c.Input, '\n')])
		b.Run(c.Name, func(b *testing.B) {
			d := Format.NewDecoder(parsers.Options{Fields: apiFields})
			rec := &parsers.Record{Data: line, Raw: line, Origin: parsers.Origin{Time: at}}
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			for range b.N {
				if err := d.Decode(rec, func(*parsers.Event) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
