package auditd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
)

// ausearch runs the tool of audit-userspace on a log; the test is skipped where
// it is not installed.
func ausearch(t *testing.T, log []byte, args ...string) []byte {
	t.Helper()
	tool, err := exec.LookPath("ausearch")
	if err != nil {
		t.Skip("no ausearch here")
	}
	file := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(file, log, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, append([]string{"-if", file}, args...)...)
	cmd.Env = []string{"LC_ALL=C", "TZ=UTC"}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ausearch: %v", err)
	}
	return out
}

// decodeBytes decodes a log and calls look for each event.
func decodeBytes(t *testing.T, log []byte, look func(*parsers.Event), fields ...string) {
	t.Helper()
	dec := newDecoder(optionsFor(fields...))
	emit := func(ev *parsers.Event) error { look(ev); return nil }
	for line := range bytes.SplitSeq(log, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		if err := dec.Decode(&parsers.Record{Data: line, Raw: line}, emit); err != nil {
			if _, ok := err.(*parsers.RecordError); !ok {
				t.Fatalf("%.100q: %v", line, err)
			}
		}
	}
	_ = dec.Flush(emit) // its notes need no record
}

// eventLog is a log with what tools disagree about: interleaving, codes,
// arguments with blanks, relative paths, sockets.
func eventLog() []byte {
	lines := []string{
		`type=SYSCALL msg=audit(1740823200.123:1): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=1 pid=2 auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="sh" exe="/bin/sh" key="k"`,
		`type=SYSCALL msg=audit(1740823200.124:2): arch=c000003e syscall=42 success=no exit=-115 a0=1 a1=2 a2=10 a3=4 items=0 ppid=1 pid=3 auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="curl" exe="/usr/bin/curl" key=(null)`,
		`type=EXECVE msg=audit(1740823200.123:1): argc=3 a0="sh" a1="-c" a2=636174202F6574632F736861646F77207C2078`,
		`type=SOCKADDR msg=audit(1740823200.124:2): saddr=02000050A9FEA9FE0000000000000000`,
		`type=CWD msg=audit(1740823200.123:1): cwd="/root"`,
		`type=PATH msg=audit(1740823200.123:1): item=0 name="/bin/sh" inode=1 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`,
		`type=PROCTITLE msg=audit(1740823200.124:2): proctitle="curl"`,
		`type=PROCTITLE msg=audit(1740823200.123:1): proctitle=7368002D6300636174`,
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

// TestSameEventsAsAusearch holds grouping and decoding to what ausearch makes
// of the same log, raw, in its default form and interpreted.
func TestSameEventsAsAusearch(t *testing.T) {
	log := eventLog()
	fields := []string{"argv", "cmdline", "cwd", "path", "sock.ip", "sock.port", "exe", "exit"}
	summary := func(log []byte) (out []string) {
		decodeBytes(t, log, func(ev *parsers.Event) {
			v := ev.Views[len(ev.Views)-1]
			text := fmt.Sprint(ev.Time.Format("15:04:05.000"), " ", len(ev.Raw), " ", string(ev.Facts.Action))
			for i, f := range fields {
				var parts []string
				for _, value := range v.Fields.Values(nil, i) {
					parts = append(parts, string(value))
				}
				if f == "exit" {
					parts = parts[max(0, len(parts)-1):] // the name, which all forms give
				}
				text += " " + f + "=" + strings.Join(parts, "|")
			}
			out = append(out, text)
		}, fields...)
		return out
	}
	want := summary(log)
	slices.Sort(want)
	for _, c := range []struct {
		name string
		args []string
	}{{"raw", []string{"--raw"}}, {"default", nil}, {"interpreted", []string{"-i"}}} {
		got := summary(ausearch(t, log, c.args...))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", c.name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
	}
}

// TestCorpusGroupsAsAusearch compares the number of records per event over the
// real logs that ausearch can read.
func TestCorpusGroupsAsAusearch(t *testing.T) {
	for _, name := range []string{
		"elastic+go-libaudit/testdata/normal.log", "elastic+go-libaudit/testdata/out_of_order.log",
		"elastic+go-libaudit/auparse/testdata/audit-ubuntu16.log", "log2timeline+plaso/test_data/audit_enriched.log",
	} {
		log, ok := corpusLogs(t)[filepath.FromSlash(name)]
		if !ok {
			t.Skip("not in this corpus")
		}
		ours := map[string]int{}
		decodeBytes(t, log, func(ev *parsers.Event) { ours[stampOf(ev.Raw[0])] += len(ev.Raw) })
		for block := range strings.SplitSeq(string(ausearch(t, log)), "----\n") {
			lines := strings.Split(strings.TrimSpace(block), "\n")
			if len(lines) < 2 {
				continue
			}
			id, n := stampOf([]byte(lines[1])), len(lines)-1
			if ours[id] < n {
				t.Errorf("%s: event %s has %d records, %d by ausearch", name, id, ours[id], n)
			}
		}
	}
}

func stampOf(line []byte) string {
	_, rest, _ := bytes.Cut(line, []byte("audit("))
	id, _, _ := bytes.Cut(rest, []byte(")"))
	return string(id)
}

// TestSyscallNamesAsAusyscall compares the tables that rules depend on.
func TestSyscallNamesAsAusyscall(t *testing.T) {
	tool, err := exec.LookPath("ausyscall")
	if err != nil {
		t.Skip("no ausyscall here")
	}
	// Names that the tool spells in its own way, or tables have aliases for.
	own := map[string]string{"pread": "pread64", "pwrite": "pwrite64", "newfstat": "fstat", "getdents": "getdents64",
		"sys_kexec_load": "kexec_load", "timerfd": "timerfd_create", "perf_counter_open": "perf_event_open"}
	for name, a := range map[string]arch{"x86_64": archX8664, "i386": archI386, "aarch64": archAArch64, "ppc64le": archPPC64LE, "s390x": archS390X} {
		out, err := exec.Command(tool, name, "--dump").Output()
		if err != nil {
			t.Fatal(err)
		}
		same := 0
		for line := range strings.SplitSeq(string(out), "\n") {
			var n uint64
			var want string
			if _, err := fmt.Sscanf(line, "%d\t%s", &n, &want); err != nil {
				continue
			}
			switch got := syscallName(a, n); {
			case got == want || got == own[want]:
				same++
			case got != "" && !strings.HasSuffix(want, "64") && !strings.Contains(want, "time64") && !strings.Contains(want, "fadvise") && !strings.Contains(want, "fstatat"):
				t.Errorf("%s: %d is %s, ausyscall says %s", name, n, got, want)
			}
		}
		if same < 300 {
			t.Errorf("%s: only %d names agree", name, same)
		}
	}
}
