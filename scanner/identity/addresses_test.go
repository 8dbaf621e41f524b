package identity

import (
	"fmt"
	"testing"
	"time"

	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

// used enters n allowed events of a principal.
func used(a *tally.Aggregates, actor, address, agent, action string, second float64, n int64) {
	at := finding.Time{Time: time.Unix(0, int64(second*1e9)).UTC()}
	a.Principals[tally.PrincipalKey{Actor: actor, Address: address, Agent: agent, Action: action, Kind: "pods"}] = &tally.PrincipalRow{Allowed: n, First: at, Last: at}
}

// shop is a cluster with an office behind one address, a way out of the nodes'
// network behind another, and a load balancer.
func shop() *tally.Aggregates {
	a := tally.NewAggregates()
	for _, who := range []string{"alice", "bob"} {
		used(a, "k8s:"+who, "203.0.113.50", "kubectl/v1", "get", 1, 5)
	}
	used(a, "k8s:carol", "203.0.113.60", "kubectl/v1", "get", 1, 5)
	used(a, "k8s:kubernetes-admin", "203.0.113.60", "kubectl/v1", "get", 1, 5) // with carol's admin.conf
	for i := range 3 {
		used(a, fmt.Sprint("k8s:system:node:w", i), "203.0.113.70", "kubelet/v1.31", "get", 1, 20)
	}
	used(a, "k8s:system:node:w1", "203.0.113.80", "curl/8", "get", 1, 20)
	used(a, "k8s:x", "203.0.113.90", "kubectl/v1", "get", 1, 200)
	return a
}

func TestSharedAddressesMergeNobody(t *testing.T) {
	shared := sharedAddresses(shop())
	for address, want := range map[string]bool{"203.0.113.50": true, "203.0.113.60": false, "203.0.113.70": true, "203.0.113.80": false, "203.0.113.90": true} {
		if shared[address] != want {
			t.Errorf("%s shared: %v", address, shared[address])
		}
		x := newIdentities(shop(), nil)
		for i, name := range []string{webAccount, ciAccount} {
			x.remember(call(float64(i), account, name, address, ""))
		}
		last := call(2, account, ciAccount, address, "")
		if got, links := x.resolve(facetOf(&last.Actor, last.Time), last.Container); (got == "k8s:"+ciAccount) != want {
			t.Errorf("%s: %s belongs to %s by %+v", address, ciAccount, got, links)
		}
	}
	// Nor does a token that was asked for in an office, and used there.
	x := newIdentities(shop(), nil)
	asked := tokenRequest("kubernetes-user", "alice", "allowed", "")
	asked.Actor.Addresses = []string{"203.0.113.50"}
	x.remember(asked)
	used := call(5, account, ciAccount, "203.0.113.50", "")
	if got, _ := x.resolve(facetOf(&used.Actor, used.Time), used.Container); got != "k8s:"+ciAccount {
		t.Errorf("whoever works in the office is taken for %s", got)
	}
}

func TestHomeAddressesAreThoseOfKubelets(t *testing.T) {
	a := shop()
	used(a, "k8s:system:node:w1", "203.0.113.99", "kubelet/v1.31", "get", 1, 3) // its credential, elsewhere
	homes := Homes(a)
	if !homes["203.0.113.70"] || len(homes) != 1 {
		t.Errorf("the nodes come from %v", homes)
	}
}

func TestWhoIsAtHomeThereIsNobodysNeighbour(t *testing.T) {
	b := baseline.New()
	b.Add(baseline.Habit{Actor: "k8s:" + ciAccount, Class: "read", Kind: "pods", Client: "curl", Network: "9.9.9.0/24"}, baseline.Use{Count: 9})
	x := newIdentities(tally.NewAggregates(), b.Index())
	x.remember(call(1, account, webAccount, "9.9.9.9", ""))
	x.remember(call(2, account, ciAccount, "9.9.9.9", ""))
	runner, stolen := call(3, account, ciAccount, "9.9.9.9", ""), call(3, account, webAccount, "9.9.9.9", "")
	if got, _ := x.resolve(facetOf(&runner.Actor, runner.Time), runner.Container); got != "k8s:"+ciAccount {
		t.Errorf("a runner at its usual address is taken for %s", got)
	}
	if got, _ := x.resolve(facetOf(&stolen.Actor, stolen.Time), stolen.Container); got != "k8s:"+webAccount {
		t.Errorf("the first one there is taken for %s", got)
	}
}

func TestOneLoginOnSeveralHosts(t *testing.T) {
	a := tally.NewAggregates()
	used(a, "linux:w1/auid=1007", "192.0.2.77", "sshd", "user_login", 10, 1)
	used(a, "linux:w2/auid=1007", "192.0.2.77", "sshd", "user_login", 20, 1)
	used(a, "linux:w1/auid=1009", "10.0.0.31", "sshd", "user_login", 1, 1)
	used(a, "linux:w2/auid=1009", "10.0.0.32", "sshd", "user_login", 2, 1)
	used(a, "linux:w1/auid=1000", "10.0.0.250", "sshd", "user_login", 2, 1)
	used(a, "linux:w2/auid=1000", "10.0.0.250", "sshd", "user_login", 1, 1)
	used(a, "linux:w2/auid=1001", "10.0.0.250", "sshd", "user_login", 1, 1)
	used(a, "linux:w1/auid=1010", "127.0.0.1", "sshd", "user_login", 1, 1)
	used(a, "linux:w2/auid=1010", "127.0.0.1", "sshd", "user_login", 1, 1)
	used(a, "linux:w3/auid=1011", "198.51.100.9", "sshd", "user_login", 1, 1)
	a.Principals[tally.PrincipalKey{Actor: "linux:w3/auid=1007", Address: "192.0.2.77", Action: "user_login"}] = &tally.PrincipalRow{Denied: 3} // never got in
	x := newIdentities(a, nil)
	x.remember(call(1, account, webAccount, "198.51.100.9", ""))
	for id, want := range map[string]string{
		"linux:w2/auid=1007": "linux:w1/auid=1007 likely", // from one address
		"linux:w1/auid=1007": "linux:w1/auid=1007 ",       // it is the first
		"linux:w3/auid=1007": "linux:w3/auid=1007 ",       // its login was refused
		"linux:w2/auid=1009": "linux:w2/auid=1009 ",       // the uid alone says nothing
		"linux:w1/auid=1000": "linux:w2/auid=1000 possible",
		"linux:w2/auid=1001": "linux:w2/auid=1001 ",
		"linux:w2/auid=1010": "linux:w2/auid=1010 ",
		"linux:w3/auid=1011": "k8s:" + webAccount + " likely", // an account's token was used from there
		"linux:w3/uid=0":     "linux:w3/uid=0 ",
	} {
		got, links := x.resolve(facet{id: id, kind: "linux-user"}, (&finding.Hit{}).Container)
		certainty := ""
		if len(links) > 0 {
			certainty = links[0].Certainty
		}
		if got+" "+certainty != want {
			t.Errorf("%s belongs to %q %s, want %q", id, got, certainty, want)
		}
	}
}
