package identity

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

const (
	account    = "kubernetes-service-account"
	webAccount = "system:serviceaccount:prod:web"
	ciAccount  = "system:serviceaccount:ci:deployer"
)

// call is a request to an API server.
func call(second float64, kind, name, address, session string) *finding.Hit {
	h := actAt(second, kind, "k8s:"+name, "", "")
	h.Actor.Name, h.Actor.Session, h.Actor.Agent = name, session, "curl/8"
	if address != "" {
		h.Actor.Addresses = []string{address}
	}
	h.Fields = map[string][]string{}
	return h
}

// tokenRequest asks for a token of ci/deployer.
func tokenRequest(kind, name, outcome, issued string) *finding.Hit {
	h := call(1, kind, name, "10.0.0.4", "")
	h.Action, h.Outcome, h.Target = "create", outcome, finding.Target{Kind: "serviceaccounts/token", Namespace: "ci", Name: "deployer"}
	if issued != "" {
		h.Fields[FieldIssued] = []string{issued}
	}
	return h
}

func act(action string, h *finding.Hit) *finding.Hit {
	h.Action = action
	return h
}

func certificate(name, cn string) *finding.Hit {
	h := call(1, "kubernetes-user", name, "10.0.0.4", "")
	h.Action, h.Target.Kind = "create", "certificatesigningrequests"
	h.Fields[FieldCSR] = []string{cn}
	return h
}

// tokenRead reads the token of pod web-0 of prod by a command in it.
func tokenRead(name, outcome string) *finding.Hit {
	h := call(1, "kubernetes-user", name, "10.0.0.4", "")
	h.Action, h.Outcome, h.Target = "get", outcome, finding.Target{Kind: "pods/exec", Namespace: "prod", Name: "web-0"}
	h.Exposed = []finding.Exposed{{Kind: "service-account-token", Namespace: "prod", Name: "pod web-0"}}
	return h
}

func tokenReadOf(kind string) *finding.Hit {
	h := tokenRead("eve", "allowed")
	h.Exposed[0].Kind = kind
	return h
}

// tokenInCommand runs curl with a token in it.
func tokenInCommand(name, jti string) *finding.Hit {
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"jti":"` + jti + `","sub":"x"}`))
	h := actAt(1, "linux-user", "linux:node1/"+name, "node1", "curl -H Authorization: Bearer eyJhbGciOiJSUzI1NiJ9."+payload+".c2ln")
	h.Actor.Name, h.Actor.Agent = name, "/usr/bin/curl"
	return h
}

func with(agent string, h *finding.Hit) *finding.Hit {
	h.Actor.Agent = agent
	return h
}

func bound(h *finding.Hit, pod string) *finding.Hit {
	h.Fields[FieldPod] = []string{pod}
	return h
}

func TestWhoseIdentityItIs(t *testing.T) {
	inPod := actAt(5, "container-process", "container:abc", "node1", "")
	inPod.Container = parsers.Container{ID: "abc", Pod: "web-0", Namespace: "prod"}
	inNoPod := actAt(5, "container-process", "container:abd", "node1", "")
	inNoPod.Container = parsers.Container{ID: "abd", Namespace: "prod"}
	entered := actAt(5, "linux-user", "linux:node1/auid=7", "node1", "")
	entered.Container = inPod.Container
	for _, c := range []struct {
		name      string
		known     []*finding.Hit
		who       *finding.Hit
		want      string
		certainty string
	}{
		{"the token asked for, used elsewhere", []*finding.Hit{tokenRequest(account, webAccount, "allowed", "JTI=7")},
			call(5, account, ciAccount, "10.9.9.9", "JTI=7"), "k8s:" + webAccount, "certain"},
		{"asked for in vain", []*finding.Hit{tokenRequest(account, webAccount, "failed", "JTI=7")},
			call(5, account, ciAccount, "10.0.0.4", "JTI=7"), "k8s:" + ciAccount, ""},
		{"looked at only", []*finding.Hit{act("get", tokenRequest(account, webAccount, "allowed", "JTI=7"))},
			call(5, account, ciAccount, "10.0.0.4", "JTI=7"), "k8s:" + ciAccount, ""},
		{"by another as well as itself", []*finding.Hit{tokenRequest(account, ciAccount, "allowed", ""), tokenRequest("kubernetes-user", "eve", "allowed", "")},
			call(5, account, ciAccount, "10.0.0.4", ""), "k8s:eve", "likely"},
		{"another token of the same account", []*finding.Hit{tokenRequest(account, webAccount, "allowed", "JTI=7")},
			call(5, account, ciAccount, "10.9.9.9", "JTI=8"), "k8s:" + ciAccount, ""},
		{"no ids, the same address", []*finding.Hit{tokenRequest(account, webAccount, "allowed", "")},
			call(5, account, ciAccount, "10.0.0.4", ""), "k8s:" + webAccount, "likely"},
		{"no ids, another address", []*finding.Hit{tokenRequest(account, webAccount, "allowed", "")},
			call(5, account, ciAccount, "10.9.9.9", ""), "k8s:" + ciAccount, ""},
		{"used before it was asked for", []*finding.Hit{tokenRequest(account, webAccount, "allowed", "")},
			call(0, account, ciAccount, "10.0.0.4", ""), "k8s:" + ciAccount, ""},
		{"refused", []*finding.Hit{tokenRequest(account, webAccount, "denied", "")},
			call(5, account, ciAccount, "10.0.0.4", ""), "k8s:" + ciAccount, ""},
		{"a kubelet's requests", []*finding.Hit{tokenRequest("kubernetes-node", "system:node:worker1", "allowed", "JTI=7")},
			call(5, account, ciAccount, "10.0.0.4", "JTI=7"), "k8s:" + ciAccount, ""},
		{"for itself", []*finding.Hit{tokenRequest(account, ciAccount, "allowed", "")},
			call(5, account, ciAccount, "10.0.0.4", ""), "k8s:" + ciAccount, ""},
		{"a certificate", []*finding.Hit{certificate("eve", "system:kube-controller-manager")},
			call(5, "kubernetes-user", "system:kube-controller-manager", "10.0.0.4", ""), "k8s:eve", "likely"},
		{"a token in a command", []*finding.Hit{tokenInCommand("auid=1005", "7")},
			call(5, account, webAccount, "10.0.0.4", "JTI=7"), "linux:node1/auid=1005", "likely"},
		{"a token in a command, used by its pod", []*finding.Hit{tokenInCommand("auid=1005", "7")},
			with("web/v2", call(5, account, webAccount, "10.0.0.4", "JTI=7")), "k8s:" + webAccount, ""},
		{"a token used before it stood in a command", []*finding.Hit{tokenInCommand("auid=1005", "7")},
			call(0, account, webAccount, "10.0.0.4", "JTI=7"), "k8s:" + webAccount, ""},
		{"a token in commands of two", []*finding.Hit{tokenInCommand("auid=1005", "7"), tokenInCommand("auid=1006", "7")},
			call(5, account, webAccount, "10.0.0.4", "JTI=7"), "linux:node1/auid=1005", "likely"},
		{"another token in a command", []*finding.Hit{tokenInCommand("auid=1005", "8")},
			call(5, account, webAccount, "10.0.0.4", "JTI=7"), "k8s:" + webAccount, ""},
		{"a token in a command of a daemon", []*finding.Hit{tokenInCommand("uid=0", "7")},
			call(5, account, webAccount, "10.0.0.4", "JTI=7"), "k8s:" + webAccount, ""},
		{"a token read in a pod", []*finding.Hit{tokenRead("eve", "allowed")},
			call(5, account, webAccount, "10.0.0.4", ""), "k8s:eve", "likely"},
		{"a token read in a pod of another namespace", []*finding.Hit{tokenRead("eve", "allowed")},
			call(5, account, ciAccount, "10.0.0.4", ""), "k8s:" + ciAccount, ""},
		{"a person called like the namespace", []*finding.Hit{tokenRead("eve", "allowed")},
			call(5, "kubernetes-user", "prod", "10.0.0.4", ""), "k8s:prod", ""},
		{"something else read in a pod", []*finding.Hit{tokenReadOf("environment")},
			call(5, account, webAccount, "10.0.0.4", ""), "k8s:" + webAccount, ""},
		{"read, and used elsewhere", []*finding.Hit{tokenRead("eve", "allowed")},
			call(5, account, webAccount, "10.9.9.9", ""), "k8s:" + webAccount, ""},
		{"not read", []*finding.Hit{tokenRead("eve", "denied")},
			call(5, account, webAccount, "10.0.0.4", ""), "k8s:" + webAccount, ""},
		{"what runs in the pod", []*finding.Hit{bound(call(9, account, webAccount, "10.0.0.9", ""), "web-0")}, inPod, "k8s:" + webAccount, "likely"},
		{"who entered the pod from its host", []*finding.Hit{bound(call(9, account, webAccount, "10.0.0.9", ""), "web-0")}, entered, "linux:node1/auid=7", ""},
		{"a container of no pod", []*finding.Hit{call(9, account, webAccount, "10.0.0.9", "")}, inNoPod, "container:abd", ""},
		{"a pod of the same name elsewhere", []*finding.Hit{bound(call(9, account, "system:serviceaccount:dev:web", "", ""), "web-0")}, inPod, "container:abc", ""},
		{"accounts at one public address", []*finding.Hit{call(1, account, webAccount, "9.9.9.9", ""), call(2, account, ciAccount, "9.9.9.9", "")},
			call(2, account, ciAccount, "9.9.9.9", ""), "k8s:" + webAccount, "likely"},
		{"the nameless one is not the owner", []*finding.Hit{call(1, "kubernetes-anonymous", "anonymous@9.9.9.9", "9.9.9.9", ""), call(2, account, ciAccount, "9.9.9.9", "")},
			call(1, "kubernetes-anonymous", "anonymous@9.9.9.9", "9.9.9.9", ""), "k8s:" + ciAccount, "likely"},
		{"accounts at one private address", []*finding.Hit{call(1, account, webAccount, "10.1.1.1", ""), call(2, account, ciAccount, "10.1.1.1", "")},
			call(2, account, ciAccount, "10.1.1.1", ""), "k8s:" + ciAccount, ""},
		{"a workload's identity where a person works, with another program", []*finding.Hit{with("kubectl/v1", call(1, "kubernetes-user", "alice", "9.9.9.9", "")), call(2, account, ciAccount, "9.9.9.9", "")},
			call(2, account, ciAccount, "9.9.9.9", ""), "k8s:" + ciAccount, ""},
		{"and with the same program", []*finding.Hit{call(1, "kubernetes-user", "alice", "9.9.9.9", ""), call(2, account, ciAccount, "9.9.9.9", "")},
			call(2, account, ciAccount, "9.9.9.9", ""), "k8s:alice", "likely"},
		{"accounts with different programs", []*finding.Hit{with("kubectl/v1", call(1, account, webAccount, "9.9.9.9", "")), call(2, account, ciAccount, "9.9.9.9", "")},
			call(2, account, ciAccount, "9.9.9.9", ""), "k8s:" + webAccount, "possible"},
		{"people share an office", []*finding.Hit{call(1, "kubernetes-user", "alice", "9.9.9.9", ""), call(2, "kubernetes-user", "bob", "9.9.9.9", "")},
			call(2, "kubernetes-user", "bob", "9.9.9.9", ""), "k8s:bob", ""},
		{"everybody comes through the load balancer", []*finding.Hit{call(1, account, webAccount, "8.8.8.8", ""), call(2, account, ciAccount, "8.8.8.8", "")},
			call(2, account, ciAccount, "8.8.8.8", ""), "k8s:" + ciAccount, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := tally.NewAggregates()
			a.Principals[tally.PrincipalKey{Actor: "k8s:x", Address: "8.8.8.8"}] = &tally.PrincipalRow{Allowed: 70}
			a.Principals[tally.PrincipalKey{Actor: "k8s:x", Address: "10.0.0.1"}] = &tally.PrincipalRow{Allowed: 30}
			x := newIdentities(a, nil)
			for _, h := range c.known {
				x.remember(h)
			}
			got, links := x.resolve(facetOf(&c.who.Actor, c.who.Time), c.who.Container)
			if got != c.want {
				t.Fatalf("belongs to %q, want %q", got, c.want)
			}
			if c.certainty == "" != (len(links) == 0) || len(links) > 0 && (links[0].Certainty != c.certainty || links[0].Actor != c.who.Actor.ID) {
				t.Errorf("links %+v, want one from %s, %s", links, c.who.Actor.ID, c.certainty)
			}
		})
	}
}

// TestIdentitiesOutliveANight: what one night knows the next one is told.
func TestIdentitiesOutliveANight(t *testing.T) {
	x := newIdentities(tally.NewAggregates(), nil)
	for _, h := range []*finding.Hit{tokenRequest(account, webAccount, "allowed", "JTI=7"), tokenRead("eve", "allowed"), tokenInCommand("auid=1005", "7"),
		bound(call(9, account, webAccount, "9.9.9.9", ""), "web-0")} {
		x.remember(h)
	}
	saved, y := x.saved(), newIdentities(tally.NewAggregates(), nil)
	y.restore(&saved)
	for _, c := range []struct{ was, is any }{{x.issued, y.issued}, {x.held, y.held}, {x.granted, y.granted}, {x.taken, y.taken}, {x.pods, y.pods}, {x.addresses, y.addresses}} {
		if reflect.ValueOf(c.was).Len() == 0 || !reflect.DeepEqual(c.was, c.is) {
			t.Errorf("%v became %v", c.was, c.is)
		}
	}
}

func TestIdentitiesAreFollowedToTheirEnd(t *testing.T) {
	x := newIdentities(tally.NewAggregates(), nil)
	x.remember(tokenRequest("kubernetes-user", "eve", "allowed", "JTI=1"))
	second := tokenRequest(account, ciAccount, "allowed", "JTI=2")
	second.Actor.Session, second.Target = "JTI=1", finding.Target{Kind: "serviceaccounts/token", Namespace: "kube-system", Name: "admin"}
	x.remember(second)
	last := call(9, account, "system:serviceaccount:kube-system:admin", "10.7.7.7", "JTI=2")
	got, links := x.resolve(facetOf(&last.Actor, last.Time), last.Container)
	if got != "k8s:eve" || len(links) != 2 {
		t.Errorf("belongs to %q by %+v", got, links)
	}
	back := tokenRequest(account, ciAccount, "allowed", "JTI=3")
	back.Actor.Session, back.Actor.Addresses = "JTI=3", []string{"10.7.7.8"}
	x.remember(back) // a circle ends
	if got, _ := x.resolve(facetOf(&back.Actor, back.Time), back.Container); got != "k8s:"+ciAccount {
		t.Errorf("a circle leads to %q", got)
	}
}

// TestManyRequestsForOneTokenLeaveRoom: one asker fills one place, however often it asks.
func TestManyRequestsForOneTokenLeaveRoom(t *testing.T) {
	x := newIdentities(tally.NewAggregates(), nil)
	for range 2 * maxGrants {
		x.remember(tokenRequest("kubernetes-user", "busy", "allowed", ""))
	}
	eve := tokenRequest("kubernetes-user", "eve", "allowed", "")
	eve.Actor.Addresses = []string{"10.0.0.66"}
	x.remember(eve)
	for i := range 2 * maxGrants {
		other := tokenRequest("kubernetes-user", fmt.Sprint("u", i), "allowed", "")
		x.remember(other)
	}
	who := call(5, account, ciAccount, "10.0.0.66", "")
	if got, _ := x.resolve(facetOf(&who.Actor, who.Time), who.Container); got != "k8s:eve" {
		t.Errorf("used from eve's address, it belongs to %s", got)
	}
	if n := len(x.granted["k8s:"+ciAccount]); n != maxGrants {
		t.Errorf("%d grants of one identity", n)
	}
}

// TestIdentitiesAreBounded: evidence may name any number of each.
func TestIdentitiesAreBounded(t *testing.T) {
	x := newIdentities(tally.NewAggregates(), nil)
	for i := range maxIdentities + 10 {
		name := fmt.Sprint(i)
		h := tokenRequest(account, "system:serviceaccount:"+name+":x", "allowed", "JTI="+name)
		h.Actor.Addresses = []string{fmt.Sprintf("9.%d.%d.1", i>>8, i&255)}
		h.Target.Name = name
		x.remember(bound(h, "p"))
		x.remember(tokenInCommand("auid="+name, name))
		read := tokenRead("eve", "allowed")
		read.Target.Namespace = name
		x.remember(read)
	}
	for name, n := range map[string]int{"issued": len(x.issued), "held": len(x.held), "granted": len(x.granted), "taken": len(x.taken), "pods": len(x.pods), "addresses": len(x.addresses)} {
		if n != maxIdentities {
			t.Errorf("%d %s, %d at most", n, name, maxIdentities)
		}
	}
	late := call(9, account, webAccount, "9.0.0.1", "") // an address that is known
	if x.remember(late); len(x.addresses["9.0.0.1"]) != 2 {
		t.Error("a known address learns nothing more")
	}
	for i := range maxNeighbours {
		x.remember(call(9, account, fmt.Sprint("system:serviceaccount:a:", i), "9.0.0.1", ""))
		x.remember(call(9, account, webAccount, "9.0.1.1", ""))
	}
	if n, m := len(x.addresses["9.0.0.1"]), len(x.addresses["9.0.1.1"]); n != maxNeighbours || m != 2 {
		t.Errorf("%d identities at one address, and %d where two were", n, m)
	}
}

func TestTokenIDs(t *testing.T) {
	h := tokenInCommand("auid=1", "7")
	plain := h.Command
	h.Command += " " + tokenInCommand("auid=1", "8").Command
	if got := TokenIDs(h); !reflect.DeepEqual(got, []string{"7", "8"}) {
		t.Errorf("in a command: %v", got)
	}
	h.Fields = map[string][]string{FieldTokenID: {"9"}}
	if got := TokenIDs(h); !reflect.DeepEqual(got, []string{"9"}) {
		t.Errorf("printed: %v", got)
	}
	h.Fields[FieldCredential] = []string{"JTI=10", "X509SHA256=ab"}
	if got := TokenIDs(h); !reflect.DeepEqual(got, []string{"10"}) {
		t.Errorf("used: %v", got)
	}
	h = &finding.Hit{Fields: map[string][]string{FieldCredential: {"X509SHA256=ab"}, FieldIssued: {"JTI=11", "12"}}, Command: plain}
	if got := TokenIDs(h); !reflect.DeepEqual(got, []string{"7"}) {
		t.Errorf("beside a certificate: %v", got)
	}
	if got := IssuedIDs(h); !reflect.DeepEqual(got, []string{"11"}) {
		t.Errorf("issued: %v", got)
	}
	for _, jti := range []string{"", `7","jti":7,"x":"`} { // no id, and one that is no text
		if got := TokenIDs(tokenInCommand("auid=1", jti)); len(got) != 0 {
			t.Errorf("jti %q: %v", jti, got)
		}
	}
}

// TestATokenInASecretIsAskedForToo: an object of its type gets the token of the account
// that it names, as before there were requests for them.
func TestATokenInASecretIsAskedForToo(t *testing.T) {
	for _, c := range []struct {
		name, exposed, outcome, from string
		want                         string
	}{
		{"used from there", "deployer", "allowed", "10.0.0.4", "k8s:eve"},
		{"used from elsewhere", "deployer", "allowed", "10.0.0.5", "k8s:" + ciAccount},
		{"refused", "deployer", "denied", "10.0.0.4", "k8s:" + ciAccount},
		{"of another account", "builder", "allowed", "10.0.0.4", "k8s:" + ciAccount},
		{"of nobody knows whom", "*", "allowed", "10.0.0.4", "k8s:" + ciAccount},
	} {
		made := call(1, "kubernetes-user", "eve", "10.0.0.4", "")
		made.Action, made.Outcome, made.Target = "create", c.outcome, finding.Target{Kind: "secrets", Namespace: "ci", Name: "x"}
		made.Exposed = []finding.Exposed{{Kind: "service-account-token", Namespace: "ci", Name: c.exposed}}
		used := call(2, account, ciAccount, c.from, "")
		x := newIdentities(tally.NewAggregates(), nil)
		x.remember(made)
		x.remember(used)
		if got, links := x.resolve(facetOf(&used.Actor, used.Time), used.Container); got != c.want {
			t.Errorf("%s: %s by %+v, want %s", c.name, got, links, c.want)
		}
	}
}
