package intern

import (
	"strconv"
	"strings"
	"testing"
)

func TestOfKeepsWhatRecurs(t *testing.T) {
	table := make(Table)
	text := []byte("web-6d9f7b8c5d-bq2xk")
	first := table.Of(text)
	if n := testing.AllocsPerRun(100, func() { table.Of(text) }); n != 0 {
		t.Errorf("%v allocations for a text that is known", n)
	}
	text[0] = 'W'
	if first != "web-6d9f7b8c5d-bq2xk" {
		t.Errorf("the string changed with the bytes it was made of: %q", first)
	}
}

func TestTableIsBounded(t *testing.T) {
	table := make(Table)
	for i := range 3 * maxTexts {
		table.Of([]byte(strconv.Itoa(i)))
		if len(table) > maxTexts {
			t.Fatalf("%d texts kept, %d is the most", len(table), maxTexts)
		}
	}
	long := strings.Repeat("x", maxLength+1)
	if got := table.Of([]byte(long)); got != long {
		t.Error("a long text was changed")
	}
	if _, kept := table[long]; kept {
		t.Error("a long text was kept")
	}
	if got := table.Of(nil); got != "" {
		t.Errorf("nothing gives %q", got)
	}
}
