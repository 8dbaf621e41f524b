package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// generatedFinds are the rules that find something in the logs that makecorpus makes: the
// acts that it strews among the routine of a cluster, of a host and of a daemon.
var generatedFinds = map[string][]string{
	"kubernetes": {"All Secrets of a namespace listed", "Command executed in a pod through the API server", "Exec or attach into kube-system or another platform namespace",
		"Interactive shell opened in a pod", "Many Secrets read one after the other", "Same command run in many pods", "Secret read by a principal outside the control plane",
		"Secret with a telling name read", "Secrets of several namespaces listed or tried"},
	"auditd": {"Content of Secrets printed or decoded", "Raw client on the socket of a container runtime", "kubectl used on Secrets, service accounts or ConfigMaps",
		"kubectl used to read Secrets", "kubectl used to read the Secrets of every namespace"},
	"docker": {"Command run in a container with docker exec", "Credentials read in a container with docker exec", "Shell started in a container with docker exec"},
}

// generatedLog is a log of so many bytes, as makecorpus makes it.
func generatedLog(t *testing.T, kind string, size int) []byte {
	t.Helper()
	log, err := exec.Command("go", "run", "tideline/fixtures/makecorpus", "-kind", kind, "-bytes", strconv.Itoa(size)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// TestGeneratedLogsRaiseWhatIsStrewn and nothing of the routine around it: kubelets that
// watch the Secrets of their pods, controllers, cron.
func TestGeneratedLogsRaiseWhatIsStrewn(t *testing.T) {
	for kind, want := range generatedFinds {
		log := generatedLog(t, kind, 24_000_000)
		path := filepath.Join(t.TempDir(), kind+".log")
		if err := os.WriteFile(path, log, 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, errs := tideline("scan", "-q", "-f", "ndjson", path)
		if status != exitOK {
			t.Fatalf("%s: status %d: %s", kind, status, errs)
		}
		var got []string
		for line := range strings.Lines(out) {
			var f struct{ Rule struct{ Title string } }
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(got, f.Rule.Title) {
				got = append(got, f.Rule.Title)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: found\n%s\nwant\n%s", kind, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
