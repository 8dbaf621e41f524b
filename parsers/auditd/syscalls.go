package auditd

//go:generate go run gen.go

// An arch is an AUDIT_ARCH_ value of linux/audit.h: an ELF machine with flags
// for 64 bits and little endian.
type arch uint32

const (
	arch64     arch = 0x80000000
	archLittle arch = 0x40000000

	archI386    arch = 0x40000003
	archX8664   arch = 0xc000003e
	archARM     arch = 0x40000028
	archAArch64 arch = 0xc00000b7
	archPPC64LE arch = 0xc0000015
	archPPC64   arch = 0x80000015
	archRISCV64 arch = 0xc00000f3
	archS390X   arch = 0x80000016
)

// name is the architecture as auditd's ENRICHED format spells it; "" if it is
// not known.
func (a arch) name() string {
	switch a {
	case archI386:
		return "i386"
	case archX8664:
		return "x86_64"
	case archARM:
		return "arm"
	case archAArch64:
		return "aarch64"
	case archPPC64LE:
		return "ppc64le"
	case archPPC64:
		return "ppc64"
	case archRISCV64:
		return "riscv64"
	case archS390X:
		return "s390x"
	}
	return ""
}

// x32 marks the calls of the x32 ABI of x86_64 (asm/unistd.h).
const x32 = 0x40000000

// syscallName names a system call of an architecture; "" if it has none. Only
// what the record says decides: 32-bit calls of a 64-bit machine have their
// own table.
func syscallName(a arch, n uint64) string {
	if a == archX8664 {
		n &^= x32
	}
	table := syscallTable(a)
	if n >= uint64(len(table)) {
		return ""
	}
	return table[n]
}

func syscallTable(a arch) []string {
	switch a {
	case archI386:
		return syscalls386[:]
	case archX8664:
		return syscallsAmd64[:]
	case archARM:
		return syscallsArm[:]
	case archAArch64:
		return syscallsArm64[:]
	case archPPC64LE, archPPC64:
		return syscallsPpc64le[:]
	case archRISCV64:
		return syscallsRiscv64[:]
	case archS390X:
		return syscallsS390x[:]
	}
	return nil
}

// errnoName names the error of a negative exit value; "" if there is none.
func errnoName(exit int64) string {
	if exit >= 0 || -exit >= int64(len(errnos)) {
		return ""
	}
	return errnos[-exit]
}

// Exit values that decide an outcome (asm-generic/errno-base.h, errno.h; the
// same on every architecture above).
const (
	exitPerm       = -1   // EPERM
	exitAccess     = -13  // EACCES
	exitInProgress = -115 // EINPROGRESS: a connect that goes on
)

// isExec and isFork recognise the system calls that views and the process table are
// made of.
func isExec(name string) bool { return name == "execve" || name == "execveat" }

func isFork(name string) bool {
	switch name {
	case "fork", "vfork", "clone", "clone3":
		return true
	}
	return false
}

// socketCalls are the calls that go through socketcall, as C libraries of 32-bit x86
// and of s390x make them, by their number in a0 (linux/net.h).
var socketCalls = [...]string{1: "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send",
	"recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg"}
