package auditd

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

// line is a record of one event with a type and fields.
func line(serial int, kind, fields string) string {
	return fmt.Sprintf("type=%s msg=audit(100.%03d:%d): %s", kind, serial%1000, serial, fields)
}

func TestGrouping(t *testing.T) {
	call := "arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 auid=0 uid=0 exe=\"/bin/x\""
	cases := []struct {
		name  string
		lines []string
		want  []string // types of each event
	}{
		{"interleaved", []string{line(1, "SYSCALL", call), line(2, "SYSCALL", call), line(2, "CWD", ""), line(1, "CWD", "")},
			[]string{"SYSCALL CWD", "SYSCALL CWD"}},
		{"late behind its end", []string{line(1, "PROCTITLE", "proctitle=\"x\""), line(1, "EOE", ""), line(2, "EOE", ""), line(1, "SYSCALL", call)},
			[]string{"PROCTITLE EOE SYSCALL", "EOE"}},
		{"same serial at another time", []string{"type=SYSCALL msg=audit(1.0:1): " + call, "type=CWD msg=audit(2.0:1): cwd=\"/\""},
			[]string{"SYSCALL", "CWD"}},
		{"node on some records", []string{line(1, "SYSCALL", call), "node=a " + line(1, "CWD", ""), line(1, "PATH", "")},
			[]string{"SYSCALL CWD PATH"}},
		{"two nodes", []string{"node=a " + line(1, "SYSCALL", call), "node=b " + line(1, "SYSCALL", call), "node=a " + line(1, "CWD", "")},
			[]string{"SYSCALL CWD", "SYSCALL"}},
		{"ausearch", []string{"----", "time->Sat Mar  1 10:00:00 2025", line(1, "CWD", ""), line(1, "SYSCALL", call)},
			[]string{"CWD SYSCALL"}},
		{"journal text", []string{"2025-03-01T10:00:00Z h audit[7]: SYSCALL " + call, "2025-03-01T10:00:00Z h audit[7]: CWD cwd=\"/\"", "2025-03-01T10:00:00Z h audit[7]: SYSCALL " + call},
			[]string{"SYSCALL CWD", "SYSCALL"}},
	}
	for _, c := range cases {
		got := typesOf(t, strings.Join(c.lines, "\n"))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// typesOf gives the types of the records of each event.
func typesOf(t *testing.T, input string) (out []string) {
	t.Helper()
	events, _ := decodeText(t, input, "types")
	for _, e := range events {
		e = e[strings.LastIndex(e, "[")+len("[auditd_event: types="):]
		out = append(out, strings.ReplaceAll(strings.TrimSuffix(e, "]"), " types=", " "))
	}
	return out
}

func TestJournalBehindAnEnvelope(t *testing.T) {
	dec := newDecoder(optionsFor())
	origin := parsers.Origin{Envelope: "syslog", Host: "n1", Time: time.Unix(1740823200, 0).UTC()}
	var got []string
	emit := func(ev *parsers.Event) error {
		got = append(got, fmt.Sprintf("%s %s %d", ev.Time.Format(time.RFC3339), ev.Facts.Action, len(ev.Raw)))
		return nil
	}
	for _, l := range []string{"SYSCALL arch=c000003e syscall=59 success=yes pid=1", `CWD cwd="/"`, "plain words = none"} {
		err := dec.Decode(&parsers.Record{Data: []byte(l), Raw: []byte("x " + l), Origin: origin}, emit)
		if want := l[0] == 'p'; (err == parsers.ErrForeign) != want {
			t.Errorf("%s: %v", l, err)
		}
	}
	_ = dec.Flush(emit) // its notes need no record
	if want := []string{"2025-03-01T10:00:00Z execve 2"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestRecordsFarApartStillMeet(t *testing.T) {
	lines := []string{line(1, "SYSCALL", "pid=1")}
	for i := 2; i < maxOpen; i++ {
		lines = append(lines, line(i, "CWD", ""))
	}
	lines = append(lines, line(1, "EXECVE", `argc=1 a0="late"`))
	if got := typesOf(t, strings.Join(lines, "\n")); got[0] != "SYSCALL EXECVE" {
		t.Errorf("first event %q", got[0])
	}
}

func TestOneEventWithoutEnd(t *testing.T) {
	one := line(1, "PATH", `name="/x"`) + "\n"
	events, codes := decodeText(t, strings.Repeat(one, maxEventRecords+5))
	if len(events) != 2 || !slices.Contains(codes, "audit.event_split") {
		t.Errorf("%d events, remarks %q", len(events), codes)
	}
}

func TestHostileRecordsStayBounded(t *testing.T) {
	for name, body := range map[string]string{
		"fields": strings.Repeat("a=b ", 1<<20), "arguments": "argc=9 " + strings.Repeat("a0=x ", 1<<20),
		"keys": "key=" + strings.Repeat("0141", 1<<20), "words": strings.Repeat("w ", 1<<20), "apostrophes": "msg='" + strings.Repeat("'", 1<<20),
	} {
		one := line(1, "EXECVE", body)
		events, codes := decodeText(t, one+"\n"+strings.Repeat(line(1, "CWD", "")+"\n", 100), "key", "argv0")
		if len(events) != 1 {
			t.Errorf("%s: %d events, remarks %q", name, len(events), codes)
		}
		if slices.Contains(codes, "audit.too_many_fields") != (name == "fields" || name == "arguments") {
			t.Errorf("%s: remarks %q", name, codes)
		}
	}
}

func TestSerialGap(t *testing.T) {
	cases := []struct {
		name   string
		serial []int64
		want   []string // of each remark, what lies between
	}{
		{"none", []int64{5, 6, 7}, nil},
		{"lost", []int64{5, 9}, []string{"3 events between serial numbers 6 and 8"}},
		{"out of order", []int64{5, 8, 6, 7, 9}, nil},
		{"out of order and lost", []int64{5, 9, 7, 10}, []string{"2 events between serial numbers 6 and 8"}},
		{"one lost", []int64{5, 7}, []string{"event 6 is not in this log"}},
		{"out of order and one lost", []int64{5, 8, 7, 9}, []string{"1 event between serial numbers 6 and 7 is not"}},
		{"wrap", []int64{4294967294, 4294967295, 0, 1}, nil},
		{"restart", []int64{90000, 90001, 1, 2}, nil},
	}
	for _, c := range cases {
		var lines []string
		for i, s := range c.serial {
			lines = append(lines, fmt.Sprintf("type=USER msg=audit(%d.000:%d): pid=1", 100+i, s))
		}
		dec := newDecoder(optionsFor())
		got := remarks(dec, lines)
		if len(got) != len(c.want) || (len(got) > 0 && !strings.Contains(got[0], c.want[0])) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
