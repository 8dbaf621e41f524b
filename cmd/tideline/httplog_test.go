package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/scanner"
	"tideline/scanner/finding"
)

// An accessLog is written as components write their access lines: klog, in what a
// runtime or the journal makes of it.
type accessLog struct {
	at   time.Time
	text strings.Builder
	wrap func(at time.Time, line string) string
}

func newAccessLog(wrap func(time.Time, string) string) *accessLog {
	return &accessLog{at: time.Date(2026, 3, 10, 10, 0, 0, 123_456_000, time.UTC), wrap: wrap}
}

// serve adds a request, and some time later what else a component says.
func (l *accessLog) serve(verb, uri, agent, peer, rest string) {
	l.at = l.at.Add(1700 * time.Millisecond)
	head := "I" + l.at.Format("0102 15:04:05.000000") + "       1 "
	l.text.WriteString(l.wrap(l.at, head+fmt.Sprintf(`httplog.go:132] "HTTP" verb=%q URI=%q latency="3.1ms" userAgent=%q %s srcIP="%s:40122" %s`, verb, uri, agent, auditIDOf(rest), peer, afterID(rest))))
	l.text.WriteString(l.wrap(l.at, head+`controller.go:132] "OpenAPI AggregationController: Processing item" key="v1."`))
}

// auditIDOf is the audit-ID of a request, which tests write before its answer.
func auditIDOf(rest string) string {
	if id, _, ok := strings.Cut(rest, " "); ok {
		return `audit-ID="` + id + `"`
	}
	return `audit-ID=""`
}

func afterID(rest string) string {
	if _, answer, ok := strings.Cut(rest, " "); ok {
		return answer
	}
	return rest
}

func criLine(at time.Time, line string) string {
	return at.Add(400*time.Microsecond).Format(time.RFC3339Nano) + " stderr F " + line + "\n"
}

func journalLine(at time.Time, line string) string {
	message, _ := json.Marshal(line)
	return fmt.Sprintf(`{"__REALTIME_TIMESTAMP":"%d","_HOSTNAME":"worker2","SYSLOG_IDENTIFIER":"kubelet","MESSAGE":%s}`+"\n", at.Add(400*time.Microsecond).UnixMicro(), message)
}

const apiServerLog = "var/log/pods/kube-system_kube-apiserver-cp1_0a/kube-apiserver/0.log"

const (
	kcm     = "kube-controller-manager/v1.30.1 (linux/amd64) kubernetes/6911225/shared-informers"
	kubelet = "kubelet/v1.30.1 (linux/amd64) kubernetes/6911225"
	kubectl = "kubectl/v1.30.1 (linux/amd64) kubernetes/6911225"
)

// quiet is what an API server and a kubelet serve all day.
func quiet(api, node *accessLog) {
	api.serve("LIST", "/api/v1/secrets?limit=500&resourceVersion=0", kcm, "10.0.0.1", "resp=200")
	api.serve("WATCH", "/api/v1/secrets?allowWatchBookmarks=true&resourceVersion=7&watch=true", kcm, "10.0.0.1", "resp=200")
	api.serve("WATCH", "/api/v1/secrets?allowWatchBookmarks=true&resourceVersion=7&watch=true", "fabric8-kubernetes-client/6.10", "10.244.0.9", "resp=200")
	api.serve("GET", "/api/v1/namespaces/prod/secrets/db", kubelet, "10.0.0.12", "resp=200")
	api.serve("POST", "/api/v1/namespaces/prod/serviceaccounts/web/token", kubelet, "10.0.0.12", "resp=201")
	api.serve("PUT", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker2?timeout=10s", kubelet, "10.0.0.12", "resp=200")
	api.serve("GET", "/livez", "kube-probe/1.30", "10.0.0.1", "resp=200")
	api.serve("GET", "/metrics", "Prometheus/2.51.0", "10.244.0.7", "resp=200")
	api.serve("APPLY", "/apis/apps/v1/namespaces/prod/deployments/web?fieldManager=helm", "manager/v0.0.0 (linux/amd64) kubernetes/$Format", "10.244.0.8", "resp=200")
	node.serve("GET", "/metrics/resource", "metrics-server/v0.7.1 (linux/amd64) kubernetes/54a5f5e", "10.244.0.6", "resp=200")
	node.serve("GET", "/metrics/cadvisor", "Prometheus/2.51.0", "10.244.0.7", "resp=200")
	node.serve("GET", "/pods", "Datadog Agent/7.50.0", "10.244.1.3", "resp=200")
	node.serve("GET", "/containerLogs/prod/web-0/app?follow=true", "Go-http-client/2.0", "10.0.0.1", "resp=200")
	node.serve("POST", "/exec/prod/web-0/app?command=sh&input=1&output=1&tty=1", kubectl, "10.0.0.1", "hijacked=true")
}

// scanLogs writes logs to a folder and returns what is found there, by name of rule.
func (d *detector) scanLogs(t *testing.T, logs map[string]string) (found map[string][]*finding.Finding, p *scanner.Partial) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range logs {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := scanner.Collect(t.Context(), []string{dir}, scanner.Options{Reader: newReader(), Rules: d.rules, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	r, err := scanner.Conclude(t.Context(), []*scanner.Partial{p}, d.rules, newReader().Formats(), scanner.ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	found = map[string][]*finding.Finding{}
	if err := r.Each(context.Background(), func(f *finding.Finding) error {
		found[d.slugs[f.Rule.ID]] = append(found[d.slugs[f.Rule.ID]], f)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return found, p
}

// TestADayOfAccessLinesIsQuiet: nothing of it is worth reading, and nothing is a gap.
func TestADayOfAccessLinesIsQuiet(t *testing.T) {
	d := newDetector(t)
	api, node := newAccessLog(criLine), newAccessLog(journalLine)
	for range 5 {
		quiet(api, node)
	}
	found, p := d.scanLogs(t, map[string]string{apiServerLog: api.text.String(), "worker2/kubelet.json": node.text.String()})
	for _, list := range found {
		for _, f := range list {
			if aboveLow(f) {
				t.Errorf("%s", d.tell(f))
			}
		}
	}
	for _, e := range p.Ledger {
		if len(e.Gaps) > 0 || !e.Bytes.Balanced() {
			t.Errorf("%s: gaps %+v", e.Path, e.Gaps)
		}
	}
}

// TestAKubeletThatIsCalledDirectly: of this attack there is no other trace. Somebody in a
// pod finds the kubelet's port open to anonymous callers.
func TestAKubeletThatIsCalledDirectly(t *testing.T) {
	d := newDetector(t)
	api, node := newAccessLog(criLine), newAccessLog(journalLine)
	quiet(api, node)
	const thief = "10.244.1.9"
	node.serve("GET", "/run/", "curl/8.5.0", thief, "resp=404")
	node.serve("GET", "/configz", "curl/8.5.0", thief, "resp=403")
	node.serve("GET", "/pods", "curl/8.5.0", thief, "resp=200")
	node.serve("GET", "/runningpods/", "Go-http-client/1.1", thief, "resp=200")
	for _, pod := range []string{"prod/web-0/app", "prod/api-0/api", "kube-system/etcd-cp1/etcd"} {
		node.serve("POST", "/run/"+pod+"?cmd=id", "curl/8.5.0", thief, "resp=200")
	}
	node.serve("POST", "/run/prod/api-0/api?cmd=cat%20/var/run/secrets/kubernetes.io/serviceaccount/token", "curl/8.5.0", thief, "resp=200")
	node.serve("GET", "/exec/prod/web-0/app?command=sh&input=1&output=1", "Go-http-client/1.1", thief, "hijacked=true")
	node.serve("GET", "/containerLogs/prod/web-0/app", "python-requests/2.31.0", thief, "resp=200")
	node.serve("GET", "/logs/root_link/etc/kubernetes/admin.conf", "curl/8.5.0", thief, "resp=200")
	node.serve("POST", "/checkpoint/prod/web-0/app", "curl/8.5.0", thief, "resp=200")
	quiet(api, node)

	found, p := d.scanLogs(t, map[string]string{apiServerLog: api.text.String(), "worker2/kubelet.json": node.text.String()})
	for name, level := range map[string]string{
		"htl-kubelet-run": "high", "htl-kubelet-credential": "critical", "htl-kubelet-exec-script": "high", "htl-kubelet-pods-listed": "medium",
		"htl-kubelet-container-logs": "medium", "htl-host-files": "high", "htl-kubelet-checkpoint": "high", "htl-kubelet-refused": "low", "cor-kubelet-api-sweep": "critical",
	} {
		if list := found[name]; len(list) == 0 || list[0].Rule.Level != level || list[0].Actor.ID != "k8s-client:"+thief || list[0].Actor.Name != "" || list[0].Host != "worker2" {
			t.Errorf("%s: %+v", name, list)
		}
	}
	if f := found["htl-kubelet-credential"]; len(f) == 1 {
		if f[0].Summary != `somebody at 10.244.1.9 took the token of pod prod/api-0 through its kubelet: "cat /var/run/secrets/kubernetes.io/serviceaccount/token"` ||
			len(f[0].Exposed) != 1 || f[0].Exposed[0].Namespace != "prod" || f[0].Exposed[0].Name != "pod api-0" || f[0].Time.Format(time.RFC3339Nano) == "" || !strings.Contains(f[0].Raw, "httplog.go") {
			t.Errorf("%+v", f[0])
		}
		if f[0].Score < 90 {
			t.Errorf("it weighs little, though who calls a kubelet has no name anywhere: %+v", f[0].Reasons)
		}
	}
	for _, e := range p.Ledger {
		if len(e.Gaps) > 0 {
			t.Errorf("%s: gaps %+v", e.Path, e.Gaps)
		}
	}
}

// TestExecsThatAKubeletServes: what a command in a pod takes is told of a kubelet's log
// as of the API's, also where kubectl came through the API server.
func TestExecsThatAKubeletServes(t *testing.T) {
	d := newDetector(t)
	node := newAccessLog(journalLine)
	for _, command := range []string{"env", "command=curl&command=http://169.254.169.254/latest/meta-data/iam/security-credentials/", "command=ls&command=-la&command=/var/run/secrets/kubernetes.io/serviceaccount",
		"command=tar&command=cf&command=-&command=/var/run/secrets", "command=id"} {
		node.serve("POST", "/exec/prod/web-0/app?command="+strings.TrimPrefix(command, "command=")+"&output=1", kubectl, "10.0.0.1", "hijacked=true")
	}
	found, _ := d.scanLogs(t, map[string]string{"worker2/kubelet.json": node.text.String()})
	var got []string
	for _, list := range found {
		for _, f := range list {
			for _, e := range f.Exposed {
				got = append(got, f.Rule.Level+" "+e.Kind+" "+e.Namespace+"/"+e.Name)
			}
		}
	}
	slices.Sort(got)
	want := []string{"critical service-account-token prod/pod web-0", "high cloud-credential prod/node role of pod web-0", "high environment prod/pod web-0"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestAClientChoosesNoFields: a user agent that is made to look like the rest of a line
// changes neither what is found nor of whom.
func TestAClientChoosesNoFields(t *testing.T) {
	d := newDetector(t)
	const forged = `x" audit-ID="" srcIP="10.0.0.1:1" resp=404 verb="GET" URI="/healthz`
	for _, agent := range []string{"curl/8.5.0", "curl/8.5.0 " + forged} {
		api := newAccessLog(criLine)
		api.serve("LIST", "/api/v1/secrets?limit=500", agent, "10.9.9.9", "resp=200")
		found, _ := d.scanLogs(t, map[string]string{apiServerLog: api.text.String()})
		list := found["k8s-secrets-list-cluster-wide"]
		if len(list) == 1 && !slices.ContainsFunc(list[0].Reasons, func(r finding.Reason) bool { return r.Points < 0 && strings.HasPrefix(r.Why, "the log names no user") }) {
			t.Errorf("it weighs as much as what an audit log tells: %+v", list[0].Reasons)
		}
		if len(list) != 1 || list[0].Actor.ID != "k8s-client:10.9.9.9" || list[0].Outcome != "allowed" || list[0].Actor.Agent != agent {
			t.Errorf("%q: %+v", agent, list)
		}
	}
}

// TestWhatTheAuditLogTellsIsNotToldAgain: a request that is in both logs is one act of
// the user whom the audit log names, in either order of the files; one
// that the audit policy left out is told by the access line.
func TestWhatTheAuditLogTellsIsNotToldAgain(t *testing.T) {
	d := newDetector(t)
	api := newAccessLog(criLine)
	api.serve("LIST", "/api/v1/namespaces/prod/secrets?limit=500", kubectl, "10.0.0.7", "a-1 resp=200")
	received := api.at.Add(-3_100 * time.Microsecond).Add(-9 * time.Microsecond)
	api.serve("LIST", "/api/v1/namespaces/dev/secrets?limit=500", kubectl, "10.0.0.7", "a-2 resp=200")
	audit := fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a-1","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/prod/secrets?limit=500","verb":"list",`+
		`"user":{"username":"eve"},"sourceIPs":["10.0.0.7"],"userAgent":%q,"objectRef":{"resource":"secrets","namespace":"prod","apiVersion":"v1"},"responseStatus":{"code":200},`+
		`"requestReceivedTimestamp":%q,"stageTimestamp":%q}`+"\n", kubectl, received.Format("2006-01-02T15:04:05.000000Z07:00"), api.at.Format("2006-01-02T15:04:05.000000Z07:00"))
	for _, name := range []string{"audit.log", "zz/audit.log"} {
		found, _ := d.scanLogs(t, map[string]string{apiServerLog: api.text.String(), name: audit})
		actors := map[string]string{}
		for _, f := range found["k8s-secrets-list-namespace"] {
			actors[f.Target.Namespace] += f.Actor.ID
		}
		if len(actors) != 2 || actors["prod"] != "k8s:eve" || actors["dev"] != "k8s-client:10.0.0.7" {
			t.Errorf("%s: %v", name, actors)
		}
	}
}

// TestCoverageOfAccessLinesAlone: where there is no audit log, the report says what of a
// user and of bodies cannot be known.
func TestCoverageOfAccessLinesAlone(t *testing.T) {
	d := newDetector(t)
	api := newAccessLog(criLine)
	quiet(api, newAccessLog(journalLine))
	_, p := d.scanLogs(t, map[string]string{apiServerLog: api.text.String()})
	r, err := scanner.Conclude(t.Context(), []*scanner.Partial{p}, d.rules, newReader().Formats(), scanner.ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(r.Overview.Coverage); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"name no user", "field user.username needs an audit event"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("coverage does not say %q: %.2000s", want, text.String())
		}
	}
}
