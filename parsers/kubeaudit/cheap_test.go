package kubeaudit

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers"
)

// compareHeads reads one event by the cheap pass and in full, and tells where
// they differ. What the cheap pass does not answer for cannot differ. Nor can
// what is no JSON in a part that it skips: then there is no second opinion.
func compareHeads(data []byte) error {
	var cheap, full record
	cheap.reset(data)
	full.reset(data)
	if !cheap.readCheap() {
		return nil
	}
	full.readFull()
	if full.damage != nil {
		return nil
	}
	for i := range headPaths {
		h := &headPaths[i]
		a, b := spell(cheap.headValues(nil, h)), spell(full.headValues(nil, h))
		if a != b {
			return fmt.Errorf("%s: cheap %s, full %s", h.path, a, b)
		}
		if a, b := spell([][]byte{cheap.text(h.Slot)}), spell([][]byte{full.text(h.Slot)}); a != b && len(full.head.List(h.Slot)) == 0 {
			return fmt.Errorf("%s: cheap fact %s, full %s", h.path, a, b)
		}
	}
	if key := caseVariant(full.doc.Root()); full.mismatch != "" || key != nil {
		return fmt.Errorf("the full parse has remarks on the head: type of %q, case of %q", full.mismatch, key)
	}
	a, b := fmt.Sprint(cheap.outcome(), cheap.actor(), cheap.received()), fmt.Sprint(full.outcome(), full.actor(), full.received())
	if a != b {
		return fmt.Errorf("cheap says %s, full %s", a, b)
	}
	return nil
}

func spell(vals [][]byte) string {
	var parts []string
	for _, v := range vals {
		if v == nil {
			parts = append(parts, "null")
		} else {
			parts = append(parts, fmt.Sprintf("%q", v))
		}
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func FuzzCheapAgainstFull(f *testing.F) {
	for _, s := range []string{listSecrets, execShell, notAuthenticated, createPod, beta, cloudEntry} {
		f.Add([]byte(s), 0, byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, with byte) {
		if len(data) > 0 { // one more mutation, at a place of its own
			data = bytes.Clone(data)
			data[uint(at)%uint(len(data))] ^= with
		}
		if err := compareHeads(data); err != nil {
			t.Fatal(err)
		}
	})
}

// TestEveryByteDamaged is the fuzz target's poor relation, run every time.
func TestEveryByteDamaged(t *testing.T) {
	for _, s := range []string{listSecrets, execShell, notAuthenticated, beta} {
		for i := range s {
			for _, c := range []byte(`"\{}[],: 0aZ` + "\x00\xff\n") {
				data := []byte(s)
				data[i] = c
				if err := compareHeads(data); err != nil {
					t.Fatalf("%q at %d: %v", c, i, err)
				}
			}
			data := []byte(s[:i] + s[i:min(i+40, len(s))] + s[i:])
			if err := compareHeads(data); err != nil {
				t.Fatalf("repeated at %d: %v", i, err)
			}
		}
	}
}

// realEvents calls f for every line of the corpus that may be an event.
func realEvents(t *testing.T, f func(path string, line []byte)) {
	t.Helper()
	root := corpus()
	if root == "" {
		t.Skip("no corpus beside the checkout")
	}
	for _, dir := range []string{"k8s-audit", "k8s-audit-eks", "k8s-audit-aks", "k8s-audit-gke", "k8s-audit-other"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasSuffix(path, ".csv") {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sc := bufio.NewScanner(bytes.NewReader(b))
			sc.Buffer(nil, 8<<20)
			for sc.Scan() {
				if len(bytes.TrimSpace(sc.Bytes())) > 0 {
					f(strings.TrimPrefix(path, root), sc.Bytes())
				}
			}
			return sc.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestCheapAgreesOnRealEvents(t *testing.T) {
	cheap, all := 0, 0
	var r record
	realEvents(t, func(path string, line []byte) {
		if !bytes.Contains(line, []byte(`"auditID"`)) {
			return
		}
		all++
		if r.reset(line); r.readCheap() {
			cheap++
		}
		if err := compareHeads(line); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	})
	t.Logf("%d of %d real events were read by the cheap pass", cheap, all)
	if cheap < all*9/10 {
		t.Errorf("the cheap pass gave up on %d of %d real events", all-cheap, all)
	}
}

func decodeOne(tb testing.TB, fields []string, line string, emit func(*parsers.Event) error) func() {
	d := Format.NewDecoder(parsers.Options{Fields: fields})
	rec := &parsers.Record{Data: []byte(line), Raw: []byte(line)}
	return func() {
		if err := d.Decode(rec, emit); err != nil {
			tb.Fatal(err)
		}
	}
}

// askAll is an emit that asks every view for every field.
func askAll(fields []string) func(*parsers.Event) error {
	var vals [][]byte
	return func(ev *parsers.Event) error {
		for _, v := range ev.Views {
			for i := range fields {
				vals = v.Fields.Values(vals[:0], i)
			}
		}
		return nil
	}
}

func ignore(*parsers.Event) error { return nil }

func TestBoringEventsAllocateNothing(t *testing.T) {
	cheap := append(headNames(), "k8s.ok", "k8s.scope", "k8s.actor", "k8s.onBehalf", "k8s.ownNamespace", "k8s.ownName", "k8s.cmd", "k8s.path", "k8s.src_public")
	for name, c := range map[string]struct {
		line   string
		fields []string
	}{
		"no fields":    {listSecrets, nil},
		"head fields":  {listSecrets, cheap},
		"exec":         {execShell, cheap},
		"with a body":  {createPod, cheap},
		"body fields":  {createPod, []string{"requestObject.spec.hostPID", "requestObject.spec.containers.image"}},
		"denied, bare": {notAuthenticated, cheap},
	} {
		run := decodeOne(t, c.fields, c.line, askAll(c.fields))
		run()
		if n := testing.AllocsPerRun(100, run); n != 0 {
			t.Errorf("%s: %v allocations per event", name, n)
		}
	}
}

func TestHeadFieldsNeedNoFullParse(t *testing.T) {
	fields := append(headNames(), "k8s.ok", "k8s.scope", "k8s.actor", "k8s.onBehalf", "k8s.ownNamespace", "k8s.cmd", "k8s.path", "k8s.src_public", "apiGroup", "username")
	ask := askAll(fields)
	d := Format.NewDecoder(parsers.Options{Fields: fields}).(*decoder)
	for _, line := range []string{listSecrets, execShell, notAuthenticated, createPod, beta} {
		err := d.Decode(&parsers.Record{Data: []byte(line)}, func(ev *parsers.Event) error { return ask(ev) })
		if err != nil || d.r.doc != nil {
			t.Errorf("error %v, parsed in full: %v: %.80s", err, d.r.doc != nil, line)
		}
	}
}

func bench(b *testing.B, line string, fields []string) {
	run := decodeOne(b, fields, line, askAll(fields))
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
}

func BenchmarkDecode(b *testing.B) {
	witnesses := []string{"verb", "objectRef.resource", "objectRef.subresource", "user.username", "responseStatus.code"}
	b.Run("no-fields", func(b *testing.B) { bench(b, listSecrets, nil) })
	b.Run("witnesses", func(b *testing.B) { bench(b, listSecrets, witnesses) })
	b.Run("body-skipped", func(b *testing.B) { bench(b, createPod, witnesses) })
	b.Run("body-asked", func(b *testing.B) { bench(b, createPod, []string{"k8s.pod.privileged"}) })
}

func BenchmarkCheapOnReal(b *testing.B) {
	file := filepath.Join(corpus(), "k8s-audit/openshift+cluster-logging-operator/test/functional/filters/apiaudit/vrl/testdata/audit_in.log")
	data, err := os.ReadFile(file)
	if err != nil {
		b.Skip("no corpus beside the checkout")
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	d := Format.NewDecoder(parsers.Options{})
	rec := &parsers.Record{}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range lines {
			rec.Data = l
			if err := d.Decode(rec, ignore); err != nil {
				b.Fatal(err)
			}
		}
	}
}
