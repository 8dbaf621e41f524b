package auditd

import (
	"fmt"
	"strings"
	"testing"

	"tideline/parsers/parsertest"
)

// TestFormsOfOneEvent: plain records of an event that a JSON form has begun are read,
// however often that happens.
func TestFormsOfOneEvent(t *testing.T) {
	for name, form := range map[string]string{
		"laurel":    `{"ID":"1740823200.%03d:%d","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,"ppid":1,"pid":2,"uid":0,"exe":"/bin/cat"}}`,
		"go-audit":  `{"timestamp":"1740823200.%03d","sequence":%d,"messages":[{"type":1300,"data":"arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 uid=0 exe=\"/bin/cat\""}],"uid_map":{"0":"root"}}`,
		"auditbeat": `{"@timestamp":"2025-03-01T10:00:00.%03dZ","auditd":{"message_type":"syscall","result":"success","sequence":%d,"data":{"syscall":"execve","arch":"x86_64"}},"process":{"args":["cat","/x"],"executable":"/bin/cat"}}`,
	} {
		var b strings.Builder
		for n := range 40 {
			fmt.Fprintf(&b, form+"\n", n, 100+n)
			fmt.Fprintf(&b, "type=SYSCALL msg=audit(1740823200.%03d:%d): arch=c000003e syscall=2 success=yes exit=3 a0=7f items=1 ppid=1 pid=2 uid=0 comm=\"cat\" exe=\"/bin/cat\"\n", n, 100+n)
			fmt.Fprintf(&b, "type=PATH msg=audit(1740823200.%03d:%d): item=0 name=\"/etc/shadow\" inode=%d nametype=NORMAL\n", n, 100+n, n)
		}
		events, err := parsertest.Lines(t, Format, b.String(), "name", "exe")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(events) < 40 || !strings.Contains(strings.Join(events, "\n"), "/etc/shadow") {
			t.Errorf("%s: %d events: %.500s", name, len(events), strings.Join(events, "\n"))
		}
	}
}

// TestRecordsTwice: where the kernel and audisp both write to syslog, every record stands
// there twice. The arguments and paths of an event are those of one.
func TestRecordsTwice(t *testing.T) {
	record := func(number int, name, body string) []string {
		return []string{
			fmt.Sprintf("Mar 10 10:00:00 h1 kernel: audit: type=%d audit(1740823200.100:7): %s", number, body),
			fmt.Sprintf("Mar 10 10:00:00 h1 audisp-syslog[77]: type=%s msg=audit(1740823200.100:7): %s", name, body),
		}
	}
	var records [][]string
	for _, r := range []struct {
		number     int
		name, body string
	}{
		{1300, "SYSCALL", `arch=c000003e syscall=59 success=yes exit=0 a0=7f items=2 ppid=1 pid=2 auid=1000 uid=0 comm="sh" exe="/usr/bin/sh" key=(null)`},
		{1309, "EXECVE", `argc=4 a0="sh" a1="-c" a2_len=12 a2[0]=6361742022 a2[1]=2F78222F79 a3="-c"`},
		{1307, "CWD", `cwd="/srv"`},
		{1302, "PATH", `item=0 name="/usr/bin/sh" inode=1 dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`},
		{1302, "PATH", `item=1 name="x" inode=2 dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`},
	} {
		records = append(records, record(r.number, r.name, r.body))
	}
	var one, turns, after []string
	for _, r := range records {
		one, turns = append(one, r[1]), append(turns, r...)
	}
	for i := range 2 {
		for _, r := range records {
			after = append(after, r[i])
		}
	}
	read := func(lines []string) string {
		events, err := parsertest.Lines(t, Format, strings.Join(lines, "\n")+"\n", "argv", "cmdline", "path", "exe")
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, e := range events { // without the views of records, which there are more of
			before, _, _ := strings.Cut(e, " [auditd:")
			_, behind, _ := strings.Cut(e, " [process_creation:")
			said = append(said, before+behind)
		}
		return strings.Join(said, "\n")
	}
	want := read(one)
	if !strings.Contains(want, `sh -c cat "/x"/y -c`) || !strings.Contains(want, "/srv/x") {
		t.Fatalf("once: %s", want)
	}
	for name, lines := range map[string][]string{"by turns": turns, "one after the other": after} {
		if got := read(lines); got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
}
