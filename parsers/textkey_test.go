package parsers

import (
	"fmt"
	"testing"
)

// Equal texts have one key, wherever their bytes lie; texts that differ, be it in
// one bit or in their length, have keys that differ in both halves: a key whose
// halves depended on each other would have fewer bits than it says.
func TestTextKey(t *testing.T) {
	if TextKeyOf([]byte("a text")) != TextKeyOf([]byte("a text, and more")[:6]) {
		t.Error("one text has two keys")
	}
	if k := TextKeyOf(nil); k[0] == k[1] {
		t.Error("both halves have one seed")
	}
	const n = 10_000
	halves := map[uint64]string{}
	for i := range n {
		for _, text := range []string{fmt.Sprint(i), fmt.Sprint(i, "\x00")} {
			for half, h := range TextKeyOf([]byte(text)) {
				if other, ok := halves[h]; ok {
					t.Errorf("half %d of the key of %q is a half of that of %q", half, text, other)
				}
				halves[h] = text
			}
		}
	}
}
