package auditd

// An eventView is the whole event as rules see it: every field of detections
// over auditd, and for the kinds process_creation, file_event and
// network_connection those of Sigma's taxonomy as well.
type eventView struct {
	rd      *reading
	columns []column
	kind    int
	item    int // of a file_event: index of its PATH
}

// Values implements parsers.Fields.
func (v *eventView) Values(dst [][]byte, field int) [][]byte {
	c, rd := v.columns[field], v.rd
	rd.ready()
	if c.special >= theImage {
		return v.taxonomy(dst, c.special)
	}
	if c.special >= theTypes {
		return rd.derived(dst, c.special)
	}
	switch c.special {
	case theType:
		// A rule that names a type is for single records: it is answered by
		// the records, and here only where the event is one record.
		if len(rd.g.recs) == 1 {
			return append(dst, rd.g.typeName(&rd.g.recs[0]))
		}
		return dst
	case theSyscall:
		return rd.syscallValues(dst, rd.source(idSyscall))
	case theSyscallName:
		return rd.syscallName(dst, rd.source(idSyscall))
	case theArch:
		return rd.archName(dst, rd.source(idArch))
	case theKeys:
		return rd.keys(dst, rd.source(idKey))
	case theID:
		return rd.idName(dst, rd.source(c.numeric), c)
	case theProctitle:
		return appendSome(dst, rd.title())
	case theExit:
		return rd.exitValues(dst)
	case thePath:
		return rd.pathValues(dst)
	case thePathWritten:
		return rd.writtenPaths(dst)
	}
	return rd.everywhere(dst, c.id)
}

// path is the file of a file_event.
func (v *eventView) path() []byte {
	if v.kind != kindFile {
		return nil
	}
	return v.rd.pathItems()[v.item].absolute
}

// source is the record that a field of the event is read from: the SYSCALL
// record if it has it, else the first that does; nil if none does.
func (rd *reading) source(id nameID) *record {
	if rd.sys != nil && rd.g.has(rd.sys, id) {
		return rd.sys
	}
	for i := range rd.g.recs {
		if r := &rd.g.recs[i]; rd.g.has(r, id) {
			return r
		}
	}
	return nil
}

// everywhere appends the values of the SYSCALL record, or, if it has none of
// that name, of all records: the modes of all paths.
func (rd *reading) everywhere(dst [][]byte, id nameID) [][]byte {
	n := len(dst)
	if dst = rd.all(dst, rd.sys, id); len(dst) > n {
		return dst
	}
	for i := range rd.g.recs {
		if r := &rd.g.recs[i]; r != rd.sys && !(r.is(typeExecve) && id >= idA0 && id <= idA3) {
			dst = rd.all(dst, r, id)
		}
	}
	return dst
}

// exitValues are the exit value and, of a negative one, the error's name.
func (rd *reading) exitValues(dst [][]byte) [][]byte {
	raw := rd.g.value(rd.sys, idExit)
	if raw == nil {
		return rd.everywhere(dst, idExit)
	}
	dst = append(dst, raw)
	if n, ok := rd.exit(); ok && n < 0 {
		if raw[0] != '-' {
			dst = append(dst, rd.integer(n))
		}
		if name := errnoName(n); name != "" {
			dst = append(dst, rd.text(name))
		}
	}
	return dst
}

// pathValues are the names of all PATH records, absolute, and the paths that
// other records give (AVC).
func (rd *reading) pathValues(dst [][]byte) [][]byte {
	for _, p := range rd.pathItems() {
		dst = appendSome(dst, p.absolute)
	}
	return rd.everywhere(dst, idPath)
}

// derived appends the fields that are made of the whole event.
func (rd *reading) derived(dst [][]byte, s special) [][]byte {
	switch s {
	case theTypes:
		for i := range rd.g.recs {
			dst = append(dst, rd.g.typeName(&rd.g.recs[i]))
		}
	case theArgv:
		return rd.argumentValues(dst)
	case theCmdline:
		line := rd.commandLine()
		return appendSome(appendSome(dst, line), rd.plain(line))
	case theArgv0:
		if argv := rd.arguments(); len(argv) > 0 {
			dst = append(dst, base(argv[0]))
		}
	case theExeBase:
		if exe := rd.sysValue(idExe); !absent(exe) {
			dst = append(dst, base(exe))
		}
	case theCliTool, theCliVerb, theCliSub, theCliWords, theCliFlags, theCliSecret, theCliObject, theCliNamespace:
		return rd.commandFields(dst, s)
	case theSockFamily:
		return appendSome(dst, rd.socket().family)
	case theSockIP:
		return appendSome(dst, rd.socket().ip)
	case theSockPort:
		return appendSome(dst, rd.socket().port)
	case theSockPath:
		return appendSome(dst, rd.socket().path)
	case theOpenWrite:
		if writes, known := rd.opensForWriting(); known {
			dst = append(dst, boolean(writes))
		}
	case thePtraceAttach:
		if attaches, known := rd.attaches(); known {
			dst = append(dst, boolean(attaches))
		}
	default:
		return rd.lineageFields(dst, s)
	}
	return dst
}

var wordFalse = []byte("false")

func boolean(b bool) []byte {
	if b {
		return wordTrue
	}
	return wordFalse
}

// taxonomy appends fields by the names of Sigma's taxonomy.
func (v *eventView) taxonomy(dst [][]byte, s special) [][]byte {
	rd := v.rd
	switch s {
	case theImage:
		return appendSome(dst, rd.sysValue(idExe))
	case theCommandLine:
		return appendSome(dst, rd.commandLine())
	case theDirectory:
		return appendSome(dst, rd.workDir())
	case theUser:
		return rd.user(dst)
	case theLogonID:
		dst = appendSome(dst, rd.sysValue(idUID))
		if auid := rd.sysValue(idAuid); auid != nil && !unsetID(auid) {
			dst = append(dst, auid)
		}
		return dst
	case theProcessID:
		return appendSome(dst, rd.sysValue(idPid))
	case theParentID:
		return appendSome(dst, rd.sysValue(idPpid))
	case theSession:
		return appendSome(dst, rd.sysValue(idSes))
	case theTarget:
		return appendSome(dst, v.path())
	}
	if v.kind != kindNetwork {
		return dst
	}
	switch s {
	case theDestIP:
		return appendSome(dst, rd.socket().ip)
	case theDestPort:
		return appendSome(dst, rd.socket().port)
	case theInitiated:
		return append(dst, wordTrue)
	}
	return dst
}

// user is the name and the number of the user id.
func (rd *reading) user(dst [][]byte) [][]byte {
	id := rd.sysValue(idUID)
	if id == nil {
		return dst
	}
	if name := rd.sysValue(idUIDName); name != nil && string(name) != string(id) {
		return append(dst, name, id)
	}
	if name := knownID(id); string(name) != string(id) {
		return append(dst, name, id)
	}
	return append(dst, id)
}

// Keywords implements parsers.Fields. The records have their own words; of the
// whole event there are the command line, the files and the socket.
func (v *eventView) Keywords(dst [][]byte) [][]byte {
	rd := v.rd
	rd.ready()
	dst = appendSome(dst, rd.sysValue(idExe))
	dst = appendSome(dst, rd.commandLine())
	dst = appendSome(dst, rd.workDir())
	if v.kind == kindFile {
		return appendSome(dst, v.path())
	}
	for _, p := range rd.pathItems() {
		dst = appendSome(dst, p.absolute)
	}
	dst = appendSome(dst, rd.socket().ip)
	return appendSome(dst, rd.socket().path)
}
