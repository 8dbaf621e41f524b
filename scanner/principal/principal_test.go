package principal

import (
	"testing"

	"tideline/parsers"
	"tideline/scanner/text"
)

func TestActorIDs(t *testing.T) {
	event := func(kind parsers.ActorKind, name, host string) *parsers.Event {
		ev := &parsers.Event{}
		ev.Facts.Actor, ev.Facts.Name, ev.Origin.Host = kind, []byte(name), host
		ev.Facts.Addresses = [][]byte{[]byte("9.9.9.9"), []byte("10.0.0.1")}
		return ev
	}
	for _, c := range []struct {
		ev   *parsers.Event
		want string
	}{
		{event(parsers.KubernetesUser, "alice", ""), "k8s:alice"},
		{event(parsers.KubernetesAnonymous, "", ""), "k8s:unauthenticated@10.0.0.1"},
		{event(parsers.LinuxUser, "auid=1001", "node1"), "linux:node1/auid=1001"},
		{event(parsers.DockerClient, "", "node1"), "docker:node1"},
		{event(parsers.KubernetesClient, "", "node1"), "k8s-client:10.0.0.1"},
		{event("", "", "node1"), "unknown:node1"},
	} {
		if got := Of(c.ev, "a.tgz!var/log/x.log", text.NewRecent()).ID; got != c.want {
			t.Errorf("%s: %q, want %q", c.ev.Facts.Actor, got, c.want)
		}
	}
}
