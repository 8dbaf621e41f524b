package formats

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
)

// corpus finds the folder of real logs beside the checkout, or skips.
func corpus(t testing.TB) string {
	if dir := os.Getenv("TIDELINE_SHARED"); dir != "" {
		return filepath.Join(dir, "corpus")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		c := filepath.Join(filepath.Dir(dir), "shared", "corpus")
		if _, err := os.Stat(c); err == nil {
			return c
		}
	}
	t.Skip("the corpus of real logs is not here")
	return ""
}

// TestCorpus reads every real log there is: none may break the accounts.
func TestCorpus(t *testing.T) {
	root := corpus(t)
	table := readCounts(t)
	counted := map[string]string{}
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
		counted[rel] = fmt.Sprintf("%s\t%s\t%d\t%d\t%d", cmp.Or(a.Format, "("+a.Looks+")"), a.Envelope, a.Records, a.Events, a.Bytes.Gaps)
		if want, ok := table[rel]; ok && want != counted[rel] {
			t.Errorf("%s: %q, the table has %q", rel, counted[rel], want)
		} else if !ok && os.Getenv("UPDATE_GOLDEN") == "" {
			t.Errorf("%s is not in the table", rel)
		}
		if testing.Verbose() {
			t.Logf("%s\t%s\t%s\trecords=%d of %d events=%d gaps=%d %s %s", rel, a.Format, a.Envelope, a.Recognised, a.Records, a.Events, a.Bytes.Gaps, a.Looks, strings.Join(pad.remarks, " "))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		writeCounts(t, counted)
	}
}

// countsFile is the table of what every file of the corpus is read as: format
// (or what it looks like), envelope, records, events, bytes in gaps.
const countsFile = "testdata/corpus.tsv"

func readCounts(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		return out
	}
	b, err := os.ReadFile(countsFile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rel, rest, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok && line[0] != '#' {
			out[rel] = rest
		}
	}
	return out
}

func writeCounts(t *testing.T, counted map[string]string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# file\tformat\tenvelope\trecords\tevents\tbytes in gaps\n")
	for _, rel := range slices.Sorted(maps.Keys(counted)) {
		fmt.Fprintf(&b, "%s\t%s\n", rel, counted[rel])
	}
	if err := os.WriteFile(countsFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestCorpusAuditEvents counts the events of raw audit logs by other means: by
// their distinct stamps.
func TestCorpusAuditEvents(t *testing.T) {
	root, checked := corpus(t), 0
	stamps := regexp.MustCompile(`^(?:node=(\S+) )?type=\S+ msg=audit\((\d+\.\d+:\d+)\)`)
	for rel, row := range readCounts(t) {
		cells := strings.Split(row, "\t")
		if cells[0] != "auditd" || cells[1] != "" || cells[4] != "0" || !strings.HasSuffix(rel, ".log") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, rel))
		if err != nil {
			t.Fatal(err)
		}
		distinct, raw := map[string]bool{}, true
		for line := range strings.Lines(string(b)) {
			m := stamps.FindStringSubmatch(line)
			if m == nil {
				raw = raw && strings.TrimSpace(line) == ""
				continue
			}
			distinct[m[1]+" "+m[2]] = true
		}
		if !raw {
			continue
		}
		checked++
		if got := fmt.Sprint(len(distinct)); got != cells[3] {
			t.Errorf("%s: %s events, %s distinct stamps", rel, cells[3], got)
		}
	}
	if checked < 20 {
		t.Errorf("only %d files could be counted", checked)
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
	{"oss/test-log.yaml", "", "a test description"},
	{"fal_01_003.json", "", "an object with a kind that is a number"},
	{"curl.txt", "", "a shell command"},
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
