package livelog

import (
	"strings"
	"testing"
)

// TestLeft: what is left for the next night is a line without its newline, if what
// stands there is cut; a line that is whole as it stands is read.
func TestLeft(t *testing.T) {
	const (
		audit = "type=PATH msg=audit(1772.1:7): item=0"
		cri   = "2026-03-01T10:00:00.1Z stdout F x"
	)
	for _, c := range []struct {
		name, log, want string
	}{
		{"a whole line", audit + "\n", ""},
		{"JSON that is cut", "{\"a\":1}\n{\"a\":", "{\"a\":"},
		{"JSON that is whole", "{\"a\":1}\n{\"a\":2}", ""},
		{"an array that is cut", "[{\"a\":1},", "[{\"a\":1},"},
		{"a record of auditd", audit + "\n" + audit, ""},
		{"a record that is cut in a value", audit + "\n" + audit + ` name="/etc/sha`, audit + ` name="/etc/sha`},
		{"a record that is cut in a message", audit + "\n" + audit + ` msg='op=PAM`, audit + ` msg='op=PAM`},
		{"a record that is cut before its stamp ends", audit + "\ntype=PATH msg=audit(17", "type=PATH msg=audit(17"},
		{"container output", cri + "\n" + cri, ""},
		{"a text of no known kind", cri + "\nhello", "hello"},
		{"NULs, as a crash leaves them", cri + "\n\x00\x00\x00", ""},
		{"the only line", "{\"a\":", "{\"a\":"},
	} {
		t.Run(c.name, func(t *testing.T) {
			size := int64(len(c.log))
			if got := c.log[size-Left(strings.NewReader(c.log), 0, size):]; got != c.want {
				t.Errorf("left %q, want %q", got, c.want)
			}
		})
	}
}

// TestLeftLooksNoFurtherThanItsWindow: the beginning of a very long line is not known, so
// nothing is said of it; nor of a log that turns out shorter than it was.
func TestLeftLooksNoFurtherThanItsWindow(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", leftWindow)
	if got := Left(strings.NewReader(long), 0, int64(len(long))); got != 0 {
		t.Errorf("%d bytes of a line longer than the window are left", got)
	}
	if got, want := Left(strings.NewReader("{}\n"+long[:leftWindow-1]), 3, leftWindow+2), int64(leftWindow-1); got != want {
		t.Errorf("%d bytes of a line as long as the window are left, want %d", got, want)
	}
	if got := Left(strings.NewReader("{"), 0, 10); got != 0 {
		t.Errorf("%d bytes of a log that shrank are left", got)
	}
}

// TestLeftUncut: a line is left if it is cut, whatever stands before it, and one that is whole
// is not; an object may stand behind another, or behind what a shipper put before it.
func TestLeftUncut(t *testing.T) {
	const (
		shipped  = `{"@timestamp":"2026-03-01T10:00:00Z","message":"{\"auditID\":\"a\"}"}`
		record   = `type=CWD msg=audit(1772.1:7): cwd="/root"`
		prefixed = "2026-03-01T10:00:00+00:00\tkube.audit\t" + `{"message":"x"}`
	)
	for _, c := range []struct {
		name       string
		log        string
		own, uncut string // what is left, by Left and by LeftUncut
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
		{"one event of auditd", record + "\n" + record[:20], record[:20], record[:20]},
		{"one event of auditd, within a text", record + "\n" + record[:len(record)-2], record[:len(record)-2], record[:len(record)-2]},
		{"one event of auditd, whole", record + "\n" + record, "", ""},
		{"text behind a line that is none", "words\n" + record[:20], record[:20], ""},
		{"all of it is one line", shipped[:30], shipped[:30], ""},
		{"compressed", "\x1f\x8b\x08\x00" + shipped + "\n{\"", "{\"", ""},
		{"UTF-16", "{\x00\n\x00{\x00", "\x00{\x00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, size := strings.NewReader(c.log), int64(len(c.log))
			if n := Left(in, 0, size); c.log[size-n:] != c.own {
				t.Errorf("left %q, want %q", c.log[size-n:], c.own)
			}
			if n := LeftUncut(in, size); c.log[size-n:] != c.uncut {
				t.Errorf("left of what has no place to cut %q, want %q", c.log[size-n:], c.uncut)
			}
		})
	}
}
