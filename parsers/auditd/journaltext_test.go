package auditd

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// journalText is two calls of one process in one second and what stood around
// them, as "journalctl" prints it behind a time.
var journalText = []string{
	`audit[4321]: SYSCALL arch=c000003e syscall=59 success=yes exit=0 ppid=10 pid=4321 auid=1001 uid=0 ses=3 comm="kubectl" exe="/usr/bin/kubectl" key=(null)`,
	`audit: EXECVE argc=3 a0="kubectl" a1="get" a2="secrets"`,
	`audit: CWD cwd="/root"`,
	`audit: PROCTITLE proctitle=6B75626563746C00676574`,
	`audit[4321]: SYSCALL arch=c000003e syscall=257 success=no exit=-13 a2=0 ppid=10 pid=4321 auid=1001 uid=0 ses=3 comm="kubectl" exe="/usr/bin/kubectl" key=(null)`,
	`audit: CWD cwd="/etc"`,
	`audit: PATH item=0 name="shadow" nametype=NORMAL`,
	`audit: PROCTITLE proctitle="kubectl"`,
	`audit[1]: SERVICE_START pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=a comm="systemd" res=success'`,
	`audit[1]: SERVICE_STOP pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=b comm="systemd" res=success'`,
	`audit: AUDIT1334 prog-id=36 op=LOAD`,
	`audit[1]: <audit-1131> pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=c comm="systemd" res=success'`,
}

// Records of journald's text that name no process belong to the call before them;
// those that come alone are events of their own, how many there may be in a second.
func TestJournalText(t *testing.T) {
	stamps := []struct{ text, time string }{
		{"Mar 01 10:00:00 n1 ", "-"},
		{"Mar 01 10:00:00.123456 n1 ", "-"},
		{"<86>Mar  1 10:00:00 n1 ", "-"},
		{"[   12.345678] n1 ", "-"},
		{"Sat 2025-03-01 10:00:00 CET n1 ", "-"},
		{"Sat 2025-03-01 10:00:00 UTC n1 ", "2025-03-01T10:00:00Z"},
		{"2025-03-01T11:00:00+0100 n1 ", "2025-03-01T10:00:00Z"},
		{"2025-03-01T10:00:00.123456+00:00 n1 ", "2025-03-01T10:00:00.123456Z"},
		{"1740823200.123456 n1 ", "2025-03-01T10:00:00.123456Z"},
	}
	want := []string{
		" auid=1001 execve command //usr/bin/kubectl allowed $ kubectl get secrets",
		" auid=1001 openat file //etc/shadow denied",
		" uid=0 SERVICE_START - / allowed",
		" uid=0 SERVICE_STOP - / allowed",
		" - BPF - / unknown",
		" uid=0 SERVICE_STOP - / allowed",
	}
	for _, s := range stamps {
		input := s.text + strings.Join(journalText, "\n"+s.text)
		events, codes := decodeText(t, input)
		if len(codes) > 0 {
			t.Errorf("%q: remarks %q", s.text, codes)
		}
		if len(events) != len(want) {
			t.Errorf("%q: %d events, want %d: %q", s.text, len(events), len(want), events)
			continue
		}
		for i, w := range want {
			if !strings.HasPrefix(events[i], s.time) || !strings.Contains(events[i], w) {
				t.Errorf("%q: event %d is %q, want %q at %s", s.text, i, events[i], w, s.time)
			}
		}
		if h, _ := parseHeader([]byte(input), &stampMemo{}); string(h.node) != "n1" {
			t.Errorf("%q: host %q", s.text, h.node)
		}
	}
}

// With --no-hostname, what is numbered by a process has a time all the same.
func TestJournalTextWithoutHost(t *testing.T) {
	for before, want := range map[string]string{"2025-03-01T11:00:00+0100 ": "2025-03-01T10:00:00Z", "Sat 2025-03-01 10:00:00 UTC ": "2025-03-01T10:00:00Z", "1740823200.5 ": "2025-03-01T10:00:00.5Z", "Mar 01 10:00:00 ": "-"} {
		if events, codes := decodeText(t, before+journalText[0]); len(events) != 1 || len(codes) > 0 || !strings.HasPrefix(events[0], want+" auid=1001 execve") {
			t.Errorf("%q: %q, remarks %q", before, events, codes)
		}
	}
}

// journalctl -o short-delta tells on each line how long ago the line before it was.
func TestJournalTextWithDeltas(t *testing.T) {
	var b strings.Builder
	for i, line := range journalText {
		fmt.Fprintf(&b, "[   12.345678 <    0.00000%d >] n1 %s\n", i%10, line)
	}
	plain, _ := decodeText(t, "[   12.345678] n1 "+strings.Join(journalText, "\n[   12.345678] n1 "))
	if events, codes := decodeText(t, b.String()); !slices.Equal(events, plain) || len(codes) > 0 || len(events) != 6 {
		t.Errorf("%q, want %q; remarks %q", events, plain, codes)
	}
}

// journalctl --reverse prints the last record of an event first.
func TestJournalTextReversed(t *testing.T) {
	lines := slices.Clone(journalText)
	slices.Reverse(lines)
	const stamp = "Mar 01 10:00:00 n1 "
	events, _ := decodeText(t, stamp+strings.Join(lines, "\n"+stamp))
	all := strings.Join(events, "\n")
	for _, want := range []string{"execve command //usr/bin/kubectl allowed $ kubectl get secrets", "openat file //etc/shadow denied"} {
		if strings.Count(all, want) != 1 {
			t.Errorf("no event %q in\n%s", want, all)
		}
	}
	if len(events) != 6 {
		t.Errorf("%d events:\n%s", len(events), all)
	}
}

// What any program may print behind "audit: " is no record.
func TestJournalTextForeign(t *testing.T) {
	for _, line := range []string{
		"audit: USER a=b", "Mar 01 10:00:00 n1 app: audit: USER a=b", "Mar 01 10:00:00 n1 audit: LOGIN failed", "Mar 01 10:00:00 n1 audit: initializing netlink subsys",
		"Mar 01 10:00:00 n1 audit[x]: CWD cwd=/", "Mar 01 10:00:00 n1 audit[]: CWD cwd=/", "Mar 01 10:00:00 n1 audits: CWD cwd=/",
	} {
		if _, ok := parseHeader([]byte(line), &stampMemo{}); ok {
			t.Errorf("%q was taken for a record", line)
		}
	}
}

func TestSaysLost(t *testing.T) {
	for line, want := range map[string]bool{
		"[ 12.3] audit: backlog limit exceeded":                                            true,
		"Mar  1 10:00:00 h kernel: audit: audit_backlog=65 > audit_backlog_limit=64":       true,
		"Mar  1 10:00:00 h kernel: audit: audit_lost=1 audit_rate_limit=0":                 true,
		"Mar  1 10:00:00 h kernel: kauditd_printk_skb: 14 callbacks suppressed":            true,
		"[ 12.3] audit_printk_skb: 33 callbacks suppressed":                                true,
		"Mar  1 10:00:00 h audispd: queue is full - dropping event":                        true,
		"Mar  1 10:00:00 h auditd[9]: dispatch err (pipe full) event lost":                 true,
		"Mar  1 10:00:00 h auditd[9]: Audit daemon rotating log files":                     false,
		"Mar  1 10:00:00 h app: the queue is full - dropping event":                        false,
		"Mar  1 10:00:00 h kernel: audit: type=2000 audit(1.5:1): state=initialized res=1": false,
	} {
		if got := saysLost([]byte(line)); got != want {
			t.Errorf("%q: %t", line, got)
		}
	}
}

// What forwards records may tell when each of them came.
func TestJournalTextWithTimesOfArrival(t *testing.T) {
	for _, times := range [][]string{
		{"2025-03-01T10:00:00.999990+00:00", "2025-03-01T10:00:00.999995+00:00", "2025-03-01T10:00:01.000010+00:00"},
		{"Mar  1 10:00:00", "Mar  1 10:00:00", "Mar  1 10:00:01"},
		{"[   12.345678]", "[   12.345700]", "[   12.345800]"},
	} {
		input := times[0] + " n1 " + journalText[0] + "\n" + times[1] + " n1 " + journalText[1] + "\n" + times[2] + " n1 " + journalText[2] + "\n" + times[0] + " n2 " + journalText[3]
		events, _ := decodeText(t, input, "cwd")
		if len(events) != 2 || !strings.Contains(events[0], "kubectl get secrets") || !strings.Contains(events[0], "cwd=/root") {
			t.Errorf("%q: %q", times, events)
		}
	}
	events, _ := decodeText(t, "Mar  1 10:00:00 n1 "+journalText[0]+"\nMar  1 10:00:09 n1 "+journalText[1])
	if len(events) != 2 {
		t.Errorf("nine seconds apart: %q", events)
	}
}
