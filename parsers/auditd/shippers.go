package auditd

import (
	"bytes"

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

// readAuditbeat reads an event of auditbeat, or of Elastic's auditd_manager, or a
// record of filebeat's module auditd. If the lines it was made of are there, they are
// what is read.
func readAuditbeat(b *builder) error {
	node := bytes.Clone(b.first("host.name", "host.hostname", "agent.hostname").Text())
	if b.first("auditd.log.record_type", "auditd.log.sequence").Kind() != jsonfields.Absent {
		return b.filebeatRecord(node)
	}
	s := textStamp(b.first("@timestamp").Text())
	seq := b.first("event.sequence", "auditd.sequence")
	if err := b.open(s.withSerial(seq.Text()), node, false); err != nil {
		return err
	}
	if b.originalLines() {
		return nil
	}
	b.record(bytes.ToUpper(b.first("auditd.message_type").Text()))
	b.data("auditd.data")
	b.beatFields()
	return nil
}

// data adds the members of an object as fields, whether they stand in it or at the
// top under names with dots.
func (b *builder) data(object string) {
	for key, v := range b.first(object).Members {
		b.datum(key, v)
	}
	for key, v := range b.top.Members {
		if name, ok := bytes.CutPrefix(key, []byte(object+".")); ok && bytes.IndexByte(name, '.') < 0 {
			b.datum(name, v)
		}
	}
}

func (b *builder) datum(name []byte, v jsonfields.Value) {
	switch string(name) {
	case "record_type", "sequence", "epoch": // of the head
	case "argc", "socket":
	default:
		b.some(string(name), v)
	}
}

// filebeatRecord reads a document of filebeat's module auditd, which is one record.
// Those of an event are joined by the stamp, of which the module keeps the parts.
func (b *builder) filebeatRecord(node []byte) error {
	s, _ := parseStamp(bytes.Clone(b.first("auditd.log.epoch").Text()))
	if s.has&hasTime == 0 {
		s = textStamp(b.first("@timestamp").Text())
	}
	s = s.withSerial(b.first("auditd.log.sequence").Text())
	if err := b.open(s, node, s.has&hasSerial != 0); err != nil {
		return err
	}
	if b.originalLines() {
		return nil
	}
	b.record(bytes.Clone(b.first("auditd.log.record_type", "event.action").Text()))
	if r := &b.g.recs[len(b.g.recs)-1]; r.kind == nil { // event.action is in lower case
		r.number, r.kind = lookupType(bytes.ToUpper(b.g.text(r.name)))
	}
	b.data("auditd.log")
	if b.g.recs[len(b.g.recs)-1].is(typeSyscall) {
		b.some("arch", b.first("host.architecture"))
	}
	for _, f := range beatNames {
		for _, v := range b.top.Find(nil, jsonfields.Compile(f[0])) {
			b.some(f[1], v)
		}
	}
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
	for _, key := range [...]string{"auditd.messages", "event.original"} { // each of them a list, or one text
		for _, v := range b.top.Find(nil, jsonfields.Compile(key)) {
			lines = append(lines, bytes.Split(bytes.Clone(v.Text()), []byte("\n"))...)
		}
		if len(lines) > 0 {
			break
		}
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

// beatNames are the names that ECS gives fields of records.
var beatNames = [][2]string{{"process.pid", "pid"}, {"process.parent.pid", "ppid"}, {"process.executable", "exe"}, {"process.name", "comm"},
	{"user.audit.id", "auid"}, {"user.audit.name", "AUID"}, {"user.id", "uid"}, {"user.name", "UID"}, {"user.effective.id", "euid"},
	{"container.id", "container.id"}, {"container.name", "container.name"}, {"container.image.name", "container.image"}}

// beatArguments adds the arguments of the process. They are those of an EXECVE record
// if the event is an exec; add_process_metadata puts those of the process into other
// events, too, where they are no more than its title.
func (b *builder) beatArguments() {
	args := b.top.Find(nil, jsonfields.Compile("process.args"))
	call := b.first("auditd.data.syscall").Text()
	switch title := b.first("process.title"); {
	case len(args) > 0 && (len(call) == 0 || isExec(string(call))):
		b.record([]byte("EXECVE"))
		for i, a := range args {
			b.set("a"+string(b.d.rd.integer(int64(i))), a.Text())
		}
	case len(textOf(title)) > 0:
		b.record([]byte("PROCTITLE"))
		b.some("proctitle", title)
	case len(args) > 0:
		var words [][]byte
		for _, a := range args {
			words = append(words, a.Text())
		}
		b.record([]byte("PROCTITLE"))
		b.set("proctitle", bytes.Join(words, []byte{' '}))
	}
}

// beatFields adds what the document says in the words of ECS.
func (b *builder) beatFields() {
	switch string(b.first("auditd.result").Text()) {
	case "success":
		b.set("success", []byte("yes"))
	case "fail":
		b.set("success", []byte("no"))
	}
	for _, f := range append([][2]string{{"auditd.session", "ses"}, {"tags", "key"}}, beatNames...) {
		for _, v := range b.top.Find(nil, jsonfields.Compile(f[0])) {
			b.some(f[1], v)
		}
	}
	b.beatArguments()
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
