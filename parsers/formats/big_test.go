package formats

import (
	"io"
	"runtime"
	"strings"
	"testing"

	"tideline/parsers"
)

// repeated is a reader of head, n times body, and tail.
func repeated(head, body string, n int, tail string) io.Reader {
	readers := []io.Reader{strings.NewReader(head)}
	big := strings.Repeat(body, 1+(1<<20)/len(body))
	for left := n; left > 0; left -= len(big) / len(body) {
		readers = append(readers, strings.NewReader(big[:min(left*len(body), len(big))]))
	}
	return io.MultiReader(append(readers, strings.NewReader(tail))...)
}

// TestMemoryDoesNotGrowWithTheStream reads what would fill the memory if it were
// held: a line above the limit, and an array on one line.
func TestMemoryDoesNotGrowWithTheStream(t *testing.T) {
	const limit = 1 << 20
	event := samples["kubernetes-audit"]
	for name, c := range map[string]struct {
		in     io.Reader
		events int64
		gap    bool
	}{
		"line":         {repeated("", "x", 48<<20, "\n"+event+"\n"), 1, true},
		"json-line":    {repeated(`{"a":"`, "x", 48<<20, "\"}\n"+event+"\n"), 1, true},
		"unclosed":     {repeated(`{"a":`, "[", 48<<20, "\n"+event+"\n"), 1, true},
		"member":       {repeated(`[{"a":"`, "x", 48<<20, `"},`+event+"]"), 1, true},
		"one-array":    {repeated("["+event, ","+event, 40000, "]"), 40001, false},
		"one-wrapper":  {repeated(`{"kind":"EventList","items":[`+event, ",\n"+event, 40000, "]}\n"), 40001, false},
		"nul":          {repeated("", "\x00", 48<<20, event+"\n"), 1, false},
		"blank":        {repeated("", " \n", 32<<20, event+"\n"), 1, false},
		"wrapper-tail": {repeated(`{"items":[`+event+`],"x":"`, "y", 48<<20, `"}`), 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, a := read(t, NewReader(), c.in, parsers.ReadOptions{MaxRecord: limit})
			runtime.ReadMemStats(&after)
			if a.Events != c.events || (a.Bytes.Gaps > 0) != c.gap {
				t.Errorf("want %d events: %+v", c.events, a)
			}
			if grown := int64(after.Sys) - int64(before.Sys); grown > 64<<20 {
				t.Errorf("the process grew by %d MiB", grown>>20)
			}
		})
	}
}
