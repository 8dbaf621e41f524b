package scanner

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/identity"
	"tideline/scanner/tally"
)

// crowd is a day of many principals of all kinds: tokens asked for and used,
// accounts at shared addresses, impersonation, commands that several logs tell,
// acts of one instant. What it means does not matter, only that it is always
// told the same.
func crowd(r *rand.Rand, n int) []*finding.Hit {
	pick := func(list ...string) string { return list[r.Intn(len(list))] }
	kinds := []string{"kubernetes-user", "kubernetes-service-account", "kubernetes-anonymous", "kubernetes-node", "docker-client", "container-process", "linux-user"}
	var out []*finding.Hit
	for i := range n {
		second := r.Intn(40_000)
		name := pick("system:serviceaccount:prod:web", "system:serviceaccount:ci:deployer", "alice", "auid=7", "uid=0")
		h := readHit(name, pick("prod", "kube-system"), pick("db", "tls", "root"), pick("allowed", "denied", "failed", "unknown"), second)
		h.Time.Time = time.Unix(int64(second-second%3), 0).UTC() // some at one instant
		h.Source.Offset, h.Source.Line = int64(i), int64(i)
		h.Actor.Kind = kinds[r.Intn(len(kinds))]
		h.Actor.ID = map[bool]string{true: "k8s:", false: h.Actor.Kind + ":node1/"}[parsers.ActorKind(h.Actor.Kind).Kubernetes()] + name
		h.Actor.Addresses, h.Actor.Agent = []string{pick("10.0.0.1", "9.9.9.9", "8.8.4.4")}, pick("curl/8", "kubectl/v1", "")
		h.Actor.Session, h.Actor.Impersonated = pick("", "JTI=1", "JTI=2", "JTI=3"), pick("", "", "", "boss")
		h.Host, h.Command = pick("", "node1"), pick("", "", "cat token", "docker exec web cat token")
		h.Container = parsers.Container{Pod: pick("", "web-0"), Namespace: "prod", Name: pick("", "web")}
		h.Target.Kind = pick("secrets", "serviceaccounts/token", "pods/exec", "certificatesigningrequests")
		h.Action = pick("get", "create")
		h.Fields[identity.FieldPod], h.Fields[identity.FieldIssued], h.Fields[identity.FieldCSR] = []string{pick("", "web-0")}, []string{pick("", "JTI=2", "JTI=3")}, []string{pick("", "alice")}
		h.Raw = fmt.Sprint("record ", i)
		if r.Intn(3) == 0 {
			h.Request, h.Stage = fmt.Sprint("request ", i/2), pick("ResponseStarted", "ResponseComplete")
		}
		out = append(out, h)
	}
	for i := range 40 { // late newcomers, and what two logs tell
		at := 36_000 + 60*i
		exec := readHit("mallory", "prod", "web-0", "allowed", at)
		exec.Target.Kind, exec.Command = "pods/exec", fmt.Sprint("cat ", i)
		process := readHit("uid=0", "", "", "allowed", at+1)
		process.Actor = finding.ActorRef{ID: "linux:node2/uid=0", Kind: "linux-user", Name: "uid=0"}
		process.Host, process.Command = "node2", exec.Command
		mint := readHit("system:serviceaccount:prod:web", "late", fmt.Sprint(i), "allowed", at)
		mint.Actor.Kind, mint.Actor.Addresses, mint.Actor.Agent = "kubernetes-service-account", []string{fmt.Sprint("10.7.0.", i)}, "curl/8"
		mint.Action, mint.Target.Kind = "create", "serviceaccounts/token"
		used := readHit(fmt.Sprint("system:serviceaccount:late:", i), "late", "x", "allowed", at+5)
		used.Actor.Kind, used.Actor.Addresses = mint.Actor.Kind, mint.Actor.Addresses
		mint.Rule, mint.Source.Offset = used.Rule, int64(-i)
		out = append(out, exec, process, mint, used)
	}
	return out
}

// countedHits is a partial of hits with the aggregates that Collect would have made
// of their events.
func countedHits(t *testing.T, echoing bool, hits []*finding.Hit) *Partial {
	p := partialOf(t, 40_000)
	if echoing {
		p.echoes = echo.New()
	}
	for _, h := range hits {
		k := tally.PrincipalKey{Actor: h.Actor.ID, Address: h.Actor.Address(), Agent: h.Actor.Agent, Action: h.Action, Kind: h.Target.Kind}
		one := oneEvent("kubernetes-audit", h.Host, h.Time.Time)
		one.Principals[k] = &tally.PrincipalRow{Allowed: 1, First: h.Time, Last: h.Time}
		one.Names[tally.NameKey{Kind: "secret", Namespace: h.Target.Namespace, Name: h.Target.Name}] = &tally.NameRow{Count: 1, First: h.Time, Last: h.Time}
		p.Aggregates.Merge(one)
		if err := p.AddHit(h); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestActorsDoNotDependOnHowTheEvidenceWasCut(t *testing.T) {
	r, rs := rand.New(rand.NewSource(21)), testRuleset(t)
	hits := crowd(r, 1500)
	want := render(t, []*Partial{countedHits(t, false, hits)}, rs, ReportOptions{})
	for _, part := range []string{"asked for a token", "it used the token", "public address", "impersonation", "ran the same command", "new: "} {
		if !strings.Contains(want, part) {
			t.Errorf("%q does not occur; the test would show less than it says", part)
		}
	}
	for round := range 6 {
		groups := make([][]*finding.Hit, 1+r.Intn(6))
		for _, i := range r.Perm(len(hits)) {
			g := r.Intn(len(groups))
			groups[g] = append(groups[g], hits[i])
		}
		var partials []*Partial
		for _, g := range groups {
			partials = append(partials, countedHits(t, round%2 == 0, g))
		}
		if got := render(t, partials, rs, ReportOptions{}); got != want {
			a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
			for i := range a {
				if i >= len(b) || a[i] != b[i] {
					t.Fatalf("round %d: line %d\n got  %.300s\n want %.300s", round, i, a[i], b[min(i, len(b)-1)])
				}
			}
		}
	}
}
