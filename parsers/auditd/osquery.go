package auditd

import (
	"bytes"
	"time"

	"tideline/parsers/internal/jsonfields"
)

// osqueryTables are the tables that are made of audit records, and the system
// call that each tells of.
var osqueryTables = map[string]string{
	"process_events": "execve", "socket_events": "", "process_file_events": "", "user_events": "",
	"selinux_events": "", "seccomp_events": "",
}

// osqueryTable finds the table whose results a line holds.
func osqueryTable(line []byte) string {
	if !bytes.Contains(line, []byte(`"columns"`)) && !bytes.Contains(line, []byte(`"snapshot"`)) && !bytes.Contains(line, []byte(`"diffResults"`)) {
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

// readOsquery reads results of osquery's event tables (osqueryd.results.log): a row
// that was added or removed, rows of a snapshot, or a batch of those that are new.
func readOsquery(b *builder) error {
	table := osqueryTable(b.rec.Data)
	rows := b.top.Find(nil, jsonfields.Compile("columns"))
	rows = append(rows, b.top.Find(nil, jsonfields.Compile("snapshot"))...)
	rows = append(rows, b.top.Find(nil, jsonfields.Compile("diffResults.added"))...)
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
	if string(call) == "exec" { // bpf_process_events
		call = []byte("execve")
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
