package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"tideline/parsers/parsertest"
)

// publicRules is the folder of public Sigma rules, which is not part of the
// project.
func publicRules(t *testing.T) string { return filepath.Join(parsertest.Shared(t), "sigma", "rules") }

// firedBy scans one log with the rules of a file or folder and no others, and
// returns the titles of the rules that found something, each once.
func firedBy(t *testing.T, rules string, log []byte) []string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "evidence.log")
	if err := os.WriteFile(name, log, 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	args := []string{"tideline", "scan", "--no-builtin", "--keep-going", "-r", rules, "--min-level", "informational", "-f", "ndjson", name}
	if status := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); status != exitOK && status != exitIncomplete {
		t.Fatalf("exit status %d: %s", status, stderr.String())
	}
	var titles []string
	for dec := json.NewDecoder(&stdout); dec.More(); {
		var f struct {
			Rule struct{ Title string }
		}
		if err := dec.Decode(&f); err != nil {
			t.Fatal(err)
		}
		titles = append(titles, f.Rule.Title)
	}
	slices.Sort(titles)
	return slices.Compact(titles)
}

// titleOf is the title of the rule in a file.
func titleOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		if title, ok := strings.CutPrefix(line, "title: "); ok {
			return strings.Trim(strings.TrimSpace(title), `'"`)
		}
	}
	t.Fatalf("%s has no title", file)
	return ""
}

// outOfReach are the cloud rules of the folder that no Kubernetes audit record
// can hold an event for, with the reason.
var outOfReach = map[string]string{
	"cloud_azure_container/azure_container_registry_created_or_deleted.yml": "the registry's own operations, in the activity log of the subscription only",
	"cloud_azure_container/azure_kubernetes_cluster_created_or_deleted.yml": "the cluster's own life, in the activity log of the subscription only",
	"cloud_aws_container/aws_ecs_task_definition_cred_endpoint_query.yml":   "CloudTrail, no audit log of Kubernetes",
	"cloud_aws_container/aws_eks_cluster_created_or_deleted.yml":            "CloudTrail, no audit log of Kubernetes",
}

// TestPublicKubernetesRulesFire scans, for every public rule on Kubernetes and
// its clouds, a raw log line made for it and one that only looks alike. All
// rules of the folder are loaded, and just that one fires.
func TestPublicKubernetesRulesFire(t *testing.T) {
	rules := publicRules(t)
	archive, err := txtar.ParseFile("testdata/publicrules.txtar")
	if err != nil {
		t.Fatal(err)
	}
	logs := map[string]int{}
	for _, f := range archive.Files {
		rule, what := path.Split(f.Name)
		rule = strings.TrimSuffix(rule, "/")
		t.Run(f.Name, func(t *testing.T) {
			logs[rule]++
			var want []string
			if what == "hit" {
				want = []string{titleOf(t, filepath.Join(rules, filepath.FromSlash(rule)))}
			}
			if got := firedBy(t, filepath.Join(rules, path.Dir(rule)), f.Data); !slices.Equal(got, want) {
				t.Errorf("fired %q, want %q", got, want)
			}
		})
	}
	for _, folder := range []string{"kubernetes_audit", "cloud_azure_container", "cloud_gcp_container", "cloud_aws_container"} {
		files, err := filepath.Glob(filepath.Join(rules, folder, "*.yml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no rules in %s: %v", folder, err)
		}
		for _, file := range files {
			rule := folder + "/" + filepath.Base(file)
			if logs[rule] != 2 && outOfReach[rule] == "" {
				t.Errorf("%s has %d logs made for it, want a hit and a miss", rule, logs[rule])
			}
		}
	}
}
