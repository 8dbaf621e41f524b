package auditd

// attaches reports whether the event is a call of ptrace that attaches to a process
// or writes into it; known is false if it is none. Rules ask for it rather than for
// a0, which differs with every call of any other kind.
func (rd *reading) attaches() (attaches, known bool) {
	if rd.syscall != "ptrace" {
		return false, false
	}
	if request, ok := rd.register(idA0); ok {
		switch request {
		case ptracePokeText, ptracePokeData, ptracePokeUser, ptraceAttach, ptraceSeize:
			return true, true
		}
		return false, true
	}
	switch string(rd.g.value(rd.sys, idA0)) { // as "ausearch -i" prints it
	case "PTRACE_POKETEXT", "PTRACE_POKEDATA", "PTRACE_POKEUSER", "PTRACE_ATTACH", "PTRACE_SEIZE":
		return true, true
	case "":
		return false, false
	}
	return false, true
}

// Requests of ptrace (linux/ptrace.h).
const (
	ptracePokeText = 4
	ptracePokeData = 5
	ptracePokeUser = 6
	ptraceAttach   = 16
	ptraceSeize    = 0x4206
)
