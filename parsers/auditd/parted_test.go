package auditd

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
)

// seen is what a decoder makes of lines: whole events, and parted ones.
func seen(t *testing.T, lines []string, fields []string) (whole []string, parted []parsers.Parted) {
	t.Helper()
	dec := newDecoder(parsers.Options{Fields: fields})
	emit := func(ev *parsers.Event) error {
		if ev.Parted == nil {
			whole = append(whole, shownWith(ev, fields))
			return nil
		}
		p := *ev.Parted
		p.Key, p.Context = slices.Clone(p.Key), slices.Clone(p.Context)
		p.Records = nil
		for _, r := range ev.Parted.Records {
			r.Raw, r.Data = slices.Clone(r.Raw), slices.Clone(r.Data)
			p.Records = append(p.Records, r)
		}
		parted = append(parted, p)
		return nil
	}
	for i, line := range lines {
		rec := &parsers.Record{Data: []byte(line), Raw: []byte(line), Pos: parsers.Pos{Line: int64(i + 1)}}
		if err := dec.Decode(rec, emit); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	if err := dec.Flush(emit); err != nil {
		t.Logf("at the end: %v", err)
	}
	return whole, parted
}

// shownWith is an event with its fields, without the lines' numbers.
func shownWith(ev *parsers.Event, fields []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %q %s %s %q", ev.Time, ev.Raw, ev.Facts.Name, ev.Facts.Command, ev.Origin.ID)
	for _, v := range ev.Views {
		for i, name := range fields {
			if values := v.Fields.Values(nil, i); values != nil {
				fmt.Fprintf(&b, " %d/%s=%q", v.Kind, name, values)
			}
		}
	}
	return b.String()
}

func rejoined(t *testing.T, fields []string, parts ...parsers.Parted) string {
	t.Helper()
	var out []string
	err := rejoin(parsers.Options{Fields: fields}, parts, func(ev *parsers.Event) error {
		if ev.Parted != nil {
			t.Error("parted again")
		}
		out = append(out, shownWith(ev, fields))
		return nil
	})
	if err != nil || len(out) != 1 {
		t.Fatalf("%d events, %v", len(out), err)
	}
	return out[0]
}

var partedLines = []string{
	`type=SYSCALL msg=audit(1740823200.100:10): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=700 auid=1000 uid=0 comm="runc" exe="/usr/bin/runc" key=(null)`,
	`type=EXECVE msg=audit(1740823200.100:10): argc=3 a0="runc" a1="run" a2="0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"`,
	`type=PROCTITLE msg=audit(1740823200.100:10): proctitle="runc"`,
	`type=SYSCALL msg=audit(1740823201.200:11): arch=c000003e syscall=59 success=yes exit=0 ppid=700 pid=701 auid=4294967295 uid=0 comm="cat" exe="/usr/bin/cat" key="exec"`,
	`type=EXECVE msg=audit(1740823201.200:11): argc=2 a0="cat" a1_len=8 a1[0]="0123"`,
	`type=EXECVE msg=audit(1740823201.200:11): a1[1]="4567"`,
	`type=PROCTITLE msg=audit(1740823201.200:11): proctitle="cat"`,
}

var partedFields = []string{"argv", "cmdline", "parent.exe", "parent.cmdline", "container.id", "exe", "key", "type"}

func TestAPartedEventIsOneAgain(t *testing.T) {
	whole, none := seen(t, partedLines, partedFields)
	if len(whole) != 2 || none != nil {
		t.Fatalf("%d events, %d parted", len(whole), len(none))
	}
	for cut := 4; cut < len(partedLines); cut++ {
		first, tail := seen(t, partedLines[:cut], partedFields)
		rest, head := seen(t, partedLines[cut:], partedFields)
		if len(first) != 1 || len(rest) != 0 || len(tail) != 1 || len(head) != 1 {
			t.Fatalf("cut at %d: %d and %d whole, %d and %d parted", cut, len(first), len(rest), len(tail), len(head))
		}
		if !tail[0].Tail || !head[0].Head || string(tail[0].Key) != string(head[0].Key) {
			t.Errorf("cut at %d: %+v %+v", cut, tail[0], head[0])
		}
		if got := rejoined(t, partedFields, tail[0], head[0]); got != whole[1] {
			t.Errorf("cut at %d:\n got %s\nwant %s", cut, got, whole[1])
		}
	}
}

// What was known of the parent comes along, so that an event that stays alone
// is what it would have been.
func TestALooseEventKeepsItsLineage(t *testing.T) {
	_, parted := seen(t, partedLines[:6], partedFields)
	got := rejoined(t, partedFields, parted...)
	if !strings.Contains(got, `parent.exe=["/usr/bin/runc"]`) || !strings.Contains(got, `"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"`) {
		t.Errorf("%s", got)
	}
}

func TestOnlyEventsAtTheEdgesAreParted(t *testing.T) {
	var lines []string
	for i := range 4 * maxOpen { // an old kernel: no PROCTITLE
		lines = append(lines, fmt.Sprintf(`type=SYSCALL msg=audit(1740823200.100:%d): arch=c000003e syscall=2 success=yes exit=3 pid=7 uid=0 exe="/bin/a"`, i+1))
	}
	whole, parted := seen(t, lines, nil)
	if len(whole) != 2*maxOpen || len(parted) != 2*maxOpen {
		t.Errorf("%d whole, %d parted", len(whole), len(parted))
	}
	for _, c := range []string{
		`type=USER_LOGIN msg=audit(1740823202.000:13): pid=9 uid=0 auid=1000 ses=4 msg='op=login res=success'`,
		`type=DAEMON_START msg=audit(1740823202.000:13): op=start`,
		`Mar 01 10:00:00 host audit[1234]: SYSCALL arch=c000003e syscall=59 success=yes`,
	} {
		if whole, parted := seen(t, []string{c}, nil); len(whole) != 1 || parted != nil {
			t.Errorf("%s: %d whole, %d parted", c, len(whole), len(parted))
		}
	}
}
