package scanner

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"tideline/parsers"
)

func TestCleanIsValidAndBounded(t *testing.T) {
	if got := clean([]byte("a\xffb")); got != `a\xffb` {
		t.Errorf("got %q", got)
	}
	for cut := range 4 { // the cap falls within a character
		long := clean(append(bytes.Repeat([]byte("x"), cut), bytes.Repeat([]byte("€"), maxFact)...))
		if !utf8.ValidString(long) || len(long) > maxFact+len("…") || !strings.HasSuffix(long, "…") {
			t.Errorf("%d bytes, valid %v", len(long), utf8.ValidString(long))
		}
	}
}

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
		if got := identify(c.ev, "a.tgz!var/log/x.log", newRecentTexts()).ID; got != c.want {
			t.Errorf("%s: %q, want %q", c.ev.Facts.Actor, got, c.want)
		}
	}
}
