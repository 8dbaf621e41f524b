package auditd

import (
	"bytes"
	"time"

	"tideline/parsers/internal/jsonfields"
)

// readGoAudit reads an event of slackhq/go-audit: numeric types, and bodies as
// the kernel wrote them.
func readGoAudit(b *builder) error {
	s, _ := parseStamp(append(bytes.Clone(b.top.Get("timestamp").Text()), ':'))
	if at := b.top.Get("timestamp").Text(); s.has&hasTime == 0 {
		s, _ = parseStamp(at)
	}
	s = s.withSerial(b.top.Get("sequence").Text())
	if s.has == 0 {
		return nil
	}
	if err := b.open(s, nil, false); err != nil {
		return err
	}
	users := b.top.Get("uid_map")
	for m := range b.top.Get("messages").Items {
		data := m.Get("data").Text()
		body := append(bytes.Clone(data), separator)
		for _, id := range [][2]string{{"auid=", "AUID"}, {"uid=", "UID"}} {
			if name := users.Get(string(token(data, id[0]))); name.Kind() == jsonfields.String {
				body = append(append(append(append(body, id[1]...), `="`...), name.Text()...), `" `...)
			}
		}
		for key, c := range m.Get("containers").Members {
			if c.Kind() == jsonfields.String && bytes.IndexByte(c.Text(), '"') < 0 {
				body = append(append(append(append(body, "container."...), containerPart(key)...), `="`...), c.Text()...)
				body = append(body, `" `...)
			}
		}
		b.raw(m.Get("type").Text(), bytes.TrimRight(body, "\x1d "))
	}
	return nil
}

// containerPart gives go-audit's names of what it knows of a container ours.
func containerPart(key []byte) []byte {
	switch string(key) {
	case "pod_name":
		return []byte("pod")
	case "pod_namespace":
		return []byte("namespace")
	}
	return key
}

// token is the value of the first " name=" of a raw body.
func token(body []byte, name string) []byte {
	for i := 0; ; {
		n := bytes.Index(body[i:], []byte(name))
		if n < 0 {
			return nil
		}
		i += n
		if i == 0 || body[i-1] == ' ' {
			value, _ := word(body[i+len(name):])
			return value
		}
		i += len(name)
	}
}

// readJournal reads a record of "journalctl -o json" (systemd.journal-fields(7)).
// Its records are grouped as those of a log are.
func readJournal(b *builder) error {
	s := unixStamp(b.top.Get("_SOURCE_REALTIME_TIMESTAMP").Text(), time.Microsecond)
	if s.has == 0 {
		s = unixStamp(b.top.Get("__REALTIME_TIMESTAMP").Text(), time.Microsecond)
	}
	s = s.withSerial(b.top.Get("_AUDIT_ID").Text())
	node := bytes.Clone(textOf(b.top.Get("_HOSTNAME")))
	if err := b.open(s, node, s.has&hasSerial != 0); err != nil {
		return err
	}
	kind := bytes.Clone(b.top.Get("_AUDIT_TYPE").Text())
	for _, message := range journalTexts(b.top.Get("MESSAGE")) {
		first, body := word(message)
		if n, _ := lookupType(first); n == 0 {
			body = message
		}
		b.raw(kind, body)
	}
	return nil
}

// journalTexts are the values of a field of "journalctl -o json": a text, an array
// of the bytes of one that is not UTF-8, or an array of several of these.
func journalTexts(v jsonfields.Value) (out [][]byte) {
	if v.Kind() != jsonfields.Array {
		return [][]byte{bytes.Clone(v.Text())}
	}
	var text []byte
	for m := range v.Items {
		if n, ok := decimal(m.Text()); ok && n < 256 && m.Kind() == jsonfields.Number {
			text = append(text, byte(n))
			continue
		}
		out = append(out, journalTexts(m)...)
	}
	if text != nil {
		out = append(out, text)
	}
	return out
}

// readAuditbeat reads an event of auditbeat, or of Elastic's auditd_manager. If
// the lines it was made of are there, they are what is read.
func readAuditbeat(b *builder) error {
	s := textStamp(b.top.Get("@timestamp").Text())
	seq := b.first("event.sequence", "auditd.sequence")
	if err := b.open(s.withSerial(seq.Text()), bytes.Clone(b.first("host.name", "host.hostname", "agent.hostname").Text()), false); err != nil {
		return err
	}
	if b.originalLines() {
		return nil
	}
	kind := bytes.ToUpper(b.first("auditd.message_type").Text())
	b.record(kind)
	for key, v := range b.first("auditd.data").Members {
		switch string(key) {
		case "syscall", "arch", "exit", "tty", "items", "a0", "a1", "a2", "a3":
			b.some(string(key), v)
		case "argc", "socket":
		default:
			b.some(string(key), v)
		}
	}
	b.beatFields()
	return nil
}

// first is the first of these dotted names that is there.
func (b *builder) first(names ...string) jsonfields.Value {
	for _, n := range names {
		if found := b.top.Find(nil, jsonfields.Compile(n)); len(found) > 0 {
			return found[0]
		}
	}
	return jsonfields.Value{}
}

// originalLines reads the raw lines that a document kept.
func (b *builder) originalLines() bool {
	var lines [][]byte
	for _, v := range b.top.Find(nil, jsonfields.Compile("auditd.messages")) {
		lines = append(lines, bytes.Clone(v.Text()))
	}
	if len(lines) == 0 {
		lines = bytes.Split(b.first("event.original").Text(), []byte("\n"))
	}
	n := 0
	for _, line := range lines {
		if h, ok := parseHeader(line, &stampMemo{}); ok && len(h.kind) > 0 {
			b.raw(bytes.Clone(h.kind), bytes.Clone(h.body))
			n++
		}
	}
	return n > 0
}

// beatFields adds what the document says in the words of ECS.
func (b *builder) beatFields() {
	switch string(b.first("auditd.result").Text()) {
	case "success":
		b.set("success", []byte("yes"))
	case "fail":
		b.set("success", []byte("no"))
	}
	for _, f := range [][2]string{{"auditd.session", "ses"}, {"process.pid", "pid"}, {"process.parent.pid", "ppid"},
		{"process.executable", "exe"}, {"process.name", "comm"}, {"user.audit.id", "auid"}, {"user.audit.name", "AUID"},
		{"user.id", "uid"}, {"user.name", "UID"}, {"user.effective.id", "euid"}, {"tags", "key"}, {"container.id", "container.id"},
		{"container.name", "container.name"}, {"container.image.name", "container.image"}} {
		for _, v := range b.top.Find(nil, jsonfields.Compile(f[0])) {
			b.some(f[1], v)
		}
	}
	if args := b.top.Find(nil, jsonfields.Compile("process.args")); len(args) > 0 {
		b.record([]byte("EXECVE"))
		for i, a := range args {
			b.set("a"+string(b.d.rd.integer(int64(i))), a.Text())
		}
	}
	if v := b.first("process.working_directory"); v.Kind() == jsonfields.String {
		b.record([]byte("CWD"))
		b.some("cwd", v)
	}
	if v := b.first("auditd.data.socket"); v.Kind() == jsonfields.Object {
		b.record([]byte("SOCKADDR"))
		b.set("saddr", socketText(v))
	}
	for _, path := range b.top.Find(nil, jsonfields.Compile("auditd.paths")) {
		b.record([]byte("PATH"))
		for key, v := range path.Members {
			b.some(string(key), v)
		}
	}
}

// osqueryTables are the tables that are made of audit records, and the system
// call that each tells of.
var osqueryTables = map[string]string{
	"process_events": "execve", "socket_events": "", "process_file_events": "", "user_events": "",
	"selinux_events": "", "seccomp_events": "",
}

// osqueryTable finds the table whose results a line holds.
func osqueryTable(line []byte) string {
	if !bytes.Contains(line, []byte(`"columns"`)) && !bytes.Contains(line, []byte(`"snapshot"`)) {
		return ""
	}
	found := ""
	for name := range osqueryTables {
		if bytes.Contains(line, []byte(name)) && len(name) > len(found) {
			found = name
		}
	}
	return found
}

// readOsquery reads results of osquery's event tables (osqueryd.results.log).
func readOsquery(b *builder) error {
	table := osqueryTable(b.rec.Data)
	rows := b.top.Find(nil, jsonfields.Compile("columns"))
	rows = append(rows, b.top.Find(nil, jsonfields.Compile("snapshot"))...)
	node := bytes.Clone(b.first("hostIdentifier", "hostname", "decorations.hostname").Text())
	for _, row := range rows {
		s := unixStamp(row.Get("time").Text(), time.Second)
		if s.has == 0 {
			s = unixStamp(b.top.Get("unixTime").Text(), time.Second)
		}
		if b.g != nil {
			b.close()
			b.g = nil
		}
		if err := b.open(s, node, false); err != nil {
			return err
		}
		b.osqueryRow(table, row)
	}
	return nil
}

// osqueryRow adds the records that a row was made of.
func (b *builder) osqueryRow(table string, row jsonfields.Value) {
	kind := "SYSCALL"
	if table == "user_events" {
		kind = string(bytes.ToUpper(row.Get("type").Text()))
	}
	b.record([]byte(kind))
	call := row.Get("syscall").Text()
	if len(call) == 0 {
		call = row.Get("action").Text()
	}
	if len(call) == 0 {
		call = []byte(osqueryTables[table])
	}
	if len(call) > 0 {
		b.set("syscall", call)
	}
	b.set("success", osquerySuccess(row.Get("success")))
	for _, f := range [][2]string{{"pid", "pid"}, {"parent", "ppid"}, {"auid", "auid"}, {"uid", "uid"}, {"euid", "euid"},
		{"gid", "gid"}, {"executable", "exe"}, {"path", "exe"}, {"address", "addr"}, {"terminal", "terminal"}, {"message", "msg"}} {
		if f[0] != "path" || table != "process_file_events" {
			b.some(f[1], row.Get(f[0]))
		}
	}
	if v := row.Get("cmdline"); v.Kind() == jsonfields.String {
		b.record([]byte("EXECVE"))
		b.arguments(bytes.Fields(v.Text()))
	}
	if v := row.Get("cwd"); len(textOf(v)) > 0 {
		b.record([]byte("CWD"))
		b.set("cwd", bytes.Trim(v.Text(), `"`))
	}
	if v := row.Get("remote_address"); len(textOf(v)) > 0 {
		b.record([]byte("SOCKADDR"))
		b.set("saddr", []byte("{ saddr_fam=inet laddr="+string(v.Text())+" lport="+string(row.Get("remote_port").Text())+" }"))
	} else if v := row.Get("socket"); len(textOf(v)) > 0 {
		b.record([]byte("SOCKADDR"))
		b.set("saddr", []byte("{ saddr_fam=local path="+string(v.Text())+" }"))
	}
	if v := row.Get("path"); table == "process_file_events" && len(textOf(v)) > 0 {
		b.record([]byte("PATH"))
		b.some("name", v)
	}
}

// osquerySuccess turns the column success into the words of the record; a
// table without it holds only calls that succeeded.
func osquerySuccess(v jsonfields.Value) []byte {
	switch string(v.Text()) {
	case "0", "failed":
		return []byte("no")
	}
	return []byte("yes")
}
