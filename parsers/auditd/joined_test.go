package auditd

import (
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
)

// A record that was not written to its end does not take the next one with it.
func TestBrokenRecords(t *testing.T) {
	first := `type=SYSCALL msg=audit(1740823200.123:42): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=5 auid=1000 uid=0 comm="kubectl" exe="/usr/bin/kubectl" key=(null)`
	second := `type=SYSCALL msg=audit(1740823201.456:43): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=6 auid=1001 uid=0 comm="docker" exe="/usr/bin/docker" key=(null)`
	args := `type=EXECVE msg=audit(1740823201.456:43): argc=2 a0="docker" a1="ps"`
	const want = "2025-03-01T10:00:01.456Z auid=1001 execve command //usr/bin/docker allowed $ docker ps"
	for n := strings.Index(first, "):") + 3; n < len(first); n++ {
		for _, between := range []string{"", "\x00\x00\x00", "node=n1 "} {
			events, codes := decodeText(t, first[:n]+between+second+"\n"+args)
			blank := between != "\x00\x00\x00" && first[n-1] == ' ' // a record ended so, as far as one can tell
			if len(events) != 2 || events[1] != want || blank != (len(codes) == 0) || !strings.HasPrefix(events[0], "2025-03-01T10:00:00.123Z ") || strings.Contains(events[0], "docker") {
				t.Fatalf("cut at %d, %q: %q, %q", n, between, events, codes)
			}
		}
	}
	for _, torn := range []string{first[:102] + second, second[:102] + args} { // behind it stands another event, or the rest of its own
		if _, codes := decodeText(t, torn); !slices.Equal(codes, []string{"line.broken"}) {
			t.Errorf("%s: remarks %q", torn, codes)
		}
	}
}

// Both records have their own place.
func TestPlaceOfBrokenRecords(t *testing.T) {
	line := `type=CWD msg=audit(1.500:9): cwd="/rootype=CWD msg=audit(2.500:10): cwd="/x"`
	d := newDecoder(parsers.Options{}).(*decoder)
	var got []string
	emit := func(ev *parsers.Event) error {
		at := ev.Pos[0].Offset - 1000
		if text := line[at : at+ev.Pos[0].Length]; text != string(ev.Raw[0]) || ev.Pos[0].Line != 7 {
			t.Errorf("%q at %+v, where %q stands", ev.Raw[0], ev.Pos[0], text)
		}
		got = append(got, string(ev.Raw[0]))
		return nil
	}
	text := []byte(line)
	_ = d.Decode(&parsers.Record{Data: text, Raw: text, Pos: parsers.Pos{Line: 7, Offset: 1000, Length: int64(len(line))}}, emit)
	_ = d.Flush(emit)
	if strings.Join(got, "") != line || len(got) != 2 {
		t.Errorf("%q", got)
	}
}

// What a program can have written into a record does not end it. If it looks like another
// one, that is told: it is one where a newline was lost.
func TestForgedRecordsInOne(t *testing.T) {
	for _, line := range []string{
		`type=USER_LOGIN msg=audit(1.5:9): pid=1 uid=0 msg='op=login res=failed'type=SYSCALL msg=audit(2.500:1): uid=0`,
		`type=USER_CMD msg=audit(1.5:9): pid=1 uid=0 msg='cwd="/type=SYSCALL msg=audit(2.500:1): arch=c000003e" res=success'`,
		`type=USER_LOGIN msg=audit(1.5:9): pid=1 uid=0 msg='op=login acct="x type=SYSCALL msg=audit(2.500:1): uid=0" res=failed'`,
		`type=CWD msg=audit(1.5:9): cwd=747970653D53595343414C4C206D73673D617564697428322E353A31293A`,
		`type=CWD msg=audit(1.5:9): cwd="type=FOO msg=audit(2.500:1): x"`,
		`type=CWD msg=audit(1.5:9): cwd="type=SYSCALL msg=audit(x): x"`,
	} {
		told := strings.Contains(line, " msg='")
		if events, codes := decodeText(t, line); len(events) != 1 || told != slices.Equal(codes, []string{"audit.nested_record"}) || !told && len(codes) > 0 {
			t.Errorf("%s: %q, %q", line, events, codes)
		}
	}
}

// However many records stand in a line, none is lost.
func TestManyRecordsInOne(t *testing.T) {
	record := func(serial string) string { return "type=CWD msg=audit(1740823200.123:" + serial + `): cwd="/x" ` }
	events, codes := decodeText(t, strings.Repeat(record("7"), maxEventRecords+5), "types")
	if len(events) != 2 || strings.Count(events[1], "types=CWD") == 0 || !slices.Equal(codes, []string{"audit.event_split"}) {
		t.Errorf("%d events, %q", len(events), codes)
	}
	events, codes = decodeText(t, record("7")+record("7")+record("8")+record("8")+record("9"), "types")
	if len(events) != 3 || len(codes) > 0 || strings.Count(events[0], "types=CWD types=CWD") != 1 || strings.Count(events[1], "types=CWD types=CWD") != 1 {
		t.Errorf("%q, %q", events, codes)
	}
}
