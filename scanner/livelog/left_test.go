package livelog

import (
	"strings"
	"testing"
)

// TestLeft: a line is left if it is cut, whatever stands before it, and one that is whole
// is not; an object may stand behind another, or behind what a shipper put before it.
func TestLeft(t *testing.T) {
	const (
		shipped  = `{"@timestamp":"2026-03-01T10:00:00Z","message":"{\"auditID\":\"a\"}"}`
		prefixed = "2026-03-01T10:00:00+00:00\tkube.audit\t" + `{"message":"x"}`
	)
	for _, c := range []struct {
		name           string
		log            string
		own, ofObjects string // what is left, by Left and by LeftOfObjects
	}{
		{"a whole log", shipped + "\n" + shipped + "\n", "", ""},
		{"a log without a last newline", shipped + "\n" + shipped, "", ""},
		{"two objects in the last line", shipped + "\n" + shipped + shipped, "", ""},
		{"an object that is cut", shipped + "\n" + shipped[:30], shipped[:30], shipped[:30]},
		{"and one before it", shipped + "\n" + shipped + shipped[:30], shipped + shipped[:30], shipped + shipped[:30]},
		{"behind a prefix", prefixed + "\n" + prefixed[:45], prefixed[:45], prefixed[:45]},
		{"the prefix alone", prefixed + "\n" + prefixed[:30], prefixed[:30], ""},
		{"whole, behind a prefix", prefixed + "\n" + prefixed, prefixed, ""},
		{"text", prefixed + "\nwords", "words", ""},
		{"all of it is one line", shipped[:30], shipped[:30], ""},
		{"compressed", "\x1f\x8b\x08\x00" + shipped + "\n{\"", "{\"", ""},
		{"UTF-16", "{\x00\n\x00{\x00", "\x00{\x00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, size := strings.NewReader(c.log), int64(len(c.log))
			if n := Left(in, 0, size); c.log[size-n:] != c.own {
				t.Errorf("left %q, want %q", c.log[size-n:], c.own)
			}
			if n := LeftOfObjects(in, size); c.log[size-n:] != c.ofObjects {
				t.Errorf("left of objects %q, want %q", c.log[size-n:], c.ofObjects)
			}
		})
	}
}
