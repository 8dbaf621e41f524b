package tally

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// apiEvent is an event of an API server, a minute after noon.
func apiEvent(minute int, actor, action, kind, target, stage string, outcome parsers.Outcome) *parsers.Event {
	ev := &parsers.Event{Time: time.Date(2026, 3, 1, 12, minute, 0, 0, time.UTC)}
	ev.Origin.Cluster = "c"
	ev.Request.Stage = []byte(stage)
	ev.Facts = parsers.Facts{Actor: parsers.KubernetesUser, Name: []byte(actor), Addresses: [][]byte{[]byte("9.9.9.9"), []byte("10.0.0.1")}, Agent: []byte("kubectl/v1"),
		Action: []byte(action), Kind: []byte(kind), Namespace: []byte("prod"), Target: []byte(target), Outcome: outcome, Details: [][]byte{[]byte("Metadata")}}
	return ev
}

// TestWhatEventsAddUpTo counts a few events of two formats, and says what comes of it;
// the same when they are counted apart, merged, and written and read between.
func TestWhatEventsAddUpTo(t *testing.T) {
	api, docker := &parsers.Format{Name: "api"}, &parsers.Format{Name: "docker"}
	image := &parsers.Event{Time: time.Date(2026, 3, 1, 12, 9, 0, 0, time.UTC)}
	image.Origin.Host, image.Origin.Image = "node1", "shop/web:1"
	image.Facts = parsers.Facts{Actor: parsers.DockerClient, Action: []byte("create"), Kind: []byte("container"), Outcome: parsers.Allowed}
	untimed := apiEvent(0, "alice", "get", "secrets", "tls", "ResponseComplete", parsers.Allowed)
	untimed.Time = time.Time{}
	sent := apiEvent(5, "alice", "get", "secrets", "db", "ResponseComplete", parsers.Allowed)
	sent.Facts.Details = append(sent.Facts.Details, []byte("a record of a cloud"))
	events := []struct {
		format *parsers.Format
		ev     *parsers.Event
	}{
		{api, apiEvent(1, "alice", "get", "secrets", "db", "RequestReceived", parsers.Unknown)}, // counted by its last stage
		{api, apiEvent(2, "alice", "get", "secrets", "db", "ResponseComplete", parsers.Allowed)},
		{api, apiEvent(5, "alice", "get", "secrets", "guess", "ResponseComplete", parsers.Failed)}, // the name of nothing
		{docker, image},
		{api, apiEvent(3, "alice", "list", "secrets", "", "ResponseComplete", parsers.Denied)},
		{api, apiEvent(4, "mallory", "get", "pods", "web-0", "ResponseStarted", parsers.Denied)}, // it has no other stage
		{api, apiEvent(4, "bob", "watch", "pods", "", "ResponseStarted", parsers.Allowed)},
		{docker, image},
		{api, untimed},
		{api, sent},
	}
	check := func(name string, a *Aggregates) {
		t.Helper()
		var got []string
		at := func(x finding.Time) string { return strings.TrimPrefix(x.String(), "2026-03-01T") }
		for _, r := range a.Sorted() {
			got = append(got, fmt.Sprintf("%s %s %s %s %s: %d %d %d %s %s", r.Key.Actor, r.Key.Address, r.Key.Agent, r.Key.Action, r.Key.Kind, r.Row.Allowed, r.Row.Denied, r.Row.Other, at(r.Row.First), at(r.Row.Last)))
		}
		for _, r := range a.sortedNames() {
			got = append(got, fmt.Sprintf("%s %s/%s: %d %s %s", r.Key.Kind, r.Key.Namespace, r.Key.Name, r.Row.Count, at(r.Row.First), at(r.Row.Last)))
		}
		for _, f := range []string{"api", "docker"} {
			s := a.Formats[f]
			got = append(got, fmt.Sprintf("%s: %d %s %s %v %v", f, s.Events, at(s.First), at(s.Last), s.Details, s.Levels))
		}
		want := []string{
			"docker:node1   create container: 2 0 0 12:09:00Z 12:09:00Z",
			"k8s:alice 10.0.0.1 kubectl/v1 get secrets: 3 0 1 12:02:00Z 12:05:00Z",
			"k8s:alice 10.0.0.1 kubectl/v1 list secrets: 0 1 0 12:03:00Z 12:03:00Z",
			"k8s:mallory 10.0.0.1 kubectl/v1 get pods: 0 1 0 12:04:00Z 12:04:00Z",
			"image /shop/web:1: 2 12:09:00Z 12:09:00Z",
			"secret prod/db: 2 12:02:00Z 12:05:00Z",
			"secret prod/tls: 1  ",
			"api: 8 12:01:00Z 12:05:00Z map[Metadata:8 a record of a cloud:1] map[pods Metadata:2 secrets Metadata:6]",
			"docker: 2 12:09:00Z 12:09:00Z map[] map[]",
		}
		if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
			t.Errorf("%s:\n%s\nwant\n%s", name, g, w)
		}
		if m := a.Minutes[a.minuteOf(4)]; len(a.Minutes) != 6 || len(m) != 1 || m[0].Events != 2 || m[0].Denied != 1 {
			t.Errorf("%s: the fourth minute has %+v", name, m)
		}
		if hosts := a.Nameless(); !reflect.DeepEqual(hosts, map[string]bool{"logs": true}) {
			t.Errorf("%s: without a name are %v", name, hosts)
		}
	}
	one, apart := New(), NewAggregates()
	for i, e := range events {
		one.Add(e.format, e.ev, "logs")
		single := New()
		single.Add(e.format, e.ev, "logs")
		if i%2 == 0 {
			apart.Merge(single.Take())
		} else {
			single.HandTo(apart)
		}
	}
	if seen := one.DetailsSeen(); !reflect.DeepEqual(seen, map[string]bool{"Metadata": true, "a record of a cloud": true}) {
		t.Errorf("details %v", seen)
	}
	all := one.Take()
	check("one after the other", all)
	check("apart", apart)
	var read *Aggregates
	if err := all.Lines(func(l Line) error {
		if !l.Sound() || !l.Take(&read) {
			t.Errorf("a line is refused: %+v", l)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	check("read again", read)
	if p := all.ByClass(nil); len(p) != 3 || p[1].Class != "read" || p[1].Allowed != 3 || p[1].Denied != 1 || p[1].Other != 1 {
		t.Errorf("by class: %+v", p)
	}
	if one.Reset(); !one.Take().empty() {
		t.Errorf("after a reset there is %+v", one.Take())
	}
}

// minuteOf is the key of a minute after noon.
func (a *Aggregates) minuteOf(minute int64) int64 {
	return time.Date(2026, 3, 1, 12, int(minute), 0, 0, time.UTC).Unix() / 60
}
