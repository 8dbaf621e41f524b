package formats

import "bytes"

// magics are the beginnings of files that are no logs, or logs in a form that
// is not read here.
var magics = []struct{ magic, name string }{
	{"\x7fELF", elf},
	{"MZ\x90", pe},
	{"\x89PNG\r\n", "image (PNG)"},
	{"\xff\xd8\xff", "image (JPEG)"},
	{"GIF8", "image (GIF)"},
	{"%PDF-", "document (PDF)"},
	{"SQLite format 3\x00", "database (SQLite)"},
	{"LPKSHHRH", "systemd journal"},
	{"PAR1", "table (Parquet)"},
	{"Obj\x01", "table (Avro)"},
	{"ElfFile\x00", "Windows event log (EVTX)"},
	{"\xd4\xc3\xb2\xa1", "packet capture (pcap)"},
	{"\xa1\xb2\xc3\xd4", "packet capture (pcap)"},
	{"\x0a\x0d\x0d\x0a", "packet capture (pcapng)"},
	{"-----BEGIN PGP", "encrypted (PGP)"},
	{"-----BEGIN ", "key or certificate (PEM)"},
	{"\xff\xfe\x00\x00", "text (UTF-32)"},
	{"\x00\x00\xfe\xff", "text (UTF-32)"},
	{"<!DOCTYPE html", "HTML"},
	{"<?xml", "XML"},
	{"\x1f\x8b", "compressed (gzip)"},
	{"PK\x03\x04", "archive (zip)"},
	{"\x28\xb5\x2f\xfd", "compressed (zstd)"},
	{"\xfd7zXZ\x00", "compressed (xz)"},
}

// tables are the beginnings of what tools made of audit logs for people. Too
// little is left in them to be read as events.
var tables = []struct{ magic, name string }{
	{"NODE,EVENT,DATE,TIME", "table of ausearch --format csv; ausearch --raw keeps the records"},
	{"EVENT,DATE,TIME", "table of ausearch --format csv; ausearch --raw keeps the records"},
}

// accounts are words of what tools made of audit logs for people to read, and of what
// other sensors write. A stream of these is told by all of the words of one.
var accounts = []struct {
	words []string
	name  string
}{
	{[]string{"successfully ", " using /", "At "}, "account of ausearch --format text; ausearch --raw keeps the records"},
	{[]string{"Report\n==="}, "report of aureport; ausearch --raw keeps the records"},
	{[]string{`"output_fields"`, `"rule"`, `"priority"`}, "JSON, alerts of Falco"},
	{[]string{`"process_exec"`, `"binary"`, `"exec_id"`}, "JSON, events of Tetragon"},
	{[]string{`"process_kprobe"`, `"binary"`, `"exec_id"`}, "JSON, events of Tetragon"},
	{[]string{`"eventName"`, `"argsNum"`}, "JSON, events of Tracee"},
}

// accountIn is what a text is whose words are known; empty if they are not.
func accountIn(text []byte) string {
	text = text[:min(len(text), 4<<10)]
	for _, a := range accounts {
		all := true
		for _, word := range a.words {
			all = all && bytes.Contains(text, []byte(word))
		}
		if all {
			return a.name
		}
	}
	return ""
}

// rowOfReport is how the CSV of findings goes on behind its header, which is framing.
var rowOfReport = lazily(`^[0-9T:.Z-]{20,30},[0-9T:.Z-]{20,30},(critical|high|medium|low|informational),[0-9]{1,3},`)

// ownReport says which report of tideline a stream is that begins with prefix; "" if it
// is none. The records that a report quotes are read like any others: who writes logs
// could otherwise hide some by a beginning like this. But it is said.
func ownReport(prefix []byte) string {
	head := bytes.TrimPrefix(prefix, []byte(`{"schema":"tideline.`))
	switch {
	case len(head) < len(prefix):
		if i := bytes.IndexByte(head, '"'); i > 0 && i < 32 {
			return "tideline." + string(head[:i])
		}
	case bytes.HasPrefix(prefix, []byte("<!DOCTYPE html>")) && bytes.Contains(prefix, []byte("<title>tideline report</title>")):
		return "HTML"
	case rowOfReport().Match(prefix):
		return "CSV"
	case bytes.HasPrefix(prefix, []byte(`{"message":"`)) && bytes.Contains(prefix, []byte(`"timestamp_desc":"`)) && bytes.Contains(prefix, []byte(`,"finding_id":"`)):
		return "Timesketch"
	case bytes.HasPrefix(prefix, []byte(`{"@timestamp":"`)) && bytes.Contains(prefix, []byte(`"module":"tideline"`)):
		return "ECS"
	}
	return ""
}

// looksLike says in a word what a stream is that begins with prefix.
func looksLike(prefix []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(prefix, []byte(m.magic)) {
			return m.name
		}
	}
	text := bytes.TrimLeft(prefix, " \t\r\n\x00")
	switch {
	case len(prefix) == 0:
		return "empty"
	case len(text) == 0:
		return "blank"
	case controls(text) > len(text)/32:
		return "binary"
	case accountIn(text) != "":
		return accountIn(text)
	case text[0] == '{' || text[0] == '[':
		return "JSON"
	}
	for _, m := range tables {
		if bytes.HasPrefix(text, []byte(m.magic)) {
			return m.name
		}
	}
	return "text"
}

// controls counts the bytes that text does not have.
func controls(b []byte) int {
	n := 0
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0x1b && c != 0x1d && c != 0x1e {
			n++
		}
	}
	return n
}
