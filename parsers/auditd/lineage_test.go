package auditd

import (
	"fmt"
	"strings"
	"testing"

	"tideline/parsers"
)

func optionsFor(fields ...string) parsers.Options { return parsers.Options{Fields: fields} }

// remarks decodes lines and returns the reasons of all remarks.
func remarks(dec parsers.Decoder, lines []string) (out []string) {
	emit := func(*parsers.Event) error { return nil }
	told := func(err error) {
		if e, ok := err.(*parsers.RecordError); ok {
			out = append(out, e.Reason)
		}
	}
	for _, l := range lines {
		told(dec.Decode(&parsers.Record{Data: []byte(l), Raw: []byte(l)}, emit))
	}
	told(dec.Flush(emit))
	return out
}

// started is the start of a program as two records.
func started(serial, ppid, pid int, exe string, argv ...string) string {
	s := line(serial, "SYSCALL", fmt.Sprintf("arch=c000003e syscall=59 success=yes exit=0 ppid=%d pid=%d auid=4294967295 uid=0 exe=%q", ppid, pid, exe))
	s += "\n" + line(serial, "EXECVE", fmt.Sprintf("argc=%d", len(argv)))
	for i, a := range argv {
		s += fmt.Sprintf(" a%d=%q", i, a)
	}
	return s
}

func TestParents(t *testing.T) {
	lines := strings.Join([]string{
		started(1, 1, 10, "/bin/bash", "bash", "-i"),
		line(2, "SYSCALL", `arch=c000003e syscall=56 success=yes exit=20 ppid=1 pid=10 auid=0 uid=0 exe="/bin/bash"`),
		started(3, 10, 20, "/usr/bin/curl", "curl", "http://x"),
		started(4, 20, 30, "/bin/cat", "cat"),
		started(5, 999, 31, "/bin/true", "true"),
		started(6, 1, 20, "/bin/sh", "sh"),
		started(7, 20, 40, "/bin/id", "id"),
	}, "\n")
	events, _ := decodeText(t, lines, "Image", "ParentImage", "ParentCommandLine", "ParentUser")
	var got []string
	for _, e := range events {
		if _, v, ok := strings.Cut(e, "[process_creation: "); ok {
			v, _, _ = strings.Cut(v, "]")
			got = append(got, v)
		}
	}
	want := []string{
		"Image=/bin/bash",
		"Image=/usr/bin/curl ParentImage=/bin/bash ParentCommandLine=bash -i ParentUser=root ParentUser=0",
		"Image=/bin/cat ParentImage=/usr/bin/curl ParentCommandLine=curl http://x ParentUser=root ParentUser=0",
		"Image=/bin/true",
		"Image=/bin/sh",
		"Image=/bin/id ParentImage=/bin/sh ParentCommandLine=sh ParentUser=root ParentUser=0",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestContainerByItsRuntime(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	lines := strings.Join([]string{
		started(1, 1, 10, "/usr/bin/containerd-shim-runc-v2", "/usr/bin/containerd-shim-runc-v2", "-namespace", "k8s.io", "-id", id),
		started(2, 10, 20, "/usr/bin/runc", "runc", "create", id),
		started(3, 10, 30, "/bin/sh", "sh"),
		started(4, 30, 40, "/bin/cat", "cat", "/run/secrets/kubernetes.io/serviceaccount/token"),
	}, "\n")
	events, _ := decodeText(t, lines, "in_container", "container.id", "parent.exe.base")
	for i, want := range []string{"uid=0 execve", "uid=0 execve", id + " execve", id + " execve"} {
		if !strings.Contains(events[i], want) || strings.Contains(events[i], "in_container=true container.id="+id) != (i > 1) {
			t.Errorf("event %d: %s", i, events[i])
		}
	}
}

func TestProcTableIsBounded(t *testing.T) {
	var table procTable
	for i := range 3 * maxProcs {
		p := table.touch(procKey{0, uint32(i)})
		table.wear(p, table.shared(&guise{exe: table.share([]byte("/bin/x"))}))
		table.trim()
	}
	if table.count != maxProcs || table.lookup(procKey{0, 0}) != nil || table.lookup(procKey{0, 3*maxProcs - 1}) == nil {
		t.Errorf("%d processes", table.count)
	}
	for i := range 4096 {
		p := table.touch(procKey{1, uint32(i)})
		table.wear(p, table.shared(&guise{line: make([]byte, maxProcLine)}))
		table.trim()
	}
	if table.bytes > maxProcBytes {
		t.Errorf("%d bytes", table.bytes)
	}
}

// In a container fork returns the number that the child has there, which on the host is
// that of some other process.
func TestForksInContainers(t *testing.T) {
	for _, inside := range []string{
		started(1, 1, 50, "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2") + "\n" + started(2, 50, 60, "/bin/sh", "sh") + "\n" +
			line(3, "SYSCALL", `arch=c000003e syscall=56 success=yes exit=20 ppid=50 pid=60 auid=4294967295 uid=0 exe="/bin/sh"`),
		line(3, "SYSCALL", `arch=c000003e syscall=57 success=yes exit=20 ppid=50 pid=60 auid=4294967295 uid=0 exe="/bin/sh" subj=system_u:system_r:container_t:s0:c1,c2`),
	} {
		lines := started(0, 1, 20, "/usr/sbin/sshd", "sshd") + "\n" + inside + "\n" + started(4, 20, 21, "/bin/bash", "bash") + "\n" + started(5, 60, 61, "/bin/id", "id")
		events, _ := decodeText(t, lines, "ParentImage", "in_container")
		all := strings.Join(events, "\n")
		if !strings.Contains(all, "//bin/bash allowed $ bash [process_creation: ParentImage=/usr/sbin/sshd]") || !strings.Contains(all, "//bin/id allowed $ id [process_creation: ParentImage=/bin/sh") {
			t.Errorf("%s", all)
		}
	}
}

// TestTerminalOfAContainer: what holds the acts of a shell in a container together is
// its terminal; on the host it is the login session.
func TestTerminalOfAContainer(t *testing.T) {
	id := strings.Repeat("ab", 32)
	on := func(serial, ppid, pid int, tty string) string {
		return strings.Replace(started(serial, ppid, pid, "/bin/cat", "cat"), "uid=0 exe", "uid=0 tty="+tty+" exe", 1)
	}
	lines := strings.Join([]string{
		started(1, 1, 10, "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2", "-id", id),
		on(2, 10, 20, "pts0"), on(3, 10, 21, "(none)"), on(4, 1, 22, "pts0"),
	}, "\n") + "\n"
	var got []string
	keep := func(ev *parsers.Event) error {
		got = append(got, fmt.Sprintf("%s %s", ev.Facts.Actor, ev.Facts.Session))
		return nil
	}
	dec := Format.NewDecoder(optionsFor("exe"))
	decodeAll(t, dec, []byte(lines), keep)
	if err := dec.Flush(keep); err != nil {
		t.Fatal(err)
	}
	want := []string{"linux-user ", "container-process pts0", "container-process ", "linux-user "}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", got, want)
	}
}
