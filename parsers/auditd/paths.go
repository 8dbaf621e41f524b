package auditd

import "bytes"

// A pathItem is a PATH record, with its name made absolute.
type pathItem struct {
	rec      *record
	nametype []byte
	absolute []byte // nil if the record gives no name
}

// pathItems are the PATH records of an event, each once.
func (rd *reading) pathItems() []pathItem {
	if rd.pathRead {
		return rd.paths
	}
	rd.pathRead = true
	rd.paths = rd.paths[:0]
	var parent []byte
	for i := range rd.g.recs {
		r := &rd.g.recs[i]
		if !r.is(typePath) {
			continue
		}
		p := pathItem{rec: r, nametype: rd.g.value(r, idNametype), absolute: rd.absolute(rd.get(r, idName), nil)}
		if string(p.nametype) == "PARENT" {
			parent = p.absolute
		}
		if rd.isRepeated(p) {
			continue
		}
		rd.paths = append(rd.paths, p)
	}
	rd.underParent(parent)
	return rd.paths
}

// maxRepeated is among how many PATH records before it a repeated one is looked for.
// No call has so many.
const maxRepeated = 32

// isRepeated reports whether an earlier record says the same of the same item, as
// where the kernel and audisp both write to syslog: the kernel numbers the items of a
// call.
func (rd *reading) isRepeated(p pathItem) bool {
	item := rd.g.value(p.rec, idItem)
	for i := max(0, len(rd.paths)-maxRepeated); i < len(rd.paths); i++ {
		q := &rd.paths[i]
		if item != nil && bytes.Equal(item, rd.g.value(q.rec, idItem)) && bytes.Equal(p.nametype, q.nametype) && bytes.Equal(p.absolute, q.absolute) {
			return true
		}
	}
	return false
}

// underParent puts the bare names of entries made or removed below the
// directory that the same event names: then the call went by the descriptor of
// a directory, and its working directory says nothing.
func (rd *reading) underParent(parent []byte) {
	if parent == nil {
		return
	}
	for i := range rd.paths {
		p := &rd.paths[i]
		if kind := string(p.nametype); kind != "CREATE" && kind != "DELETE" {
			continue
		}
		name := rd.get(p.rec, idName)
		if len(name) > 0 && bytes.IndexByte(name, '/') < 0 && !absent(name) {
			p.absolute = rd.absolute(name, parent)
		}
	}
}

// workDir is the working directory of the event; nil if it is not told.
func (rd *reading) workDir() []byte {
	if !rd.cwdRead {
		rd.cwdRead = true
		rd.cwd = rd.get(rd.g.record(typeCwd), idCwd)
	}
	return rd.cwd
}

// absolute makes a name absolute and cleans it. dir nil: the working directory.
func (rd *reading) absolute(name, dir []byte) []byte {
	if absent(name) {
		return nil
	}
	if name[0] == '/' {
		if isClean(name) {
			return name
		}
		return rd.clean(name)
	}
	if dir == nil {
		if dir = rd.workDir(); len(dir) == 0 || dir[0] != '/' {
			return name
		}
	}
	at := len(rd.scratch)
	rd.scratch = append(append(append(rd.scratch, dir...), '/'), name...)
	return rd.clean(rd.scratch[at:len(rd.scratch):len(rd.scratch)])
}

// isClean reports whether an absolute path has no part that cleaning removes.
// One slash at its end stays: it marks a directory.
func isClean(path []byte) bool {
	for i := 0; i+1 < len(path); i++ {
		if path[i] == '/' && (path[i+1] == '/' || path[i+1] == '.' && dots(path[i+1:]) > 0) {
			return false
		}
	}
	return true
}

// dots is 1 if a path begins with the part ".", 2 if with "..", else 0.
func dots(s []byte) int {
	n := 0
	for n < len(s) && s[n] == '.' {
		n++
	}
	if n > 2 || (n < len(s) && s[n] != '/') {
		return 0
	}
	return n
}

// clean removes ".", ".." and empty parts of an absolute path, by words alone:
// what symbolic links would have done is not known.
func (rd *reading) clean(path []byte) []byte {
	at := len(rd.scratch)
	for i := 0; i < len(path); {
		for i < len(path) && path[i] == '/' {
			i++
		}
		end := i
		for end < len(path) && path[end] != '/' {
			end++
		}
		part := path[i:end]
		i = end
		switch string(part) {
		case "", ".":
		case "..":
			if cut := bytes.LastIndexByte(rd.scratch[at:], '/'); cut >= 0 {
				rd.scratch = rd.scratch[:at+cut]
			}
		default:
			rd.scratch = append(append(rd.scratch, '/'), part...)
		}
	}
	if len(rd.scratch) == at || path[len(path)-1] == '/' {
		rd.scratch = append(rd.scratch, '/')
	}
	return rd.scratch[at:len(rd.scratch):len(rd.scratch)]
}

// Flags of open that make a file or change it (asm-generic/fcntl.h; the access
// mode and these four are the same wherever a table above is).
const openWrites = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000

// opensForWriting reports whether the event opens a file to write, make or
// empty it; known is false if it is no such call.
func (rd *reading) opensForWriting() (writes, known bool) {
	var id nameID
	switch rd.syscall {
	case "creat":
		return true, true
	case "open":
		id = idA1
	case "openat":
		id = idA2
	case "openat2":
		text := rd.g.value(rd.g.record(typeOpenat2), idOflag)
		if flags, ok := octal(text); ok {
			return flags&openWrites != 0, true
		}
		return namedFlags(text)
	default:
		return false, false
	}
	if flags, ok := rd.register(id); ok {
		return flags&openWrites != 0, true
	}
	return namedFlags(rd.g.value(rd.sys, id))
}

// namedFlags reads the flags of an open as "ausearch -i" prints them:
// O_WRONLY|O_CREAT.
func namedFlags(text []byte) (writes, known bool) {
	for flag := range bytes.SplitSeq(text, []byte("|")) {
		known = known || bytes.HasPrefix(flag, []byte("O_"))
		switch string(flag) {
		case "O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND":
			writes = true
		}
	}
	return writes, known
}

// octal reads a number in octal, with or without a leading zero.
func octal(s []byte) (uint64, bool) {
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	n := uint64(0)
	for _, c := range s {
		if c < '0' || c > '7' {
			return 0, false
		}
		n = n<<3 | uint64(c-'0')
	}
	return n, true
}
