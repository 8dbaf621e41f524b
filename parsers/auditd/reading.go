package auditd

import (
	"bytes"

	"tideline/parsers/internal/cmdline"
	"tideline/parsers/internal/intern"
)

// A reading is one finished event and everything worked out from it so far.
// Nothing is worked out before somebody asks, and nothing twice. It is reused
// for the next event.
type reading struct {
	g       *group
	names   *nameTable
	shapes  *shapes
	sys     *record // its SYSCALL record, nil if it has none
	arch    arch
	number  []byte // of the system call, as it stands
	syscall string // its name, "" if it is not known
	cwd     []byte

	scratch  []byte // values that were decoded or made
	pieces   []argument
	argv     [][]byte
	argsRead bool
	line     []byte
	lineRead bool
	sock     sockaddr
	sockRead bool
	cli      cmdline.Command
	cliRead  bool
	paths    []pathItem
	pathRead bool
	cwdRead  bool
	lineage  lineage
	label    labelMemo
	texts    intern.Table
	unread   bool // nothing was looked at yet: see ready
}

// begin turns to a group. Nothing of it is looked at before ready.
func (rd *reading) begin(g *group) {
	rd.g, rd.sys, rd.arch, rd.number, rd.syscall, rd.unread = g, nil, 0, nil, "", true
	rd.scratch, rd.argsRead, rd.lineRead, rd.sockRead, rd.cliRead, rd.pathRead, rd.cwdRead = rd.scratch[:0], false, false, false, false, false, false
	rd.cwd, rd.line, rd.lineage = nil, nil, lineage{}
	g.names, g.shapes = rd.names, rd.shapes
}

// ready reads what call the event is of, unless that was done.
func (rd *reading) ready() {
	if !rd.unread {
		return
	}
	rd.unread = false
	g := rd.g
	if rd.sys = g.record(typeSyscall); rd.sys == nil {
		return
	}
	if t := rd.sys.stencil; t != nil {
		if t.call == nil {
			rd.readCall(g)
			t.call = &call{rd.arch, rd.number, rd.syscall}
		}
		rd.arch, rd.number, rd.syscall = t.call.arch, t.call.number, t.call.name
	} else {
		rd.readCall(g)
	}
	if rd.syscall == "" && g.record(typeExecve) != nil {
		rd.syscall = "execve" // of an architecture without a table here; nothing else has that record
	}
}

func (rd *reading) readCall(g *group) {
	rd.arch = readArch(g.value(rd.sys, idArch))
	rd.number = g.value(rd.sys, idSyscall)
	if rd.syscall = rd.nameSyscall(); rd.syscall == "socketcall" {
		if n, ok := rd.register(idA0); ok && n < uint64(len(socketCalls)) && n > 0 {
			rd.syscall = socketCalls[n]
		}
	}
}

// readArch reads an architecture, as a number or as a name.
func readArch(s []byte) arch {
	switch string(s) {
	case "c000003e", "x86_64", "0xc000003e":
		return archX8664
	case "i386", "i686":
		return archI386
	case "aarch64":
		return archAArch64
	case "ppc64le":
		return archPPC64LE
	case "s390x":
		return archS390X
	case "riscv64":
		return archRISCV64
	case "armeb", "arm", "armv7l":
		return archARM
	}
	s = bytes.TrimPrefix(s, []byte("0x"))
	if len(s) == 0 || len(s) > 8 {
		return 0
	}
	n := uint32(0)
	for _, c := range s {
		d := nibbles[upper(c)]
		if d == notHex {
			return 0
		}
		n = n<<4 | uint32(d)
	}
	return arch(n)
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// nameSyscall names the system call: by its number, failing that by the name
// that the machine itself put into the record.
func (rd *reading) nameSyscall() string {
	if n, ok := decimal(rd.number); ok {
		if name := syscallName(rd.arch, n); name != "" {
			return name
		}
	} else if len(rd.number) > 0 {
		return callName(rd.number)
	}
	if name := rd.g.value(rd.sys, idSYSCALL); name != nil {
		return callName(name)
	}
	return ""
}

// callName gives the name of a system call as a shared string, or a copy. "ausearch
// -i" writes socketcall(connect).
func callName(name []byte) string {
	if inner, ok := bytes.CutPrefix(name, []byte("socketcall(")); ok {
		name = bytes.TrimSuffix(inner, []byte(")"))
	}
	for _, known := range [...]string{"execve", "execveat", "openat", "open", "connect", "clone", "fork", "vfork", "clone3", "unlink"} {
		if known == string(name) {
			return known
		}
	}
	return string(name)
}

// value is the value of a field, decoded.
func (rd *reading) value(r *record, f *field) []byte { return rd.g.decoded(r, f) }

// get is the first value of that name in a record, decoded; nil if absent.
func (rd *reading) get(r *record, id nameID) []byte {
	if r == nil {
		return nil
	}
	if r.stencil != nil {
		return r.stencil.value(rd.g, r, id)
	}
	f := rd.g.find(r, id)
	if f == nil {
		return nil
	}
	return rd.value(r, f)
}

// sysValue is a field of the SYSCALL record, or, in an event that has none, of
// the first record that has it.
func (rd *reading) sysValue(id nameID) []byte {
	if rd.sys != nil {
		return rd.get(rd.sys, id)
	}
	for i := range rd.g.recs {
		if v := rd.get(&rd.g.recs[i], id); v != nil {
			return v
		}
	}
	return nil
}

// exit is the exit value of the system call; ok is false if it has none.
func (rd *reading) exit() (n int64, ok bool) { return exitOf(rd.g.value(rd.sys, idExit)) }

func exitOf(s []byte) (n int64, ok bool) {
	neg := len(s) > 0 && s[0] == '-'
	if neg {
		s = s[1:]
	}
	if n, digits := decimal(s); digits {
		if neg {
			return -int64(n), true
		}
		return int64(n), true
	}
	name, _, _ := bytes.Cut(s, []byte("(")) // "EACCES(Permission denied)"
	for n, known := range errnos {
		if known != "" && known == string(name) {
			return int64(-n), true
		}
	}
	return 0, false
}

// register reads a0 to a3 of the SYSCALL record: hexadecimal without a mark.
func (rd *reading) register(id nameID) (uint64, bool) { return hexadecimal(rd.g.value(rd.sys, id)) }

// hexadecimal reads a number of at most 16 digits, with or without 0x.
func hexadecimal(s []byte) (uint64, bool) {
	s = bytes.TrimPrefix(s, []byte("0x"))
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	n := uint64(0)
	for _, c := range s {
		d := nibbles[upper(c)]
		if d == notHex {
			return 0, false
		}
		n = n<<4 | uint64(d)
	}
	return n, true
}

// unsetID is an id that was never set: (uid_t)-1, in the spellings of kernels
// and tools.
func unsetID(s []byte) bool {
	switch string(s) {
	case "4294967295", "-1", "unset":
		return true
	}
	return false
}

// deleted is what the kernel puts behind the path of a file that is gone.
var deleted = []byte(" (deleted)")

// base is what stands behind the last slash.
func base(path []byte) []byte {
	path = bytes.TrimSuffix(path, deleted)
	return path[bytes.LastIndexByte(path, '/')+1:]
}

// absent reports whether a text says that there is no value.
func absent(s []byte) bool {
	switch string(s) {
	case "", "?", "(null)", "(none)", "(unknown)":
		return true
	}
	return false
}
