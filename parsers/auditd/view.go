package auditd

import (
	"bytes"
	"strconv"
)

// A recordView is one record as rules for auditd see it: its own fields, and
// those of the event's SYSCALL record that it does not have itself. The
// registers a0 to a3 are never lent: an EXECVE would seem to have arguments.
type recordView struct {
	rd      *reading
	columns []column
	at      int // its place in the event
}

func (v *recordView) record() *record { return &v.rd.g.recs[v.at] }

// Values implements parsers.Fields.
func (v *recordView) Values(dst [][]byte, field int) [][]byte {
	c, rd, rec := v.columns[field], v.rd, v.record()
	rd.ready()
	switch c.special {
	case theType:
		return append(dst, rd.g.typeName(rec))
	case theSyscall:
		return rd.syscallValues(dst, rd.lender(rec, idSyscall))
	case theSyscallName:
		return rd.syscallName(dst, rd.lender(rec, idSyscall))
	case theArch:
		return rd.archName(dst, rd.lender(rec, idArch))
	case theKeys:
		return rd.keys(dst, rd.lender(rec, idKey))
	case theID:
		return rd.idName(dst, rd.lender(rec, c.numeric), c)
	case theCmdline, theCommandLine:
		if rec.is(typeExecve) {
			return appendSome(dst, rd.commandLine())
		}
	}
	if c.arg >= 0 && rec.is(typeExecve) {
		if argv := rd.arguments(); c.arg < len(argv) {
			return append(dst, argv[c.arg])
		}
		return dst
	}
	n := len(dst)
	if dst = rd.all(dst, rec, c.id); len(dst) == n {
		if r := rd.lender(rec, c.id); r != rec {
			dst = rd.all(dst, r, c.id)
		}
	}
	return dst
}

// Keywords implements parsers.Fields: every decoded value of the record, and
// the command line of an EXECVE.
func (v *recordView) Keywords(dst [][]byte) [][]byte {
	rd, rec := v.rd, v.record()
	rd.ready()
	dst = append(dst, rd.g.typeName(rec))
	if rec.is(typeExecve) {
		dst = append(dst, rd.arguments()...)
		return appendSome(dst, rd.commandLine())
	}
	fields := rd.g.of(rec)
	for i := range fields {
		switch f := &fields[i]; {
		case f.id == idKey:
			dst = appendKeys(dst, rd.value(rec, f))
		default:
			dst = append(dst, rd.value(rec, f))
		}
	}
	return dst
}

func appendSome(dst [][]byte, value []byte) [][]byte {
	if value == nil {
		return dst
	}
	return append(dst, value)
}

// all appends every value of that name in a record: a second one must not hide
// the first, nor the first the second.
func (rd *reading) all(dst [][]byte, r *record, id nameID) [][]byte {
	if r == nil || id == idNone {
		return dst
	}
	if r.stencil != nil {
		return appendSome(dst, r.stencil.value(rd.g, r, id))
	}
	fields := rd.g.of(r)
	if r.shape != nil && !r.shape.repeated {
		if i := r.shape.first[id]; i > 0 {
			dst = append(dst, rd.value(r, &fields[i-1]))
		}
		return dst
	}
	for i := range fields {
		if fields[i].id == id {
			dst = append(dst, rd.value(r, &fields[i]))
		}
	}
	return dst
}

// lender is the record whose field of that name counts for r: r itself if it
// has one, else the SYSCALL record, for what that lends.
func (rd *reading) lender(r *record, id nameID) *record {
	if rd.sys == nil || r == rd.sys || (id >= idA0 && id <= idItems) || rd.g.has(r, id) {
		return r
	}
	return rd.sys
}

// syscallValues are the number of the system call and its name.
func (rd *reading) syscallValues(dst [][]byte, r *record) [][]byte {
	number := rd.g.value(r, idSyscall)
	dst = appendSome(dst, number)
	if name := rd.syscallOf(r); name != "" && name != string(number) {
		dst = append(dst, rd.text(name))
	}
	return dst
}

// syscallOf names the system call of a record, which may be a SECCOMP record
// with a call of its own.
func (rd *reading) syscallOf(r *record) string {
	if r == rd.sys && r != nil {
		return rd.syscall
	}
	n, ok := decimal(rd.g.value(r, idSyscall))
	if !ok {
		return ""
	}
	return syscallName(readArch(rd.g.value(r, idArch)), n)
}

func (rd *reading) syscallName(dst [][]byte, r *record) [][]byte {
	n := len(dst)
	if dst = rd.all(dst, r, idSYSCALL); len(dst) > n {
		return dst
	}
	if name := rd.syscallOf(r); name != "" {
		dst = append(dst, rd.text(name))
	}
	return dst
}

func (rd *reading) archName(dst [][]byte, r *record) [][]byte {
	n := len(dst)
	if dst = rd.all(dst, r, idARCH); len(dst) > n {
		return dst
	}
	if name := readArch(rd.g.value(r, idArch)).name(); name != "" {
		dst = append(dst, rd.text(name))
	}
	return dst
}

func (rd *reading) keys(dst [][]byte, r *record) [][]byte {
	n := len(dst)
	dst = rd.all(dst, r, idKey)
	for i := n; i < len(dst); i++ {
		if bytes.IndexByte(dst[i], keyMark) >= 0 {
			found := append([][]byte(nil), dst[n:]...)
			dst = dst[:n]
			for _, value := range found {
				dst = appendKeys(dst, value)
			}
			break
		}
	}
	return dst
}

var (
	root     = []byte("root")
	unset    = []byte("unset")
	wordTrue = []byte("true")
)

// idName says who an id stands for: the name that the machine itself wrote
// down, else the two that are the same on every machine, else the number. The
// accounts of the machine that reads the log are none of its business.
func (rd *reading) idName(dst [][]byte, r *record, c column) [][]byte {
	n := len(dst)
	if dst = rd.all(dst, r, c.id); len(dst) == n {
		dst = rd.all(dst, r, c.numeric)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = knownID(dst[i])
	}
	return dst
}

func knownID(id []byte) []byte {
	switch id = numberOf(id); {
	case string(id) == "0":
		return root
	case unsetID(id):
		return unset
	}
	return id
}

var noAccount = []byte("unknown(")

// numberOf is the number in what auditd and ausearch write for an id of which the machine
// has no account, as it has none of most that containers run as: unknown(101). Any other
// id it is itself.
func numberOf(id []byte) []byte {
	if !bytes.HasPrefix(id, noAccount) || id[len(id)-1] != ')' {
		return id
	}
	number := id[len(noAccount) : len(id)-1]
	for _, c := range number {
		if c < '0' || c > '9' {
			return id
		}
	}
	if len(number) == 0 {
		return id
	}
	return number
}

// text puts a string among the values.
func (rd *reading) text(s string) []byte {
	at := len(rd.scratch)
	rd.scratch = append(rd.scratch, s...)
	return rd.scratch[at:len(rd.scratch):len(rd.scratch)]
}

func (rd *reading) integer(n int64) []byte {
	at := len(rd.scratch)
	rd.scratch = strconv.AppendInt(rd.scratch, n, 10)
	return rd.scratch[at:len(rd.scratch):len(rd.scratch)]
}
