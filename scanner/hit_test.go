package scanner

import (
	"encoding/json"
	"reflect"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/pending"
)

// TestHitsAreTextOnTheWire: what a log, or an envelope, says of where an event happened
// may be no UTF-8. A hit that comes back from the disk is the same nevertheless.
func TestHitsAreTextOnTheWire(t *testing.T) {
	rs, p := testRuleset(t), NewPartial(0)
	defer p.Close()
	s := newSink(newKits(rs), &hitBuffer{partial: p})
	s.start("audit.log", &pending.Hits{})
	for _, actor := range []parsers.ActorKind{parsers.KubernetesUser, parsers.LinuxUser, parsers.ContainerProcess, parsers.DockerClient} {
		ev := likeEvents(rs, 2, false)[1]
		ev.Origin.Host, ev.Origin.Cluster = "n\xff1", "c\xc3"
		ev.Origin.Container = parsers.Container{ID: "86d\xb85b", Name: "d\xffb", Pod: "p\x80", Namespace: "\xf0n", Image: "registry/x\xba"}
		ev.Facts.Actor = actor
		if err := s.Event(likeFormats[0], ev); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if err := p.EachHit(func(h *finding.Hit) error {
		n++
		var back finding.Hit
		b, err := json.Marshal(h)
		if err == nil {
			err = json.Unmarshal(b, &back)
		}
		if back.Time = h.Time; !reflect.DeepEqual(&back, h) {
			t.Errorf("%+v comes back as %+v", h, back)
		}
		return err
	}); err != nil || n != 4 {
		t.Errorf("%d hits: %v", n, err)
	}
}

// TestCaller: a sentence has the name that is proven first, and the one taken on.
func TestCaller(t *testing.T) {
	for want, a := range map[string]finding.ActorRef{
		"ann":          {Name: "ann"},
		"proxy as ann": {Name: "proxy", Impersonated: "ann"},
		"somebody":     {},
	} {
		if got := caller(&a); got != want {
			t.Errorf("%+v is called %q, want %q", a, got, want)
		}
	}
}
