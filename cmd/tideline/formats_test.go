package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"tideline/scanner/finding"
)

// Samples of our own, one record each.
const (
	kubeEvent = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseComplete",` +
		`"requestURI":"/api/v1/namespaces/prod/secrets/db","verb":"get","user":{"username":"alice","groups":["devs"]},"sourceIPs":["10.0.0.7"],` +
		`"userAgent":"kubectl/v1.30","objectRef":{"resource":"secrets","namespace":"prod","name":"db","apiVersion":"v1"},"responseStatus":{"code":200},` +
		`"requestReceivedTimestamp":"2026-03-01T10:00:00.100000Z","stageTimestamp":"2026-03-01T10:00:00.200000Z"}`
	gkeEntry = `{"insertId":"x1","labels":{"authorization.k8s.io/decision":"allow"},"logName":"projects/p/logs/cloudaudit.googleapis.com%2Fdata_access",` +
		`"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"a@example.com"},` +
		`"methodName":"io.k8s.core.v1.secrets.list","requestMetadata":{"callerIp":"192.0.2.1"},"resourceName":"core/v1/namespaces/prod/secrets","serviceName":"k8s.io"},` +
		`"resource":{"labels":{"cluster_name":"c"},"type":"k8s_cluster"},"timestamp":"2026-03-01T10:00:00.5Z"}`
	containerHash = "0011223344556677889900112233445566778899001122334455667788990011"
	auditSyscall  = `type=SYSCALL msg=audit(1772359200.123:42): arch=c000003e syscall=59 success=yes exit=0 ppid=10 pid=11 auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=3 comm="cat" exe="/usr/bin/cat" key="exec"`
	auditExecve   = `type=EXECVE msg=audit(1772359200.123:42): argc=2 a0="cat" a1="/etc/shadow"`
	auditEnd      = `type=PROCTITLE msg=audit(1772359200.123:42): proctitle=636174002F6574632F736861646F77`
)

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func gzipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func wide(s string) string {
	b := []byte("\xff\xfe")
	for _, c := range utf16.Encode([]rune(s)) {
		b = append(b, byte(c), byte(c>>8))
	}
	return string(b)
}

func tarred(name, content string) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600}); err != nil {
		panic(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// A sample is a file and what is expected of it.
type sample struct {
	name, data       string
	format, envelope string
	events           int64
	gaps             string // codes, joined by a blank
}

// samples has a line for every input that reference logs come in.
func samples() []sample {
	kube := func(name, envelope, data string) sample {
		return sample{name, data, "kubernetes-audit", envelope, 1, ""}
	}
	audit := func(name, envelope, data string) sample { return sample{name, data, "auditd", envelope, 1, ""} }
	logEvent := `{"id":"1","timestamp":1772359200123,"message":` + quoted(kubeEvent) + `}`
	subscription := `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"/aws/eks/prod/cluster","logStream":"kube-apiserver-audit-00","subscriptionFilters":["f"],"logEvents":[` + logEvent + `]}`
	cut := kubeEvent[:strings.Index(kubeEvent, `,"responseStatus"`)]
	return []sample{
		kube("bare.log", "", kubeEvent+"\n"),
		kube("list.json", "", `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[`+kubeEvent+`]}`),
		kube("array.json", "", "["+kubeEvent+"]"),
		kube("pretty.json", "", strings.ReplaceAll(kubeEvent, ",", ",\n  ")),
		kube("v1beta1.log", "", strings.ReplaceAll(kubeEvent, "audit.k8s.io/v1", "audit.k8s.io/v1beta1")+"\n"),
		kube("v1alpha1.log", "", strings.ReplaceAll(kubeEvent, "audit.k8s.io/v1", "audit.k8s.io/v1alpha1")+"\n"),
		kube("utf16.log", "", wide(kubeEvent+"\r\n")),
		kube("bom.log", "", "\xef\xbb\xbf"+kubeEvent+"\n"),
		kube("nul.log", "", strings.Repeat("\x00", 512)+kubeEvent+"\n"),
		kube("legacy.log", "", `2026-03-01T10:00:00.123456Z AUDIT: id="a1" stage="ResponseComplete" ip="10.0.3.7" method="list" user="alice" groups="\"devs\"" as="<self>" asgroups="<lookup>" user-agent="curl" namespace="prod" uri="/api/v1/namespaces/prod/secrets" response="200"`+"\n"),
		kube("eks-s3.log", "eks-s3-export", "2026-03-01T10:00:00.123Z "+kubeEvent+"\n"),
		kube("eks-get.json", "eks-cloudwatch", `{"events":[{"timestamp":1772359200123,"message":`+quoted(kubeEvent)+`,"ingestionTime":1772359200999}],"nextForwardToken":"f/1"}`),
		kube("eks-tail.log", "eks-s3-export", "2026-03-01T10:00:00.123000+00:00 kube-apiserver-audit-00aa "+kubeEvent+"\n"),
		kube("eks-insights.json", "eks-cloudwatch", `{"results":[[{"field":"@timestamp","value":"2026-03-01 10:00:00.123"},{"field":"@message","value":`+quoted(kubeEvent)+`}]]}`),
		kube("eks-insights.csv", "csv", "@timestamp,@message\n2026-03-01 10:00:00.123,\""+strings.ReplaceAll(kubeEvent, `"`, `""`)+"\"\n"),
		kube("eks-subscription.gz", "eks-cloudwatch", gzipped(subscription)),
		{"eks-firehose.gz", gzipped(subscription) + gzipped(subscription), "kubernetes-audit", "eks-cloudwatch", 2, ""},
		kube("eks-lambda.json", "eks-subscription>eks-cloudwatch", `{"awslogs":{"data":"`+base64.StdEncoding.EncodeToString([]byte(gzipped(subscription)))+`"}}`),
		{"eks-truncated.log", "2026-03-01T10:00:00.123Z " + cut + `,"annotations":{"a":"b[Truncated...]` + "\n", "kubernetes-audit", "eks-s3-export", 1, ""},
		kube("gke.jsonl", "", gkeEntry+"\n"),
		kube("gke.json", "", "["+gkeEntry+"]\n"),
		kube("gke.yaml", "yaml", "---\ninsertId: x1\nlogName: projects/p/logs/cloudaudit.googleapis.com%2Fdata_access\nprotoPayload:\n  '@type': type.googleapis.com/google.cloud.audit.AuditLog\n"+
			"  authenticationInfo:\n    principalEmail: a@example.com\n  methodName: io.k8s.core.v1.secrets.list\n  resourceName: core/v1/namespaces/prod/secrets\n  serviceName: k8s.io\n"+
			"resource:\n  labels:\n    cluster_name: c\n  type: k8s_cluster\ntimestamp: '2026-03-01T10:00:00.5Z'\n"),
		kube("aks-analytics.csv", "csv", "TimeGenerated [UTC],AuditId,Level,ObjectRef,RequestUri,Stage,User,Verb\n"+
			`"3/1/2026, 10:00:00.643 AM",a1,Metadata,"{""resource"":""secrets"",""namespace"":""prod""}",/api/v1/namespaces/prod/secrets,ResponseComplete,"{""username"":""alice""}",list`+"\n"),
		kube("viaq.log", "viaq", strings.TrimSuffix(kubeEvent, "}")+`,"k8s_audit_level":"Metadata","hostname":"n1","openshift":{"cluster_id":"u"},"viaq_msg_id":"x","@timestamp":"2026-03-01T10:00:00Z","log_type":"audit"}`+"\n"),
		kube("otlp.json", "otlp", `{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1772359200000000000","body":{"stringValue":`+quoted(kubeEvent)+`}}]}]}]}`),
		kube("aks-blob.json", "aks-diagnostic", `{"category":"kube-audit","operationName":"Microsoft.ContainerService/managedClusters/diagnosticLogs/Read","properties":{"log":`+quoted(kubeEvent+"\n")+`,"stream":"stdout","pod":"p"},"resourceId":"/S/C","time":"2026-03-01T10:00:00Z"}`+"\n"),
		kube("aks-hub.json", "aks-diagnostic", `{"records":[{"category":"kube-audit","properties":{"log":`+kubeEvent+`,"pod":"p"},"time":"2026-03-01T10:00:00Z"}]}`),
		kube("openshift.log", "openshift-node-logs", "master-0 "+kubeEvent+"\n"),
		kube("ecs.json", "ecs", `{"@timestamp":"2026-03-01T10:00:00Z","kubernetes":{"audit":`+kubeEvent+`}}`+"\n"),
		kube("filebeat.json", "ecs", `{"@timestamp":"2026-03-01T10:00:00Z","message":`+quoted(kubeEvent)+`,"log":{"file":{"path":"/a"}},"agent":{"type":"filebeat"}}`+"\n"),
		kube("fluent.json", "fluent", `{"log":`+quoted(kubeEvent+"\n")+`,"kubernetes":{"pod_name":"p"}}`+"\n"),
		kube("vector.json", "fluent", `{"file":"/a","host":"n1","message":`+quoted(kubeEvent)+`,"source_type":"file","timestamp":"2026-03-01T10:00:00Z"}`+"\n"),
		kube("splunk.json", "splunk", `{"preview":false,"offset":0,"result":{"_raw":`+quoted(kubeEvent)+`,"_time":"2026-03-01T10:00:00Z"}}`+"\n"),
		kube("elastic.json", "elasticsearch", `{"hits":{"hits":[{"_index":"i","_source":`+kubeEvent+`}]}}`),
		kube("syslog.log", "syslog", "<134>1 2026-03-01T10:00:00Z n1 kube-audit - - - "+kubeEvent+"\n"),
		kube("cri.log", "cri", "2026-03-01T10:00:00.1Z stdout F "+kubeEvent+"\n"),
		kube("cri-cut.log", "cri", "2026-03-01T10:00:00.1Z stdout P "+kubeEvent[:200]+"\n2026-03-01T10:00:00.1Z stdout F "+kubeEvent[200:]+"\n"),
		kube("json-file.log", "json-file", `{"log":`+quoted(kubeEvent+"\n")+`,"stream":"stdout","time":"2026-03-01T10:00:00.1Z"}`+"\n"),
		kube("cri-in-splunk.json", "splunk>cri", `{"result":{"_raw":`+quoted("2026-03-01T10:00:00.1Z stdout F "+kubeEvent)+`}}`+"\n"),

		{"events.json", `{"status":"start","id":"` + containerHash + `","from":"alpine","Type":"container","Action":"start","Actor":{"ID":"` + containerHash + `","Attributes":{"image":"alpine","name":"x"}},"scope":"local","time":1772359200,"timeNano":1772359200000000000}` + "\n", "docker-events", "", 1, ""},
		{"events-1.9.json", `{"status":"start","id":"` + containerHash + `","from":"ubuntu:14.04","time":1400000000}` + "\n", "docker-events", "", 1, ""},
		{"events.txt", "2026-03-01T10:00:00.123456789Z container exec_create: sh -c id " + containerHash + " (execID=9a, image=alpine:3, name=web)\n", "docker-events", "", 1, ""},
		{"events-podman.json", `{"ID":"` + containerHash + `","Image":"alpine","Name":"web","Status":"exec","Time":"2026-03-01T10:00:00.1Z","Type":"container"}` + "\n", "docker-events", "", 1, ""},
		{"events-podman.txt", "2026-03-01 10:00:00.312377447 +0000 UTC container create " + containerHash + " (image=alpine, name=web)\n", "docker-events", "", 1, ""},
		{"events-podman-journal.json", `{"__REALTIME_TIMESTAMP":"1772359200000000","_HOSTNAME":"h","SYSLOG_IDENTIFIER":"podman","PODMAN_EVENT":"exec","MESSAGE":"2026-03-01 10:00:00.3 +0000 UTC m=+0.05 container exec ` + containerHash + ` (image=alpine, name=web)"}` + "\n", "docker-events", "journald-json", 1, ""},
		{"events-ctr.txt", `2026-03-01 10:00:00.123456789 +0000 UTC k8s.io /tasks/exec-added {"container_id":"c","exec_id":"e"}` + "\n", "docker-events", "", 1, ""},
		{"events-nerdctl.json", `{"Timestamp":"2026-03-01T10:00:00.1Z","ID":"c","Namespace":"k8s.io","Topic":"/tasks/start","Action":"start","Event":"{\"container_id\":\"c\"}","Labels":{}}` + "\n", "docker-events", "", 1, ""},
		{"events-compose.json", `{"action":"create","attributes":{"image":"alpine","name":"web-1"},"id":"` + containerHash + `","service":"web","time":"2026-03-01 10:00:00.123456","type":"container"}` + "\n", "docker-events", "", 1, ""},
		{"dockerd-27.log", `time="2026-03-01T10:00:00.1Z" level=debug msg="Calling POST /v1.41/containers/create?name=x"` + "\n" + `time="2026-03-01T10:00:00.1Z" level=debug msg="form data: {\"HostConfig\":{\"Privileged\":true}}"` + "\n", "dockerd", "", 1, ""},
		{"dockerd-28.log", `time="2026-03-01T10:00:00.1Z" level=debug msg="handling POST request" form-data="{\"HostConfig\":{}}" method=POST module=api request-url="/v1.48/containers/create?name=x" vars="map[version:1.48]"` + "\n", "dockerd", "", 1, ""},
		{"dockerd.json", `{"level":"debug","msg":"Calling GET /v1.41/containers/json","time":"2026-03-01T10:00:00.1Z"}` + "\n", "dockerd", "", 1, ""},
		{"dockerd-syslog.log", `Mar  1 10:00:00 n1 dockerd[99]: time="2026-03-01T10:00:00.1Z" level=debug msg="Calling GET /v1.41/containers/json"` + "\n", "dockerd", "syslog", 1, ""},
		{"containerd.log", `time="2026-03-01T10:00:00.1Z" level=info msg="ExecSync for \"` + containerHash + `\" with command [cat /etc/passwd] and timeout 10 (s)"` + "\n", "dockerd", "", 1, ""},
		{"inspect.json", `[{"Id":"` + containerHash + `","Created":"2026-03-01T10:00:00Z","State":{"Status":"running"},"Name":"/web","Config":{"Env":["DB_PASSWORD=x"],"Image":"alpine"},"HostConfig":{"Privileged":true}}]`, "docker-inspect", "", 1, ""},

		audit("audit.log", "", auditSyscall+"\n"+auditExecve+"\n"+auditEnd+"\n"),
		audit("audit-enriched.log", "", auditSyscall+"\x1dARCH=x86_64 SYSCALL=execve AUID=\"bob\" UID=\"root\"\n"+auditExecve+"\n"),
		audit("audit-lost.log", "", auditSyscall+"ARCH=x86_64 SYSCALL=execve AUID=\"bob\" UID=\"root\"\n"+auditExecve+"\n"),
		audit("audit-node.log", "", "node=n1 "+auditSyscall+"\nnode=n1 "+auditExecve+"\n"),
		audit("audit-ausearch.log", "", "----\ntime->Sun Mar  1 10:00:00 2026\n"+auditExecve+"\n"+auditSyscall+"\n"),
		audit("audit-i.log", "", "----\n"+strings.ReplaceAll("type=EXECVE msg=audit(03/01/2026 10:00:00.123:42) : argc=2 a0=cat a1=/etc/shadow \ntype=SYSCALL msg=audit(03/01/2026 10:00:00.123:42) : arch=x86_64 syscall=execve success=yes exit=0 ppid=10 pid=11 auid=bob uid=root comm=cat exe=/usr/bin/cat key=exec \n", "\r", "")),
		audit("audit-kernel.log", "syslog", `Mar  1 10:00:00 n1 kernel: [12.3] audit: type=1300 audit(1772359200.123:42): arch=c000003e syscall=59 success=yes exit=0 pid=11 comm="cat" exe="/usr/bin/cat"`+"\n"),
		audit("audit-audispd.log", "syslog", "Mar  1 10:00:00 n1 audispd: "+auditSyscall+"\n"),
		audit("audit-journal.json", "", `{"_TRANSPORT":"audit","_AUDIT_TYPE":"1300","_AUDIT_TYPE_NAME":"SYSCALL","_AUDIT_ID":"42","_SOURCE_REALTIME_TIMESTAMP":"1772359200123000","_HOSTNAME":"n1","MESSAGE":"SYSCALL arch=c000003e syscall=59 success=yes pid=11 comm=\"cat\" exe=\"/usr/bin/cat\""}`+"\n"),
		audit("audit-laurel.log", "", `{"ID":"1772359200.123:42","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,"ppid":10,"pid":11,"auid":1000,"uid":0,"comm":"cat","exe":"/usr/bin/cat","SYSCALL":"execve"},"EXECVE":{"argc":2,"ARGV":["cat","/etc/shadow"]}}`+"\n"),
		audit("audit-go.log", "", `{"sequence":42,"timestamp":"1772359200.123","messages":[{"type":1300,"data":"arch=c000003e syscall=59 success=yes pid=11 auid=1000 uid=0 comm=\"cat\" exe=\"/usr/bin/cat\""},{"type":1309,"data":"argc=1 a0=\"cat\""}],"uid_map":{"0":"root"}}`+"\n"),
		audit("auditbeat.json", "", `{"@timestamp":"2026-03-01T10:00:00.123Z","event":{"module":"auditd","action":"executed","sequence":42},"auditd":{"message_type":"syscall","result":"success","data":{"syscall":"execve","arch":"x86_64","exit":"0"}},"process":{"pid":11,"executable":"/usr/bin/cat","args":["cat","/etc/shadow"]},"user":{"id":"0"}}`+"\n"),
		audit("osquery.log", "", `{"name":"pack_x_process_events","hostIdentifier":"h","calendarTime":"Sun Mar  1 10:00:00 2026 UTC","unixTime":1772359200,"action":"added","columns":{"pid":"2","path":"/bin/cat","cmdline":"cat /etc/shadow","cwd":"/","auid":"1000","uid":"0","parent":"1","syscall":"execve","time":"1772359200"}}`+"\n"),

		{"var/log/pods/prod_web_0a/app/0.log", "2026-03-01T10:00:00.1Z stdout F listening\n", "container-log", "", 1, ""},
		{"var/lib/docker/containers/" + containerHash + "/" + containerHash + "-json.log", `{"log":"listening\n","stream":"stdout","time":"2026-03-01T10:00:00.1Z"}` + "\n", "container-log", "", 1, ""},
		{"two.tar!a.log", tarred("a.log", kubeEvent+"\n") + tarred("b.log", kubeEvent+"\n"), "kubernetes-audit", "", 1, ""},
		{"two.tar!b.log", "", "kubernetes-audit", "", 1, ""},
	}
}

// inventoryOf writes the samples to a folder and asks what is in it.
func inventoryOf(t *testing.T, list []sample) map[string]*finding.Entry {
	t.Helper()
	dir := t.TempDir()
	for _, s := range list {
		if s.data == "" {
			continue
		}
		name, _, _ := strings.Cut(s.name, "!")
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(s.data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inv := inventoryJSON(t, dir)
	entries := map[string]*finding.Entry{}
	for i := range inv.Sources {
		e := &inv.Sources[i]
		entries[strings.TrimPrefix(strings.TrimPrefix(filepath.ToSlash(e.Path), filepath.ToSlash(dir)), "/")] = e
	}
	return entries
}

func inventoryJSON(t *testing.T, paths ...string) *inventoryReport {
	t.Helper()
	var out, said bytes.Buffer
	status := run(context.Background(), append([]string{"tideline", "inventory", "-f", "json", "-q"}, paths...), strings.NewReader(""), &out, &said)
	inv := &inventoryReport{}
	if err := json.Unmarshal(out.Bytes(), inv); err != nil {
		t.Fatalf("status %d, %v: %.300s", status, err, said.String())
	}
	return inv
}

// TestBinaryJournal: entries of all the programs that are read, in one file,
// whole and cut within the message of the last: its head is an event still.
func TestBinaryJournal(t *testing.T) {
	whole, err := os.ReadFile("testdata/small.journal")
	if err != nil {
		t.Fatal(err)
	}
	entries := inventoryOf(t, []sample{{name: "a.journal", data: string(whole)}, {name: "b.journal.gz", data: gzipped(string(whole))}, {name: "cut.journal", data: string(whole[:len(whole)-300])}})
	for _, name := range []string{"a.journal", "b.journal.gz"} {
		e := entries[name]
		if e == nil || e.Envelope != "systemd-journal" || e.Events != 5 || len(e.Gaps) > 0 || !e.Bytes.Balanced() || e.Bytes.Read != int64(len(whole)) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if e := entries["cut.journal"]; e == nil || e.Events != 5 || len(e.Gaps) == 0 || !e.Bytes.Balanced() {
		t.Errorf("cut: %+v", e)
	}
}

// TestFormats: every input is read as what it is, in its envelope, with its
// number of events, and nothing of it is lost.
func TestFormats(t *testing.T) {
	list := samples()
	entries := inventoryOf(t, list)
	for _, s := range list {
		e := entries[s.name]
		if e == nil {
			t.Errorf("%s: not in the inventory", s.name)
			continue
		}
		var gaps []string
		for _, g := range e.Gaps {
			gaps = append(gaps, g.Code)
		}
		got := []string{e.Format, e.Envelope, strconv.FormatInt(e.Events, 10), strings.Join(gaps, " ")}
		want := []string{s.format, s.envelope, strconv.FormatInt(s.events, 10), s.gaps}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: format, envelope, events, gaps are %q, want %q", s.name, got, want)
		}
		if !e.Bytes.Balanced() {
			t.Errorf("%s: %+v", s.name, e.Bytes)
		}
	}
}
