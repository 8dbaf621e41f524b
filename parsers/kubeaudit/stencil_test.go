package kubeaudit

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
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

// lookedAt are fields as rules ask for them.
func lookedAt() []string {
	return append(append(slices.Sorted(maps.Keys(derived)), "requestObject.spec.replicas", "responseObject.data", "responseObject.items.metadata.name",
		"objectRef.uid", "objectRef.resourceVersion", "annotations.unheard/of", "gcp.audit.resource_name", "data.protoPayload.request.spec.replicas"), slices.Sorted(maps.Keys(byHeadName))...)
}

// A reading is what came of records.
type reading struct {
	decided []string // by event: what somebody made of it who looks at some of its fields
	said    []string // by event: all of it; empty, if nobody asked
	like    int      // events that were said to be like another
}

// decide looks at a field, and then, depending on what it holds, at another, or
// not. That is how rules are matched. It reports what it saw.
func decide(ev *parsers.Event, fields int, seed uint64) string {
	h := fnv.New64a()
	var out strings.Builder
	for state := seed; state%7 != 0 || state == seed; state = h.Sum64() {
		field := int(state / 7 % uint64(fields))
		fmt.Fprintf(h, "%d %q;", field, ev.Views[0].Fields.Values(nil, field))
		fmt.Fprintf(&out, "%d %q;", field, ev.Views[0].Fields.Values(nil, field))
	}
	return out.String()
}

// readStenciled decodes records one after the other, with stencils or without.
// Every event that is said to be like another is held to what that means. If whole
// is set, all is said of those, and without stencils of all events.
func readStenciled(t *testing.T, records []*parsers.Record, seed uint64, off, whole bool) reading {
	t.Helper()
	fields := lookedAt()
	d := newDecoder(parsers.Options{Fields: fields}).(*decoder)
	d.stencils.off, d.stencils.met = off, worthStencils
	var out reading
	var alike parsertest.Alike
	for _, rec := range records {
		err := d.Decode(rec, func(ev *parsers.Event) error {
			decided, n := decide(ev, len(fields), seed), ev.Like.Number
			out.decided = append(out.decided, fmt.Sprint(decided, ev.Time, ev.Origin, ev.Pos, string(ev.Request.ID), ev.Request.Received, spelled(ev.Facts)))
			alike.See(t, ev, func(loose bool) string { return decided + constant(ev, loose) })
			if ev.Like.First {
				ev.Like.Loose = ev.Like.Loose && seed%3 > 0
			}
			text := ""
			if whole && (off || n > 0 && !ev.Like.First) {
				text = parsertest.Render(Format, fields, ev)
			}
			out.said = append(out.said, text)
			return nil
		})
		if err != nil && !whole { // who looks at more is told more
			out.decided = append(out.decided, "error: "+err.Error())
		}
	}
	out.like = alike.Used
	return out
}

// constant spells out what must be equal in events that are alike.
func constant(ev *parsers.Event, loose bool) string {
	o, f := ev.Origin, ev.Facts
	o.Time = time.Time{}
	if loose {
		f.Target, f.Session = nil, nil
	}
	return fmt.Sprintf("%s %v %s %v", spelled(f), o, ev.Request.Stage, len(ev.Views))
}

// spelled spells out facts so that none and an empty one are told apart.
func spelled(f parsers.Facts) string { return fmt.Sprintf("%#v", f) }

// sameEitherWay demands that stencils change nothing, and returns how many
// events they were used for.
func sameEitherWay(t *testing.T, records []*parsers.Record, seed uint64) int {
	t.Helper()
	with, without := readStenciled(t, records, seed, false, false), readStenciled(t, records, seed, true, false)
	if without.like > 0 {
		t.Fatal("used, though they are off")
	}
	parsertest.Same(t, with.decided, without.decided)
	with, without = readStenciled(t, records, seed, false, true), readStenciled(t, records, seed, true, true)
	for i, text := range with.said {
		if text == "" {
			without.said[i] = ""
		}
	}
	parsertest.Same(t, with.said, without.said)
	return with.like
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

// TestStencilsChangeNothing: whoever looks at whatever decides the same, with
// stencils and without.
func TestStencilsChangeNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("slow, and on one goroutine")
	}
	used := 0
	for seed := range uint64(300) {
		used += sameEitherWay(t, slices.Concat(leases(30), statuses(30), fetched(30, 7), renewed(30), entries(30, 7)), seed)
	}
	if used < 300*15 {
		t.Errorf("%d events were like another: the stencils find nothing", used)
	}
}

// statuses are records whose bodies, versions and queries differ.
func statuses(n int) []*parsers.Record {
	var out []*parsers.Record
	for i := range n {
		text := string(leases(i + 1)[i].Data)
		text = strings.Replace(text, "timeout=10s", fmt.Sprintf("resourceVersion=%d\\u0026timeoutSeconds=%d", 1000+i*i, i), 1)
		text = strings.Replace(text, `"apiVersion":"v1"}`, fmt.Sprintf(`"apiVersion":"v1","resourceVersion":"%d"}`, 9+i*i*i), 1)
		text = strings.Replace(text, `"code":200},`, fmt.Sprintf(`"code":200},"requestObject":{"spec":{"replicas":%d,"a":[%s]}},"responseObject":{"data":"%d\\n}"},`, i%4, strings.Repeat(`{},`, i)+"1", i), 1)
		out = append(out, &parsers.Record{Data: []byte(text)})
	}
	return out
}

// created are records of objects that the URI does not name.
func created(n int) []*parsers.Record {
	var out []*parsers.Record
	for i, rec := range leases(n) {
		text := strings.Replace(string(rec.Data), "/node-0", "?x=", 1)
		out = append(out, &parsers.Record{Data: []byte(strings.Replace(text, `"name":"node-0`, fmt.Sprintf(`"name":"%d`, i*i), 1))})
	}
	return out
}

// fetched are records of one client that reads objects of so many names in turn.
func fetched(n, names int) []*parsers.Record {
	var out []*parsers.Record
	for i, rec := range leases(3 * n) {
		if i%3 == 0 {
			text := strings.ReplaceAll(string(rec.Data), `/node-00?timeout=10s"`, fmt.Sprintf(`/settings.%d/status"`, i/3%names))
			out = append(out, &parsers.Record{Data: []byte(strings.Replace(text, `"name":"node-00"`, fmt.Sprintf(`"name":"settings.%d"`, i/3%names), 1))})
		}
	}
	return out
}

// renewed are records of one service account whose token is renewed all the time.
func renewed(n int) []*parsers.Record {
	var out []*parsers.Record
	for i, rec := range fetched(n, 1) {
		extra := fmt.Sprintf(`"system:authenticated"],"extra":{"authentication.kubernetes.io/credential-id":["JTI=%s"],"authentication.kubernetes.io/node-name":["node-00"]}}`, leaseID(i*i))
		out = append(out, &parsers.Record{Data: []byte(strings.Replace(string(rec.Data), `"system:authenticated"]}`, extra, 1))})
	}
	return out
}

// entries are those of Cloud Logging of one client that writes objects of so many names
// in turn.
func entries(n, names int) []*parsers.Record {
	var out []*parsers.Record
	for i := range n {
		name, at := fmt.Sprintf("settings.%d", i%names), time.Date(2026, 3, 1, 10, 0, i, 0, time.UTC)
		out = append(out, &parsers.Record{Data: fmt.Appendf(nil, `{"insertId":"x%[1]d","labels":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""},`+
			`"logName":"projects/p/logs/cloudaudit.googleapis.com%%2Factivity","operation":{"first":true,"id":"%[2]s","last":true,"producer":"k8s.io"},`+
			`"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"system:serviceaccount:shop:web"},`+
			`"authorizationInfo":[{"granted":true,"permission":"io.k8s.apps.v1.deployments.update","resource":"apps/v1/namespaces/shop/deployments/%[3]s"}],`+
			`"methodName":"io.k8s.apps.v1.deployments.update","request":{"spec":{"replicas":%[1]d}},"requestMetadata":{"callerIp":"10.20.0.7",`+
			`"callerSuppliedUserAgent":"web/\"1\""},"resourceName":"apps/v1/namespaces/shop/deployments/%[3]s","response":{"data":"%[1]d}"},"serviceName":"k8s.io","status":{}},`+
			`"receiveTimestamp":"%[4]s","resource":{"labels":{"cluster_name":"c","location":"l","project_id":"p"},"type":"k8s_cluster"},"timestamp":"%[5]s"}`,
			i, leaseID(i), name, at.Add(time.Second).Format(time.RFC3339Nano), at.Format(microseconds))})
	}
	return out
}

// TestEntriesThatDoNotFit: as TestWhatDoesNotFit, of entries of Cloud Logging.
func TestEntriesThatDoNotFit(t *testing.T) {
	const seed = 22 // looks at little
	plain, before := string(entries(13, 13)[12].Data), sameEitherWay(t, entries(12, 12), seed)
	if before == 0 {
		t.Fatal("there is no stencil to fit")
	}
	const name = "settings.12"
	second := strings.LastIndex(plain, name)
	for what, text := range map[string]string{
		"the same":                   plain,
		"another grant":              strings.Replace(plain, name, "settings.13", 1),
		"another object":             plain[:second] + "settings.13" + plain[second+len(name):],
		"no name":                    strings.ReplaceAll(plain, name, ""),
		"a name with a subresource":  strings.ReplaceAll(plain, name, name+"/status"),
		"a name with an escape":      strings.ReplaceAll(plain, name, `a\u0041`),
		"a name beyond ASCII":        strings.ReplaceAll(plain, name, "é"),
		"another verb":               strings.Replace(plain, "deployments.update\",\"request", "deployments.delete\",\"request", 1),
		"a refusal":                  strings.Replace(plain, `"allow"`, `"forbid"`, 1),
		"a failure":                  strings.Replace(plain, `"status":{}`, `"status":{"code":5}`, 1),
		"a Status that was answered": strings.Replace(plain, `{"data":`, `{"kind":"Status","code":404,"data":`, 1),
		"its letters escaped":        strings.Replace(plain, `{"data":`, `{"kind":"St\u0061tus","code":404,"data":`, 1),
		"a list for a body":          strings.Replace(plain, `{"spec":{"replicas":12}}`, `[{"spec":{"replicas":12}}]`, 1),
		"no body":                    strings.Replace(plain, `{"data":"12}"}`, `null`, 1),
		"no time":                    strings.Replace(plain, `"timestamp":"2026`, `"timestamp":"1`, 1),
		"another cluster":            strings.Replace(plain, `"cluster_name":"c"`, `"cluster_name":"d"`, 1),
	} {
		want := before
		if what == "the same" {
			want++
		}
		if n := sameEitherWay(t, append(entries(12, 12), &parsers.Record{Data: []byte(text)}), seed); n != want {
			t.Errorf("%s: %d events were like another, want %d", what, n, want)
		}
	}
}

// probed are records of requests for no object, from so many addresses in turn.
func probed(n, addresses int, reason string) []*parsers.Record {
	var out []*parsers.Record
	for i := range n {
		received := time.Date(2026, 3, 1, 10, 0, i, 0, time.UTC)
		out = append(out, &parsers.Record{Data: fmt.Appendf(nil, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%s","stage":"ResponseComplete",`+
			`"requestURI":"/readyz","verb":"get","user":{"username":"system:anonymous","groups":["system:unauthenticated"]},"sourceIPs":["10.20.0.%d"],"userAgent":"kube-probe/1.31",`+
			`"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"%s","stageTimestamp":"%[3]s",`+
			`"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"%s"}}`,
			leaseID(i), i%addresses, received.Format(microseconds), reason)})
	}
	return out
}

// TestProbesFitWhateverStandsBehindTheirTimes: where to look for the stencil of a
// record without an object is told by all that stands before its times.
func TestProbesFitWhateverStandsBehindTheirTimes(t *testing.T) {
	for _, reason := range []string{"", strings.Repeat("a ClusterRoleBinding ", 20)} {
		like := 0
		for seed := range uint64(20) {
			like += sameEitherWay(t, probed(400, 40, reason), 7*seed) // begins at another field each time
		}
		if like < 20*200 {
			t.Errorf("%d bytes of a reason: %d events of 8000 were like another", len(reason), like)
		}
	}
}

// TestWhatIsLookedAtStaysShut: a hole is open as long as nobody looks into it.
func TestWhatIsLookedAtStaysShut(t *testing.T) {
	for _, test := range []struct {
		records []*parsers.Record
		look    string
		like    int // of 30; three nodes have a first record each, if their names matter
	}{
		{leases(30), "user.username", 27},
		{leases(30), "auditID", 0},
		{leases(30), "requestReceivedTimestamp", 0},
		{leases(30), "kubernetes.audit.stageTimestamp", 0},
		{leases(30), "requestObject.spec.replicas", 27}, // there is none
		{leases(30), "annotations.x", 0},                // which is searched for in bodies too
		{statuses(30), "k8s.ok", 27},
		{statuses(30), "objectRef.name", 27},
		{statuses(30), "k8s.path", 27},
		{statuses(30), "requestURI", 0},
		{statuses(30), "k8s.cmd", 0},
		{statuses(30), "requestObject.spec.replicas", 0},
		{statuses(30), "k8s.pod.images", 0},
		{statuses(30), "responseObject.data", 0},
		{statuses(30), "objectRef.resourceVersion", 0},
		{statuses(30), "somewhere.else", 0},
		{created(30), "verb", 27},
		{created(30), "name", 0},
		{created(30), "k8s.scope", 27},
		{fetched(30, 30), "user.username", 27}, // until it is clear that names do not matter
		{fetched(30, 30), "k8s.scope", 27},
		{fetched(30, 30), "objectRef.name", 0},
		{fetched(30, 30), "requestURI", 0},
		{fetched(30, 30), "k8s.path", 0},
		{renewed(30), "user.username", 29},
		{renewed(30), "objectRef.name", 29},
		{renewed(30), "user.extra.authentication.kubernetes.io/credential-id", 0},
		{fetched(30, 5), "objectRef.name", 25},
		{entries(30, 30), "user.username", 27}, // as of those fetched
		{entries(30, 30), "requestObject.spec.replicas", 0},
		{entries(30, 30), "objectRef.name", 0},
		{entries(30, 30), "requestURI", 0},
		{entries(30, 5), "k8s.path", 25},
		{entries(30, 30), "gcp.audit.method_name", 27},
		{entries(30, 30), "data.protoPayload.resource.type", 27},
		{entries(30, 30), "data.protoPayload.logName", 27},
		{entries(30, 30), "protoPayload.resourceName", 0}, // other fields of the entry say of all of it that it was seen
	} {
		if like := likeWhen(t, test.records, test.look); like != test.like {
			t.Errorf("%s: %d events were like another, want %d", test.look, like, test.like)
		}
	}
}

// likeWhen is how many events are like another when one field is looked at of each.
func likeWhen(t *testing.T, records []*parsers.Record, field string) (like int) {
	t.Helper()
	d := newDecoder(parsers.Options{Fields: []string{field}}).(*decoder)
	d.stencils.met = worthStencils
	for _, rec := range records {
		if err := d.Decode(rec, func(ev *parsers.Event) error {
			ev.Views[0].Fields.Values(nil, 0)
			if ev.Like.Number > 0 && !ev.Like.First {
				like++
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return like
}

// TestWhatDoesNotFit: whatever differs outside the holes, or does not belong
// into them, is read like any other record.
func TestWhatDoesNotFit(t *testing.T) {
	plain, before := string(leases(13)[12].Data), sameEitherWay(t, leases(12), 42)
	if before == 0 {
		t.Fatal("there is no stencil to fit")
	}
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
		if n := sameEitherWay(t, append(leases(12), rec), 42); n != before {
			t.Errorf("%s: %d events were like another, want the %d before it", name, n, before)
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
	if testing.Short() {
		t.Skip("slow, and on one goroutine")
	}
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
	used := 0
	for seed := range uint64(20) {
		used += sameEitherWay(t, slices.Concat(records, records, records), seed)
	}
	if used < len(records)/2 { // which fields are looked at is chance, and with it how many are alike
		t.Errorf("%d of %d events were like another: the stencils find nothing", used, 20*3*len(records))
	}
}

// FuzzStencils puts changed records between records that have a stencil.
func FuzzStencils(f *testing.F) {
	text, body := string(leases(1)[0].Data), string(statuses(7)[6].Data)
	f.Add([]byte(text), 0, []byte("x"), uint64(1))
	f.Add([]byte(text), strings.Index(text, leaseID(0)), []byte(`","a":"`), uint64(2))
	f.Add([]byte(text), strings.Index(text, `"stageTimestamp":"`)+18, []byte(`\u0022`), uint64(3))
	f.Add([]byte(text), strings.Index(text, `"allow"`), []byte("\x00"), uint64(4))
	f.Add([]byte(body), strings.Index(body, `{"spec`), []byte(`{},"verb":"get",`), uint64(5))
	f.Add([]byte(body), strings.Index(body, `{"data`), []byte(`"\\"`), uint64(6))
	f.Add([]byte(body), strings.Index(body, `?`), []byte(`?\u`), uint64(7))
	read := string(fetched(1, 1)[0].Data)
	f.Add([]byte(read), strings.Index(read, "settings"), []byte("other"), uint64(8))
	f.Add([]byte(read), strings.LastIndex(read, "settings"), []byte(`"`), uint64(9))
	token := string(renewed(1)[0].Data)
	f.Add([]byte(token), strings.Index(token, "JTI="), []byte(`JTI="],"x":["`), uint64(10))
	f.Add([]byte(token), strings.Index(token, "JTI=")+5, []byte("111"), uint64(12))
	put := func(_ int, event map[string]any) {
		event["@timestamp"], event["timestamp"], event["date"] = "2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", 1772359200.5
	}
	sorted := respelled(f, append(fetched(1, 1), statuses(3)...), put)
	for i, with := range []string{`","a":"`, "settings", `{},"verb":"get",`, `\u0022`, "\x00", `"`, "1e", "[[["} {
		for j, rec := range sorted {
			f.Add(rec.Data, 97*i+31*j, []byte(with), uint64(20+4*i+j))
		}
	}
	cloud := string(entries(1, 1)[0].Data)
	for i, at := range []string{"settings", `settings.0"}]`, `settings.0","serv`, "insertId", "2026", `"spec"`, `"data"`, "allow", "io.k8s"} {
		f.Add([]byte(cloud), strings.Index(cloud, at), []byte(`other`), uint64(50+i))
		f.Add([]byte(cloud), strings.Index(cloud, at), []byte(`/`), uint64(60+i))
		f.Add([]byte(cloud), strings.Index(cloud, at), []byte(`","x":"`), uint64(70+i))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, with []byte, seed uint64) {
		changed := bytes.Clone(data)
		if len(data) > 0 {
			copy(changed[uint(at)%uint(len(data)):], with)
		}
		var longer []byte
		if len(data) > 0 {
			at := uint(at) % uint(len(data))
			longer = slices.Concat(data[:at], with, data[at:])
		}
		var origin parsers.Origin
		if seed%2 == 0 {
			origin.Envelope = "aks-diagnostic"
		}
		var records []*parsers.Record
		for range 3 {
			for _, text := range [][]byte{data, changed, longer} {
				records = append(records, &parsers.Record{Data: text, Origin: origin})
			}
		}
		sameEitherWay(t, records, seed)
	})
}

// TestFewAlikeAreFoundAmongMany: where nearly every record asks for something else,
// stencils are made of what was met twice, and still change nothing.
func TestFewAlikeAreFoundAmongMany(t *testing.T) {
	var records []*parsers.Record
	often := leases(300)
	for i := range 3 * manyStencils {
		text := strings.Replace(string(often[0].Data), "kubelet/v1.31.4", fmt.Sprintf("client-%d/v1", i), 1)
		records = append(records, &parsers.Record{Data: []byte(strings.Replace(text, leaseID(0), leaseID(10000+i), 1))})
		if i >= 2*manyStencils && i%4 == 0 {
			records = append(records, often[i/4%len(often)])
		}
	}
	d := newDecoder(parsers.Options{Fields: lookedAt()}).(*decoder)
	for _, rec := range records {
		if err := d.Decode(rec, func(*parsers.Event) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if made := d.stencils.made; made <= manyStencils || made > manyStencils+100 {
		t.Errorf("%d stencils were made of %d records", made, len(records))
	}
	if like := sameEitherWay(t, records, 7); like < 100 {
		t.Errorf("%d events were like another, of 256 leases", like)
	}
}

// TestVerbIsFound: behind stage and URI, as API servers write them. What has another
// order is looked for when it was read.
func TestVerbIsFound(t *testing.T) {
	for data, at := range map[string]int{
		`","stage":"ResponseComplete","requestURI":"/api/v1/pods?watch=true","verb":"watch","user":{}`: 66,
		`","stage":"","requestURI":"","verb":"`:                                                        27,
		`","stage":"ResponseComplete","requestURI":"/api/v1/\",\"verb\":\"x","verb":"get"`:             -1,
		`","requestURI":"/api","stage":"ResponseComplete","verb":"get"`:                                -1,
		`","stage":"ResponseComplete","requestURI":"/api","level":"Metadata","verb":"get"`:             -1,
		`","stage":"ResponseComplete","verb":"get"`:                                                    -1,
		`","stage":"ResponseComplete","requestURI":"/api`:                                              -1,
		`","stage":"Resp`: -1, `"`: -1, ``: -1,
	} {
		if got := verbIn([]byte(data)); got != at {
			t.Errorf("%s: %d, want %d", data, got, at)
		}
	}
}
