package kubeaudit

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// lookedAt are fields as rules ask for them: all but those in the holes.
func lookedAt() []string {
	fields := append(slices.Sorted(maps.Keys(derived)), "requestObject.spec.replicas", "responseObject.data", "responseObject.items.metadata.name")
	for _, name := range slices.Sorted(maps.Keys(byHeadName)) {
		if !slices.Contains(holeFields, name) {
			fields = append(fields, name)
		}
	}
	return fields
}

// A reading is what came of records: the events spelled out, and the errors.
type reading struct {
	events []string
	like   int // events that were said to be like another
}

// readStenciled decodes records one after the other, with stencils or without.
// Every event that is said to be like another is held to what that means.
func readStenciled(t *testing.T, records []*parsers.Record, off bool) reading {
	t.Helper()
	fields := lookedAt()
	d := newDecoder(parsers.Options{Fields: fields}).(*decoder)
	d.stencils.off, d.stencils.met = off, worthStencils
	var out reading
	firsts := map[int]string{}
	for _, rec := range records {
		err := d.Decode(rec, func(ev *parsers.Event) error {
			out.events = append(out.events, fmt.Sprint(constant(fields, ev), ev.Time, ev.Origin, ev.Pos, string(ev.Request.ID), ev.Request.Received))
			switch n, said := ev.Like.Number, constant(fields, ev); {
			case n == 0:
			case ev.Like.First:
				firsts[n] = said
			default:
				out.like++
				if firsts[n] != said {
					t.Errorf("said to be like\n%s\nbut is\n%s", firsts[n], said)
				}
			}
			return nil
		})
		if err != nil {
			out.events = append(out.events, "error: "+err.Error())
		}
	}
	return out
}

// constant spells out what must be equal in events that are alike.
func constant(fields []string, ev *parsers.Event) string {
	c := *ev
	c.Time, c.Origin.Time, c.Pos, c.Raw, c.Request.ID, c.Request.Received = time.Time{}, time.Time{}, make([]parsers.Pos, 1), make([][]byte, 1), nil, time.Time{}
	return fmt.Sprintf("%s %q %v %s", parsertest.Render(Format, fields, &c), c.Facts, c.Origin, c.Request.Stage)
}

// sameEitherWay demands that stencils change nothing, and returns how many
// events they were used for.
func sameEitherWay(t *testing.T, records []*parsers.Record) int {
	t.Helper()
	with, without := readStenciled(t, records, false), readStenciled(t, records, true)
	if without.like > 0 {
		t.Fatal("used, though they are off")
	}
	for i := range without.events {
		if i >= len(with.events) || with.events[i] != without.events[i] {
			t.Fatalf("event %d of %d: with stencils\n%s\nwithout\n%s", i, len(without.events), at(with.events, i), without.events[i])
		}
	}
	return with.like
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "(none)"
}

const microseconds = "2006-01-02T15:04:05.000000Z"

// lease is a record as logs are full of them.
func lease(node, id string, received time.Time) string {
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%[2]s","stage":"ResponseComplete",`+
		`"requestURI":"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/%[1]s?timeout=10s","verb":"update",`+
		`"user":{"username":"system:node:%[1]s","groups":["system:nodes","system:authenticated"]},"sourceIPs":["10.20.0.7"],"userAgent":"kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47",`+
		`"objectRef":{"resource":"leases","namespace":"kube-node-lease","name":"%[1]s","apiGroup":"coordination.k8s.io","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},`+
		`"requestReceivedTimestamp":"%[3]s","stageTimestamp":"%[4]s","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}`,
		node, id, received.Format(microseconds), received.Add(3*time.Millisecond).Format(microseconds))
}

func leaseID(n int) string { return fmt.Sprintf("%08x-1111-4222-8333-444444444444", n) }

// leases are n records of three nodes in turn.
func leases(n int) []*parsers.Record {
	var out []*parsers.Record
	for i := range n {
		text := lease(fmt.Sprintf("node-%02d", i%3), leaseID(i), time.Date(2026, 3, 1, 10, 0, i, 0, time.UTC))
		out = append(out, &parsers.Record{Data: []byte(text), Pos: parsers.Pos{Line: int64(i + 1), Offset: int64(i * len(text)), Length: int64(len(text))}})
	}
	return out
}

func TestStencilsChangeNothing(t *testing.T) {
	if n := sameEitherWay(t, leases(30)); n != 24 {
		t.Errorf("%d of 30 events were like another, want all but the first two of each node", n)
	}
}

// TestWhatDoesNotFit: whatever differs outside the holes, or does not belong
// into them, is read like any other record.
func TestWhatDoesNotFit(t *testing.T) {
	plain := string(leases(13)[12].Data)
	origin := parsers.Origin{Envelope: "cri", Host: "n1", Time: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)}
	for name, rec := range map[string]*parsers.Record{
		"another verb":                 {Data: []byte(strings.Replace(plain, `"update"`, `"delete"`, 1))},
		"another name of equal length": {Data: []byte(strings.Replace(plain, `"name":"node-00"`, `"name":"node-07"`, 1))},
		"a refusal":                    {Data: []byte(strings.Replace(plain, `"code":200`, `"code":403`, 1))},
		"a decision behind the times":  {Data: []byte(strings.Replace(plain, `"allow"`, `"ALLOW"`, 1))},
		"a quote in the id":            {Data: []byte(strings.Replace(plain, leaseID(12), `1","stage":"Panic","a":"bbbbbbbbbbbb`, 1))},
		"an escape in the id":          {Data: []byte(strings.Replace(plain, leaseID(12)[:6], `\u0041`, 1))},
		"no time":                      {Data: []byte(strings.Replace(plain, "2026-03-01T10:00:12.000000Z", "2026-13-01T10:00:12.000000Z", 1))},
		"a quote in the last time":     {Data: []byte(strings.Replace(plain, "2026-03-01T10:00:12.003000Z", `2026-03-01T10:00:","verb":"`, 1))},
		"cut":                          {Data: []byte(plain), Cut: true},
		"from elsewhere":               {Data: []byte(plain), Origin: origin},
		"something behind it":          {Data: []byte(plain + " ")},
	} {
		if n := sameEitherWay(t, append(leases(12), rec)); n != 6 {
			t.Errorf("%s: %d events were like another, want the six before it", name, n)
		}
	}
}

// TestStencilsAreOffForWhoLooksIntoTheHoles: a rule that asks for an id or a
// time sees that of every event.
func TestStencilsAreOffForWhoLooksIntoTheHoles(t *testing.T) {
	for _, name := range []string{"auditID", "kubernetes.audit.requestReceivedTimestamp", "stageTimestamp"} {
		d := newDecoder(parsers.Options{Fields: []string{"verb", name}}).(*decoder)
		d.stencils.met = worthStencils
		for _, rec := range leases(9) {
			if err := d.Decode(rec, func(ev *parsers.Event) error {
				if ev.Like.Number != 0 {
					t.Errorf("%s: an event is said to be like another", name)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestRemarksAreMadeOfEach: what the parse of a body has to say is said of every
// record, though they are all alike.
func TestRemarksAreMadeOfEach(t *testing.T) {
	d := newDecoder(parsers.Options{Fields: []string{"requestObject.a"}}).(*decoder)
	d.stencils.met = worthStencils
	for i, rec := range leases(12) {
		rec.Data = []byte(strings.Replace(string(rec.Data), `"requestReceived`, `"requestObject":{"a":1,"a":2},"requestReceived`, 1))
		err := d.Decode(rec, func(ev *parsers.Event) error { ev.Views[0].Fields.Values(nil, 0); return nil })
		var re *parsers.RecordError
		if !errors.As(err, &re) || re.Code != "json.dup_key" {
			t.Errorf("record %d: %v, want json.dup_key", i, err)
		}
	}
}

func TestFittingAllocatesNothing(t *testing.T) {
	d := newDecoder(parsers.Options{Fields: []string{"verb"}})
	records, i := leases(100), 0
	emit := func(*parsers.Event) error { return nil }
	next := func() {
		if err := d.Decode(records[i%100], emit); err != nil {
			t.Fatal(err)
		}
		i++
	}
	for range 2 * worthStencils {
		next()
	}
	if n := testing.AllocsPerRun(100, next); n != 0 {
		t.Errorf("%v allocations a record", n)
	}
}

// TestStencilsOnRealLogs reads every real log three times over, as one stream.
func TestStencilsOnRealLogs(t *testing.T) {
	dir := corpus()
	if dir == "" {
		t.Skip("no corpus beside the checkout")
	}
	var records []*parsers.Record
	for _, kind := range []string{"k8s-audit", "k8s-audit-eks", "k8s-audit-gke"} {
		err := filepath.WalkDir(filepath.Join(dir, kind), func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			for line := range bytes.Lines(data) {
				records = append(records, &parsers.Record{Data: bytes.TrimSpace(line)})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := sameEitherWay(t, slices.Concat(records, records, records)); n < 20 {
		t.Errorf("%d events were like another: the stencils find nothing", n)
	}
}

// FuzzStencils puts changed records between records that have a stencil.
func FuzzStencils(f *testing.F) {
	text := string(leases(1)[0].Data)
	f.Add([]byte(text), 0, []byte("x"))
	f.Add([]byte(text), strings.Index(text, leaseID(0)), []byte(`","a":"`))
	f.Add([]byte(text), strings.Index(text, `"stageTimestamp":"`)+18, []byte(`\u0022`))
	f.Add([]byte(text), strings.Index(text, `"allow"`), []byte("\x00"))
	f.Fuzz(func(t *testing.T, data []byte, at int, with []byte) {
		changed := bytes.Clone(data)
		if len(data) > 0 {
			copy(changed[uint(at)%uint(len(data)):], with)
		}
		var records []*parsers.Record
		for range 3 {
			records = append(records, &parsers.Record{Data: data}, &parsers.Record{Data: changed})
		}
		sameEitherWay(t, records)
	})
}
