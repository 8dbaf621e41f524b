package parsers

import (
	"reflect"
	"testing"
	"time"
)

// Whoever keeps what came of a record for those of the same origin relies on it:
// every member counts but Time, new ones too.
func TestSameOrigin(t *testing.T) {
	same := Origin{Time: time.Unix(1, 0)}
	if !same.Same(&Origin{}) {
		t.Error("origins that differ in Time alone are not the same")
	}
	var each func(reflect.Type, []int)
	each = func(kind reflect.Type, way []int) {
		for i := range kind.NumField() {
			f, at := kind.Field(i), append(way[:len(way):len(way)], i)
			switch {
			case f.Name == "Time":
			case f.Type.Kind() == reflect.Struct:
				each(f.Type, at)
			default:
				var o Origin
				reflect.ValueOf(&o).Elem().FieldByIndex(at).SetString("x")
				if o.Same(&Origin{}) || (&Origin{}).Same(&o) {
					t.Errorf("%s does not count", f.Name)
				}
			}
		}
	}
	each(reflect.TypeFor[Origin](), nil)
}
