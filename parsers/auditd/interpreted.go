package auditd

import "bytes"

// lexInterpreted cuts a record as "ausearch -i" prints it. Values stand there
// decoded and without quotes, blanks included, so that a value ends only where
// a known name begins. What looks like a known name inside a value ends it too
// early; the raw log is the better evidence.
func lexInterpreted(g *group, r *record, names *nameTable) {
	body := g.text(r.body)
	at := nextName(body, 0, r)
	for at < len(body) && g.hasRoom() {
		eq := at + bytes.IndexByte(body[at:], '=')
		next := nextName(body, eq+1, r)
		value := bytes.TrimRight(body[eq+1:next], " ")
		from, to := eq+1, eq+1+len(value)
		f := field{id: names.id(body[at:eq]), how: plain}
		f.name = span{r.body.at + uint32(at), r.body.at + uint32(eq)}
		if f.id == idMsg && bytes.HasPrefix(value, []byte("'")) {
			from++
			next = nextName(body, from, r)
			to = from
		}
		f.value = span{r.body.at + uint32(from), r.body.at + uint32(max(from, trimQuote(body, from, to)))}
		g.fields = append(g.fields, f)
		at = next
	}
}

// trimQuote leaves out the apostrophe that closes msg='...'.
func trimQuote(body []byte, from, to int) int {
	if to == len(bytes.TrimRight(body, " ")) && to > from && body[to-1] == '\'' {
		return to - 1
	}
	return to
}

// nextName finds the next "name=" at or behind i that begins a field.
func nextName(body []byte, i int, r *record) int {
	for ; i < len(body); i++ {
		n := bytes.IndexByte(body[i:], '=')
		if n < 0 {
			return len(body)
		}
		eq := i + n
		start := eq
		for start > i && isNameByte(body[start-1]) {
			start--
		}
		if start < eq && (start == 0 || body[start-1] == ' ' || body[start-1] == '\'') && r.mayHave(body[start:eq]) {
			return start
		}
		i = eq
	}
	return len(body)
}

// mayHave reports whether a record of this type may have a field of that name.
// Of an EXECVE record these are the arguments, and nothing inside an argument
// is taken for a field.
func (r *record) mayHave(name []byte) bool {
	switch {
	case r.is(typeExecve):
		_, _, ok := argName(name)
		return ok || string(name) == "argc"
	case r.is(typeProctitle):
		return string(name) == "proctitle"
	case r.is(typeCwd):
		return string(name) == "cwd"
	case r.is(typeSockaddr):
		return string(name) == "saddr"
	case r.is(typePath):
		return pathNames[string(name)]
	case r.is(typeUserCmd):
		return commandNames[string(name)]
	}
	return isLowerName(name)
}

// pathNames are the fields of PATH, whose name may hold anything.
var pathNames = map[string]bool{
	"item": true, "name": true, "inode": true, "dev": true, "mode": true, "ouid": true, "ogid": true, "rdev": true,
	"obj": true, "nametype": true, "objtype": true, "cap_fp": true, "cap_fi": true, "cap_fe": true, "cap_fver": true,
	"cap_frootid": true,
}

// commandNames are the fields of USER_CMD, whose command may hold anything.
var commandNames = map[string]bool{
	"pid": true, "uid": true, "auid": true, "ses": true, "subj": true, "msg": true, "cwd": true, "cmd": true,
	"exe": true, "hostname": true, "addr": true, "terminal": true, "res": true,
}

func isLowerName(name []byte) bool {
	for _, c := range name {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return len(name) > 0 && (name[0] < '0' || name[0] > '9') && name[0] != '-'
}
