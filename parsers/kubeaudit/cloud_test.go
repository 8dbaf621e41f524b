package kubeaudit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers"
)

func TestCloudEntry(t *testing.T) {
	got := facts(t, cloudEntry, parsers.Origin{}, func(ev *parsers.Event) string {
		f := &ev.Facts
		return fmt.Sprintf("%s %s %s %s %s %s %s %s", f.Name, f.Actor, f.Addresses, f.Agent, f.Details, ev.Origin.Cluster, ev.Request.ID, ev.Request.Stage)
	})
	if want := "a@b.c kubernetes-user [192.0.2.1] kubectl/v1.29 [Metadata a Cloud Logging entry] prod-1 op-1 ResponseComplete"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for field, want := range map[string]string{
		"objectRef.resource": "secrets", "requestURI": "/api/v1/secrets", "responseStatus.code": "200|ALLOW",
		"annotations.authorization.k8s.io/decision": "allow", "annotations.other": "x", "gcp.audit.method_name": "io.k8s.core.v1.secrets.list",
		"data.protoPayload.methodName": "io.k8s.core.v1.secrets.list", "data.protoPayload.resource.type": "k8s_cluster",
		"data.protoPayload.logName": "projects/P/logs/cloudaudit.googleapis.com%2Fdata_access|cloudaudit.googleapis.com%2Fdata_access", "protoPayload.serviceName": "k8s.io",
	} {
		if got := ask(t, cloudEntry, field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if got := ask(t, listSecrets, "gcp.audit.method_name"); got != "" {
		t.Errorf("an event of no cloud has the method %q", got)
	}
}

// entryOf is a Cloud Logging entry of a method on a resource.
func entryOf(method, resource, payload string) string {
	return `{"insertId":"i","protoPayload":{"serviceName":"k8s.io","methodName":"` + method + `","resourceName":"` + resource + `"` + payload + `}}`
}

func TestCloudOutcome(t *testing.T) {
	for payload, want := range map[string]string{
		`,"status":{}`:                        "allowed",
		``:                                    "allowed",
		`,"status":{"code":7,"message":"no"}`: "denied",
		`,"status":{"code":5}`:                "failed",
		`,"status":{"code":16}`:               "denied",
		`,"authorizationInfo":[{"permission":"x"}]`:                     "denied",
		`,"authorizationInfo":[{"granted":true}]`:                       "allowed",
		`,"status":{"code":10},"response":{"kind":"Status","code":404}`: "failed",
		`,"status":{"code":99}`:                                         "unknown",
	} {
		record := entryOf("io.k8s.core.v1.pods.get", "core/v1/namespaces/n/pods/p", payload)
		if got := facts(t, record, parsers.Origin{}, func(ev *parsers.Event) string { return ev.Facts.Outcome.String() }); got != want {
			t.Errorf("%s: %s, want %s", payload, got, want)
		}
	}
}

func TestCloudResource(t *testing.T) {
	for name, want := range map[string]string{
		"core/v1/secrets":                                    "secrets   /api/v1/secrets",
		"core/v1/nodes/n1":                                   "nodes  n1 /api/v1/nodes/n1",
		"core/v1/namespaces/ns":                              "namespaces ns ns /api/v1/namespaces/ns",
		"core/v1/namespaces/ns/secrets":                      "secrets ns  /api/v1/namespaces/ns/secrets",
		"core/v1/namespaces/ns/pods/p/exec":                  "pods/exec ns p /api/v1/namespaces/ns/pods/p/exec",
		"rbac.authorization.k8s.io/v1/clusterrolebindings/b": "clusterrolebindings  b /apis/rbac.authorization.k8s.io/v1/clusterrolebindings/b",
		"readyz": "   /readyz",
		"api/v1": "   /api/v1",
	} {
		var uri string
		got := facts(t, entryOf("io.k8s.get", name, ""), parsers.Origin{}, func(ev *parsers.Event) string {
			return fmt.Sprintf("%s %s %s", ev.Facts.Kind, ev.Facts.Namespace, ev.Facts.Target)
		})
		uri = ask(t, entryOf("io.k8s.get", name, ""), "requestURI")
		if got+" "+uri != want {
			t.Errorf("%s: %q, want %q", name, got+" "+uri, want)
		}
	}
}

func TestCloudOfOtherServices(t *testing.T) {
	record := `{"insertId":"i","protoPayload":{"serviceName":"container.googleapis.com","methodName":"google.container.v1.ClusterManager.CreateCluster"}}`
	got := decodeAll(t, []string{"gcp.audit.service_name"}, record)
	want := "- - google.container.v1.ClusterManager.CreateCluster - / allowed [gcp-audit: gcp.audit.service_name=container.googleapis.com]"
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %s", strings.Join(got, "\n"))
	}
	if got := decodeAll(t, nil, `{"protoPayload":{}}`); got[0] != parsers.ErrForeign.Error() {
		t.Errorf("an empty payload: %s", got)
	}
}

// TestCloudOfCorpus: every entry of real clusters has a principal or says why
// not, an object, and both views.
func TestCloudOfCorpus(t *testing.T) {
	dir := corpus()
	if dir == "" {
		t.Skip("no corpus beside the checkout")
	}
	files, err := filepath.Glob(filepath.Join(dir, "k8s-audit-gke/GoogleCloudPlatform+khi/test/logs/k8s_audit/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := Format.NewDecoder(parsers.Options{})
		n := 0
		err = d.Decode(&parsers.Record{Data: text}, func(ev *parsers.Event) error {
			if n++; len(ev.Views) != 2 || ev.Facts.Kind == nil || ev.Facts.Name == nil || ev.Time.IsZero() {
				t.Errorf("%s: %d views, kind %q, name %q, time %v", filepath.Base(file), len(ev.Views), ev.Facts.Kind, ev.Facts.Name, ev.Time)
			}
			return nil
		})
		if err != nil || n == 0 {
			t.Errorf("%s: %d events, error %v", filepath.Base(file), n, err)
		}
	}
}

func TestCloudAliases(t *testing.T) {
	for _, c := range []struct{ method, resource, want string }{
		{"io.k8s.batch.v1.cronjobs.create", "batch/v1/namespaces/n/cronjobs/c", "batch.v1.cronjobs.create|io.k8s.api.batch.v1.CronJob"},
		{"io.k8s.batch.v1.jobs.get", "batch/v1/namespaces/n/jobs/c", "batch.v1.jobs.get"},
		{"io.k8s.core.v1.pods.create", "core/v1/namespaces/n/pods/p", ""},
		{"google.container.v1.ClusterManager.GetCluster", "projects/p/zones/z/clusters/c", ""},
	} {
		want := c.method
		if c.want != "" {
			want += "|" + c.want
		}
		if got := ask(t, entryOf(c.method, c.resource, ""), "gcp.audit.method_name"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestCloudTime: an entry without a time of its own has that of its arrival.
func TestCloudTime(t *testing.T) {
	for in, want := range map[string]string{
		`"timestamp":"2025-03-01T10:00:00.123Z","receiveTimestamp":"2025-03-01T10:00:01Z"`: "2025-03-01T10:00:00.123Z",
		`"timestamp":{"seconds":1740823200},"receiveTimestamp":"2025-03-01T10:00:01.5Z"`:   "2025-03-01T10:00:01.5Z",
		`"receiveTimestamp":"2025-03-01T10:00:01Z"`:                                        "2025-03-01T10:00:01Z",
	} {
		record := `{"protoPayload":{"serviceName":"k8s.io","methodName":"io.k8s.core.v1.secrets.list"},` + in + `}`
		got := facts(t, record, parsers.Origin{}, func(ev *parsers.Event) string { return ev.Time.Format("2006-01-02T15:04:05.999Z07:00") })
		if got != want {
			t.Errorf("%s: the time is %s, want %s", in, got, want)
		}
	}
}
