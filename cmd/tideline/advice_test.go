package main

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tideline/scanner/rules"
)

// An auditPolicy is as much of audit.k8s.io/v1 as the advice uses.
type auditPolicy struct {
	Rules []struct {
		Level     string
		Users     []string
		Verbs     []string
		Resources []struct {
			Group     string
			Resources []string
		}
	}
}

// level is the level of the first rule that a request by nobody in particular meets.
func (p *auditPolicy) level(group, resource, verb string) string {
	for _, r := range p.Rules {
		if len(r.Users) > 0 || len(r.Verbs) > 0 && !slices.Contains(r.Verbs, verb) {
			continue
		}
		for _, res := range r.Resources {
			if res.Group == group && (len(res.Resources) == 0 || slices.Contains(res.Resources, resource)) {
				return r.Level
			}
		}
	}
	return "Metadata"
}

// groupOf is the API group of resources that rules ask the bodies of.
var groupOf = map[string][]string{
	"":                             {"pods", "podtemplates", "replicationcontrollers", "serviceaccounts", "namespaces", "nodes", "persistentvolumes", "services", "endpoints"},
	"apps":                         {"deployments", "daemonsets", "statefulsets", "replicasets"},
	"batch":                        {"jobs", "cronjobs"},
	"rbac.authorization.k8s.io":    {"roles", "clusterroles", "rolebindings", "clusterrolebindings"},
	"certificates.k8s.io":          {"certificatesigningrequests"},
	"cert-manager.io":              {"certificates", "certificaterequests"},
	"admissionregistration.k8s.io": {"mutatingwebhookconfigurations", "validatingwebhookconfigurations"},
	"authorization.k8s.io":         {"subjectaccessreviews"},
	"networking.k8s.io":            {"ingresses"},
	"discovery.k8s.io":             {"endpointslices"},
	"apiextensions.k8s.io":         {"customresourcedefinitions"},
	"argoproj.io":                  {"rollouts", "workflows", "workflowtemplates", "clusterworkflowtemplates", "cronworkflows"},
	"tekton.dev":                   {"tasks", "taskruns"},
	"apps.kruise.io":               {"clonesets"},
	"apps.openshift.io":            {"deploymentconfigs"},
}

// TestTheAdvisedPolicyLogsWhatRulesLookInto: a rule that needs the body of a request is
// not blind on a log that was written by the policy we advise.
func TestTheAdvisedPolicyLogsWhatRulesLookInto(t *testing.T) {
	var policy auditPolicy
	mustParse(t, "advice/kubernetes-audit-policy.yaml", &policy)
	var lists map[string]any
	mustParse(t, "lists/workloads.yml", &lists)
	asked := map[string]string{}
	for _, name := range rules.Files() {
		var rule struct {
			Detection map[string]any
			Tideline  struct{ Needs string }
		}
		if path.Dir(name) != "kubernetes" {
			continue
		}
		if mustParse(t, name, &rule); rule.Tideline.Needs != "Request" {
			continue
		}
		for _, r := range resourcesIn(rule.Detection) {
			asked[r] = name
		}
	}
	for _, r := range lists["pod_workloads"].([]any) {
		asked[r.(string)] = "the list of workloads"
	}
	if len(asked) < 20 {
		t.Fatalf("rules ask the bodies of %d resources only", len(asked))
	}
	for resource, name := range asked {
		if resource == "secrets" || resource == "configmaps" { // their bodies are credentials
			continue
		}
		group, known := "", false
		for g, list := range groupOf {
			if slices.Contains(list, resource) {
				group, known = g, true
			}
		}
		if !known {
			t.Errorf("%s looks into %s, whose group this test does not know", name, resource)
		} else if level := policy.level(group, resource, "create"); level != "Request" {
			t.Errorf("%s looks into %s, of which the policy logs %s", name, resource, level)
		}
	}
}

// resourcesIn are the values of objectRef.resource below v, but for placeholders.
func resourcesIn(v any) (out []string) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if key != "objectRef.resource" {
				out = append(out, resourcesIn(value)...)
				continue
			}
			values, ok := value.([]any)
			if !ok {
				values = []any{value}
			}
			for _, r := range values {
				out = append(out, r.(string))
			}
		}
	case []any:
		for _, value := range v {
			out = append(out, resourcesIn(value)...)
		}
	}
	return out
}

func mustParse(t *testing.T, name string, into any) {
	t.Helper()
	data, err := fs.ReadFile(rules.FS(), name)
	if err == nil {
		err = yaml.Unmarshal([]byte(strings.TrimSpace(string(data))), into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
