package envelope

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// bare is the event that all fixtures of this package wrap.
const bare = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a-1","stage":"ResponseComplete","requestURI":"/api/v1/secrets?a=b\u0026c=d","verb":"list","user":{"username":"ann \"x\" é","groups":["g"]},"sourceIPs":["192.0.2.7"],"objectRef":{"resource":"secrets"}}`

// quote is s as a JSON string.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func csvCell(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// found is a record as it came out of its envelopes.
type found struct {
	data   string
	origin parsers.Origin
	cut    bool
}

// unwrap cuts a stream into records and takes each out of its envelopes, as
// far as there are any, until ok says that a record is one of a format.
func unwrap(t testing.TB, stream string, ok func([]byte) bool) []found {
	f := frame.New(strings.NewReader(stream), frame.Options{})
	var out []found
	for {
		var p frame.Piece
		err := f.Next(&p)
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.Kind == frame.Record {
			out = append(out, open(t, &p.Record, ok, 0)...)
		}
	}
}

func open(t testing.TB, rec *parsers.Record, ok func([]byte) bool, depth int) (out []found) {
	if ok(rec.Data) {
		return []found{{string(rec.Data), rec.Origin, rec.Cut}}
	}
	for _, e := range All() {
		if depth == MaxDepth || e.JSON != IsJSON(rec) {
			continue
		}
		raw := bytes.Clone(rec.Raw)
		calls := 0
		is, err := e.Open(rec, func(in *parsers.Record) error {
			calls++
			if !bytes.Equal(in.Raw, raw) || in.Pos != rec.Pos || len(in.Data) == 0 {
				t.Errorf("%s: raw, position or data of the record inside is wrong", e.Name)
			}
			out = append(out, open(t, in, ok, depth+1)...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if !is && calls > 0 {
			t.Errorf("%s: emitted, and says that it is no envelope", e.Name)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// isEvent recognises the event, however its members are ordered.
func isEvent(data []byte) bool {
	return bytes.HasPrefix(data, []byte(`{"`)) && bytes.Contains(data, []byte(`"auditID":`)) && !bytes.Contains(data, []byte(`"openshift"`)) &&
		!bytes.Contains(data[:min(len(data), 30)], []byte(`"kubernetes"`)) && get(data, "auditID") != nil
}

// sameJSON compares two texts as JSON.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

var t0 = time.Date(2025, 3, 1, 10, 0, 0, 123000000, time.UTC)

const t0ms = "1740823200123"

func subscription(events string) string {
	return `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"/aws/eks/prod/cluster","logStream":"kube-apiserver-audit-x","subscriptionFilters":["f"],"logEvents":[` + events + `]}`
}

var logEvent = `{"id":"356","timestamp":` + t0ms + `,"message":` + quote(bare) + `}`

func TestEventInsideEqualsBareEvent(t *testing.T) {
	for _, c := range []struct {
		name, stream, envelope string
		count                  int // 0 means 1
		origin                 parsers.Origin
	}{
		{name: "aws-logs-get", envelope: "eks-cloudwatch", origin: parsers.Origin{Time: t0}, count: 2,
			stream: `{"events":[{"timestamp":` + t0ms + `,"message":` + quote(bare) + `,"ingestionTime":1},` + "\n" + `{"logStreamName":"s","timestamp":` + t0ms + `,"message":` + quote(bare) + `,"eventId":"1"}],"nextToken":"x"}`},
		{name: "subscription", envelope: "eks-cloudwatch", origin: parsers.Origin{Time: t0, Cluster: "prod"}, count: 2,
			stream: subscription(logEvent) + subscription(logEvent)},
		{name: "firehose-http", envelope: "eks-subscription>eks-cloudwatch", origin: parsers.Origin{Time: t0, Cluster: "prod"}, count: 2,
			stream: `{"requestId":"r","timestamp":1,"records":[{"data":"` + b64(zipped(subscription(logEvent+","+logEvent))) + `"}]}`},
		{name: "kinesis", envelope: "eks-subscription>eks-cloudwatch", origin: parsers.Origin{Time: t0, Cluster: "prod"},
			stream: `{"Records":[{"kinesis":{"data":"` + b64(zipped(zipped(subscription(logEvent)))) + `","approximateArrivalTimestamp":1740823200.1}}]}`},
		{name: "lambda", envelope: "eks-subscription>eks-cloudwatch", origin: parsers.Origin{Time: t0, Cluster: "prod"},
			stream: `{"awslogs":{"data":"` + b64(zipped(subscription(logEvent))) + `"}}`},
		{name: "insights-json", envelope: "eks-cloudwatch", origin: parsers.Origin{Time: t0, Cluster: "prod"},
			stream: `{"results":[[{"field":"@timestamp","value":"2025-03-01 10:00:00.123"},{"field":"@log","value":"1:/aws/eks/prod/cluster"},{"field":"@message","value":` + quote(bare) + `}]]}`},
		{name: "insights-csv", envelope: "csv", origin: parsers.Origin{Time: t0},
			stream: "@timestamp,@message\n2025-03-01 10:00:00.123," + csvCell(bare) + "\n"},
		{name: "s3-export", envelope: "eks-s3-export", origin: parsers.Origin{Time: t0}, stream: "2025-03-01T10:00:00.123Z " + bare + "\n"},
		{name: "journalctl-short-iso", envelope: "syslog", origin: parsers.Origin{Time: t0, Host: "m0"}, stream: "2025-03-01T11:00:00.123+0100 m0 k3s[12]: " + bare + "\n"},
		{name: "rsyslog-rfc3339", envelope: "syslog", origin: parsers.Origin{Time: t0, Host: "m0"}, stream: "2025-03-01T11:00:00.123+01:00 m0 k3s[12]: " + bare + "\n"},
		{name: "s3-export-ms", envelope: "eks-s3-export", origin: parsers.Origin{Time: t0}, stream: t0ms + " " + bare + "\n"},
		{name: "logs-tail", envelope: "eks-s3-export", origin: parsers.Origin{Time: t0},
			stream: "\x1b[32m2025-03-01T10:00:00.123000+00:00\x1b[0m \x1b[36mkube-apiserver-audit-0f\x1b[0m " + bare + "\n"},
		{name: "logs-text", envelope: "eks-s3-export", origin: parsers.Origin{Time: t0}, stream: "EVENTS\t356\t" + t0ms + "\t" + bare + "\t" + t0ms + "\n"},
		{name: "aks-blob", envelope: "aks-diagnostic",
			origin: parsers.Origin{Time: t0, Cluster: "C", Stream: "stdout", Container: parsers.Container{ID: "a64c", Pod: "kube-apiserver-1"}},
			stream: `{"category":"kube-audit","properties":{"log":` + quote(bare+"\n") + `,"containerID":"a64c","stream":"stdout","pod":"kube-apiserver-1"},"resourceId":"/SUBSCRIPTIONS/S/MANAGEDCLUSTERS/C","time":"2025-03-01T10:00:00.123Z"}` + "\n"},
		{name: "aks-records", envelope: "aks-diagnostic", count: 2,
			stream: `{"records":[{"category":"kube-audit","properties":{"log":` + quote(bare) + `}},{"category":"kube-audit","properties":{"log":` + bare + `}}]}`},
		{name: "aks-properties-text", envelope: "aks-diagnostic", stream: `{"category":"kube-audit","properties":` + quote(`{"log":`+quote(bare)+`}`) + `}`},
		{name: "aks-diagnostics-csv", envelope: "csv", origin: parsers.Origin{Time: time.Date(2025, 10, 7, 16, 19, 19, 643000000, time.UTC), Container: parsers.Container{Pod: "p"}},
			stream: "\"TimeGenerated [UTC]\",Category,\"log_s\",\"pod_s\"\n\"10/7/2025, 4:19:19.643 PM\",kube-audit," + csvCell(bare) + ",p\n"},
		{name: "aks-query", envelope: "aks-query",
			stream: `{"tables":[{"name":"PrimaryResult","columns":[{"name":"Category","type":"string"},{"name":"log_s","type":"string"}],"rows":[["kube-audit",` + quote(bare) + `]]}]}`},
		{name: "aks-cli", envelope: "aks-log-analytics", stream: `[{"Category":"kube-audit","log_s":` + quote(bare) + `}]`},
		{name: "openshift-nodes", envelope: "openshift-node-logs", origin: parsers.Origin{Host: "master-0.example.com"}, stream: "master-0.example.com " + bare + "\n"},
		{name: "ecs-subtree", envelope: "ecs", origin: parsers.Origin{Time: t0, Host: "n1"},
			stream: `{"@timestamp":"2025-03-01T10:00:00.123Z","host":{"name":"n1"},"kubernetes":{"audit":` + bare + `}}`},
		{name: "filebeat", envelope: "ecs", origin: parsers.Origin{Time: t0},
			stream: `{"@timestamp":"2025-03-01T10:00:00.123Z","message":` + quote(bare) + `,"log":{"file":{"path":"/x"}},"agent":{"type":"filebeat"}}`},
		{name: "elastic-azure", envelope: "ecs", origin: parsers.Origin{Time: t0},
			stream: `{"@timestamp":"2025-03-01T10:00:00.123Z","azure":{"platformlogs":{"category":"kube-audit","properties":{"log":` + bare + `}}}}`},
		{name: "fluent", envelope: "fluent", origin: parsers.Origin{Time: t0, Stream: "stdout", Host: "n1", Container: parsers.Container{Pod: "p", Namespace: "ns", Name: "c", ID: "00ff"}},
			stream: `{"log":` + quote(bare+"\n") + `,"stream":"stdout","time":"2025-03-01T10:00:00.123Z","kubernetes":{"pod_name":"p","namespace_name":"ns","container_name":"c","docker_id":"00ff","host":"n1"}}`},
		{name: "vector", envelope: "fluent", origin: parsers.Origin{Time: t0, Host: "n1"},
			stream: `{"file":"/a","host":"n1","message":` + quote(bare) + `,"source_type":"file","timestamp":"2025-03-01T10:00:00.123Z"}`},
		{name: "vector-kubernetes", envelope: "fluent", origin: parsers.Origin{Time: t0, Stream: "stdout", Host: "n1", Container: parsers.Container{Pod: "p", Namespace: "ns", Name: "c", ID: "00ff"}},
			stream: `{"file":"/a","kubernetes":{"container_id":"containerd://00ff","container_name":"c","pod_name":"p","pod_namespace":"ns","pod_node_name":"n1"},"message":` + quote(bare) + `,"source_type":"kubernetes_logs","stream":"stdout","timestamp":"2025-03-01T10:00:00.123Z"}`},
		{name: "fluentd-file", envelope: "fluent-file", origin: parsers.Origin{Time: t0}, stream: "2025-03-01T10:00:00.123+00:00\tkube.audit\t" + bare + "\n"},
		{name: "fluent-bit-file", envelope: "fluent-file", origin: parsers.Origin{Time: t0}, stream: "kube.audit: [1740823200.123000000, " + bare + "]\n"},
		{name: "fluent-bit-parsed", envelope: "fluent-file", origin: parsers.Origin{Time: t0}, stream: `[0] kube.audit: [[1740823200.123000000, {}], ` + strings.ReplaceAll(bare, `":`, `"=>`) + `]` + "\n"},
		{name: "fluent-bit-as-it-is", envelope: "fluent-file", origin: parsers.Origin{Time: t0}, stream: `[0] kube.audit: [[1740823200.123000000, {}], {"log"=>"` + bare + `", "stream"=>"stdout"}]` + "\n"},
		{name: "fluent-bit-stdout", envelope: "fluent-file", origin: parsers.Origin{Time: t0}, stream: `[0] kube.audit: [[1740823200.123000000, {}], {"log"=>` + quote(bare) + `, "stream"=>"stdout"}]` + "\n"},
		{name: "splunk", envelope: "splunk", origin: parsers.Origin{Time: t0, Host: "n1"},
			stream: `{"preview":false,"offset":0,"result":{"_raw":` + quote(bare) + `,"_time":"2025-03-01T10:00:00.123+00:00","host":"n1"}}`},
		{name: "splunk-results", envelope: "splunk>eks-cloudwatch", origin: parsers.Origin{Time: t0}, stream: `{"results":[{"_raw":` + quote(logEvent) + `}]}`},
		{name: "loki", envelope: "loki", origin: parsers.Origin{Time: t0, Host: "n1", Cluster: "c1", Container: parsers.Container{Pod: "p", Namespace: "ns", Name: "c"}},
			stream: `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"cluster":"c1","node_name":"n1","namespace":"ns","pod":"p","container":"c"},"values":[["1740823200123000000",` + quote(bare) + `]]}],"stats":{}}}`},
		{name: "loki-push", envelope: "loki>cri", origin: parsers.Origin{Time: t0, Stream: "stdout"},
			stream: `{"streams":[{"stream":{"job":"x"},"values":[["1740823200123000000",` + quote("2025-03-01T10:00:00.123Z stdout F "+bare) + `,{"trace":"1"}]]}]}`},
		{name: "elasticsearch", envelope: "elasticsearch", stream: `{"took":1,"hits":{"total":{"value":1},"hits":[{"_index":"i","_source":` + bare + `}]}}`},
		{name: "elasticdump", envelope: "elasticsearch>ecs", origin: parsers.Origin{Time: t0},
			stream: `{"_index":"i","_source":{"@timestamp":"2025-03-01T10:00:00.123Z","kubernetes":{"audit":` + bare + `}}}`},
		{name: "otlp", envelope: "otlp", origin: parsers.Origin{Time: t0, Host: "n1", Cluster: "uid", Container: parsers.Container{ID: "00ff"}},
			stream: `{"resourceLogs":[{"resource":{"attributes":[{"key":"k8s.node.name","value":{"stringValue":"n1"}},{"key":"openshift.cluster.uid","value":{"stringValue":"uid"}},{"key":"container.id","value":{"stringValue":"00ff"}}]},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1740823200123000000","body":{"stringValue":` + quote(bare) + `}}]}]}]}`},
		{name: "journald", envelope: "journald-json", origin: parsers.Origin{Time: t0, Host: "n1"},
			stream: `{"__REALTIME_TIMESTAMP":"1740823200123000","_HOSTNAME":"n1","MESSAGE":` + quote(bare) + `}`},
		{name: "syslog-5424", envelope: "syslog", origin: parsers.Origin{Time: t0, Host: "n1"}, stream: `<134>1 2025-03-01T10:00:00.123Z n1 kube-audit - - [a b="]"] ` + bare + "\n"},
		{name: "syslog-3164", envelope: "syslog", origin: parsers.Origin{Host: "n1"}, stream: "<134>Mar  1 10:00:00 n1 kube-audit[12]: " + bare + "\n"},
		{name: "syslog-iso", envelope: "syslog", origin: parsers.Origin{Host: "n1", Time: t0}, stream: "2025-03-01T10:00:00.123+00:00 n1 kube-audit: " + bare + "\n"},
		{name: "cri", envelope: "cri", origin: parsers.Origin{Time: t0, Stream: "stdout"}, stream: "2025-03-01T11:00:00.123+01:00 stdout F " + bare + "\n"},
		{name: "json-file", envelope: "json-file", origin: parsers.Origin{Time: t0, Stream: "stdout"},
			stream: `{"log":` + quote(bare+"\n") + `,"stream":"stdout","time":"2025-03-01T10:00:00.123Z"}`},
		{name: "cri-in-json-file", envelope: "json-file>cri", origin: parsers.Origin{Time: t0, Stream: "stdout"},
			stream: `{"log":` + quote("2025-03-01T10:00:00.123Z stdout F "+bare+"\n") + `,"stream":"stdout","time":"2025-03-01T10:00:00.2Z"}`},
		{name: "kubectl-prefix", envelope: "kubectl-logs", origin: parsers.Origin{Container: parsers.Container{Pod: "api-0", Name: "apiserver"}}, stream: "[pod/api-0/apiserver] " + bare + "\n"},
		{name: "pubsub", envelope: "gke-pubsub", origin: parsers.Origin{Time: t0}, stream: `{"message":{"data":"` + b64(bare) + `","publishTime":"2025-03-01T10:00:00.123Z"},"subscription":"s"}`},
		{name: "ovh", envelope: "fluent>fluent", stream: `{"message":` + quote(`{"x":1,"message":`+quote(bare)+`}`) + `}`},
		{name: "under-any-key", envelope: "json", stream: `{"x":1,"payload":` + bare + `}`},
		{name: "any-prefix", envelope: "text", stream: "node=a; audit => " + bare + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := unwrap(t, c.stream, isEvent)
			if len(got) != max(c.count, 1) {
				t.Fatalf("%d records: %+v", len(got), got)
			}
			c.origin.Envelope = c.envelope
			for _, g := range got {
				if !sameJSON(g.data, bare) {
					t.Errorf("inside %s", g.data)
				}
				if g.origin != c.origin || g.cut {
					t.Errorf("origin %+v\nwant   %+v (cut: %v)", g.origin, c.origin, g.cut)
				}
			}
		})
	}
}

func TestViaQ(t *testing.T) {
	stream := `{"@timestamp":"2025-03-01T10:00:00.123Z","hostname":"n1","level":"default","k8s_audit_level":"Metadata","log_type":"audit","log_source":"kubeAPI","openshift":{"cluster_id":"uid"},"tag":".k8s-audit.log",` + strings.Replace(bare[1:], `"level":"Metadata",`, "", 1)
	got := unwrap(t, stream, isEvent)
	want := parsers.Origin{Envelope: "viaq", Host: "n1", Cluster: "uid", Time: t0}
	if len(got) != 1 || !sameJSON(got[0].data, bare) || got[0].origin != want {
		t.Errorf("got %+v", got)
	}
	got = unwrap(t, `{"log_type":"audit","openshift":{},"hostname":"n1","message":"type=BPF msg=audit(1.2:3): a=b"}`, func(b []byte) bool { return bytes.HasPrefix(b, []byte("type=")) })
	if len(got) != 1 || got[0].origin.Host != "n1" {
		t.Errorf("auditd line: %+v", got)
	}
}

func TestTruncatedMessageIsCut(t *testing.T) {
	head := bare[:200]
	got := unwrap(t, `{"events":[{"timestamp":`+t0ms+`,"message":`+quote(head+"[Truncated...]")+`,"ingestionTime":1}]}`, isEvent)
	if len(got) != 1 || got[0].data != head || !got[0].cut {
		t.Errorf("got %+v", got)
	}
	got = unwrap(t, "2025-03-01T10:00:00.123Z stdout P "+head+"\n", isEvent)
	if len(got) != 1 || !got[0].cut {
		t.Errorf("partial CRI line: %+v", got)
	}
}

func TestEventOfColumns(t *testing.T) {
	stream := "AuditId,Level,Stage,Verb,RequestUri,User,SourceIps,ObjectRef,_ResourceId\n" +
		`a-1,Metadata,ResponseComplete,list,/api/v1/secrets,` + csvCell(`{"username":"ann"}`) + "," + csvCell(`["192.0.2.7"]`) + "," + csvCell(`{"resource":"secrets"}`) + ",/s/managedClusters/c1\n"
	got := unwrap(t, stream, isEvent)
	want := `{"auditID":"a-1","level":"Metadata","stage":"ResponseComplete","verb":"list","requestURI":"/api/v1/secrets","user":{"username":"ann"},"sourceIPs":["192.0.2.7"],"objectRef":{"resource":"secrets"},"kind":"Event","apiVersion":"audit.k8s.io/v1"}`
	if len(got) != 1 || got[0].data != want || got[0].origin.Cluster != "c1" {
		t.Errorf("got  %+v\nwant %s", got, want)
	}
	stream = "auditID,verb,user.username,user.uid,objectRef.resource,sourceIPs.0\na-2,get,bob,7,pods,x\n"
	got = unwrap(t, stream, isEvent)
	want = `{"auditID":"a-2","verb":"get","user":{"username":"bob","uid":"7"},"objectRef":{"resource":"pods"},"sourceIPs":["x"],"kind":"Event","apiVersion":"audit.k8s.io/v1"}`
	if len(got) != 1 || got[0].data != want {
		t.Errorf("got  %+v\nwant %s", got, want)
	}
}

func TestMetricbeat(t *testing.T) {
	stream := `{"@timestamp":"2025-03-01T10:00:00.123Z","docker":{"event":{"action":"exec_create: sh","type":"container","id":"4f","from":"a","status":"exec_create: sh","actor":{"id":"4f","attributes":{"name":"web"}}}},"host":{"name":"h"}}` + "\n"
	got := unwrap(t, stream, func(data []byte) bool { return bytes.HasPrefix(data, []byte(`{"Action"`)) })
	want := `{"Action":"exec_create: sh","Type":"container","id":"4f","from":"a","status":"exec_create: sh","Actor":{"ID":"4f","Attributes":{"name":"web"}},"time":"2025-03-01T10:00:00.123Z"}`
	if len(got) != 1 || got[0].data != want || got[0].origin.Host != "h" || !got[0].origin.Time.Equal(t0) {
		t.Errorf("got  %+v\nwant %s", got, want)
	}
}

func TestControlMessageIsEmpty(t *testing.T) {
	rec := &parsers.Record{Data: []byte(`{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE"}]}`)}
	is, err := eksWrapper.Open(rec, func(*parsers.Record) error { t.Error("emitted"); return nil })
	if !is || err != nil {
		t.Errorf("%v %v", is, err)
	}
}

func TestLinesOfContainersAreNoEnvelopes(t *testing.T) {
	for _, line := range []string{
		"2025-03-01T10:00:00Z stdout F hello", "[pod/a/b] hello", "hello", "a b c", "[x] y", "Mar 99 10:00:00 h t: m",
		`{"log":"hello\n","stream":"stdout","time":"2025-03-01T10:00:00Z"}`, `{"a":{"b":1}}`, `{}`, `[]`, `[1]`, "{", "<1>", "<134>1 a b", "\x1b[", "EVENTS\t",
	} {
		rec := &parsers.Record{Data: []byte(line), Raw: []byte(line)}
		for _, e := range All() {
			if e.JSON != IsJSON(rec) {
				continue
			}
			if is, _ := e.Open(rec, func(in *parsers.Record) error { return nil }); is {
				t.Errorf("%s opens %q", e.Name, line)
			}
		}
	}
}

func TestErrorOfEmitComesBack(t *testing.T) {
	refused := errors.New("no")
	for _, line := range []string{bare, `{"message":` + quote(bare) + `}`, "h " + bare, `{"awslogs":{"data":"` + b64(zipped(subscription(logEvent))) + `"}}`} {
		rec := &parsers.Record{Data: []byte(line)}
		for _, e := range All() {
			if e.JSON != IsJSON(rec) {
				continue
			}
			if is, err := e.Open(rec, func(*parsers.Record) error { return refused }); is && err != refused {
				t.Errorf("%s: %v", e.Name, err)
			}
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range All() {
		if e.Name == "" || strings.ContainsAny(e.Name, "> ") || seen[e.Name] {
			t.Errorf("name %q", e.Name)
		}
		seen[e.Name] = true
	}
}
