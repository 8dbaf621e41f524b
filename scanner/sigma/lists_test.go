package sigma

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseLists(t *testing.T) {
	got, err := ParseLists("lists.yml", []byte("# why\noperators:\n  - system:serviceaccount:a:b\n  - 'no'\nempty: []\n---\noperators: c\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"operators": {"system:serviceaccount:a:b", "no", "c"}, "empty": {}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestParseListsSaysWhatIsWrong(t *testing.T) {
	for _, in := range []string{"- a\n- b\n", "a: {b: c}\n", "a: [\n", strings.Repeat("#", MaxFileBytes+1)} {
		if _, err := ParseLists("lists.yml", []byte(in)); err == nil || !strings.HasPrefix(err.Error(), "lists.yml:") {
			t.Errorf("%.20q: %v", in, err)
		}
	}
}
