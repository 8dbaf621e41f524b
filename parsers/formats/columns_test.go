package formats

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

// A columnsSink keeps what events of columns say: when, who, in which groups, from
// where, what, and what became of it.
type columnsSink struct{ events, gaps []string }

func (s *columnsSink) Event(_ *parsers.Format, ev *parsers.Event) error {
	x, when := &ev.Facts, "never"
	if !ev.Time.IsZero() {
		when = ev.Time.Format(time.RFC3339Nano)
	}
	comma := []byte(",")
	s.events = append(s.events, strings.Join([]string{when, string(x.Name), string(bytes.Join(x.Groups, comma)), string(bytes.Join(x.Addresses, comma)), string(x.Action), string(x.Kind), x.Outcome.String()}, " "))
	return nil
}

func (s *columnsSink) Remark(r parsers.Remark) {
	if r.Gap {
		s.gaps = append(s.gaps, r.Code)
	}
}

// TestEventsOfColumns: exports of tables, in the spellings of those who export them.
func TestEventsOfColumns(t *testing.T) {
	const full = "2025-03-01T10:00:00.123456Z alice g 10.0.3.7 get secrets allowed"
	for name, c := range map[string]struct{ in, want string }{
		"Insights, members of arrays": {
			"@timestamp,user.username,user.groups.0,user.groups.1,verb,objectRef.resource,sourceIPs.0,responseStatus.code\n" +
				"2025-03-01 10:00:00.123,alice,dev,ops,get,secrets,203.0.113.9,403\n",
			"2025-03-01T10:00:00.123Z alice dev,ops 203.0.113.9 get secrets denied",
		},
		"the same as JSON": {
			`[{"@timestamp":"2025-03-01 10:00:00.123","user.username":"alice","user.groups.0":"dev","verb":"get","objectRef.resource":"secrets","sourceIPs.0":"203.0.113.9","responseStatus.code":"403","requestURI":"/api/v1/secrets/db"}]`,
			"2025-03-01T10:00:00.123Z alice dev 203.0.113.9 get secrets denied",
		},
		"lists in a cell of Kibana": {
			"\"@timestamp\",\"kubernetes.audit.verb\",\"kubernetes.audit.user.username\",\"kubernetes.audit.user.groups\",\"kubernetes.audit.sourceIPs\",\"kubernetes.audit.objectRef.resource\",\"kubernetes.audit.responseStatus.code\"\n" +
				"2025-03-01T10:00:00.123Z,get,alice,\"dev, system:masters\",\"10.0.0.1, 10.0.0.2\",secrets,200\n",
			"2025-03-01T10:00:00.123Z alice dev,system:masters 10.0.0.1,10.0.0.2 get secrets allowed",
		},
		"fields of Elasticsearch": {
			`{"hits":{"hits":[{"_index":"x","fields":{"@timestamp":["2025-03-01T10:00:00.123Z"],"kubernetes.audit.verb":["get"],"kubernetes.audit.user.username":["alice"],"kubernetes.audit.user.groups":["g","h"],"kubernetes.audit.objectRef.resource":["secrets"],"kubernetes.audit.responseStatus.code":[403]}}]}}`,
			"2025-03-01T10:00:00.123Z alice g,h  get secrets denied",
		},
		"times of Azure's portal": {
			"AuditId,\"TimeGenerated [UTC]\",Verb,User,ObjectRef,\"RequestReceivedTime [UTC]\",ResponseStatus\n" +
				"a,\"10/7/2025, 4:19:19.643 PM\",get," + doubled(`{"username":"alice","groups":["g"]}`) + "," + doubled(`{"resource":"secrets"}`) + ",\"10/7/2025, 4:19:18.100\u202fPM\"," + doubled(`{"code":200}`) + "\n",
			"2025-10-07T16:19:18.1Z alice g  get secrets allowed",
		},
		"a panel of Grafana": {
			"\"labels\",\"Time\",\"Line\",\"tsNs\",\"id\"\n" + doubled(`{"job":"k8s"}`) + ",1740823200123," + doubled(variantEvent) + ",1740823200123456789,1_a\n", full,
		},
		"Datadog's explorer":         {"Date,Host,Service,Content\n2025-03-01T10:00:01Z,h,kube," + doubled(variantEvent) + "\n", full},
		"Datadog":                    {"Date,Host,Service,Message\n2025-03-01T10:00:01Z,h,kube," + doubled(variantEvent) + "\n", full},
		"a spreadsheet's semicolons": {"timestamp;message\n2025-03-01T10:00:00Z;" + doubled(variantEvent) + "\n", full},
		"one column of Insights":     {"@message\n" + doubled(variantEvent) + "\n", full},
		"a table of Spark":           {"timestamp,message,host\n2025-03-01T10:00:00Z,\"" + strings.ReplaceAll(strings.ReplaceAll(variantEvent, `\`, `\\`), `"`, `\"`) + "\",m0\n", full},
		"a topic of Kafka":           {"timestamp,partition,offset,key,value\n2025-03-01T10:00:00Z,0,1,," + doubled(variantEvent) + "\n", full},
		"a summary beside the event": {
			"@timestamp,message,raw\n2025-03-01T10:00:01Z,alice got secrets," + doubled(variantEvent) + "\n", full,
		},
	} {
		s := &columnsSink{}
		a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(c.in)}, parsers.ReadOptions{}, []parsers.Sink{s})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.events) != 1 || s.events[0] != c.want || s.gaps != nil || !a.Bytes.Balanced() {
			t.Errorf("%s:\n got %q, gaps %q\nwant %q", name, s.events, s.gaps, c.want)
		}
	}
}

// TestHostOfTable: tables call the column of the host by several names.
func TestHostOfTable(t *testing.T) {
	for _, column := range []string{"host", "Host", "Computer"} {
		s := &seen{}
		in := "Date," + column + ",Service,Content\n2025-03-01T10:00:01Z,n7,kube," + doubled(variantEvent) + "\n"
		if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
			t.Fatal(err)
		}
		if len(s.events) != 1 || !strings.HasPrefix(s.events[0], "kubernetes-audit n7 2 ") {
			t.Errorf("%s: got %q", column, s.events)
		}
	}
}
