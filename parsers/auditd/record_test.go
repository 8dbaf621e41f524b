package auditd

import (
	"slices"
	"strings"
	"testing"
)

const sys = `type=SYSCALL msg=audit(1.5:9): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f a2=241 a3=1b6 items=1 ppid=1 pid=2 auid=4294967295 uid=1000 gid=0 euid=0 tty=(none) ses=4294967295 comm="x" exe="/bin/x" key=(null)`

// pathLine is a line of a PATH record of that call.
func pathLine(nametype, name string) string {
	if nametype != "" {
		nametype = " nametype=" + nametype
	}
	return "\n" + `type=PATH msg=audit(1.5:9): name="` + name + `"` + nametype
}

// ptrace is sys as a call of ptrace with that register.
func ptrace(a0 string) string {
	return strings.NewReplacer("syscall=257", "syscall=101", "a0=ffffff9c", a0).Replace(sys)
}

func TestRecordValues(t *testing.T) {
	cases := []struct{ name, line, field, want string }{
		{"quoted hex stays", `type=SYSCALL msg=audit(1.5:9): comm="6365" exe="/x"`, "comm", "6365"},
		{"bare hex is decoded", `type=SYSCALL msg=audit(1.5:9): comm=6365727462 exe="/x"`, "comm", "certb"},
		{"a number is never decoded", `type=SYSCALL msg=audit(1.5:9): uid=1000 pid=4142`, "uid", "1000"},
		{"old account without quotes", `type=USER_ACCT msg=audit(1.5:9): user pid=1 uid=0 msg='PAM: accounting acct=4142 : exe="/x"'`, "acct", "4142"},
		{"account in code", `type=USER_ACCT msg=audit(1.5:9): pid=1 msg='op=x acct=6120622E res=failed'`, "acct", "a b."},
		{"null as text", sys, "key", "(null)"},
		{"two keys", `type=SYSCALL msg=audit(1.5:9): key=6101620163`, "key", "a|b|c"},
		{"call by number and name", sys, "syscall", "257|openat"},
		{"call's name made", sys, "SYSCALL", "openat"},
		{"32-bit call on a 64-bit machine", `type=SYSCALL msg=audit(1.5:9): arch=40000003 syscall=11`, "SYSCALL", "execve"},
		{"call's name as logged", `type=SYSCALL msg=audit(1.5:9): arch=c000003e syscall=17` + "\x1dARCH=x86_64 SYSCALL=pread", "SYSCALL", "pread"},
		{"arch's name made", sys, "ARCH", "x86_64"},
		{"id without a name", sys, "UID", "1000"},
		{"root", sys, "EUID", "root"},
		{"unset", sys, "AUID", "unset"},
		{"registers as they are", sys, "a2", "241"},
		{"lost separator after a word", `type=SYSCALL msg=audit(1.5:9): uid=0 key=(null)ARCH=x86_64 SYSCALL=x UID="bob"`, "UID", "bob"},
		{"lost separator leaves the value", `type=SYSCALL msg=audit(1.5:9): uid=0 key=(null)ARCH=x86_64`, "key", "(null)"},
		{"lost separator after a quote", `type=SYSCALL msg=audit(1.5:9): key="a"ARCH=x86_64`, "ARCH", "x86_64"},
		{"lost separator after hex", `type=SOCKADDR msg=audit(1.5:9): saddr=01002F7DSADDR={ fam=local path=/} }`, "saddr", "01002F7D"},
		{"spelled as text", `type=PATH msg=audit(1.5:9): name="/x" cap_frootid=0OUID="root" OGID="root"`, "cap_frootid", "0"},
		{"capability suffix", `type=PATH msg=audit(1.5:9): name="/x" ouid=0 cap_frootid=0OUID="ann"`, "OUID", "ann"},
		{"nested", `type=SERVICE_STOP msg=audit(1.5:9): pid=1 uid=0 msg='unit=firewalld comm="systemd" exe="/x" res=success'`, "unit", "firewalld"},
		{"nested with apostrophes", `type=USER_AUTH msg=audit(1.5:9): pid=5 msg='op=a acct="p('x')/>" exe="/y" res=failed'UID="root"`, "acct", "p('x')/>"},
		{"result behind nested", `type=USER_AUTH msg=audit(1.5:9): pid=5 msg='op=a acct="p('x')/>" exe="/y" res=failed'UID="root"`, "res", "failed"},
		{"both occurrences", `type=USER msg=audit(1.5:9): pid=5 msg='pid=6 x=1'`, "pid", "5|6"},
		{"command of sudo", `type=USER_CMD msg=audit(1.5:9): pid=5 msg='cwd="/" cmd=6C73202D6C terminal=? res=success'`, "cmd", "ls -l"},
		{"daemon without colon", `type=DAEMON_START msg=audit(1490239800.477:34) config changed, auid=0 pid=3`, "auid", "0"},
		{"old auid", `type=LOGIN msg=audit(1.5:9): login pid=3 uid=0 old auid=4294967295 new auid=7`, "auid", "7"},
		{"avc", `type=AVC msg=audit(1.5:9): avc:  denied  { read } for  pid=3 comm="p" name="m" dev=hda7`, "name", "m"},
		{"numeric type", `type=1300 msg=audit(1.5:9): comm="x"`, "type", "SYSCALL"},
		{"unknown type with number", `type=UNKNOWN[1337] msg=audit(1.5:9): oflag=02`, "type", "OPENAT2"},
		{"type without a name", `type=UNKNOWN[1999] msg=audit(1.5:9): x=1`, "type", "UNKNOWN[1999]"},
		{"syslog", `<13>Mar  1 10:00:00 host audispd: type=PATH msg=audit(1.5:9): name="/x"`, "name", "/x"},
		{"grep", `/var/log/audit/audit.log.1:type=PATH msg=audit(1.5:9): name="/x"`, "type", "PATH"},
		{"grep with numbers", `audit.log:17:type=PATH msg=audit(1.5:9): name="/x"`, "type", "PATH"},
		{"lines around what grep found", `audit.log-node=h type=PATH msg=audit(1.5:9): name="/x"`, "type", "PATH"},
		{"a name that ends in type", `x subtype=PATH msg=audit(1.5:9): name="/x"`, "type", ""},
		{"kernel", `Mar  1 10:00:00 host kernel: [12.3] audit: type=1302 audit(1.5:9): name="/x"`, "name", "/x"},
		{"journal text", `Mar 01 10:00:00 host audit[12]: PATH item=0 name="/x"`, "name", "/x"},
		{"interpreted", `type=PATH msg=audit(03/01/2025 10:00:00.123:42) : item=0 name=/a b=c d inode=3 nametype=NORMAL`, "name", "/a b=c d"},
		{"interpreted arguments", `type=EXECVE msg=audit(01.03.2025 10:00:00.123:42) : argc=3 a0=sh a1=-c a2=x y=z | w `, "a2", "x y=z | w"},
		{"title", `type=PROCTITLE msg=audit(1.5:9): proctitle=636174002F6100`, "proctitle", "cat /a"},
		{"cut off within a code", `type=PROCTITLE msg=audit(1.5:9): proctitle=` + strings.Repeat("41", 20) + "4", "proctitle", strings.Repeat("A", 20)},
		{"cut off within quotes", `type=CWD msg=audit(1.5:9): cwd="/ro`, "cwd", "/ro"},
		{"go-audit", `{"sequence":42,"timestamp":"1740823200.123","messages":[{"type":1300,"data":"arch=c000003e syscall=59 uid=0 exe=\"/x\""}],"uid_map":{"0":"root"}}`, "SYSCALL", "execve"},
		{"journal JSON", `{"_AUDIT_TYPE":"1302","_AUDIT_ID":"42","_SOURCE_REALTIME_TIMESTAMP":"1740823200123000","MESSAGE":"PATH item=0 name=\"/x\""}`, "name", "/x"},
		{"auditbeat from lines", `{"@timestamp":"2025-03-01T10:00:00.123Z","event":{"sequence":4},"auditd":{"messages":["type=PATH msg=audit(1.5:9): name=\"/x\""]}}`, "name", "/x"},
	}
	for _, c := range cases {
		got := values(t, c.line, "auditd", c.field)
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestEventValues(t *testing.T) {
	exec := "\n" + `type=EXECVE msg=audit(1.5:9): `
	sysExec := strings.Replace(sys, "syscall=257", "syscall=59", 1)
	cases := []struct{ name, lines, field, want string }{
		{"arguments over records", sysExec + exec + `argc=3 a0="sh" a1_len=8 a1[0]="abcd"` + exec + `a1[1]="ef" a1[2]=6768` + exec + `a2="z"`, "argv", "sh|abcdefgh|z"},
		{"last record first", exec[1:] + `a1[1]="cd" a2="z"` + exec + `argc=3 a0="sh" a1_len=4 a1[0]="ab"` + "\n" + sysExec, "argv", "sh|abcd|z"},
		{"arguments in any order", sysExec + exec + `argc=4 a3="d" a1_len=4 a1[1]="cd" a1[0]="ab" a0="sh" a2="c"`, "argv", "sh|abcd|c|d"},
		{"names of no argument", sysExec + exec + `argc=1 a="q" a1x="q" a1[="q" a1]="q" a1[0="q" a1[]="q" a1[0]x="q" a123456789="q" ab0="q" b0="q" a1_len=9 a0="sh"`, "argv", "sh"},
		{"so many arguments may be missing", sysExec + exec + `argc=2 a0="sh" a300="x"`, "argv", "sh" + strings.Repeat("|", maxMissing+1) + "x"},
		{"empty arguments are left out by the kernel", sysExec + exec + `argc=4 a0="sh" a3="x"`, "argv", "sh|||x"},
		{"count that lies", sysExec + exec + `argc=4294967295 a0="sh"`, "cmdline", "sh"},
		{"argument far away", sysExec + exec + `argc=2 a0="sh" a99999999="x"`, "argv0", "sh"},
		{"title only as a fallback", sysExec + exec + `argc=1 a0="sh"` + "\n" + `type=PROCTITLE msg=audit(1.5:9): proctitle="forged"`, "CommandLine", "sh"},
		{"arguments of the title", sysExec + "\n" + `type=PROCTITLE msg=audit(1.5:9): proctitle=7368002D63006C73202D6C0000780000`, "argv", "sh|-c|ls -l||x"},
		{"words of the title", strings.Replace(sysExec, "exe=\"/bin/x\"", "exe=\"/usr/bin/kubectl\"", 1) + "\n" + `type=PROCTITLE msg=audit(1.5:9): proctitle=6B75626563746C002D6E006100676574007365637265747300`, "cli.verb", "get"},
		{"title of one word", sysExec + "\n" + `type=PROCTITLE msg=audit(1.5:9): proctitle="id"`, "argv", "id"},
		{"title that is none", sysExec + "\n" + `type=PROCTITLE msg=audit(1.5:9): proctitle=(null)`, "argv", ""},
		{"title, interpreted", strings.NewReplacer("syscall=59", "syscall=execve", "arch=c000003e", "arch=x86_64", "(1.5:9):", "(03/01/2025 10:00:00.123:9) :").Replace(sysExec) + "\n" +
			`type=PROCTITLE msg=audit(03/01/2025 10:00:00.123:9) : proctitle=kubectl get secrets `, "argv", "kubectl|get|secrets"},
		{"title of who failed to exec", strings.Replace(sysExec, "success=yes exit=3", "success=no exit=-2", 1) + "\n" + `type=PROCTITLE msg=audit(1.5:9): proctitle=2D62617368`, "CommandLine", ""},
		{"title of another call", sys + "\n" + `type=PROCTITLE msg=audit(1.5:9): proctitle=6C73002D6C`, "argv", ""},
		{"exec of an architecture without a table", strings.Replace(sysExec, "arch=c000003e syscall=59", "arch=c0000102 syscall=221", 1) + exec + `argc=2 a0="sh" a1="-c"`, "CommandLine", "sh -c"},
		{"name of such an exec", strings.Replace(sysExec, "arch=c000003e syscall=59", "arch=c0000102 syscall=221", 1) + exec + `argc=2 a0="sh" a1="-c"`, "syscall", "221|execve"},
		{"call through socketcall", strings.NewReplacer("arch=c000003e syscall=257", "arch=40000003 syscall=102", "a0=ffffff9c", "a0=3").Replace(sys), "syscall", "102|connect"},
		{"address through socketcall", strings.NewReplacer("arch=c000003e syscall=257", "arch=80000016 syscall=102", "a0=ffffff9c", "a0=3").Replace(sys) + "\n" + `type=SOCKADDR msg=audit(1.5:9): saddr=00020050A9FEA9FE0000000000000000`, "sock.ip", "169.254.169.254"},
		{"call through socketcall, interpreted", `type=SYSCALL msg=audit(03/01/2025 10:00:00.123:9) : arch=i386 syscall=socketcall(connect) success=yes a0=connect `, "SYSCALL", "connect"},
		{"open to write, interpreted", `type=SYSCALL msg=audit(03/01/2025 10:00:00.123:9) : arch=x86_64 syscall=openat success=yes a0=AT_FDCWD a1=0x7f a2=O_WRONLY|O_CREAT|O_TRUNC a3=0666 `, "open_write", "true"},
		{"open to read, interpreted", `type=SYSCALL msg=audit(03/01/2025 10:00:00.123:9) : arch=x86_64 syscall=open success=yes a0=0x7f a1=O_RDONLY|O_CLOEXEC `, "open_write", "false"},
		{"attached to a process", ptrace("a0=10"), "ptrace_attach", "true"},
		{"seized a process", ptrace("a0=4206"), "ptrace_attach", "true"},
		{"wrote into a process", ptrace("a0=5"), "ptrace_attach", "true"},
		{"asked to be traced", ptrace("a0=0"), "ptrace_attach", "false"},
		{"attached to a process, interpreted", ptrace("a0=PTRACE_ATTACH"), "ptrace_attach", "true"},
		{"went on with a process, interpreted", ptrace("a0=PTRACE_CONT"), "ptrace_attach", "false"},
		{"another call attaches to nothing", sys, "ptrace_attach", ""},
		{"title as a fallback", sysExec + "\n" + `type=PROCTITLE msg=audit(1.5:9): proctitle=6C73002D6C`, "CommandLine", "ls -l"},
		{"path joined with the working directory", sys + "\n" + `type=CWD msg=audit(1.5:9): cwd="/a/b"` + "\n" + `type=PATH msg=audit(1.5:9): item=0 name="../c/./d" nametype=NORMAL`, "path", "/a/c/d"},
		{"path above the root", sys + "\n" + `type=PATH msg=audit(1.5:9): name="/../../x" nametype=NORMAL`, "path", "/x"},
		{"path below its parent", sys + "\n" + `type=CWD msg=audit(1.5:9): cwd="/"` + "\n" + `type=PATH msg=audit(1.5:9): name="/etc/" nametype=PARENT` + "\n" + `type=PATH msg=audit(1.5:9): name="f" nametype=CREATE`, "path", "/etc/|/etc/f"},
		{"what a link leads to is not written", strings.Replace(sys, "syscall=257", "syscall=86", 1) + pathLine("NORMAL", "/a") + pathLine("PARENT", "/b/") + pathLine("CREATE", "/b/c"), "path.written", "/b/c"},
		{"what a symbolic link leads to", strings.Replace(sys, "syscall=257", "syscall=88", 1) + pathLine("UNKNOWN", "/a") + pathLine("PARENT", "/b/") + pathLine("CREATE", "/b/c"), "path.written", "/b/c"},
		{"both names of what is renamed", strings.Replace(sys, "syscall=257", "syscall=82", 1) + pathLine("PARENT", "/a/") + pathLine("DELETE", "/a/x") + pathLine("CREATE", "/b/x"), "path.written", "/a/x|/b/x"},
		{"opened to write", sys + pathLine("NORMAL", "/a"), "path.written", "/a"},
		{"opened to read", strings.Replace(sys, "a2=241", "a2=80000", 1) + pathLine("NORMAL", "/a"), "path.written", ""},
		{"given other rights", strings.Replace(sys, "syscall=257", "syscall=268", 1) + pathLine("NORMAL", "/a"), "path.written", "/a"},
		{"of a kernel that tells no type", strings.Replace(sys, "syscall=257", "syscall=76", 1) + pathLine("", "/a"), "path.written", "/a"},
		{"looked at", strings.Replace(sys, "syscall=257", "syscall=4", 1) + pathLine("NORMAL", "/a"), "path.written", ""},
		{"no name", sys + "\n" + `type=PATH msg=audit(1.5:9): name=(null) nametype=NORMAL`, "path", ""},
		{"opened for writing", sys, "open_write", "true"},
		{"registers are the call's", sysExec + exec + `argc=1 a0="sh"`, "a1", "7f"},
		{"error by number and name", strings.Replace(sys, "exit=3", "exit=-111", 1), "exit", "-111|ECONNREFUSED"},
		{"interpreted error", strings.Replace(sys, "exit=3", "exit=EACCES(Permission denied)", 1), "exit", "EACCES(Permission|-13|EACCES"},
		{"SELinux container", strings.Replace(sys, "key=", "subj=system_u:system_r:container_t:s0:c1,c2 key=", 1), "in_container", "true"},
	}
	for _, c := range cases {
		got := values(t, c.lines, "auditd_event", c.field)
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSockaddr(t *testing.T) {
	cases := []struct{ name, saddr, want string }{
		{"unix", "01002F7661722F72756E2F646F636B65722E736F636B00", "unix,,,/var/run/docker.sock"},
		{"garbage behind the path", "01002F61004142", "unix,,,/a"},
		{"abstract", "01000061620000", "unix,,,@ab"},
		{"unnamed", "0100", "unix,,,"},
		{"inet", "02000035080808080000000000000000", "inet,8.8.8.8,53,"},
		{"inet6", "0A0001BB0000000020010DB800000000000000000000000100000000", "inet6,2001:db8::1,443,"},
		{"mapped", "0A0001BB0000000000000000000000000000FFFF0102030400000000", "inet6,1.2.3.4,443,"},
		{"netlink", "100000000000000000000000", "netlink,,,"},
		{"no family", "00000000000000000000000000000000", "0,,,"},
		{"short inet", "02000035", "inet,,,"},
		{"short inet6", "0A0001BB00000000", "inet6,,,"},
		{"one byte", "02", ",,,"},
		{"interpreted", "{ saddr_fam=inet laddr=8.8.8.8 lport=53 }", "inet,8.8.8.8,53,"},
		{"interpreted by an older release", "inet host:8.8.8.8 serv:53", "inet,8.8.8.8,53,"},
		{"interpreted path by an older release", "local /run/x", "unix,,,/run/x"},
		{"interpreted path", "{ saddr_fam=local path=/a b }", "unix,,,/a b"},
	}
	for _, c := range cases {
		line := `type=SOCKADDR msg=audit(1.5:9): saddr=` + c.saddr
		if strings.ContainsAny(c.saddr, " ") {
			line = `type=SOCKADDR msg=audit(03/01/2025 10:00:00.123:42) : saddr=` + c.saddr
		}
		got := values(t, line, "auditd_event", "sock.family", "sock.ip", "sock.port", "sock.path")
		if strings.Join(got, ",") != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	big := strings.Replace(sys, "c000003e", "80000016", 1) + "\ntype=SOCKADDR msg=audit(1.5:9): saddr=000200507F000001"
	if got := values(t, big, "auditd_event", "sock.family", "sock.ip", "sock.port"); !slices.Equal(got, []string{"inet", "127.0.0.1", "80"}) {
		t.Errorf("big-endian machine: %q", got)
	}
}
