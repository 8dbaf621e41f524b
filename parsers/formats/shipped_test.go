package formats

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"tideline/parsers"
)

// A linesSink keeps lines of container output and whose they are.
type linesSink struct{ lines []string }

func (s *linesSink) Event(f *parsers.Format, ev *parsers.Event) error {
	o := &ev.Origin
	at := ""
	if !ev.Time.IsZero() {
		at = ev.Time.Format("05.000")
	}
	line := f.Name + " " + at + " " + o.Host + " " + o.Namespace + "/" + o.Pod + "/" + o.Name + "/" + o.ID
	if words := ev.Views[0].Fields.Keywords(nil); len(words) > 0 {
		line += " " + string(words[0])
	}
	s.lines = append(s.lines, line)
	return nil
}

func (*linesSink) Remark(parsers.Remark) {}

// TestShippedOutput: plain lines of containers, as stores that they were shipped to give
// them back, with the pod and the container that they are of.
func TestShippedOutput(t *testing.T) {
	const columns = "TenantId,TimeGenerated,Computer,ContainerId,ContainerName,PodName,PodNamespace,LogMessage,LogSource"
	for name, c := range map[string]struct{ in, want string }{
		"an answer of Loki": {`{"data":{"resultType":"streams","result":[{"stream":{"container":"app","namespace":"prod","pod":"web-0"},"values":[["1740823201500000000","token is x"],["1740823202500000000","done"]]}]},"status":"success"}`,
			"container-log 01.500  prod/web-0/app/ token is x|container-log 02.500  prod/web-0/app/ done"},
		"ContainerLogV2": {`{"TimeGenerated":"2025-03-01T10:00:01.5Z","Computer":"n1","ContainerId":"4f0c","ContainerName":"app","PodName":"web-0","PodNamespace":"prod","LogMessage":"token is x","LogSource":"stdout"}`,
			"container-log 01.500 n1 prod/web-0/app/4f0c token is x"},
		"ContainerLogV2, parsed": {`{"TimeGenerated":"2025-03-01T10:00:01.5Z","ContainerName":"app","PodName":"web-0","PodNamespace":"prod","LogMessage":{"msg":"x"}}`,
			`container-log 01.500  prod/web-0/app/ {"msg":"x"}`},
		"ContainerLogV2, exported": {columns + "\nt,2025-03-01T10:00:01.5Z,n1,4f0c,app,web-0,prod,token is x,stdout\n",
			"container-log 01.500 n1 prod/web-0/app/4f0c token is x"},
		"ContainerLog": {`{"TimeGenerated":"2025-03-01T10:00:01.5Z","Computer":"n1","ContainerID":"4f0c","LogEntry":"token is x","LogEntrySource":"stdout"}`,
			"container-log 01.500 n1 ///4f0c token is x"},
		"rows of a query": {`{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"PodName","type":"string"},{"name":"LogMessage","type":"dynamic"}],"rows":[["2025-03-01T10:00:01.5Z","web-0","token is x"]]}]}`,
			"container-log 01.500  /web-0// token is x"},
		"a table of Cloud Logging": {"timestamp,resource.labels.pod_name,resource.labels.namespace_name,textPayload\n2025-03-01T10:00:01.5Z,web-0,prod,token is x\n",
			"container-log 01.500  prod/web-0// token is x"},
		"a document of beats": {`{"_index":"i","_source":{"@timestamp":"2025-03-01T10:00:01.5Z","message":"token is x","container":{"id":"4f0c"},"kubernetes":{"pod":{"name":"web-0"},"namespace":"prod","container":{"name":"app"}},"host":{"name":"n1"}}}`,
			"container-log 01.500 n1 prod/web-0/app/4f0c token is x"},
		"lines of Docker's syslog driver": {"2025-03-01T10:00:01.5Z n1 4f0c9a1b2c3d[99]: token is x\n2025-03-01T10:00:02Z n1 docker/app/4f0c9a1b2c3d[99]: done\n2025-03-01T10:00:02Z n1 sshd[99]: no container\n",
			"container-log 01.500 n1 ///4f0c9a1b2c3d token is x|container-log 02.000 n1 //app/4f0c9a1b2c3d done"},
		"the same by RFC 5424": {"<30>1 2025-03-01T10:00:01.5Z n1 4f0c9a1b2c3d 99 4f0c9a1b2c3d - token is x\n", "container-log 01.500 n1 ///4f0c9a1b2c3d token is x"},
		"entries of GKE": {`[{"insertId":"a","logName":"projects/p/logs/stdout","resource":{"labels":{"container_name":"app","namespace_name":"prod","pod_name":"web-0"},"type":"k8s_container"},"textPayload":"token is x","timestamp":"2025-03-01T10:00:01.5Z"}]`,
			"container-log 01.500  prod/web-0/app/ token is x"},
	} {
		s := &linesSink{}
		if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(c.in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.lines, "|"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
		var tree any
		if json.Unmarshal([]byte(c.in), &tree) != nil {
			continue // lines of text
		}
		spread, err := json.MarshalIndent(tree, "", "  ") // as gcloud and az print it
		if err != nil {
			t.Fatal(err)
		}
		s = &linesSink{}
		if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: bytes.NewReader(spread)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.lines, "|"); unspaced(got) != unspaced(c.want) {
			t.Errorf("%s, over several lines:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }

// TestAgentOfAnAlert: what Wazuh made an alert of happened on the host of its agent.
func TestAgentOfAnAlert(t *testing.T) {
	s := &linesSink{}
	in := `{"rule":{"id":"87907"},"agent":{"id":"007","name":"n1"},"data":{"integration":"docker","docker":{"Type":"container","Action":"exec_create: id","Actor":{"ID":"4f0c","Attributes":{"name":"app"}},"time":"1740823201","timeNano":"1740823201500000000.000000"}}}` + "\n"
	if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
		t.Fatal(err)
	}
	if want := "docker-events 01.500 n1 //app/4f0c"; len(s.lines) != 1 || !strings.HasPrefix(s.lines[0], want) {
		t.Errorf("%q, want %q", s.lines, want)
	}
}
