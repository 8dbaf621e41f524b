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
	used(a, "k8s:system:node:w2", "203.0.113.80", "curl/8", "get", 1, 20)
	used(a, "k8s:x", "203.0.113.90", "kubectl/v1", "get", 1, 200)
	// Of these nothing is counted, and nobody is somebody there.
	used(a, "k8s:x", "", "kubectl/v1", "get", 1, 5000)
	used(a, "linux:w1/auid=1", "203.0.113.60", "sshd", "user_login", 1, 5000)
	used(a, "k8s:system:admin", "203.0.113.60", "kubectl/v1", "get", 1, 5)
	a.Principals[tally.PrincipalKey{Actor: "k8s:refused", Address: "203.0.113.60"}] = &tally.PrincipalRow{Denied: 5}
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
	used(a, "k8s:system:node:w5", "203.0.113.97", "kubelet/v1.31", "get", 1, 5) // of two the first
	used(a, "k8s:system:node:w5", "203.0.113.96", "kubelet/v1.31", "get", 1, 5)
	used(a, "k8s:system:node:w5", "203.0.113.98", "kubelet/v1.31", "get", 1, 5)
	used(a, "k8s:alice", "203.0.113.95", "kubelet/v1.31", "get", 1, 500)
	used(a, "k8s:system:node:w6", "203.0.113.94", "curl/8", "get", 1, 500)
	used(a, "k8s:system:node:w7", "", "kubelet/v1.31", "get", 1, 500)
	a.Principals[tally.PrincipalKey{Actor: "k8s:system:node:w8", Address: "203.0.113.93", Agent: "kubelet/v1.31"}] = &tally.PrincipalRow{Denied: 5}
	homes := Homes(a)
	if !homes["203.0.113.70"] || !homes["203.0.113.96"] || len(homes) != 2 {
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
		got, links := x.resolve(facet{ID: id, Kind: "linux-user"}, (&finding.Hit{}).Container)
		certainty := ""
		if len(links) > 0 {
			certainty = links[0].Certainty
		}
		if got+" "+certainty != want {
			t.Errorf("%s belongs to %q %s, want %q", id, got, certainty, want)
		}
	}
}

// TestAVisitorIsAloneThere: a login is of whoever uses a workload's identity from the
// address it came from, if that says who.
func TestAVisitorIsAloneThere(t *testing.T) {
	const address = "198.51.100.9"
	stolen := call(1, account, webAccount, address, "")
	for name, c := range map[string]struct {
		prepare func(*tally.Aggregates, *baseline.Baseline)
		there   *finding.Hit
		want    string
	}{
		"a workload's identity": {nil, stolen, "k8s:" + webAccount},
		"one without a name":    {nil, call(1, "kubernetes-anonymous", "anonymous@"+address, address, ""), "k8s:anonymous@" + address},
		"a person's":            {nil, call(1, "kubernetes-user", "alice", address, ""), ""},
		"nobody's":              {nil, call(1, account, webAccount, "198.51.100.10", ""), ""},
		"one at home there": {func(_ *tally.Aggregates, b *baseline.Baseline) {
			b.Add(baseline.Habit{Actor: "k8s:" + webAccount, Class: "read", Kind: "pods", Client: "curl", Network: "198.51.100.0/24"}, baseline.Use{Count: 9})
		}, stolen, ""},
		"where somebody else logs in from": {func(a *tally.Aggregates, _ *baseline.Baseline) {
			used(a, "linux:w4/auid=1012", address, "sshd", "user_login", 1, 1)
		}, stolen, ""},
		"at a load balancer's": {func(a *tally.Aggregates, _ *baseline.Baseline) { used(a, "k8s:x", address, "kubectl", "get", 1, 900) }, stolen, ""},
	} {
		a, b := tally.NewAggregates(), baseline.New()
		used(a, "linux:w3/auid=1011", address, "sshd", "user_login", 1, 1)
		used(a, "k8s:x", "10.0.0.1", "kubectl", "get", 1, 100)
		if c.prepare != nil {
			c.prepare(a, b)
		}
		x := newIdentities(a, b.Index())
		x.remember(c.there)
		got, _ := x.resolve(facet{ID: "linux:w3/auid=1011", Kind: "linux-user"}, (&finding.Hit{}).Container)
		if c.want == "" {
			c.want = "linux:w3/auid=1011"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestTheFirstOfSeveralLogins: of the hosts that a login came to from its addresses the
// earliest names it, those of a known time before others, and then the first by name.
func TestTheFirstOfSeveralLogins(t *testing.T) {
	a := tally.NewAggregates()
	used(a, "linux:w9/auid=7", "192.0.2.1", "sshd", "user_login", 50, 1)
	used(a, "linux:w9/auid=7", "192.0.2.2", "sshd", "user_login", 50, 1)
	used(a, "linux:w9/auid=7", "192.0.2.3", "sshd", "user_login", 50, 1)
	used(a, "linux:w3/auid=7", "192.0.2.1", "sshd", "user_login", 30, 1)
	used(a, "linux:w2/auid=7", "192.0.2.2", "sshd", "user_login", 20, 1)
	used(a, "linux:w1/auid=7", "192.0.2.2", "sshd", "user_login", 20, 1)
	a.Principals[tally.PrincipalKey{Actor: "linux:w0/auid=7", Address: "192.0.2.2", Action: "user_login"}] = &tally.PrincipalRow{Allowed: 1}
	used(a, "linux:w4/auid=7", "192.0.2.3", "sshd", "user_login", 40, 1)
	for i := range 2 * maxLogins {
		used(a, "linux:w5/auid=8", fmt.Sprint("192.0.2.", i), "sshd", "user_login", 1, 1)
	}
	x := newIdentities(a, nil)
	if got, _ := x.resolve(facet{ID: "linux:w9/auid=7", Kind: "linux-user"}, (&finding.Hit{}).Container); got != "linux:w1/auid=7" {
		t.Errorf("the login was first seen as %s", got)
	}
	if n := len(x.logins.of["linux:w5/auid=8"]); n != maxLogins {
		t.Errorf("%d addresses of one login, %d at most", n, maxLogins)
	}
}

// TestAnExcerptHasNoLoadBalancer: where there are a few requests only, most of them may
// be the intruder's. Of many identities they are a gateway's all the same.
func TestAnExcerptHasNoLoadBalancer(t *testing.T) {
	a := tally.NewAggregates()
	used(a, "k8s:eve", "10.2.2.9", "kubectl/v1", "get", 1, 1)
	used(a, "k8s:"+webAccount, "10.2.2.9", "curl/8", "list", 1, 1)
	used(a, "k8s:"+webAccount, "10.244.1.9", "okhttp/4", "get", 1, 1)
	if sharedAddresses(a)["10.2.2.9"] {
		t.Error("two identities of an excerpt are taken for a load balancer")
	}
	used(a, "k8s:"+ciAccount, "10.2.2.9", "Helm/3", "list", 1, 1)
	if !sharedAddresses(a)["10.2.2.9"] {
		t.Error("three identities at an address that most come from are nobody in particular")
	}
}
