package auditd

import (
	"bytes"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/words"
)

// Format is the Linux audit log.
var Format = &parsers.Format{
	Name:  "auditd",
	Title: "Linux audit records: audit.log raw and enriched, syslog, ausearch, laurel, go-audit, auditbeat, filebeat, Wazuh, osquery, auoms, journald",
	Kinds: []parsers.Kind{
		kindRecord: {Name: "auditd", Sources: []parsers.LogSource{
			{Product: "linux", Service: "auditd"}, {Product: "linux"}}},
		kindProcess: {Name: "process_creation", Sources: []parsers.LogSource{
			{Product: "linux", Category: "process_creation"}}},
		kindFile: {Name: "file_event", Sources: []parsers.LogSource{
			{Product: "linux", Category: "file_event"}}},
		kindNetwork: {Name: "network_connection", Sources: []parsers.LogSource{
			{Product: "linux", Category: "network_connection"}}},
		// No service: rules for service auditd are written for single records.
		kindEvent: {Name: "auditd_event", Sources: []parsers.LogSource{
			{Product: "linux", Category: "audit_event"}}},
	},
	Sniff:      sniff,
	Stateful:   true,
	NewDecoder: newDecoder,
	Mapping:    mapping,
	Rejoin:     rejoin,
	Needs:      needs,
}

// sniffLines is how many lines are looked at before a stream is refused.
const sniffLines = 50

// sniffBytes is how much of a JSON object of many lines is looked at.
const sniffBytes = 8 << 10

func sniff(prefix []byte, _ string) parsers.Verdict {
	if text := words.TrimLeft(prefix, "\x00\r\n \t"); len(text) > 0 && text[0] == '{' && bytes.IndexByte(text, '\n') >= 0 {
		if c := sniffJSON(text[:min(len(text), sniffBytes)]); c != parsers.No {
			return parsers.Verdict{Confidence: c}
		}
	}
	for n := 0; n < sniffLines && len(prefix) > 0; n++ {
		var line []byte
		line, prefix, _ = bytes.Cut(prefix, []byte("\n"))
		line = words.Trim(line, "\x00\r \t")
		if c := sniffLine(line); c != parsers.No {
			return parsers.Verdict{Confidence: c}
		}
	}
	return parsers.Verdict{Why: "no audit record (type=... msg=audit(...)) in the first lines, nor one of the JSON forms of laurel, go-audit, auditbeat, osquery or journald"}
}

func sniffLine(line []byte) parsers.Confidence {
	if len(line) > 0 && line[0] == '{' {
		return sniffJSON(line)
	}
	h, ok := parseHeader(line, &stampMemo{})
	switch {
	case !ok:
		if i := embedded(line); len(line) > 0 && i > 0 {
			return sniffJSON(line[i:])
		}
		return parsers.No
	case h.stamp.has&guessed != 0:
		return parsers.Likely
	case h.stamp.has&(hasTime|hasSerial) == hasTime|hasSerial:
		return parsers.Certain
	}
	return parsers.Likely
}

// needs tells which records a field comes from. What every audit log has, or
// what this table does not know, needs nothing in particular.
func needs(kind int, field string) []string {
	if n, ok := fieldNeeds[field]; ok {
		return n
	}
	if n, _, ok := argName([]byte(field)); ok && (n > 3 || kind == kindRecord) {
		if n > 3 {
			return []string{"EXECVE"}
		}
		return []string{"EXECVE", "SYSCALL"}
	}
	switch kind {
	case kindProcess:
		return []string{"SYSCALL", "EXECVE"}
	case kindFile:
		return []string{"PATH"}
	case kindNetwork:
		return []string{"SOCKADDR"}
	}
	return nil
}

// fieldNeeds are the record types of which one has to be there.
var fieldNeeds = func() map[string][]string {
	m := map[string][]string{}
	add := func(types, fields string) {
		for _, f := range strings.Fields(fields) {
			m[f] = strings.Fields(types)
		}
	}
	add("EXECVE", "argc")
	add("EXECVE PROCTITLE", "argv argv0 cli.tool cli.verb cli.sub cli.words cli.flags cmdline CommandLine")
	add("PROCTITLE", "proctitle")
	add("SOCKADDR", "saddr sock.family sock.ip sock.port sock.path DestinationIp DestinationPort Initiated")
	add("PATH", "path nametype TargetFilename inode mode ouid ogid")
	add("PATH KERN_MODULE AVC", "name")
	add("CWD USER_CMD", "cwd")
	add("CWD", "CurrentDirectory")
	add("SYSCALL", `SYSCALL success exit ppid exe.base open_write parent.exe parent.exe.base ppid_exe parent.cmdline
		parent.user in_container container.id ParentImage ParentCommandLine ParentUser Image ParentProcessId`)
	add("SYSCALL SECCOMP", "syscall ARCH arch")
	add("USER_CMD", "cmd")
	add("USER_TTY TTY", "data")
	add("SERVICE_START SERVICE_STOP", "unit")
	add("CONTAINER_INFO", "container.image container.name container.pod container.namespace")
	m["DestinationHostname"] = []string{noHostNames}
	return m
}()

// noHostNames stands for a detail that no event has.
const noHostNames = "a name look-up, which no audit record is"
