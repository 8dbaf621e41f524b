package auditd

import (
	"bytes"

	"tideline/parsers"
)

var (
	auidPrefix = []byte("auid=")
	uidPrefix  = []byte("uid=")

	kindCommand = []byte("command")
	kindPath    = []byte("file")
	kindSocket  = []byte("socket")
)

// fillFacts says what happened in the words that all formats share.
func (rd *reading) fillFacts(f *parsers.Facts) {
	rd.fillActor(f)
	f.Details = rd.types(f.Details)
	if exe := rd.sysValue(idExe); !absent(exe) {
		f.Agent = exe
	}
	if rd.sys == nil {
		rd.fillUserFacts(f)
		return
	}
	f.Action = rd.number
	if rd.syscall != "" {
		f.Action = rd.text(rd.syscall)
	}
	f.Outcome = rd.outcome()
	rd.fillTarget(f)
}

// otherType stands for the types that have no name here: who writes logs can
// make up any number of them.
var otherType = []byte("a type of no known name")

// types appends the type of every record, each once.
func (rd *reading) types(dst [][]byte) [][]byte {
	for i := range rd.g.recs {
		name := rd.g.recs[i].kind
		if name == nil {
			name = otherType
		}
		known := false
		for _, t := range dst {
			known = known || bytes.Equal(t, name)
		}
		if !known {
			dst = append(dst, name)
		}
	}
	return dst
}

// fillActor names the login user; failing one, the container or the user that
// the process runs as.
func (rd *reading) fillActor(f *parsers.Facts) {
	f.Actor = parsers.UnknownActor
	if ses := rd.sysValue(idSes); !absent(ses) && !unsetID(ses) {
		f.Session = ses
	}
	if auid := rd.sysValue(idAuid); !absent(auid) && !unsetID(auid) {
		f.Actor = parsers.LinuxUser
		f.Name = rd.person(auid, idAUID, auidPrefix)
		return
	}
	if rd.lineage.inside {
		f.Actor, f.Name = parsers.ContainerProcess, rd.lineage.container
		if len(f.Name) > 0 {
			return
		}
	}
	if uid := rd.sysValue(idUID); !absent(uid) {
		if !rd.lineage.inside {
			f.Actor = parsers.LinuxUser
		}
		f.Name = rd.person(uid, idUIDName, uidPrefix)
	}
}

// person is the name that the machine itself gave an id, or the id with a
// prefix that says which it is.
func (rd *reading) person(id []byte, name nameID, prefix []byte) []byte {
	if n := rd.sysValue(name); !absent(n) && string(n) != string(id) {
		return n
	}
	if id[0] < '0' || id[0] > '9' {
		return id // interpreted: a name already
	}
	at := len(rd.scratch)
	rd.scratch = append(append(rd.scratch, prefix...), id...)
	return rd.scratch[at:len(rd.scratch):len(rd.scratch)]
}

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

// fillTarget says what the call was done to.
func (rd *reading) fillTarget(f *parsers.Facts) {
	if isExec(rd.syscall) {
		f.Kind, f.Target, f.Command = kindCommand, f.Agent, rd.commandLine()
		return
	}
	if rd.g.record(typeSockaddr) != nil {
		if f.Target = rd.socketName(); f.Target != nil {
			f.Kind = kindSocket
			return
		}
	}
	if rd.g.record(typePath) == nil {
		return
	}
	if f.Target = rd.mainPath(); f.Target != nil {
		f.Kind = kindPath
	}
}

// mainPath is the file that a call is about: what it made or removed, else the
// first that is not the directory above.
func (rd *reading) mainPath() []byte {
	var first []byte
	for _, p := range rd.pathItems() {
		switch string(p.nametype) {
		case "CREATE", "DELETE":
			if p.absolute != nil {
				return p.absolute
			}
		case "PARENT":
			continue
		}
		if first == nil {
			first = p.absolute
		}
	}
	return first
}

// socketName is a path, or address:port with IPv6 addresses in brackets.
func (rd *reading) socketName() []byte {
	s := rd.socket()
	if s.path != nil || s.ip == nil {
		return s.path
	}
	at := len(rd.scratch)
	six := false
	for _, c := range s.ip {
		six = six || c == ':'
	}
	if six {
		rd.scratch = append(append(append(rd.scratch, '['), s.ip...), ']')
	} else {
		rd.scratch = append(rd.scratch, s.ip...)
	}
	rd.scratch = append(append(rd.scratch, ':'), s.port...)
	return rd.scratch[at:len(rd.scratch):len(rd.scratch)]
}

// fillUserFacts is for events without a system call: those that user space
// reports, and single records.
func (rd *reading) fillUserFacts(f *parsers.Facts) {
	first := &rd.g.recs[0]
	f.Action = rd.g.typeName(first)
	if addr := rd.sysValue(idAddr); !absent(addr) {
		f.Addresses = append(f.Addresses, addr)
	}
	if rd.g.record(typeExecve) != nil {
		f.Kind, f.Command = kindCommand, rd.commandLine()
	} else if cmd := rd.get(first, idCmd); cmd != nil {
		f.Kind, f.Command = kindCommand, cmd
	}
	switch string(rd.firstOf(idRes, idResult)) {
	case "success", "1", "yes":
		f.Outcome = parsers.Allowed
	case "failed", "0", "no":
		f.Outcome = parsers.Failed
		if first.is(typeUserAuth) || first.is(typeUserLogin) || first.is(typeUserCmd) {
			f.Outcome = parsers.Denied
		}
	}
	if first.is(typeAVC) || first.is(typeUserAVC) {
		f.Outcome = rd.avcOutcome(first)
	}
	if acct := rd.sysValue(idAcct); !absent(acct) {
		f.Target = acct
	}
}

func (rd *reading) firstOf(ids ...nameID) []byte {
	for _, id := range ids {
		if v := rd.sysValue(id); v != nil {
			return v
		}
	}
	return nil
}

// avcOutcome reads "avc:  denied  { read } for" and apparmor="DENIED".
func (rd *reading) avcOutcome(r *record) parsers.Outcome {
	rd.g.restore(r)
	body := rd.g.text(r.body)
	switch {
	case bytes.Contains(body, []byte("denied")), bytes.Contains(body, []byte(`"DENIED"`)):
		return parsers.Denied
	case bytes.Contains(body, []byte("granted")), bytes.Contains(body, []byte(`"ALLOWED"`)):
		return parsers.Allowed
	}
	return parsers.Unknown
}
