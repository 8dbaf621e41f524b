package auditd

import (
	"bytes"

	"tideline/parsers"
)

// auomsMark begins the types of the records that Microsoft's auoms (OMS Auditd
// Plugin, used by Sentinel) makes of whole events: AUOMS_EXECVE, AUOMS_SYSCALL.
var auomsMark = []byte("AUOMS_")

// auomsNames are the fields of such a record, in the groups that they had as
// records. Values are interpreted; those that are not quoted, and command
// lines, may hold blanks and quotes, so that only a known name ends a value.
var auomsNames = func() map[string]bool {
	m := map[string]bool{}
	for _, f := range bytes.Fields([]byte(`SchemaVersion auoms_version node arch syscall syscall_r success exit a0 a1 a2 a3 ppid pid
		audit_user auid user uid group gid effective_user euid set_user suid filesystem_user fsuid effective_group egid set_group sgid
		filesystem_group fsgid tty ses comm exe key key_r cwd name inode dev mode o_user ouid owner_group ogid rdev nametype
		cap_fp cap_fi cap_fe cap_fver cap_frootid path_name path_nametype path_mode path_ouid path_ogid argc cmdline proctitle
		redactors containerid saddr addr_family path addr port`)) {
		m[string(f)] = true
	}
	return m
}()

// addAUOMS reads a record of auoms as the event that it was made of.
func (d *decoder) addAUOMS(rec *parsers.Record, h *header, emit func(*parsers.Event) error) error {
	f := auomsFields(h.body)
	b := builder{d: d, rec: rec, emit: emit}
	if err := b.open(h.stamp, f["node"], false); err != nil {
		return err
	}
	b.record([]byte("SYSCALL"))
	for _, name := range [...]string{"arch", "syscall", "success", "exit", "a0", "a1", "a2", "a3", "ppid", "pid", "auid", "uid", "gid", "euid",
		"suid", "fsuid", "egid", "sgid", "fsgid", "tty", "ses", "comm", "exe"} {
		if v, ok := f[name]; ok {
			b.set(name, v)
		}
	}
	for key := range bytes.SplitSeq(f["key"], []byte(",")) {
		if len(key) > 0 {
			b.set("key", key)
		}
	}
	if id := f["containerid"]; len(id) > 0 {
		b.set("container.id", id)
	}
	if line := f["cmdline"]; len(line) > 0 {
		b.record([]byte("EXECVE"))
		b.arguments(bytes.Fields(line))
	}
	if cwd := f["cwd"]; len(cwd) > 0 {
		b.record([]byte("CWD"))
		b.set("cwd", cwd)
	}
	if name := f["name"]; len(name) > 0 {
		b.record([]byte("PATH"))
		b.set("name", name)
		b.set("nametype", f["nametype"])
	}
	if title := f["proctitle"]; len(title) > 0 {
		b.record([]byte("PROCTITLE"))
		b.set("proctitle", title)
	}
	b.close()
	return d.note()
}

// auomsFields cuts a record into its fields. Of a name that occurs twice the
// first counts, since what a process chose of itself stands last; but for the
// container, which auoms puts at the end.
func auomsFields(body []byte) map[string][]byte {
	out := map[string][]byte{}
	name, from := "", 0
	put := func(end int) {
		if name == "" {
			return
		}
		value := bytes.TrimRight(body[from:end], " ")
		if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
			value = value[1 : n-1]
		}
		if _, known := out[name]; !known || name == "containerid" {
			out[name] = value
		}
	}
	for i := 0; i < len(body); {
		word, _, _ := bytes.Cut(body[i:], []byte(" "))
		if key, _, ok := bytes.Cut(word, []byte("=")); ok && auomsNames[string(key)] {
			put(i)
			name, from = string(key), i+len(key)+1
		}
		i += len(word) + 1
	}
	put(len(body))
	return out
}
