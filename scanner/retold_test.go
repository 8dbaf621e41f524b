package scanner

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"tideline/scanner/finding"
)

// requestAt is a hit on a request of the API server, of one log or the other.
func requestAt(milliseconds int, kind, id, address string) *finding.Hit {
	h := testHit(0, "log", 0, "rule")
	h.Time.Time = time.Unix(1000, 0).UTC().Add(time.Duration(milliseconds) * time.Millisecond)
	h.Request, h.Action, h.Target = id, "list", finding.Target{Kind: "secrets", Namespace: "prod"}
	h.Actor = finding.ActorRef{ID: "k8s:eve", Kind: kind, Name: "eve", Addresses: []string{address}}
	if kind == "kubernetes-client" {
		h.Actor.ID, h.Actor.Name = "k8s-client:"+address, ""
	}
	return h
}

func TestARequestOfBothLogsIsToldOnce(t *testing.T) {
	other := func(change func(*finding.Hit)) *finding.Hit {
		h := requestAt(2, "kubernetes-client", "a-1", "10.0.0.7")
		change(h)
		return h
	}
	for _, c := range []struct {
		name string
		h    *finding.Hit
		want bool
	}{
		{"the same", requestAt(2, "kubernetes-client", "a-1", "10.0.0.7"), true},
		{"of the same instant", requestAt(0, "kubernetes-client", "a-1", "10.0.0.7"), true},
		{"much later", requestAt(9000, "kubernetes-client", "a-1", "10.0.0.7"), false},
		{"another request", requestAt(2, "kubernetes-client", "a-2", "10.0.0.7"), false},
		{"another address", requestAt(2, "kubernetes-client", "a-1", "10.0.0.8"), false},
		{"no audit-ID", requestAt(2, "kubernetes-client", "", "10.0.0.7"), false},
		{"of the audit log itself", requestAt(2, "kubernetes-user", "a-1", "10.0.0.7"), false},
		{"another verb", other(func(h *finding.Hit) { h.Action = "watch" }), false},
		{"another kind", other(func(h *finding.Hit) { h.Target.Kind = "pods" }), false},
		{"another namespace", other(func(h *finding.Hit) { h.Target.Namespace = "" }), false},
		{"without a time", other(func(h *finding.Hit) { h.Time = finding.Time{} }), false},
	} {
		var r retold
		r.remember(requestAt(0, "kubernetes-user", "a-1", "10.0.0.7"))
		if got := r.is(c.h); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	var r retold
	for _, h := range []*finding.Hit{requestAt(0, "kubernetes-client", "a-1", "10.0.0.7"), requestAt(0, "kubernetes-user", "", "10.0.0.7")} {
		r.remember(h)
	}
	if len(r.queue) > 0 {
		t.Error("an access line, or a request without an id, was remembered")
	}
}

func TestRetoldIsBounded(t *testing.T) {
	var r retold
	other := requestAt(0, "kubernetes-client", "of nobody", "10.0.0.7")
	for i := range 2 * maxRetold {
		r.remember(requestAt(0, "kubernetes-user", fmt.Sprint("a-", i), "10.0.0.7"))
		r.remember(requestAt(0, "kubernetes-user", fmt.Sprint("a-", i), "10.0.0.7"))
		if i%1000 == 0 && r.is(other) {
			t.Fatal("told of by nobody")
		}
	}
	if r.is(other); len(r.queue) != maxRetold || len(r.seen) != maxRetold {
		t.Errorf("%d and %d are remembered", len(r.queue), len(r.seen))
	}
	r.remember(requestAt(60_000, "kubernetes-user", "b", "10.0.0.7"))
	if r.is(requestAt(60_000, "kubernetes-client", "b", "10.0.0.7")); len(r.queue) != 1 || len(r.seen) != 1 {
		t.Errorf("%d and %d are remembered a minute later", len(r.queue), len(r.seen))
	}
}

// TestARequestIsRememberedAsOftenAsItWas: of two hits on one request, the second
// still stands when the first is forgotten.
func TestARequestIsRememberedAsOftenAsItWas(t *testing.T) {
	for _, asked := range []bool{false, true} {
		var r retold
		for _, at := range []int{0, 2000} {
			r.remember(requestAt(at, "kubernetes-user", "a-1", "10.0.0.7"))
			r.remember(requestAt(at, "kubernetes-user", "a-2", "10.0.0.7"))
			if asked && !r.is(requestAt(at, "kubernetes-client", "a-1", "10.0.0.7")) {
				t.Fatalf("request a-1 of time %d is not known", at)
			}
		}
		if !r.is(requestAt(4000, "kubernetes-client", "a-1", "10.0.0.7")) {
			t.Errorf("asked %v: not known two seconds after the second", asked)
		}
		if r.is(requestAt(6000, "kubernetes-client", "a-1", "10.0.0.7")) {
			t.Errorf("asked %v: known after four", asked)
		}
	}
}

// TestRetoldGoesThroughACheckpoint: a night may end between the two logs.
func TestRetoldGoesThroughACheckpoint(t *testing.T) {
	var r, next retold
	r.remember(requestAt(0, "kubernetes-user", "a-1", "10.0.0.7"))
	data, err := json.Marshal(r.queue)
	if err != nil {
		t.Fatal(err)
	}
	var saved []toldRequest
	if err := json.Unmarshal(data, &saved); err != nil {
		t.Fatal(err)
	}
	for _, x := range saved {
		next.add(x)
	}
	if !next.is(requestAt(2, "kubernetes-client", "a-1", "10.0.0.7")) {
		t.Errorf("not known any more: %s", data)
	}
}
