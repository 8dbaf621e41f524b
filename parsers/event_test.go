package parsers

import (
	"reflect"
	"testing"
)

// TestFactsCloneSharesNoByte fills every field that refers to bytes, whichever
// there are, and then overwrites what the original refers to.
func TestFactsCloneSharesNoByte(t *testing.T) {
	var f Facts
	backing := []byte("a fact")
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		switch v.Field(i).Interface().(type) {
		case []byte:
			v.Field(i).SetBytes(backing)
		case [][]byte:
			v.Field(i).Set(reflect.ValueOf([][]byte{backing, backing}))
		}
	}
	c := f.Clone()
	if !reflect.DeepEqual(c, f) {
		t.Fatalf("the copy is %q, want %q", c, f)
	}
	copy(backing, "XXXXXX")
	for i := range v.NumField() {
		name, got := v.Type().Field(i).Name, reflect.ValueOf(c).Field(i).Interface()
		switch got := got.(type) {
		case []byte:
			if string(got) != "a fact" {
				t.Errorf("%s refers to the bytes of the original", name)
			}
		case [][]byte:
			if string(got[1]) != "a fact" {
				t.Errorf("%s refers to the bytes of the original", name)
			}
		}
	}
}
