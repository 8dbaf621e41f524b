package auditd

import (
	"bytes"

	"tideline/parsers"
)

// outcome of a system call. A connect that is still under way is logged as a
// failure, and is none: every program that does not block connects that way.
func (rd *reading) outcome() parsers.Outcome {
	switch string(rd.g.value(rd.sys, idSuccess)) {
	case "yes":
		return parsers.Allowed
	case "no":
		switch n, _ := rd.exit(); n {
		case exitPerm, exitAccess:
			return parsers.Denied
		case exitInProgress:
			return parsers.Unknown
		}
		return parsers.Failed
	}
	return parsers.Unknown
}

// result is the outcome that a record tells which is no SYSCALL record.
func (rd *reading) result(r *record) parsers.Outcome {
	switch {
	case r.is(typeAVC) || r.is(typeUserAVC):
		return rd.avcOutcome(r)
	case r.is(typeSeccomp):
		return rd.seccompOutcome(r)
	}
	switch string(rd.firstOf(idRes, idResult, idSuccess)) {
	case "success", "1", "yes":
		return parsers.Allowed
	case "failed", "0", "no":
		if r.is(typeUserAuth) || r.is(typeUserLogin) || r.is(typeUserCmd) {
			return parsers.Denied
		}
		if n, _ := exitOf(rd.g.value(r, idExit)); n == exitPerm || n == exitAccess {
			return parsers.Denied
		}
		return parsers.Failed
	}
	return parsers.Unknown
}

// Actions of a seccomp filter (linux/seccomp.h). Those below seccompNotif keep the
// call from happening, those from seccompLog on let it happen, and between them
// somebody else decides; but seccompKill, which is a negative number there, is the
// strictest of all.
const (
	seccompNotif = 0x7fc00000
	seccompLog   = 0x7ffc0000
	seccompKill  = 0x80000000
)

// seccompOutcome reads the action of a filter, as a number or as ausearch names it.
func (rd *reading) seccompOutcome(r *record) parsers.Outcome {
	code := rd.g.value(r, idCode)
	switch string(code) {
	case "kill", "kill-process", "kill-thread", "trap", "errno":
		return parsers.Denied
	case "log", "allow":
		return parsers.Allowed
	}
	n, ok := hexadecimal(code)
	switch {
	case !ok || n >= seccompNotif && n < seccompLog || n > seccompKill:
		return parsers.Unknown
	case n >= seccompLog && n < seccompKill:
		return parsers.Allowed
	}
	return parsers.Denied
}

func (rd *reading) firstOf(ids ...nameID) []byte {
	for _, id := range ids {
		if v := rd.sysValue(id); v != nil {
			return v
		}
	}
	return nil
}

// avcOutcome reads "avc:  denied  { read } for" and apparmor="DENIED". Of the first,
// laurel makes a list called denied. What is denied to a permissive domain happens.
func (rd *reading) avcOutcome(r *record) parsers.Outcome {
	rd.g.restore(r)
	if string(rd.g.value(r, idPermissive)) == "1" {
		return parsers.Allowed
	}
	if r.form == readForm {
		for _, f := range rd.g.of(r) {
			switch name, value := string(rd.g.text(f.name)), string(rd.g.text(f.value)); {
			case name == "denied", name == "apparmor" && value == "DENIED":
				return parsers.Denied
			case name == "granted", name == "apparmor" && value == "ALLOWED":
				return parsers.Allowed
			}
		}
		return parsers.Unknown
	}
	body := rd.g.text(r.body)
	switch {
	case bytes.Contains(body, []byte("denied")), bytes.Contains(body, []byte(`"DENIED"`)):
		return parsers.Denied
	case bytes.Contains(body, []byte("granted")), bytes.Contains(body, []byte(`"ALLOWED"`)):
		return parsers.Allowed
	}
	return parsers.Unknown
}
