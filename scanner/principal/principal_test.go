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
		{event(parsers.LinuxUser, "", ""), "linux:bundle/unknown"},
		{event(parsers.DockerClient, "", "node1"), "docker:node1"},
		{event(parsers.DockerClient, "jenkins", ""), "docker:bundle/jenkins"},
		{event(parsers.ContainerProcess, "uid=101", "node1"), "container:node1/uid=101"},
		{event(parsers.KubernetesClient, "", "node1"), "k8s-client:10.0.0.1"},
		{event("", "", "node1"), "unknown:node1"},
	} {
		if got := Of(c.ev, "bundle", text.NewRecent()).ID; got != c.want {
			t.Errorf("%s: %q, want %q", c.ev.Facts.Actor, got, c.want)
		}
	}
}

// TestAnImpersonatorIsNamed: who acts in another's name is the impersonator, whose name
// the id is made of; who acts in its own is none.
func TestAnImpersonatorIsNamed(t *testing.T) {
	ev := &parsers.Event{}
	ev.Facts.Actor, ev.Facts.Name, ev.Facts.Impersonated = parsers.KubernetesUser, []byte("alice"), []byte("system:admin")
	if ref := Of(ev, "", text.NewRecent()); ref.ID != "k8s:alice" || ref.Impersonator != "alice" || ref.Impersonated != "system:admin" {
		t.Errorf("%+v", ref)
	}
	ev.Facts.Impersonated = nil
	if ref := Of(ev, "", text.NewRecent()); ref.Impersonator != "" {
		t.Errorf("%+v", ref)
	}
}

func TestPlaceOf(t *testing.T) {
	for id, want := range map[string]string{
		"linux:node1/auid=1001": "node1", "docker:node1": "node1", "docker:node1/jenkins": "node1",
		"k8s:system:node:node1": "", "container:4386": "", "": "",
	} {
		if got := PlaceOf(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
