package kubeaudit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
)

// respelled are records as programs write them that took them apart: with sorted keys,
// and with what they put into them.
func respelled(t testing.TB, records []*parsers.Record, put func(i int, event map[string]any)) []*parsers.Record {
	t.Helper()
	var out []*parsers.Record
	for i, rec := range records {
		var event map[string]any
		if err := json.Unmarshal(rec.Data, &event); err != nil {
			t.Fatal(err)
		}
		put(i, event)
		text, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, &parsers.Record{Data: text, Pos: rec.Pos})
	}
	return out
}

// TestAnyOrderHasStencils: records whose members stand in the order of the alphabet, or
// have a shipper's stamp before them or behind, are alike as well, and nothing is changed
// by that.
func TestAnyOrderHasStencils(t *testing.T) {
	logs := slices.Concat(leases(30), fetched(30, 7), renewed(30), statuses(30))
	before := func(text string) []*parsers.Record {
		var out []*parsers.Record
		for i, rec := range logs {
			out = append(out, &parsers.Record{Data: append(fmt.Appendf(nil, text, i), rec.Data[1:]...), Pos: rec.Pos})
		}
		return out
	}
	for name, records := range map[string][]*parsers.Record{
		"sorted":  respelled(t, logs, func(int, map[string]any) {}),
		"beats":   respelled(t, logs, func(i int, event map[string]any) { event["@timestamp"] = fmt.Sprintf("2026-03-01T10:00:%02d.5Z", i%60) }),
		"vector":  respelled(t, logs, func(i int, event map[string]any) { event["timestamp"] = fmt.Sprintf("2026-03-01T10:00:%02d.5Z", i%60) }),
		"fluent":  before(`{"date":1772359200.%06d,`),
		"elastic": before(`{"@timestamp":"2026-03-01T10:00:00.%06dZ",`),
	} {
		used := 0
		for seed := range uint64(40) {
			used += sameEitherWay(t, records, seed)
		}
		if used < 40*10 {
			t.Errorf("%s: %d events were like another", name, used)
		}
	}
}

// TestStampsOfShippersStayShut: for who asks for them.
func TestStampsOfShippersStayShut(t *testing.T) {
	put := func(i int, event map[string]any) {
		event["@timestamp"], event["timestamp"] = fmt.Sprint("2026-03-01T10:00:00.", i, "Z"), fmt.Sprint("2026-03-01T10:00:01.", i, "Z")
	}
	for look, want := range map[string]int{"verb": 27, "timestamp": 0, "@timestamp": 0, "objectRef.name": 27, "requestURI": 27} {
		if like := likeWhen(t, respelled(t, leases(30), put), look); like != want {
			t.Errorf("%s: %d events were like another, want %d", look, like, want)
		}
	}
}

// TestResponseBeforeRequestHasNoStencil: two bodies the other way round are read each.
func TestResponseBeforeRequestHasNoStencil(t *testing.T) {
	var records []*parsers.Record
	for i, rec := range leases(30) {
		body := fmt.Sprintf(`"code":200},"responseObject":{"a":[{"b":%d}]},"requestObject":{"a":[{"b":%d}]},`, i, i)
		records = append(records, &parsers.Record{Data: []byte(strings.Replace(string(rec.Data), `"code":200},`, body, 1))})
	}
	for seed := range uint64(20) {
		if n := sameEitherWay(t, records, seed); n > 0 {
			t.Fatalf("seed %d: %d events were like another", seed, n)
		}
	}
}

// TestEventsOfAzureAreAlike: with both views, in each of which the same is seen.
func TestEventsOfAzureAreAlike(t *testing.T) {
	records := slices.Concat(leases(30), fetched(30, 7), statuses(30))
	for _, rec := range records {
		rec.Origin = parsers.Origin{Envelope: "aks-diagnostic", Cluster: "prod"}
	}
	used := 0
	for seed := range uint64(40) {
		used += sameEitherWay(t, records, seed)
	}
	if used < 40*10 {
		t.Errorf("%d events were like another", used)
	}
	d := newDecoder(parsers.Options{Fields: []string{"operationName", "verb"}}).(*decoder)
	d.stencils.met = worthStencils
	like := 0
	for _, rec := range records {
		if err := d.Decode(rec, func(ev *parsers.Event) error {
			if len(ev.Views) != 2 || ev.Views[1].Kind != kindAzure {
				t.Fatalf("views: %+v", ev.Views)
			}
			if ev.Like.Number > 0 && !ev.Like.First {
				like++
			}
			want := "MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/COORDINATION.K8S.IO/LEASES/WRITE"
			if got := ev.Views[1].Fields.Values(nil, 0); len(got) != 2 || string(got[0]) != want {
				t.Fatalf("operationName: %q, want %s first", got, want)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if like == 0 {
		t.Error("no event was like another")
	}
}
