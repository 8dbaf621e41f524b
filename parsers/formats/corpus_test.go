package formats

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// TestCorpus reads every real log there is: none may break the accounts.
func TestCorpus(t *testing.T) {
	root := parsertest.Corpus(t)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		pad := &tally{}
		a, err := NewReader().Read(context.Background(), parsers.Stream{Path: rel, Reader: f}, parsers.ReadOptions{}, []parsers.Sink{pad})
		if err != nil {
			t.Errorf("%s: %v", rel, err)
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if want := expected(rel); a.Format != want && a.Looks != "empty" {
			t.Errorf("%s: read as %q, want %q", rel, a.Format, want)
		}
		if n, ok := corpusEvents[rel]; ok && a.Events != n {
			t.Errorf("%s: %d events, want %d", rel, a.Events, n)
		}
		if !a.Bytes.Balanced() || a.Bytes.Read != info.Size() {
			t.Errorf("%s: %d bytes, account %+v", rel, info.Size(), a.Bytes)
		}
		if testing.Verbose() {
			t.Logf("%s\t%s\t%s\trecords=%d of %d events=%d gaps=%d %s %s", rel, a.Format, a.Envelope, a.Recognised, a.Records, a.Events, a.Bytes.Gaps, a.Looks, strings.Join(pad.remarks, " "))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestCorpusAuditEvents counts the events of raw audit logs by other means: by
// their distinct stamps.
func TestCorpusAuditEvents(t *testing.T) {
	root, checked := parsertest.Corpus(t), 0
	stamps := regexp.MustCompile(`^(?:node=(\S+) )?type=\S+ msg=audit\((\d+\.\d+:\d+)\)`)
	err := filepath.WalkDir(filepath.Join(root, "auditd"), func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".log") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		distinct := map[string]bool{}
		for line := range strings.Lines(string(b)) {
			if m := stamps.FindStringSubmatch(line); m != nil {
				distinct[m[1]+" "+m[2]] = true
			} else if strings.TrimSpace(line) != "" {
				return nil // not a raw log
			}
		}
		a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: bytes.NewReader(b)}, parsers.ReadOptions{}, []parsers.Sink{&tally{}})
		if checked++; err != nil || a.Events != int64(len(distinct)) {
			t.Errorf("%s: %d events, %d distinct stamps, %v", path, a.Events, len(distinct), err)
		}
		return nil
	})
	if err != nil || checked < 20 {
		t.Errorf("%d files could be counted, %v", checked, err)
	}
}

type tally struct{ remarks []string }

func (*tally) Event(*parsers.Format, *parsers.Event) error { return nil }

func (c *tally) Remark(r parsers.Remark) {
	if r.Gap {
		c.remarks = append(c.remarks, fmt.Sprintf("GAP %s@%d x%d %.150s;", r.Code, r.Pos.Line, r.Count, r.Reason))
	}
}

// expected is the format that a file of the corpus is read as: that of its
// folder, but for those that corpusOther names.
func expected(rel string) string {
	for _, o := range corpusOther {
		if strings.Contains(rel, o.part) {
			return o.format
		}
	}
	folder, _, _ := strings.Cut(rel, string(filepath.Separator))
	return map[string]string{
		"auditd": "auditd", "container-logs": "container-log", "docker-events": "docker-events", "dockerd-logs": "dockerd",
		"k8s-audit": "kubernetes-audit", "k8s-audit-aks": "kubernetes-audit", "k8s-audit-eks": "kubernetes-audit",
		"k8s-audit-gke": "kubernetes-audit", "k8s-audit-other": "kubernetes-audit", "labelled": "kubernetes-audit",
	}[folder]
}

// corpusOther are files that are not of their folder's format.
var corpusOther = []struct{ part, format, why string }{
	{"auditd-derived/elastic", "", "results of another parser"},
	{"auditd-derived/", "auditd", ""},
	{"hostconfig.json", "docker-inspect", ""},
	{"config.v2.json", "docker-inspect", ""},
	{"config.json", "docker-inspect", ""},
	{"/graph/", "docker-inspect", ""},
	{"k8s_node/containerd_", "dockerd", "containerd's log"},
	{"k8s_node/kubelet_", "", "kubelet's log"},
	{"documentation/examples/multiline", "", "output of applications without anything that says so"},
	{"kubernetes_falco.log", "", "alerts of Falco"},
	{"logsamples/otlp_journal.json", "", "journal of other services"},
	{"logsamples/viaq_journal.json", "", "journal of other services"},
	{"_audit_ovn.json", "", "OVN's log of access lists"},
	{"_audit_host.json", "auditd", ""},
	{"docker-events-json-action.golden", "", "a template that prints the action alone"},
	{"fal_01_003.json", "", "an object with a kind that is a number"},
	{"kube-audit-rest", "", "AdmissionReview objects"},
	{"eks.ilf", "", "OCSF in another encoding"},
}

// corpusEvents are numbers of events that can be counted by other means.
var corpusEvents = map[string]int64{
	"k8s-audit/ViaQ+cluster-logging-load-client/internal/generator/samples_audit.txt":         102,
	"k8s-audit/liggitt+audit2rbac/testdata/demo.log":                                          37,
	"k8s-audit-aks/sysdiglabs+aks-audit-log/samples/event.json":                               22,
	"k8s-audit-aks/sysdiglabs+aks-audit-log/samples/sample_EventHubs_event.json":              1,
	"k8s-audit-aks/panther-labs+panther-analysis/Azure_MonitorActivity.events.jsonl":          34,
	"k8s-audit-eks/ocsf+examples/v1.1.0/eks.raw":                                              1,
	"k8s-audit-other/openshift+cluster-logging-operator/hack/logsamples/otlp_audit_kube.json": 3,
	"container-logs/openshift+cluster-logging-operator/hack/logsamples/otlp_container.json":   3,
}
