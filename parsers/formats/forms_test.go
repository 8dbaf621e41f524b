package formats

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"strings"
	"testing"

	"tideline/parsers"
)

const (
	aLongID = "0fdb48addc82871eb34eb23a847cfd033dedd1a0a37bef2e6d9eb3870fc7ff37"
	anImage = "sha256:4bb46517cac397bb0c22df0b5e5ee4ec1bbfb7e8cf9ab4ea4e2b2d9c5a7d1b6e"
)

// forms are records of every format in each form that a program prints them in, as
// a line.
var forms = map[string]string{
	"kubernetes-audit":                      samples["kubernetes-audit"],
	"kubernetes-audit, GKE":                 `{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"k8s.io","methodName":"io.k8s.core.v1.secrets.list","resourceName":"core/v1/secrets"},"resource":{"type":"k8s_cluster"},"timestamp":"2025-03-01T10:00:00.123Z"}`,
	"kubernetes-audit, BigQuery":            `{"protopayload_auditlog":{"serviceName":"k8s.io","methodName":"io.k8s.core.v1.secrets.list","resourceName":"core/v1/secrets"},"resource":{"type":"k8s_cluster"},"timestamp":"2025-03-01 10:00:00.123 UTC"}`,
	"kubernetes-audit, BigQuery, linked":    `{"proto_payload":{"audit_log":{"service_name":"k8s.io","method_name":"io.k8s.core.v1.secrets.list","resource_name":"core/v1/secrets"}},"resource":{"type":"k8s_cluster"},"timestamp":"2025-03-01 10:00:00.123 UTC"}`,
	"kubernetes-audit, columns as JSON":     `{"@timestamp":"2025-03-01 10:00:00.123","user.username":"alice","verb":"get","objectRef.resource":"secrets"}`,
	"kubernetes-audit, Rancher":             `{"auditID":"3002-1","requestURI":"/v3/schemas","sourceIPs":["::1"],"user":{"name":"user-f4tt2"},"verb":"GET","stage":"RequestReceived","stageTimestamp":"2018-07-20 10:22:43 +0800"}`,
	"kubernetes-audit, Rancher since 2.6":   `{"auditID":"3002-2","requestURI":"/v3/clusters","user":{"name":"user-x"},"method":"POST","remoteAddr":"10.0.0.1:4433","requestTimestamp":"2023-03-30T15:30:10Z","responseCode":200}`,
	"kubernetes-audit, legacy":              `2017-03-01T10:00:00.1Z AUDIT: id="5b0d0001-0000-4000-8000-000000000001" ip="10.0.3.7" method="GET" user="alice" groups="\"g\"" as="<self>" asgroups="<lookup>" namespace="prod" uri="/api/v1/namespaces/prod/secrets/db"`,
	"kubernetes-audit, OCSF":                `{"class_uid":6003,"class_name":"API Activity","actor":{"user":{"name":"alice","groups":[{"name":"g"}]}},"api":{"operation":"get","request":{"uid":"a"},"response":{"code":200},"version":"v1"},"http_request":{"url":{"path":"/api/v1/namespaces/prod/secrets/db"},"user_agent":"curl/8.5.0"},"message":"ResponseComplete","metadata":{"log_level":"Metadata","product":{"name":"Amazon EKS","version":"audit.k8s.io/v1"}},"resources":[{"name":"db","namespace":"prod","type":"secrets"}],"src_endpoint":{"ip":"10.0.3.7"},"time":1740823200123,"start_time_dt":"2025-03-01 10:00:00.123456"}`,
	"kubernetes-audit, Elastic":             `{"@timestamp":"2025-03-01T10:00:00.123Z","kubernetes.audit.auditID":"a","kubernetes.audit.verb":"get","kubernetes.audit.stage":"ResponseComplete","kubernetes.audit.user.username":"alice"}`,
	"kubernetes-audit, without its version": `{"verb":"get","user":{"username":"alice"},"objectRef":{"resource":"secrets","namespace":"prod","name":"db"},"responseStatus":{"code":200},"stage":"ResponseComplete","stageTimestamp":"2025-03-01T10:00:00.130001Z"}`,
	"kubernetes-audit, columns":             `"{""name"":""m0""}",2025-03-01T10:00:00.123456Z,alice,get,secrets,,db,,/api/v1/namespaces/prod/secrets/db,a1b86d5d-6f8f-4058-9710-19f5cc40a68a,ResponseComplete,200,,,`,

	"auditd":                        samples["auditd"],
	"auditd, node":                  "node=web1 " + samples["auditd"],
	"auditd, laurel":                `{"ID":"1740823200.123:42","NODE":"n1","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,"ppid":1,"pid":2,"uid":0,"exe":"/bin/cat"},"EXECVE":{"argc":2,"ARGV":["cat","/x"]}}`,
	"auditd, laurel, a title alone": `{"ID":"1740823200.123:42","PROCTITLE":{"ARGV":["cat","/x"]}}`,
	"auditd, go-audit":              `{"sequence":42,"timestamp":"1740823200.123","messages":[{"type":1300,"data":"arch=c000003e syscall=59 uid=0 exe=\"/x\""}],"uid_map":{"0":"root"}}`,
	"auditd, auditbeat":             `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"message_type":"syscall","result":"success","sequence":3,"data":{"syscall":"execve","arch":"x86_64"}},"process":{"args":["cat","/x"],"executable":"/bin/cat"}}`,
	"auditd, osquery":               `{"name":"pack_process_events","hostIdentifier":"h","unixTime":1740823200,"action":"added","columns":{"pid":"2","path":"/bin/sh","cmdline":"sh -c id","uid":"0","parent":"1","syscall":"execve","time":"1740823200"}}`,
	"auditd, osquery, a snapshot":   `{"name":"user_events","hostIdentifier":"h","unixTime":1740823200,"snapshot":[{"pid":"2","path":"/bin/sh","uid":"0","time":"1740823200"}]}`,
	"auditd, journald":              `{"_AUDIT_TYPE":"1302","_AUDIT_ID":"42","_SOURCE_REALTIME_TIMESTAMP":"1740823200123000","MESSAGE":"PATH item=0 name=\"/x\""}`,

	"docker-events":                 samples["docker-events"],
	"docker-events, before 1.10":    `{"status":"start","id":"4386fb97867d","from":"ubuntu:14.04","time":1400000000}`,
	"docker-events, a pull of 1.9":  `{"status":"pull","id":"busybox:latest","time":1400000001}`,
	"docker-events, enriched":       `{"Command":"docker logs web","Type":"container"}`,
	"docker-events, enriched, flat": `{"@timestamp":"2025-03-01T10:00:00Z","action":"create","container_name":"web","user":"root"}`,
	"docker-events, Metricbeat":     `{"@timestamp":"2025-03-01T10:00:00Z","docker":{"event":{"action":"die","type":"container","id":"` + aLongID + `","actor":{"id":"` + aLongID + `","attributes":{"name":"web"}}}}}`,
	"docker-events, podman":         `{"ID":"` + aLongID + `","Image":"alpine:3","Name":"web","Status":"died","Time":"2025-03-01T10:00:00.1-06:00","Type":"container","Attributes":{"app":"x"}}`,
	"docker-events, compose":        `{"time":"2025-03-01T10:00:00.5Z","type":"container","service":"web","id":"` + aLongID + `","action":"die","attributes":{"name":"app-web-1","image":"web:1"}}`,
	"docker-events, nerdctl":        `{"Timestamp":"2025-03-01T10:00:00Z","ID":"4f0c","Namespace":"k8s.io","Topic":"/tasks/start","Event":"{\"container_id\":\"4f0c\"}","Labels":{"a":"b"}}`,
	"docker-events, text":           `2026-03-01T10:00:00.123456789Z container die ` + aLongID + ` (exitCode=1, image=a:1, name=b)`,
	"docker-events, text, a plugin": `2026-03-01T10:00:00.123456789Z plugin enable ` + aLongID + ` (name=tiborvass/sample-volume-plugin:latest)`,
	"docker-events, text up to 1.9": `2014-05-10T17:42:14.999999999Z 4386fb97867d: (from ubuntu:14.04) die`,
	"docker-events, text of podman": `2019-03-02 10:33:42.312377447 -0600 CST container create ` + aLongID + ` (image=alpine, name=web)`,
	"docker-events, text of ctr":    `2025-03-01 10:00:00.1 +0000 UTC k8s.io /tasks/exec-added {"container_id":"` + aLongID + `","exec_id":"a"}`,
	"docker-events, of a template":  `Type=container Status=create ID=` + aLongID,

	"dockerd":                samples["dockerd"],
	"dockerd, at level info": `time="2025-03-01T10:00:00.123456789Z" level=info msg="API listen on /var/run/docker.sock"`,
	"dockerd, containerd":    `time="2025-03-01T10:00:00.123456789Z" level=info msg="ExecSync for \"` + aLongID + `\" with command [cat /x] and timeout 10 (s)"`,
	"dockerd, JSON":          `{"level":"debug","msg":"Calling GET /v1.41/containers/` + aLongID + `/json","time":"2025-03-01T10:00:00.123456789Z"}`,

	"kubernetes-http":                   samples["kubernetes-http"],
	"kubernetes-http, 1.18":             `I0301 10:00:00.123456       1 httplog.go:90] verb="GET" URI="/api/v1/secrets" latency=1.2ms resp=200 UserAgent="curl/7.61.0" srcIP="10.0.3.7:51234": `,
	"kubernetes-http, up to 1.17":       `I0301 10:00:00.123456       1 wrap.go:47] GET /api/v1/secrets: (1.2ms) 200 [curl/7.61.0 10.0.3.7:51234]`,
	"kubernetes-http, JSON":             `{"ts":1740823200123.456,"caller":"httplog/httplog.go:132","msg":"HTTP","v":3,"verb":"LIST","URI":"/api/v1/secrets","latency":"3.1ms","userAgent":"curl/8.5.0","audit-ID":"5b0d0001","srcIP":"10.0.3.7:51234","resp":200}`,
	"kubernetes-http, without its head": `"HTTP" verb="LIST" URI="/api/v1/secrets" latency="3.1ms" userAgent="curl/8.5.0" audit-ID="" srcIP="10.0.3.7:51234" resp=200`,

	"docker-inspect":                  samples["docker-inspect"],
	"docker-inspect, hostconfig.json": `{"Binds":["/:/host"],"ContainerIDFile":"","NetworkMode":"default","RestartPolicy":{"Name":"no","MaximumRetryCount":0},"Privileged":true}`,
	"docker-inspect, of an image":     `{"Id":"` + anImage + `","RepoTags":["a:1"],"Created":"2025-03-01T10:00:00.1Z","Config":{"Env":["A=b"]}}`,
	"docker-inspect, image file":      `{"architecture":"amd64","os":"linux","config":{"Env":["A=b"],"Image":"66395c31eb82"},"created":"2025-03-01T10:00:00.1Z"}`,
	"docker-inspect, runtime":         `{"ociVersion":"1.0.2","process":{"user":{"uid":0},"args":["sh"],"env":["A=b"]},"root":{"path":"rootfs"}}`,
	"docker-inspect, crictl":          `{"status":{"id":"` + aLongID + `","state":"CONTAINER_RUNNING","createdAt":"2025-03-01T10:00:00.1Z"},"info":{"pid":12}}`,
}

// printedAs is a line that a container printed, as runtimes and collectors of their
// lines write it down.
func printedAs(t testing.TB, line string) map[string]string {
	t.Helper()
	quoted, err := json.Marshal(line + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"as it is":  line,
		"kubectl":   `2026-03-01T10:00:00.123456789Z ` + line,
		"compose":   `web-1  | ` + line,
		"syslog":    `Mar  1 10:00:00 host app[12]: ` + line,
		"RFC 5424":  `<134>1 2025-03-01T10:00:00Z host app - - - ` + line,
		"CRI":       `2026-03-01T10:00:00.123456789Z stdout F ` + line,
		"json-file": `{"log":` + string(quoted) + `,"stream":"stdout","time":"2026-03-01T10:00:00.123456789Z"}`,
	}
}

// respelled is a line of the kind of line: one with other digits. Numbers become
// too large, and times impossible.
func respelled(line string, r *rand.Rand) string {
	b := []byte(line)
	for i := 0; i < len(b); i++ {
		from := i
		for how := r.Intn(8); i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
			switch how {
			case 0:
				b[i] = '0'
			case 1:
				b[i] = '9'
			case 2:
				b[i] = byte('0' + r.Intn(10))
			}
		}
		if i > from && kindOf(string(b)) != kindOf(line) {
			copy(b[from:i], line[from:]) // of a name or an escape
		}
	}
	return string(b)
}

// reworded is a line of the kind of line: one with other words, and more of them.
func reworded(line string, r *rand.Rand) string {
	var b []byte
	for i := 0; i < len(line); {
		from := i
		for i < len(line) && classes[line[i]]&^digitByte != 0 {
			i++
		}
		if i == from {
			b = append(b, line[i])
			i++
			continue
		}
		word := line[from:i]
		for range r.Intn(3) {
			other := []string{"shop", "get", "and", "Thing", "thingumajigs", "under_score", "\u00e4", "dies", "running", "kernel", "app"}[r.Intn(11)]
			if r.Intn(3) == 0 {
				other = word + " " + other
			}
			if kindOf(string(b)+other+line[i:]) == kindOf(line) {
				word = other
			}
		}
		b = append(b, word...)
	}
	return string(b)
}

// TestObjectsOverSeveralLines: an object is the same record however a program that read
// it and wrote it again laid it out (jq, an editor).
func TestObjectsOverSeveralLines(t *testing.T) {
	for name, line := range forms {
		for around, text := range printedAs(t, line) {
			var indented bytes.Buffer
			if around != "as it is" && around != "json-file" || json.Indent(&indented, []byte(text), "", "  ") != nil {
				continue
			}
			_, want := read(t, NewReader(), strings.NewReader(text+"\n"+text+"\n"), parsers.ReadOptions{})
			blanks := strings.Join(strings.Fields(indented.String()), " ") + "\n"
			for layout, in := range map[string]string{
				"blanks":   blanks + blanks,
				"spread":   indented.String() + "\n" + indented.String() + "\n",
				"CRLF":     strings.ReplaceAll("\ufeff"+indented.String()+"\n"+indented.String()+"\n", "\n", "\r\n"),
				"in array": "[\n" + indented.String() + ",\n" + indented.String() + "\n]\n",
			} {
				_, got := read(t, NewReader(), strings.NewReader(in), parsers.ReadOptions{})
				if got.Format != want.Format || got.Events != want.Events || got.Bytes.Gaps != want.Bytes.Gaps {
					t.Errorf("%s, %s, %s: %s, %d events, %d bytes of gaps; on one line %s, %d, %d", name, around, layout,
						got.Format, got.Events, got.Bytes.Gaps, want.Format, want.Events, want.Bytes.Gaps)
				}
			}
		}
	}
}

// TestWhatDigitsAndWordsCannotHide: no line with other digits and words keeps a record
// behind it from being read, because the form has a mark, or because they do not decide
// whether a format takes it.
func TestWhatDigitsAndWordsCannotHide(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	const tries = 50
	known := map[string]bool{}
	for name, line := range forms {
		_, a := read(t, NewReader(), strings.NewReader(line+"\n"), parsers.ReadOptions{})
		if format, _, _ := strings.Cut(name, ","); a.Format != format {
			t.Errorf("%s: read as %q", name, a.Format)
		}
		known[a.Format] = true
		for as, whole := range printedAs(t, line) {
			t.Run(name+" in "+as, func(t *testing.T) {
				first := printedAs(t, "started")["CRI"]
				if whole[0] == '{' {
					first = printedAs(t, "started")["json-file"]
				}
				for _, first := range []string{first, "of no format"} {
					want := readAs(t, first, printedAs(t, "nothing of note")[as], whole)
					r := rand.New(rand.NewSource(1))
					for range tries {
						damaged := respelled(whole, r)
						if r.Intn(2) == 0 {
							damaged = reworded(damaged, r)
						}
						if got := readAs(t, first, damaged, whole); got != want {
							t.Fatalf("%s\nis read as %s, not as %s, behind\n%s", whole, got, want, damaged)
						}
					}
				}
			})
		}
	}
	for _, f := range All() {
		if !known[f.Name] && f.Name != outputName {
			t.Errorf("no form of %s is tried", f.Name)
		}
	}
}

func kindOf(line string) uint64 {
	var b barren
	return b.kindOf(&parsers.Record{Data: []byte(line)})
}

// readAs is the format of which the last of lines is read as a record.
func readAs(t testing.TB, lines ...string) string {
	t.Helper()
	s := &whoseSink{}
	in := strings.Join(lines, "\n")
	s.at = int64(len(in) - len(lines[len(lines)-1]))
	if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in + "\n")}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
		t.Fatal(err)
	}
	return s.format
}

// A whoseSink finds the format of the event that has a record at an offset.
type whoseSink struct {
	at     int64
	format string
}

func (s *whoseSink) Event(f *parsers.Format, ev *parsers.Event) error {
	for _, pos := range ev.Pos {
		if pos.Offset == s.at {
			s.format = f.Name
		}
	}
	return nil
}

func (*whoseSink) Remark(parsers.Remark) {}
