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
	// VIRT_CONTROL has the daemon, and before it the program of the container: no client.
	if exe := rd.sysValue(idExe); !absent(exe) && (rd.sys != nil || rd.main().number != typeVirtControl) {
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
	if auid := rd.client(); auid != nil {
		f.Actor = parsers.LinuxUser
		if f.Name = rd.get(rd.main(), idUser); absent(f.Name) || f.Name[0] >= '0' && f.Name[0] <= '9' {
			f.Name = rd.numbered(auidPrefix, auid)
		}
		return
	}
	if rd.lineage.inside {
		f.Actor, f.Name = parsers.ContainerProcess, rd.lineage.container
		if tty := rd.sysValue(idTty); len(f.Session) == 0 && !absent(tty) {
			f.Session = tty // for want of a login, what holds the acts of a shell together
		}
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

// client is the login user for whom a daemon did what it reports: the daemon has none,
// and says whose request it was inside of msg='...', as dockerd of RHEL 7
// (VIRT_CONTROL) and D-Bus (USER_AVC) do. Nil if there is none.
func (rd *reading) client() []byte {
	if rd.sys != nil {
		return nil
	}
	for _, auid := range rd.all(nil, rd.main(), idAuid) {
		if !absent(auid) && !unsetID(auid) {
			return auid
		}
	}
	return nil
}

// person is the name that the machine itself gave an id, or the id with a
// prefix that says which it is.
func (rd *reading) person(id []byte, name nameID, prefix []byte) []byte {
	id = numberOf(id)
	if n := rd.sysValue(name); !absent(n) && string(numberOf(n)) != string(id) {
		return n
	}
	if id[0] < '0' || id[0] > '9' {
		return id // interpreted: a name already
	}
	return rd.numbered(prefix, id)
}

func (rd *reading) numbered(prefix, id []byte) []byte {
	at := len(rd.scratch)
	rd.scratch = append(append(rd.scratch, prefix...), id...)
	return rd.scratch[at:len(rd.scratch):len(rd.scratch)]
}

// fillTarget says what the call was done to.
func (rd *reading) fillTarget(f *parsers.Facts) {
	if isExec(rd.syscall) {
		f.Kind, f.Target, f.Command = kindCommand, f.Agent, rd.commandLine()
		if !rd.executed() && rd.g.record(typePath) != nil {
			f.Target = rd.mainPath() // what was to be executed; exe is who tried
		}
		return
	}
	rd.fillObject(f)
}

// fillObject says which socket or file it was.
func (rd *reading) fillObject(f *parsers.Facts) {
	if rd.g.record(typeSockaddr) != nil {
		if f.Target = rd.socketName(); f.Target != nil {
			f.Kind = kindSocket
			return
		}
	}
	if rd.g.record(typePath) != nil {
		f.Target = rd.mainPath()
	}
	if r := rd.g.record(typeAVC); r != nil && f.Target == nil {
		f.Target = rd.avcObject(r)
	}
	if f.Target != nil {
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

// fillUserFacts is for events without a SYSCALL record: those that user space
// reports, single records, what was done through io_uring, and the rest of events
// whose beginning is lost.
func (rd *reading) fillUserFacts(f *parsers.Facts) {
	main := rd.main()
	f.Action = rd.g.typeName(main)
	if addr := rd.sysValue(idAddr); !absent(addr) {
		f.Addresses = append(f.Addresses, addr)
	}
	if rd.g.record(typeExecve) != nil {
		f.Kind, f.Command = kindCommand, rd.commandLine()
	} else if cmd := rd.get(main, idCmd); cmd != nil {
		f.Kind, f.Command = kindCommand, cmd
	}
	f.Outcome = rd.result(main)
	for _, id := range [...]nameID{idAcct, idVM} { // vm: the container, of VIRT_CONTROL
		if name := rd.sysValue(id); !absent(name) && f.Target == nil {
			f.Target = name
		}
	}
	if f.Target == nil && f.Kind == nil {
		rd.fillObject(f)
	}
}

// main is the record that says what an event without a SYSCALL record is of: the
// first that is not only there to go with another, in whichever order they came.
func (rd *reading) main() *record {
	for i := range rd.g.recs {
		if r := &rd.g.recs[i]; !r.number.companion() {
			return r
		}
	}
	return &rd.g.recs[0]
}

// avcObject is the file that an AVC or AppArmor record is about; of one that was
// looked up by its name alone, that name.
func (rd *reading) avcObject(r *record) []byte {
	if rd.avcOutcome(r) == parsers.Unknown {
		return nil // it tells of a profile
	}
	for _, id := range [...]nameID{idPath, idName} {
		if v := rd.get(r, id); !absent(v) {
			return v
		}
	}
	return nil
}
