package auditd

// A column is one field that rules ask for, worked out once: where its values
// come from in each kind of view.
type column struct {
	id      nameID  // the field of that name
	arg     int     // N of aN, -1 for others
	special special // made of something else than one field
	numeric nameID  // of a name in capitals: the field it is the name of
}

// A special is a field that is made of others.
type special uint8

const (
	_ special = iota // the field of that name
	// Fields that records have too.
	theType
	theSyscall
	theSyscallName
	theArch
	theKeys
	theID // AUID, UID, ...: who an id stands for
	theProctitle
	theExit
	theName
	thePath
	thePathWritten
	// Fields of the whole event.
	theTypes
	theArgv
	theCmdline
	theArgv0
	theExeBase
	theCliTool
	theCliVerb
	theCliSub
	theCliWords
	theCliFlags
	theCliSecret
	theCliObject
	theCliNamespace
	theParentBase
	theParentExe
	theParentLine
	theParentUser
	theInContainer
	theContainerID
	theSockFamily
	theSockIP
	theSockPort
	theSockPath
	theOpenWrite
	thePtraceAttach
	// Fields of Sigma's taxonomy.
	theImage
	theCommandLine
	theDirectory
	theUser
	theLogonID
	theProcessID
	theParentID
	theSession
	theTarget
	theDestIP
	theDestPort
	theInitiated
)

var specials = map[string]special{
	"type": theType, "syscall": theSyscall, "SYSCALL": theSyscallName, "ARCH": theArch, "key": theKeys,
	"proctitle": theProctitle, "exit": theExit, "name": theName, "path": thePath, "path.written": thePathWritten, "types": theTypes,
	"argv": theArgv, "cmdline": theCmdline, "argv0": theArgv0, "exe.base": theExeBase,
	"cli.tool": theCliTool, "cli.verb": theCliVerb, "cli.sub": theCliSub, "cli.words": theCliWords, "cli.flags": theCliFlags,
	"cli.secret": theCliSecret, "cli.object": theCliObject, "cli.namespace": theCliNamespace,
	"parent.exe.base": theParentBase, "parent.exe": theParentExe, "ppid_exe": theParentExe,
	"parent.cmdline": theParentLine, "parent.user": theParentUser,
	"in_container": theInContainer, "container.id": theContainerID,
	"sock.family": theSockFamily, "sock.ip": theSockIP, "sock.port": theSockPort, "sock.path": theSockPath,
	"open_write": theOpenWrite, "ptrace_attach": thePtraceAttach,
	"Image": theImage, "CommandLine": theCommandLine, "CurrentDirectory": theDirectory, "User": theUser,
	"LogonId": theLogonID, "ProcessId": theProcessID, "ParentProcessId": theParentID, "ParentImage": theParentExe,
	"ParentCommandLine": theParentLine, "ParentUser": theParentUser, "TerminalSessionId": theSession,
	"TargetFilename": theTarget, "DestinationIp": theDestIP, "DestinationPort": theDestPort, "Initiated": theInitiated,
}

// idNames are the names in capitals that auditd's ENRICHED format puts beside
// ids, and the ids.
var idNames = map[string]string{
	"AUID": "auid", "UID": "uid", "GID": "gid", "EUID": "euid", "SUID": "suid", "FSUID": "fsuid", "EGID": "egid",
	"SGID": "sgid", "FSGID": "fsgid", "OUID": "ouid", "OGID": "ogid", "OAUID": "oauid", "SAUID": "sauid", "ID": "id",
	"OLD-AUID": "old-auid", "NEW_GID": "new_gid",
}

// compile works out the columns of the fields asked for.
func compile(fields []string) ([]column, *nameTable) {
	asked := append([]string(nil), fields...)
	for _, f := range fields {
		if lower := idNames[f]; lower != "" {
			asked = append(asked, lower)
		}
	}
	names := newNameTable(asked)
	columns := make([]column, len(fields))
	for i, f := range fields {
		c := column{id: names.id([]byte(f)), arg: -1, special: specials[f]}
		if n, chunk, ok := argName([]byte(f)); ok && chunk == 0 && f[len(f)-1] != ']' {
			c.arg = int(n)
		}
		if lower := idNames[f]; lower != "" {
			c.special, c.numeric = theID, names.id([]byte(lower))
		}
		columns[i] = c
	}
	return columns, names
}
