package auditd

// writtenPaths appends the names of the files that the event makes, removes or renames,
// which the types of their items say (audit.h, AUDIT_TYPE_CHILD_CREATE and _DELETE), and
// of those that it may change otherwise, which the system call says. What a link leads to
// is an item of the call that makes it, and is not changed by it.
func (rd *reading) writtenPaths(dst [][]byte) [][]byte {
	changes := rd.changesFiles()
	for _, p := range rd.pathItems() {
		switch string(p.nametype) {
		case "CREATE", "DELETE":
			dst = appendSome(dst, p.absolute)
		case "NORMAL", "": // which old kernels do not tell
			if changes {
				dst = appendSome(dst, p.absolute)
			}
		}
	}
	return dst
}

// changesFiles reports whether the call changes the files that it names, or opens them so
// that it can.
func (rd *reading) changesFiles() bool {
	if writes, known := rd.opensForWriting(); known {
		return writes
	}
	return changing[rd.syscall]
}

// changing are the calls that change the content, the rights or the owner of a file which
// is there. One that exchanges two files names both as they are.
var changing = map[string]bool{
	"truncate": true, "truncate64": true, "rename": true, "renameat": true, "renameat2": true, "unlink": true, "unlinkat": true,
	"chmod": true, "fchmodat": true, "fchmodat2": true, "chown": true, "chown32": true, "lchown": true, "lchown32": true, "fchownat": true,
	"setxattr": true, "lsetxattr": true, "removexattr": true, "lremovexattr": true, "setxattrat": true, "removexattrat": true,
}
