package parsers

import (
	"errors"
	"io"
	"slices"
	"testing"
)

// Names of outcomes are on the wire: what one version writes another reads.
func TestOutcomesAreReadAsTheyAreWritten(t *testing.T) {
	for o, name := range map[Outcome]string{Unknown: "unknown", Allowed: "allowed", Denied: "denied", Failed: "failed"} {
		if o.String() != name || ParseOutcome(name) != o {
			t.Errorf("%d is written %q and read %d; want %q", o, o, ParseOutcome(name), name)
		}
	}
	for _, s := range []string{"", "Allowed", "success"} {
		if ParseOutcome(s) != Unknown {
			t.Errorf("%q is read as %s", s, ParseOutcome(s))
		}
	}
	if n := len(outcomeNames); n != int(Failed)+1 {
		t.Errorf("%d names for %d outcomes", n, int(Failed)+1)
	}
}

func TestKindsOfKubernetes(t *testing.T) {
	for kind, want := range map[ActorKind]bool{KubernetesUser: true, KubernetesServiceAccount: true, KubernetesNode: true, KubernetesAnonymous: true,
		KubernetesClient: false, LinuxUser: false, "": false} {
		if kind.Kubernetes() != want {
			t.Errorf("%q: %v", kind, !want)
		}
	}
}

func TestRulesAskForTheFirstFieldsAlone(t *testing.T) {
	fields := []string{"a", "b", "c"}
	for asked, want := range map[int]int{0: 3, 1: 1, 2: 2, 3: 3, 4: 3, -1: 3} {
		if got := (&Options{Fields: fields, Asked: asked}).Asking(); got != want {
			t.Errorf("Asked %d of 3: %d, want %d", asked, got, want)
		}
	}
}

func TestBytesBalance(t *testing.T) {
	for b, want := range map[Bytes]bool{{}: true, {Read: 6, Events: 1, Notes: 2, Gaps: 3}: true, {Read: 6, Events: 6, Gaps: 1}: false, {Read: 7, Events: 6}: false} {
		if b.Balanced() != want {
			t.Errorf("%+v: %v", b, !want)
		}
	}
}

// A RecordError is told without its cause's type getting lost.
func TestRecordErrors(t *testing.T) {
	e := &RecordError{Code: "json.damaged", Reason: "a comma is missing"}
	if e.Error() != "json.damaged: a comma is missing" || errors.Unwrap(e) != nil {
		t.Errorf("%q, %v", e, errors.Unwrap(e))
	}
	e.Err = io.ErrUnexpectedEOF
	if e.Error() != "json.damaged: a comma is missing: unexpected EOF" || !errors.Is(e, io.ErrUnexpectedEOF) {
		t.Errorf("%q", e)
	}
}

// copied counts how often the records of an event are copied.
type copied int

func (c *copied) Records() [][]byte {
	*c++
	return [][]byte{[]byte("record")}
}

// Records that were left out of an event are copied when somebody asks, and once.
func TestRecordsLeftOutAreCopiedOnce(t *testing.T) {
	var c copied
	ev := Event{Unread: &c}
	for range 2 {
		if got := ev.Records(); len(got) != 1 || string(got[0]) != "record" {
			t.Fatalf("%q", got)
		}
	}
	if c != 1 {
		t.Errorf("copied %d times", c)
	}
	own := [][]byte{[]byte("own")}
	ev = Event{Raw: own, Unread: &c}
	if !slices.EqualFunc(ev.Records(), own, slices.Equal) || c != 1 {
		t.Error("records that are there are asked for once more")
	}
	if got := (&Event{}).Records(); got != nil {
		t.Errorf("an event without records has %q", got)
	}
}
