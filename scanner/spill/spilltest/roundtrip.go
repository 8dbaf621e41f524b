// Package spilltest holds what items are made of in temporary runs (spill.Coder) to what
// JSON would write of them. Tests use it, wherever an item is declared: a field that its
// code forgets would be lost in large evidence only.
package spilltest

import (
	"fmt"
	"math/rand"
	"reflect"
	"testing"
	"time"

	"tideline/scanner/spill"
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

// RoundTrip sends items of one type, whose fields are what chance gives them, through
// temporary runs, each through one of its own, and reads them into those that were there
// before: what code forgets fails t. mend is called for each item before it is written, for
// what is not by chance.
func RoundTrip[T any](t *testing.T, code func(*spill.Coder, *T), mend func(*T)) {
	t.Helper()
	r := rand.New(rand.NewSource(1))
	s := &spill.Sorter[T]{
		Compare: func(*T, *T) int { return 0 }, // as they were added
		Size:    func(*T) int { return 1 },
		Code:    code,
		Limit:   1,
	}
	defer s.Close()
	var items []*T
	for range 300 {
		item := new(T)
		fill(r, reflect.ValueOf(item).Elem())
		mend(item)
		items = append(items, item)
		if err := s.Add(item); err != nil {
			t.Fatal(err)
		}
	}
	i := 0
	if err := s.EachBorrowed(func(got *T) error {
		if !reflect.DeepEqual(items[i], got) {
			return fmt.Errorf("item %d came back changed:\n%+v\nwent in as\n%+v", i, *got, *items[i])
		}
		i++
		return nil
	}); err != nil || s.Held() > 0 || i != len(items) {
		t.Fatalf("%d of %d items, of which %d were not written: %v", i, len(items), s.Held(), err)
	}
}
