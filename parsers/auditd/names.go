package auditd

import "math"

// A nameID stands for a field's name inside one decoder, so that a look-up
// compares numbers. Zero: a name that nobody asked for.
type nameID uint16

// The names that the parser itself reads. Those asked for come behind them.
const (
	idNone nameID = iota
	idArch
	idSyscall
	idSuccess
	idExit
	idA0
	idA1
	idA2
	idA3
	idItems
	idPpid
	idPid
	idAuid
	idUID
	idGid
	idEuid
	idTty
	idSes
	idComm
	idExe
	idSubj
	idKey
	idPer
	idArgc
	idCwd
	idItem
	idName
	idNametype
	idSaddr
	idProctitle
	idRes
	idResult
	idAcct
	idAddr
	idCmd
	idMsg
	idOflag
	idOldAuid
	idCode
	idScontext
	idPermissive
	idUser
	idContainerID
	idContainerName
	idContainerImage
	idContainerPod
	idContainerNS
	idParentComm
	idParentExe
	// Names of the interpreted part of a record.
	idAUID
	idUIDName
	idSYSCALL
	idARCH
	idSADDR
	// Encodable names that are only decoded.
	idPath
	idFile
	idWatch
	idDir
	idVM
	idOcomm
	idGrp
	idNewGroup
	idData
	idCgroup
	idDevice
	idHostname
	idInvalid
	idOperation
	idInfo
	idProfile
	idDenied
	idRequested
	idTarget
	idSw
	idRootDir
	idAsked // the first name asked for
)

// names are the spellings of the constants above.
var knownNames = [idAsked]string{
	idArch: "arch", idSyscall: "syscall", idSuccess: "success", idExit: "exit",
	idA0: "a0", idA1: "a1", idA2: "a2", idA3: "a3", idItems: "items", idPpid: "ppid", idPid: "pid",
	idAuid: "auid", idUID: "uid", idGid: "gid", idEuid: "euid", idTty: "tty", idSes: "ses", idComm: "comm",
	idExe: "exe", idSubj: "subj", idKey: "key", idPer: "per", idArgc: "argc", idCwd: "cwd", idItem: "item",
	idName: "name", idNametype: "nametype", idSaddr: "saddr", idProctitle: "proctitle", idRes: "res",
	idResult: "result", idAcct: "acct", idAddr: "addr", idCmd: "cmd", idMsg: "msg", idOflag: "oflag",
	idOldAuid: "old-auid", idCode: "code", idScontext: "scontext", idPermissive: "permissive", idUser: "user", idContainerID: "container.id", idContainerName: "container.name",
	idContainerImage: "container.image", idContainerPod: "container.pod", idContainerNS: "container.namespace",
	idParentComm: "parent.comm", idParentExe: "parent.exe",
	idAUID: "AUID", idUIDName: "UID", idSYSCALL: "SYSCALL", idARCH: "ARCH", idSADDR: "SADDR",
	idPath: "path", idFile: "file", idWatch: "watch", idDir: "dir", idVM: "vm", idOcomm: "ocomm", idGrp: "grp",
	idNewGroup: "new_group", idData: "data", idCgroup: "cgroup", idDevice: "device", idHostname: "hostname",
	idInvalid: "invalid_context", idOperation: "operation", idInfo: "info", idProfile: "profile",
	idDenied: "denied_mask", idRequested: "requested_mask", idTarget: "target", idSw: "sw", idRootDir: "root_dir",
}

// encodable are the names whose values the kernel and user space write as
// upper-case hexadecimal, unquoted, when they hold a byte that would not stand
// in quotes (audit_log_untrustedstring; auparse/interpret.c). No other value is
// ever decoded: uid=1000 is a number.
var encodable = [idAsked]bool{
	idComm: true, idExe: true, idName: true, idCwd: true, idProctitle: true, idKey: true, idAcct: true, idCmd: true,
	idPath: true, idFile: true, idWatch: true, idDir: true, idVM: true, idOcomm: true, idGrp: true, idNewGroup: true,
	idData: true, idCgroup: true, idDevice: true, idInvalid: true, idOperation: true, idInfo: true, idProfile: true,
	idDenied: true, idRequested: true, idTarget: true, idSw: true, idRootDir: true, idHostname: true,
}

// bareWords are the encodable names whose values older programs wrote without
// quotes (acct=root): what decodes to a plain word was one, not its code.
var bareWords = [idAsked]bool{
	idAcct: true, idGrp: true, idNewGroup: true, idHostname: true, idVM: true, idDevice: true, idSw: true, idRootDir: true,
	idOperation: true, idTarget: true, idDenied: true, idRequested: true,
}

// spelledAs are other spellings of known names.
var spelledAs = map[string]nameID{"old auid": idOldAuid, "new auid": idAuid, "old_auid": idOldAuid, "loginuid": idAuid}

// A nameTable gives names their ids. It is built once for a decoder.
type nameTable struct {
	slots []slot
	names []string // by id
}

type slot struct {
	name string
	id   nameID
}

func newNameTable(asked []string) *nameTable {
	size := 1024
	for size < 4*(len(knownNames)+len(asked)) {
		size *= 2
	}
	t := &nameTable{slots: make([]slot, size), names: append([]string(nil), knownNames[:]...)}
	for id, s := range knownNames {
		t.add(s, nameID(id))
	}
	for s, id := range spelledAs {
		t.add(s, id)
	}
	for _, s := range asked {
		if t.id([]byte(s)) == idNone && len(t.names) < math.MaxUint16 {
			t.add(s, nameID(len(t.names)))
			t.names = append(t.names, s)
		}
	}
	return t
}

func (t *nameTable) add(s string, id nameID) {
	if s == "" {
		return
	}
	i := hash([]byte(s)) % len(t.slots)
	for t.slots[i].id != idNone {
		i = (i + 1) % len(t.slots)
	}
	t.slots[i] = slot{s, id}
}

// id is the id of a name, idNone if it has none.
func (t *nameTable) id(s []byte) nameID {
	for i := hash(s) % len(t.slots); t.slots[i].id != idNone; i = (i + 1) % len(t.slots) {
		if t.slots[i].name == string(s) {
			return t.slots[i].id
		}
	}
	return idNone
}

// hash is FNV-1a of 32 bits (RFC 9923).
func hash(s []byte) int {
	h := uint32(2166136261)
	for _, c := range s {
		h = (h ^ uint32(c)) * 16777619
	}
	return int(h >> 4)
}
