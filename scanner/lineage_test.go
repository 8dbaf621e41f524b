package scanner

import (
	"testing"

	"tideline/scanner/finding"
)

func TestTokenLineage(t *testing.T) {
	from := func(kind, name, address string) *finding.Hit {
		h := actAt(1, kind, "k8s:"+name, "", "")
		h.Actor.Name, h.Actor.Addresses = name, []string{address}
		return h
	}
	request := func(kind, name, outcome string) *finding.Hit {
		h := from(kind, name, "1.2.3.4")
		h.Action, h.Outcome, h.Target = "create", outcome, finding.Target{Kind: "serviceaccounts/token", Namespace: "ci", Name: "deployer"}
		return h
	}
	const sa, account = "kubernetes-service-account", "system:serviceaccount:ci:deployer"
	for _, c := range []struct {
		name    string
		request *finding.Hit
		address string
		want    string
	}{
		{"same address", request(sa, "system:serviceaccount:prod:web", "allowed"), "1.2.3.4", "k8s:system:serviceaccount:prod:web"},
		{"another address", request(sa, "system:serviceaccount:prod:web", "allowed"), "10.0.0.9", ""},
		{"refused", request(sa, "system:serviceaccount:prod:web", "denied"), "1.2.3.4", ""},
		{"a kubelet", request("kubernetes-node", "system:node:worker1", "allowed"), "1.2.3.4", ""},
		{"for itself", request(sa, account, "allowed"), "1.2.3.4", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l lineage
			l.remember(c.request)
			actor, link := l.resolve(from(sa, account, c.address))
			got := ""
			if actor != nil {
				got = actor.ID
				if actor.Name != account || link.Actor != "k8s:"+account {
					t.Errorf("the name in the log was lost: %+v, %+v", actor, link)
				}
			}
			if got != c.want {
				t.Errorf("belongs to %q, want %q", got, c.want)
			}
		})
	}
}
