package main

import (
	"fmt"
	"testing"

	"tideline/parsers"
	"tideline/parsers/kubeaudit"
	"tideline/scanner/sigma"
)

// TestRulesAskForNamesWhereTheyMatter: of requests that differ in the object's name one
// is judged for all, unless a rule looks at the name or at the path it is in. A rule on
// the paths that are no resources, which did not say so, had each judged.
func TestRulesAskForNamesWhereTheyMatter(t *testing.T) {
	const controller, kubelet, workload = "system:serviceaccount:kube-system:replicaset-controller", "system:node:node-7", "system:serviceaccount:shop:web"
	for _, c := range []struct{ user, agent, verb, group, resource, sub, query string }{
		{controller, "kube-controller-manager/v1.31.4 (linux/amd64) kubernetes/a78aa47", "get", "apps", "replicasets", "", ""},
		{controller, "kube-controller-manager/v1.31.4 (linux/amd64) kubernetes/a78aa47", "update", "apps", "replicasets", "status", ""},
		{controller, "kube-controller-manager/v1.31.4 (linux/amd64) kubernetes/a78aa47", "delete", "", "pods", "", ""},
		{kubelet, "kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47", "get", "", "pods", "", ""},
		{kubelet, "kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47", "patch", "", "pods", "status", ""},
		{kubelet, "kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47", "watch", "", "secrets", "", "?fieldSelector=metadata.name%3D"},
		{kubelet, "kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47", "watch", "", "configmaps", "", "?fieldSelector=metadata.name%3D"},
		{workload, "web/v1.4.2 (linux/amd64) kubernetes/9e5dd3f", "get", "apps", "deployments", "", ""},
		{workload, "web/v1.4.2 (linux/amd64) kubernetes/9e5dd3f", "get", "", "services", "", ""},
		{workload, "web/v1.4.2 (linux/amd64) kubernetes/9e5dd3f", "update", "coordination.k8s.io", "leases", "", ""},
		{"jane", "kubectl/v1.31.4 (linux/amd64) kubernetes/a78aa47", "get", "", "pods", "", ""},
	} {
		var lines []string
		for i := range 400 {
			name := fmt.Sprintf("web-%x-%x", 0x1fab3*(i+1), i*i+77)
			uri := "/api/v1"
			if c.group != "" {
				uri = "/apis/" + c.group + "/v1"
			}
			uri += "/namespaces/shop/" + c.resource
			switch {
			case c.query != "":
				uri += c.query + name
			case c.sub != "":
				uri += "/" + name + "/" + c.sub
			default:
				uri += "/" + name
			}
			sub := ""
			if c.sub != "" {
				sub = fmt.Sprintf(`,"subresource":%q`, c.sub)
			}
			lines = append(lines, fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"0d8b6a5c-1f2e-4a3b-9c4d-%012x","stage":"ResponseComplete",`+
				`"requestURI":%q,"verb":%q,"user":{"username":%q,"groups":["system:authenticated"]},"sourceIPs":["10.20.0.11"],"userAgent":%q,`+
				`"objectRef":{"resource":%q,"namespace":"shop","name":%q,"apiGroup":%q,"apiVersion":"v1"%s},"responseStatus":{"metadata":{},"code":200},`+
				`"requestReceivedTimestamp":"2026-03-09T00:00:00.%06dZ","stageTimestamp":"2026-03-09T00:00:01.%06dZ","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}`,
				i, uri, c.verb, c.user, c.agent, c.resource, name, c.group, sub, i, i))
		}
		if judged := judgedOneByOne(t, lines); judged > 120 {
			t.Errorf("%s %s %s %s: %d of %d were judged", c.user, c.verb, c.resource, c.sub, judged, len(lines))
		}
	}
}

// judgedOneByOne is how many of these audit events are not like one before, when all
// built-in rules decide.
func judgedOneByOne(t *testing.T, lines []string) int {
	t.Helper()
	set := builtinSet(t).Set
	var sources []sigma.LogSource
	for _, s := range kubeaudit.Format.Kinds[0].Sources {
		sources = append(sources, sigma.LogSource(s))
	}
	m := set.Matcher(sources...)
	sc, judged := m.NewScratch(), 0
	d := kubeaudit.Format.NewDecoder(parsers.Options{Fields: set.Fields(), Asked: set.Asked()})
	for _, line := range lines {
		err := d.Decode(&parsers.Record{Data: []byte(line), Raw: []byte(line)}, func(ev *parsers.Event) error {
			if ev.Like.Number == 0 || ev.Like.First {
				judged++
				m.MatchAlike(nil, ev.Views[0].Fields, len(line), sigma.Akin{}, sc)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return judged
}
