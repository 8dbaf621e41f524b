package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// An auditLog writes raw audit records as the kernel and auditd 3 do: for an
// event described by Sigma's field names, the records of which it would be made.
type auditLog struct {
	bytes.Buffer
	serial int
}

// An auditRecord is the type of an audit record and what stands behind its stamp.
type auditRecord struct{ kind, rest string }

// event writes records of one serial number.
func (l *auditLog) event(records ...auditRecord) {
	l.serial++
	for _, r := range records {
		fmt.Fprintf(l, "type=%s msg=audit(1773136800.%03d:%d): %s\n", r.kind, l.serial%1000, 4000+l.serial, r.rest)
	}
}

// encode writes an untrusted text as the kernel does: in quotes, or in
// hexadecimal where a byte might be taken for something else.
func encode(s string) string {
	for i := range len(s) {
		if s[i] < 0x21 || s[i] > 0x7e || s[i] == '"' {
			return strings.ToUpper(hex.EncodeToString([]byte(s)))
		}
	}
	return `"` + s + `"`
}

// numbers of the system calls that public rules name, on x86_64.
var numbers = map[string]int{"connect": 42, "execve": 59, "execveat": 322, "memfd_create": 319, "mknod": 133, "openat": 257,
	"personality": 135, "socket": 41, "sysinfo": 99, "syslog": 103}

// A fields is an event by Sigma's names.
type fields map[string]string

// or is the value of a field, or what stands for one that does not matter.
func (f fields) or(name, other string) string {
	if v := f[name]; v != "" {
		return v
	}
	return other
}

// syscall is the record that opens an event.
func (f fields) syscall(call string, pid, ppid int, exe string) auditRecord {
	number, ok := numbers[strings.ToLower(call)]
	if !ok {
		number = 2
	}
	uid, enriched := f.or("uid", f.or("LogonId", "0")), ""
	if user := f["User"]; user != "" && user != "root" {
		enriched = fmt.Sprintf("\x1dARCH=x86_64 SYSCALL=%s AUID=\"%s\" UID=\"%s\"", call, user, user)
	}
	comm := exe[strings.LastIndexByte(exe, '/')+1:]
	return auditRecord{"SYSCALL", fmt.Sprintf("arch=c000003e syscall=%d success=yes exit=0 a0=%s a1=%s a2=%s a3=%s items=2 ppid=%d pid=%d auid=1000 uid=%s gid=0 euid=%s suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=%s exe=%s key=%s%s",
		number, f.register("a0"), f.register("a1"), f.register("a2"), f.register("a3"), ppid, pid, uid, f.or("euid", uid),
		encode(f.or("comm", comm[:min(len(comm), 15)])), encode(exe), keyOf(f["key"]), enriched)}
}

func keyOf(key string) string {
	if key == "" {
		return "(null)"
	}
	return encode(key)
}

// register is an argument of a system call; those of execve are addresses.
func (f fields) register(name string) string {
	if f["type"] == "SYSCALL" {
		return f.or(name, "0")
	}
	return "55d0c0ffee"
}

// execve is the record of a command's arguments.
func execve(argv []string) auditRecord {
	var b strings.Builder
	fmt.Fprintf(&b, "argc=%d", len(argv))
	for i, a := range argv {
		fmt.Fprintf(&b, " a%d=%s", i, encode(a))
	}
	return auditRecord{"EXECVE", b.String()}
}

// exec is a process that starts.
func (l *auditLog) exec(f fields, pid, ppid int, exe, command, dir string) {
	l.event(f.syscall("execve", pid, ppid, exe), execve(strings.Split(command, " ")), auditRecord{"CWD", "cwd=" + encode(dir)},
		auditRecord{"PATH", "item=0 name=" + encode(exe) + " inode=7 dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"},
		auditRecord{"PROCTITLE", "proctitle=" + strings.ToUpper(hex.EncodeToString([]byte(strings.ReplaceAll(command, " ", "\x00"))))})
}

// process is a view of process_creation: the parent starts, then the process.
func (l *auditLog) process(f fields) {
	if f["ParentImage"] != "" || f["ParentCommandLine"] != "" {
		image := f.or("ParentImage", "/usr/bin/parent")
		l.exec(fields{}, 700, 1, image, f.or("ParentCommandLine", image), "/")
	}
	l.exec(f, 701, 700, f.or("Image", "/usr/bin/other"), f.or("CommandLine", "other"), f.or("CurrentDirectory", "/"))
}

// file is a view of file_event: a file that comes into being.
func (l *auditLog) file(f fields) {
	l.event(f.syscall("openat", 701, 700, f.or("Image", "/usr/bin/other")), auditRecord{"CWD", `cwd="/"`},
		auditRecord{"PATH", "item=1 name=" + encode(f["TargetFilename"]) + " inode=8 dev=fd:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=CREATE"})
}

// connection is a view of network_connection.
func (l *auditLog) connection(f fields) error {
	addr, err := netip.ParseAddr(f.or("DestinationIp", "203.0.113.9"))
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(f.or("DestinationPort", "443"))
	if err != nil {
		return err
	}
	saddr := fmt.Sprintf("0200%04X%X0000000000000000", port, addr.AsSlice())
	if addr.Is6() {
		saddr = fmt.Sprintf("0A00%04X00000000%X00000000", port, addr.AsSlice())
	}
	l.event(f.syscall("connect", 701, 700, f.or("Image", "/usr/bin/other")), auditRecord{"SOCKADDR", "saddr=" + saddr})
	return nil
}

// single is a rule's view of one record: of the type that it names, or of the
// one that has the fields it names.
func (l *auditLog) single(f fields) {
	exe := f.or("exe", "/usr/bin/other")
	switch kind := strings.ToUpper(f["type"]); kind {
	case "SYSCALL":
		f["type"] = kind
		l.event(f.syscall(f.or("SYSCALL", "openat"), 701, 700, exe))
	case "PATH":
		l.event(f.syscall("openat", 701, 700, exe), auditRecord{"CWD", `cwd="/"`},
			auditRecord{"PATH", "item=0 name=" + encode(f["name"]) + " inode=9 dev=fd:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=" + f.or("nametype", "NORMAL")})
	case "EXECVE", "":
		f["type"] = "EXECVE"
		l.event(f.syscall("execve", 701, 700, exe), execve(f.arguments()))
	default:
		l.event(auditRecord{kind, "pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=" + f.or("unit", "x") + ` comm="other" exe="/usr/bin/other" hostname=? addr=? terminal=? res=success'`})
	}
}

// arguments are the argv that has the fields a0, a1, ..., and the words that
// keywords look for.
func (f fields) arguments() []string {
	var argv []string
	for i := range 9 {
		if v, ok := f["a"+strconv.Itoa(i)]; ok {
			for len(argv) < i {
				argv = append(argv, "x")
			}
			argv = append(argv, v)
		}
	}
	if text := f["message"]; text != "" {
		argv = append(argv, strings.Split(text, " ")...)
	}
	if len(argv) == 0 {
		argv = []string{"x"}
	}
	return argv
}
