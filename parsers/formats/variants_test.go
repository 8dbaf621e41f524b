package formats

import (
	"encoding/json"
	"strings"
	"testing"

	"tideline/parsers"
)

// variantEvent is what every stream of this file holds, once.
const variantEvent = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"5b0d0001-0000-4000-8000-000000000001","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/prod/secrets/db?a=1\u0026b=2","verb":"get","user":{"username":"alice","groups":["g"]},"sourceIPs":["10.0.3.7"],"userAgent":"curl/8.5.0","objectRef":{"resource":"secrets","namespace":"prod","name":"db","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2025-03-01T10:00:00.123456Z","stageTimestamp":"2025-03-01T10:00:00.130001Z"}`

func quoted(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func doubled(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// A factsSink keeps what events of Kubernetes say.
type factsSink struct{ events, remarks []string }

func (s *factsSink) Event(f *parsers.Format, ev *parsers.Event) error {
	if f.Name == "kubernetes-audit" {
		x := &ev.Facts
		s.events = append(s.events, strings.Join([]string{string(x.Name), string(x.Action), string(x.Kind), string(x.Namespace), string(x.Target), x.Outcome.String()}, " "))
	}
	return nil
}

func (s *factsSink) Remark(r parsers.Remark) {
	if r.Gap {
		s.remarks = append(s.remarks, r.Code)
	}
}

// TestVariantsOfEnvelopes holds forms of envelopes that were once misread.
func TestVariantsOfEnvelopes(t *testing.T) {
	aks := func(category, log string) string {
		return `{"category":"` + category + `","properties":{"log":` + quoted(t, log) + `,"stream":"stdout","pod":"kube-apiserver-1"},"resourceId":"/SUBSCRIPTIONS/S/MANAGEDCLUSTERS/C","time":"2025-03-01T10:00:00Z"}` + "\n"
	}
	control := `{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1740823200123,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}`
	data := `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"/aws/eks/c/cluster","logStream":"kube-apiserver-audit-x","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1740823200123,"message":` + quoted(t, variantEvent) + `}]}`
	const klog = "I0301 10:00:00.000000 1 trace.go:205] Trace[1]: x\n"
	for name, c := range map[string]struct{ path, in string }{
		"aks: klog before the audit log":     {"PT1H.json", aks("kube-apiserver", klog) + aks("kube-audit", variantEvent+"\n")},
		"kubectl logs of an API server":      {"namespaces/kube-system/pods/kube-apiserver-m0/kube-apiserver/kube-apiserver/logs/current.log", "2025-03-01T10:00:00.1Z " + klog + "2025-03-01T10:00:00.2Z " + variantEvent + "\n"},
		"what journalctl prints":             {"", "-- Journal begins at Sat 2025-03-01 09:00:00 UTC, ends at Sat 2025-03-01 11:00:00 UTC. --\nMar 01 10:00:00 m0 kube-apiserver[1]: " + variantEvent + "\n-- Reboot --\n"},
		"the same without times":             {"var/log/pods/kube-system_kube-apiserver-m0_0a/kube-apiserver/0.log", klog + variantEvent + "\n"},
		"a control message of CloudWatch":    {"", control + data},
		"Insights, fields":                   {"", `{"results":[[{"field":"@timestamp","value":"2025-03-01 10:00:00.123"},{"field":"verb","value":"get"},{"field":"user.username","value":"alice"},{"field":"objectRef.resource","value":"secrets"},{"field":"objectRef.namespace","value":"prod"},{"field":"objectRef.name","value":"db"},{"field":"responseStatus.code","value":"200"},{"field":"stage","value":"ResponseComplete"}]]}`},
		"query API, an event in a cell":      {"", `{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated"},{"name":"log_s"}],"rows":[["2025-03-01T10:00:00Z",` + quoted(t, variantEvent) + `]]}]}`},
		"flat keys of Elastic":               {"", `{"@timestamp":"2025-03-01T10:00:00.123Z","kubernetes.audit.auditID":"a","kubernetes.audit.verb":"get","kubernetes.audit.stage":"ResponseComplete","kubernetes.audit.user.username":"alice","kubernetes.audit.user.groups":["g"],"kubernetes.audit.objectRef.resource":"secrets","kubernetes.audit.objectRef.namespace":"prod","kubernetes.audit.objectRef.name":"db","kubernetes.audit.responseStatus.code":200}` + "\n"},
		"a table without its header":         {"", "kube-apiserver-audit-0f,2025-03-01 10:00:00.123," + doubled(variantEvent) + "\n"},
		"a table without its header, quoted": {"", `"2025-03-01T10:00:00.123+0000","host",` + doubled(variantEvent) + ",last\n"},
		"OCSF of Security Lake":              {"", `{"class_uid":6003,"class_name":"API Activity","actor":{"user":{"name":"alice","groups":[{"name":"g"}]}},"api":{"operation":"get","request":{"uid":"a"},"response":{"code":200},"version":"v1"},"http_request":{"url":{"path":"/api/v1/namespaces/prod/secrets/db"},"user_agent":"curl/8.5.0"},"message":"ResponseComplete","metadata":{"log_level":"Metadata","product":{"name":"Amazon EKS","version":"audit.k8s.io/v1"}},"resources":[{"name":"db","namespace":"prod","type":"secrets"}],"src_endpoint":{"ip":"10.0.3.7"},"time":1740823200123,"start_time_dt":"2025-03-01 10:00:00.123456","unmapped":{"annotations.authorization.k8s.io/decision":"allow"}}` + "\n"},
		"columns without names":              {"", `"{""name"":""m0""}",2025-03-01T10:00:00.123456Z,alice,get,secrets,,db,,/api/v1/namespaces/prod/secrets/db,a1b86d5d-6f8f-4058-9710-19f5cc40a68a,ResponseComplete,200,,,` + "\n"},
		"OCSF that keeps the raw event":      {"", `{"class_uid":6003,"category_uid":6,"time":1740823200123,"metadata":{"version":"1.1.0"},"raw_data":` + quoted(t, variantEvent) + "}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &factsSink{}
			in := parsers.Stream{Path: c.path, Reader: strings.NewReader(c.in)}
			if strings.HasSuffix(c.path, ".log") {
				in.Origin.Pod = "kube-apiserver-m0" // as the path tells
			}
			a, err := NewReader().Read(t.Context(), in, parsers.ReadOptions{}, []parsers.Sink{s})
			if err != nil {
				t.Fatal(err)
			}
			if len(s.events) != 1 || s.events[0] != "alice get secrets prod db allowed" {
				t.Errorf("events %q", s.events)
			}
			if s.remarks != nil || !a.Bytes.Balanced() || a.Bytes.Read != int64(len(c.in)) {
				t.Errorf("gaps %q, bytes %+v", s.remarks, a.Bytes)
			}
		})
	}
}

// TestTwoLinesOfAnOldAuditLog: before 1.7 a request and its response were a
// line each; that the response has the same time must not hide the request.
func TestTwoLinesOfAnOldAuditLog(t *testing.T) {
	in := `2017-03-01T10:00:00.1Z AUDIT: id="a" ip="10.0.3.7" method="GET" user="alice" groups="\"g\"" as="<self>" asgroups="<lookup>" namespace="prod" uri="/api/v1/namespaces/prod/secrets/db"` + "\n" +
		`2017-03-01T10:00:00.1Z AUDIT: id="a" response="200"` + "\n"
	s := &requestSink{}
	if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
		t.Fatal(err)
	}
	if len(s.received) != 2 || s.received[0] == s.received[1] {
		t.Errorf("received %v", s.received)
	}
}

// A requestSink keeps when requests came in.
type requestSink struct{ received []string }

func (s *requestSink) Event(_ *parsers.Format, ev *parsers.Event) error {
	s.received = append(s.received, ev.Request.Received.String())
	return nil
}

func (*requestSink) Remark(parsers.Remark) {}
