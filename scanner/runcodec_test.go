package scanner

import (
	"bufio"
	"bytes"
	"encoding/json"
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

// roundTrip sends items of one type through a run.
func roundTrip[T any](t *testing.T) {
	t.Helper()
	r := rand.New(rand.NewSource(1))
	var items []*T
	var b bytes.Buffer
	w, c := bufio.NewWriter(&b), newRunCodec[T]()
	for range 300 {
		item := new(T)
		fill(r, reflect.ValueOf(item).Elem())
		items = append(items, item)
		if err := c.write(w, item); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	from, src := bufio.NewReader(&b), &runSource{names: &runNames{}}
	for i, want := range items {
		got := new(T)
		if err := c.read(from, src, got); err != nil {
			t.Fatalf("item %d: %v", i, err)
		}
		if diff := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Fatalf("item %d came back changed (-want +got):\n%s", i, diff)
		}
	}
	if err := c.read(from, src, new(T)); err != io.EOF {
		t.Errorf("at the end: %v, want io.EOF", err)
	}
}

func TestItemsComeBackFromRunsAsTheyWere(t *testing.T) {
	t.Run("hit", roundTrip[finding.Hit])
	t.Run("act", roundTrip[act])
	t.Run("finding", roundTrip[finding.Finding])
	t.Run("loose", roundTrip[loose])
}

// TestDamagedRunsAreErrors: a disk may lie; it must cost an error and no panic.
func TestDamagedRunsAreErrors(t *testing.T) {
	h := readHit("alice", "prod", "db", "allowed", 3)
	var b bytes.Buffer
	w, c := bufio.NewWriter(&b), newRunCodec[finding.Hit]()
	if err := c.write(w, h); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	for n := 1; n < len(whole); n++ {
		if err := c.read(bufio.NewReader(bytes.NewReader(whole[:n])), &runSource{names: &runNames{}}, new(finding.Hit)); err == nil {
			t.Errorf("cut at %d of %d: no error", n, len(whole))
		}
	}
	for i := 2; i < len(whole); i++ {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0xff
		_ = c.read(bufio.NewReader(bytes.NewReader(damaged)), &runSource{names: &runNames{}}, new(finding.Hit)) // whatever comes of it, it returns
	}
}

func BenchmarkRun(b *testing.B) {
	h := readHit("alice", "prod", "db", "allowed", 3)
	h.Raw = string(bytes.Repeat([]byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1"}`), 16))
	b.Run("binary", func(b *testing.B) {
		var buf bytes.Buffer
		w, c, src := bufio.NewWriter(&buf), newRunCodec[finding.Hit](), &runSource{names: &runNames{}}
		r := bufio.NewReader(&buf)
		b.ReportAllocs()
		for b.Loop() {
			if err := c.write(w, h); err != nil {
				b.Fatal(err)
			}
			w.Flush()
			if err := c.read(r, src, new(finding.Hit)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("json", func(b *testing.B) {
		var buf bytes.Buffer
		w, r := json.NewEncoder(&buf), json.NewDecoder(&buf)
		b.ReportAllocs()
		for b.Loop() {
			if err := w.Encode(h); err != nil {
				b.Fatal(err)
			}
			if err := r.Decode(new(finding.Hit)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
