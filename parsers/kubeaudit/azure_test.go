package kubeaudit

import (
	"fmt"
	"strings"
	"testing"

	"tideline/parsers"
)

func TestAzureOperations(t *testing.T) {
	event := func(verb, ref, more string) string {
		return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseComplete","verb":"` + verb + `","objectRef":{` + ref + `}` + more + `}`
	}
	const aks, arc = "MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/", "MICROSOFT.KUBERNETES/CONNECTEDCLUSTERS/"
	for _, c := range []struct{ record, want string }{
		{event("delete", `"resource":"pods"`, ""), "PODS/DELETE"},
		{event("deletecollection", `"resource":"pods"`, ""), "PODS/DELETE"},
		{event("patch", `"resource":"roles","apiGroup":"rbac.authorization.k8s.io"`, ""), "RBAC.AUTHORIZATION.K8S.IO/ROLES/WRITE"},
		{event("watch", `"resource":"secrets"`, ""), "SECRETS/READ"},
		{event("create", `"resource":"pods","subresource":"exec"`, ""), "PODS/EXEC/ACTION"},
		{event("update", `"resource":"pods","subresource":"status"`, ""), "PODS/STATUS/WRITE"},
		{event("get", `"resource":"pods"`, `,"impersonatedUser":{"username":"system:serviceaccount:a:b"}`), "PODS/READ SERVICEACCOUNTS/IMPERSONATE/ACTION"},
		{event("get", `"resource":"pods"`, `,"impersonatedUser":{"username":"bob"}`), "PODS/READ USERS/IMPERSONATE/ACTION"},
		{event("bark", `"resource":"pods"`, ""), ""},
		{event("get", ``, ""), ""},
	} {
		var want []string
		for _, clusters := range []string{aks, arc} {
			for _, op := range strings.Fields(c.want) {
				want = append(want, clusters+op)
			}
		}
		var kinds []string
		got := facts(t, c.record, parsers.Origin{Envelope: "aks-diagnostic"}, func(ev *parsers.Event) string {
			for _, v := range ev.Views {
				kinds = append(kinds, Format.Kinds[v.Kind].Name)
			}
			return fmt.Sprintf("%s", ev.Facts.Details)
		})
		if got != "[an Azure Monitor record]" || strings.Join(kinds, " ") != "kubernetes-audit azure-operations" {
			t.Errorf("%s: details %s, views %s", c.record, got, kinds)
		}
		if got := askFrom(t, c.record, parsers.Origin{Envelope: "eventhub>aks-diagnostic"}, "operationName"); got != strings.Join(want, "|") {
			t.Errorf("%s: got  %s\nwant %s", c.record, got, strings.Join(want, "|"))
		}
		if got := ask(t, c.record, "operationName"); got != "" {
			t.Errorf("an event of no cloud has the operation %q", got)
		}
	}
}
