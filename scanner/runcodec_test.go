package scanner

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"math/rand"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tideline/scanner/finding"
)

// fill sets every field that JSON writes to something, or leaves it as it is,
// by chance.
func fill(r *rand.Rand, v reflect.Value) {
	if v.Type() == timeType {
		v.Set(reflect.ValueOf(time.Unix(r.Int63n(1<<33)-1<<32, r.Int63n(1e9)).UTC()))
		return
	}
	if r.Intn(5) == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(r.Int63n(1<<40) - 1<<39)
		if v.Kind() == reflect.Int32 {
			v.SetInt(r.Int63n(1 << 30))
		}
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(r.Intn(256)))
	case reflect.String:
		b := make([]byte, r.Intn(100))
		r.Read(b)
		v.SetString(string(b))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case reflect.Slice:
		n := r.Intn(4)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.Intn(4) {
			k, x := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(r, k)
			fill(r, x)
			v.SetMapIndex(k, x)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				fill(r, v.Field(i))
			}
		}
	}
}

// timeType is written as an instant, not by its fields.
var timeType = reflect.TypeFor[time.Time]()

// roundTrip sends items of one type through a run, and reads them into one that
// has something of the one before.
func roundTrip[T any](t *testing.T, code func(*coder, *T), mend func(*T)) {
	t.Helper()
	r := rand.New(rand.NewSource(1))
	var items []*T
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	out := runWriter[T]{to: w, code: code}
	for range 300 {
		item := new(T)
		fill(r, reflect.ValueOf(item).Elem())
		mend(item)
		items = append(items, item)
		if err := out.write(item); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	in := itemReader[T]{from: bufio.NewReader(&b), code: code, texts: newRecentTexts()}
	got := new(T)
	for i, want := range items {
		if err := in.read(got); err != nil {
			t.Fatalf("item %d: %v", i, err)
		}
		if diff := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Fatalf("item %d came back changed (-want +got):\n%s", i, diff)
		}
	}
	if err := in.read(got); err != io.EOF {
		t.Errorf("at the end: %v, want io.EOF", err)
	}
}

func TestItemsComeBackFromRunsAsTheyWere(t *testing.T) {
	labels := newConcluder(context.Background(), testRuleset(t), nil, ReportOptions{}).labels
	keys := append(sortedKeys(labels.byKey), "no such rule", "")
	told := func(f *finding.Finding) { // of its rule, what findings of it say
		label := labels.of(keys[(len(f.Summary)+len(f.ID))%len(keys)])
		level := f.Rule.Level
		f.Rule, f.Attack = label.rule, label.attack
		f.Rule.Level = level
	}
	t.Run("finding", func(t *testing.T) {
		roundTrip(t, func(c *coder, f *finding.Finding) { codeFinding(c, f, labels) }, told)
	})
	t.Run("credit", func(t *testing.T) {
		roundTrip(t, func(c *coder, x *credit) { codeCredit(c, x, labels) }, func(x *credit) { told(&x.Finding) })
	})
	t.Run("hit", func(t *testing.T) { roundTrip(t, codeHit, func(*finding.Hit) {}) })
	t.Run("act", func(t *testing.T) { roundTrip(t, codeAct, func(*act) {}) })
	t.Run("parted", func(t *testing.T) { roundTrip(t, codeParted, func(*partedEvent) {}) })
	t.Run("entry", func(t *testing.T) { roundTrip(t, codeEntry, func(*finding.Entry) {}) })
}

// TestDamagedRunsAreErrors: a disk may lie; it must cost an error and no panic.
func TestDamagedRunsAreErrors(t *testing.T) {
	h := readHit("alice", "prod", "db", "allowed", 3)
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	if err := (&runWriter[finding.Hit]{to: w, code: codeHit}).write(h); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	read := func(text []byte) error {
		in := itemReader[finding.Hit]{from: bufio.NewReader(bytes.NewReader(text)), code: codeHit, texts: newRecentTexts()}
		return in.read(new(finding.Hit))
	}
	for n := 1; n < len(whole); n++ {
		if err := read(whole[:n]); err == nil {
			t.Errorf("cut at %d of %d: no error", n, len(whole))
		}
	}
	for i := 2; i < len(whole); i++ {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0xff
		_ = read(damaged) // whatever comes of it, it returns
	}
}

func BenchmarkRun(b *testing.B) {
	h := readHit("alice", "prod", "db", "allowed", 3)
	h.Raw = string(bytes.Repeat([]byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1"}`), 16))
	var buf bytes.Buffer
	w := bufio.NewWriter(&buf)
	out := runWriter[finding.Hit]{to: w, code: codeHit}
	in := itemReader[finding.Hit]{from: bufio.NewReader(&buf), code: codeHit, texts: newRecentTexts()}
	b.ReportAllocs()
	for b.Loop() {
		if err := out.write(h); err != nil {
			b.Fatal(err)
		}
		w.Flush()
		if err := in.read(new(finding.Hit)); err != nil {
			b.Fatal(err)
		}
	}
}
