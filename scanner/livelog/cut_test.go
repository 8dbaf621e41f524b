package livelog

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestCutTearsNothingApart(t *testing.T) {
	audit := func(serials ...int) (log string) {
		for _, n := range serials {
			log += fmt.Sprintf("type=PATH msg=audit(1772.1:%d): x\n", n)
		}
		return log
	}
	const (
		criF     = "2026-03-01T10:00:00.1Z stdout F x\n"
		criP     = "2026-03-01T10:00:00.1Z stdout P x\n"
		jsonFile = `{"log":"x\n","stream":"stdout","time":"2026-03-01T10:00:00Z"}` + "\n"
	)
	line := func(id string) string { return fmt.Sprintf(`{"auditID":%q,"stage":"x"}`, id) + "\n" }
	for _, c := range []struct {
		name string
		log  string
		want string // what stands before the cut; "" if there is none
	}{
		{"lines of their own", line("a") + line("b") + line("c"), line("a") + line("b")},
		{"a request around the last place", line("a") + line("b") + line("c") + line("b"), line("a")},
		{"one request around all", line("a") + line("b") + line("a"), ""},
		{"the last line is being written", line("a") + line("b") + `{"auditID":"c"`, line("a")},
		{"not every line is a record", line("a") + "text\n" + line("c"), ""},
		{"pretty JSON", "{\n\"auditID\": \"a\"\n}\n", ""},
		{"auditd", audit(3, 3, 4), audit(3, 3)},
		{"auditd events that overlap", audit(3, 4, 3, 5, 6, 5), audit(3, 4, 3)},
		{"auditd events that overlap at the end", audit(3, 4, 3, 4), ""},
		{"the numbers begin again", audit(900, 901, 1, 2), audit(900, 901, 1)[len(audit(900, 901, 1)):]},
		{"container output", criF + criF + criF, criF + criF},
		{"a part of a line", criF + criP + criF, ""},
		{"Docker's own lines", jsonFile + jsonFile, jsonFile},
		{"two kinds", line("a") + criF, ""},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Cut(strings.NewReader(c.log), 0, int64(len(c.log)))
			if c.log[:got] != c.want {
				t.Errorf("cut at %d: %q, want %q", got, c.log[:got], c.want)
			}
		})
	}
}

// TestCutLooksAtTheEndOnly: what is before the window, or before start, is not looked
// at, and a line that the window begins in is passed over.
func TestCutLooksAtTheEndOnly(t *testing.T) {
	var log strings.Builder
	log.WriteString("no record\n")
	begin := int64(log.Len())
	for i := 0; log.Len() < 2*cutWindow; i++ {
		fmt.Fprintf(&log, `{"auditID":"%d"}`+"\n", i)
	}
	text := log.String()
	size := int64(len(text))
	last := int64(strings.LastIndexByte(text[:size-1], '\n') + 1)
	for _, start := range []int64{0, begin, last} {
		want := last
		if start == last {
			want = 0 // nothing is before the only line
		}
		if got := Cut(strings.NewReader(text), start, size); got != want {
			t.Errorf("from %d: cut at %d, want %d", start, got, want)
		}
	}
	if got := Cut(strings.NewReader(text), 0, size+1); got != 0 {
		t.Errorf("a log that shrank is cut at %d", got)
	}
	long := text + strings.Repeat("x", cutWindow)
	if got := Cut(strings.NewReader(long), 0, int64(len(long))); got != 0 {
		t.Errorf("within a line longer than the window: cut at %d", got)
	}
}

// FuzzCut: whatever a log holds, no ID stands on both sides of the cut,
// and a line begins there.
func FuzzCut(f *testing.F) {
	f.Add([]byte("{\"auditID\":\"a\"}\n{\"auditID\":\"b\"}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		at := Cut(bytes.NewReader(b), 0, int64(len(b)))
		if at == 0 {
			return
		}
		if b[at-1] != '\n' {
			t.Fatalf("cut at %d, within a line", at)
		}
		var before []cutLine
		for line := range bytes.Lines(b[:at]) {
			if l, ok := cutLineOf(bytes.TrimSuffix(line, []byte("\n"))); ok {
				before = append(before, l)
			}
		}
		for line := range bytes.Lines(b[at:]) {
			l, ok := cutLineOf(bytes.TrimSuffix(line, []byte("\n")))
			for i := range before {
				if ok && bytes.HasSuffix(line, []byte("\n")) && before[i].kind == l.kind && before[i].goesOn(&l) {
					t.Fatalf("%q stands on both sides", l.id)
				}
			}
		}
	})
}
