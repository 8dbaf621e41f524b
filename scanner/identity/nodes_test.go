package identity

import (
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

// TestANodesIdentityIsOfTheLoginThatUsedIt: kubectl with the kubelet's kubeconfig is a
// node to the API server, and a login's command to the node.
func TestANodesIdentityIsOfTheLoginThatUsedIt(t *testing.T) {
	const command = "kubectl --kubeconfig /etc/kubernetes/kubelet.conf get secrets"
	ran := func(seconds float64, who, host, command string) *finding.Hit {
		h := actAt(seconds, "linux-user", "linux:"+host+"/"+who, host, command)
		h.Actor.Agent = "/usr/bin/kubectl"
		return h
	}
	asked := func(seconds float64, node, agent string) *finding.Hit {
		h := call(seconds, "kubernetes-node", "system:node:"+node, "10.0.0.4", "")
		h.Actor.Agent = agent
		return h
	}
	for _, c := range []struct {
		name   string
		before []*finding.Hit
		act    *finding.Hit
		want   string
	}{
		{"by kubectl, by a name with its domain", []*finding.Hit{ran(0, "auid=1004", "ip-10-0-0-4", command)},
			asked(0.4, "ip-10-0-0-4.eu-west-1.compute.internal", "kubectl/v1.31.0 (linux/amd64)"), "linux:ip-10-0-0-4/auid=1004"},
		{"by the kubelet itself", []*finding.Hit{ran(0, "auid=1004", "node1", command)}, asked(0.4, "node1", "kubelet/v1.31.0 (linux/amd64)"), ""},
		{"by another program", []*finding.Hit{ran(0, "auid=1004", "node1", command)}, asked(0.4, "node1", "curl/8.5.0"), ""},
		{"on another node", []*finding.Hit{ran(0, "auid=1004", "node1", command)}, asked(0.4, "node2", "kubectl/v1.31.0"), ""},
		{"before", []*finding.Hit{ran(60, "auid=1004", "node1", command)}, asked(0, "node1", "kubectl/v1.31.0"), ""},
		{"long after", []*finding.Hit{ran(0, "auid=1004", "node1", command)}, asked(3600, "node1", "kubectl/v1.31.0"), ""},
		{"with a kubeconfig of one's own", []*finding.Hit{ran(0, "auid=1004", "node1", "kubectl --kubeconfig /home/x/.kube/config get secrets")}, asked(0.4, "node1", "kubectl/v1.31.0"), ""},
		{"where two did", []*finding.Hit{ran(0, "auid=1004", "node1", command), ran(1, "auid=1005", "node1", command)}, asked(2, "node1", "kubectl/v1.31.0"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			id, links := behindResumed(c.before, c.act, parsers.Container{})
			want := c.want
			if want == "" {
				want = c.act.Actor.ID
			}
			if id != want || len(links) > 0 != (c.want != "") {
				t.Errorf("%s by %+v, want %s", id, links, want)
			}
		})
	}
}

// behindResumed is who was behind an act, in a night that goes on from the one with the
// hits before it.
func behindResumed(before []*finding.Hit, act *finding.Hit, c parsers.Container) (string, []finding.Link) {
	x := New(tally.NewAggregates(), nil)
	for _, h := range before {
		x.Attribute(h)
	}
	saved := x.Save()
	x = New(tally.NewAggregates(), nil)
	x.Resume(&saved)
	return x.Behind(&act.Actor, act.Time, c)
}
