package auditd

import (
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
)

func TestJSONForms(t *testing.T) {
	cases := []struct{ name, line, field, want string }{
		{"laurel: arguments in one string", `{"ID":"1.5:9","SYSCALL":{"syscall":59,"SYSCALL":"execve","success":"yes"},"EXECVE":{"argc":3,"ARGV_STR":"sh -c a+b%2B"}}`, "argv", "sh|-c|a b+"},
		{"laurel: address", `{"ID":"1.5:9","SYSCALL":{"arch":"0xc000003e","syscall":42},"SOCKADDR":[{"saddr":"x","SADDR":{"family":"ipv4","addr":"10.0.0.1","port":443}}]}`, "sock.ip", "x"},
		{"laurel: what user space wrote", `{"ID":"1.5:9","USER_CMD":[{"pid":3,"uid":1000,"msg":"cwd=\"/h\" cmd=646F636B6572207073 exe=\"/usr/bin/sudo\" terminal=pts/0 res=success"}]}`, "cmd", "docker ps"},
		{"laurel: its result", `{"ID":"1.5:9","USER_AUTH":[{"pid":3,"uid":0,"msg":"op=PAM:authentication acct=\"ro%2Bot\" addr=192.0.2.1 res=failed"}]}`, "acct", "ro+ot"},
		{"journal: bytes", `{"_AUDIT_TYPE":"1302","_AUDIT_ID":"42","_SOURCE_REALTIME_TIMESTAMP":"1","MESSAGE":[80,65,84,72,32,105,116,101,109,61,48,32,110,97,109,101,61,34,47,120,233,34]}`, "path", "/x\xe9"},
		{"journal: several messages", `{"_AUDIT_TYPE":"1302","_AUDIT_ID":"42","_SOURCE_REALTIME_TIMESTAMP":"1","MESSAGE":["PATH name=\"/x\"",[80,65,84,72,32,110,97,109,101,61,34,47,121,34]]}`, "path", "/x|/y"},
		{"laurel: parent", `{"ID":"1.5:9","SYSCALL":{"syscall":59,"PPID":{"comm":"runc","exe":"/usr/bin/runc"}}}`, "parent.exe.base", "runc"},
		{"laurel: older parent", `{"ID":"1.5:9","SYSCALL":{"syscall":59},"PARENT_INFO":{"exe":"/bin/sh"}}`, "ppid_exe", "/bin/sh"},
		{"laurel: paths", `{"ID":"1.5:9","SYSCALL":{"syscall":2},"CWD":{"cwd":"/a"},"PATH":[{"item":0,"name":"b","nametype":"CREATE"}]}`, "path", "/a/b"},
		{"laurel: registers", `{"ID":"1.5:9","SYSCALL":{"arch":"0xc000003e","syscall":257,"ARGV":["0xffffff9c","0x7f","0x241","0x1b6"]}}`, "open_write", "true"},
		{"go-audit: container", `{"sequence":42,"timestamp":"1740823200.123","messages":[{"type":1300,"data":"arch=c000003e syscall=59 uid=0","containers":{"id":"abc","image":"nginx"}}]}`, "container.image", "nginx"},
		{"go-audit: user", `{"sequence":42,"timestamp":"1740823200.123","messages":[{"type":1300,"data":"arch=c000003e syscall=59 uid=7"}],"uid_map":{"7":"ann"}}`, "UID", "ann"},
		{"go-audit behind syslog", `<13>Mar  1 10:00:00 h go-audit[3]: {"sequence":42,"timestamp":"1740823200.123","messages":[{"type":1300,"data":"arch=c000003e syscall=59 uid=7"}]}`, "SYSCALL", "execve"},
		{"auditbeat: process", `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"message_type":"syscall","result":"success","sequence":3,"data":{"syscall":"execve","arch":"x86_64"}},"process":{"args":["cat","/x"],"executable":"/bin/cat","working_directory":"/"},"user":{"id":"0"}}`, "CommandLine", "cat /x"},
		{"auditbeat: path", `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"message_type":"syscall","data":{"syscall":"openat"},"paths":[{"name":"/etc/shadow","nametype":"NORMAL"}]}}`, "path", "/etc/shadow"},
		{"auditbeat: pretty", "{\n  \"@timestamp\": \"2025-03-01T10:00:00Z\",\n  \"auditd\": {\n \"paths\": [{\"name\": \"/x\"}]}}", "path", "/x"},
		{"auditbeat: arguments of who connects", `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"message_type":"syscall","result":"success","sequence":3,"data":{"syscall":"connect"}},"process":{"args":["kubectl","get"]}}`, "cmdline", ""},
		{"auditbeat: title of who connects", `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"message_type":"syscall","result":"success","sequence":3,"data":{"syscall":"connect"}},"process":{"args":["kubectl","get"]}}`, "proctitle", "kubectl get"},
		{"auditbeat: title of a program", `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"message_type":"syscall","result":"success","sequence":3,"data":{"syscall":"execve"}},"process":{"title":"kubectl get pods"}}`, "cmdline", "kubectl get pods"},
		{"auditbeat: dotted", `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd.message_type":"syscall","auditd.result":"success","event.sequence":3,"auditd.data.syscall":"execve","process.args":["cat","/x"],"process.executable":"/bin/cat"}`, "CommandLine", "cat /x"},
		{"filebeat: record", `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"log":{"record_type":"EXECVE","sequence":43,"epoch":"1740823200.123","argc":"2","a0":"sh","a1":"-c"}}}`, "argv", "sh|-c"},
		{"filebeat: call", `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"log":{"record_type":"SYSCALL","sequence":43,"epoch":"1740823200.123","syscall":"59","success":"yes"}},"host":{"architecture":"x86_64"}}`, "SYSCALL", "execve"},
		{"filebeat: older", `{"@timestamp":"2025-03-01T10:00:00.123Z","event":{"action":"execve"},"auditd":{"log":{"sequence":43,"a0":"sh","a1":"-c"}}}`, "argv", "sh|-c"},
		{"osquery: batch", `{"name":"process_events","hostIdentifier":"h","unixTime":1740823200,"diffResults":{"added":[{"pid":"2","path":"/bin/sh","cmdline":"sh -c id","syscall":"execve"}],"removed":""}}`, "argv", "sh|-c|id"},
		{"osquery: by BPF", `{"name":"bpf_process_events","hostIdentifier":"h","unixTime":1740823200,"columns":{"pid":"2","path":"/bin/sh","cmdline":"sh -c id","syscall":"exec"}}`, "CommandLine", "sh -c id"},
		{"wazuh", `{"timestamp":"2025-03-01T10:00:00.200+0000","agent":{"name":"h"},"full_log":"type=SYSCALL msg=audit(1.5:9): arch=c000003e syscall=59 success=yes uid=0 type=EXECVE msg=audit(1.5:9): argc=2 a0=\"sh\" a1=\"-c\" type=CWD msg=audit(1.5:9): cwd=\"/\""}`, "argv", "sh|-c"},
		{"osquery: process", `{"name":"pack_process_events","hostIdentifier":"h","unixTime":1740823200,"action":"added","columns":{"pid":"2","path":"/bin/sh","cmdline":"sh -c id","uid":"0","parent":"1","syscall":"execve","time":"1740823201"}}`, "argv", "sh|-c|id"},
		{"osquery: socket", `{"name":"socket_events","hostIdentifier":"h","unixTime":1740823200,"columns":{"action":"connect","remote_address":"10.0.0.1","remote_port":"2375","path":"/usr/bin/curl","success":"1","pid":"3"}}`, "sock.port", "2375"},
	}
	cases[1].want = "10.0.0.1" // what laurel read counts for more than the code
	for _, c := range cases {
		if got := values(t, strings.ReplaceAll(c.line, "\n", " "), "auditd_event", c.field); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if sniff([]byte(c.line), "").Confidence == parsers.No {
			t.Errorf("%s: not recognised", c.name)
		}
	}
}

func TestForeignJSON(t *testing.T) {
	for _, line := range []string{`{}`, `{"kind":"Event","auditID":"x"}`, `{"ID":"abc","SYSCALL":{}}`, `{"Type":"container","Action":"start","time":1}`,
		`{"name":"x","columns":{"a":1}}`, `{"messages":[],"x":1}`} {
		if _, codes := decodeText(t, line); !slices.Equal(codes, []string{parsers.ErrForeign.Error()}) {
			t.Errorf("%s: %q", line, codes)
		}
	}
}

func TestNeeds(t *testing.T) {
	for _, c := range []struct {
		kind  int
		field string
		want  string
	}{
		{kindEvent, "cli.tool", "EXECVE PROCTITLE"}, {kindEvent, "argc", "EXECVE"}, {kindEvent, "sock.ip", "SOCKADDR"}, {kindRecord, "a7", "EXECVE"}, {kindRecord, "a1", "EXECVE SYSCALL"},
		{kindEvent, "a1", ""}, {kindProcess, "CommandLine", "EXECVE PROCTITLE"}, {kindFile, "TargetFilename", "PATH"}, {kindRecord, "type", ""},
	} {
		if got := strings.Join(needs(c.kind, c.field), " "); got != c.want {
			t.Errorf("%s of kind %d needs %q, want %q", c.field, c.kind, got, c.want)
		}
	}
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{sys, "allowed"},
		{strings.Replace(sys, "success=yes exit=3", "success=no exit=-13", 1), "denied"},
		{strings.Replace(sys, "success=yes exit=3", "success=no exit=-2", 1), "failed"},
		{strings.Replace(sys, "success=yes exit=3", "success=no exit=-115", 1), "unknown"},
		{`type=USER_AUTH msg=audit(1.5:9): pid=1 msg='op=x acct="root" exe="/x" addr=10.0.0.9 res=failed'`, "denied"},
		{`type=USER_LOGIN msg=audit(1.5:9): pid=1 msg='op=x acct="root" exe="/x" addr=10.0.0.9 res=success'`, "allowed"},
		{`type=AVC msg=audit(1.5:9): avc:  denied  { read } for  pid=3 comm="p"`, "denied"},
	} {
		events, _ := decodeText(t, c.line)
		if len(events) != 1 || !strings.HasSuffix(events[0], " "+c.want) {
			t.Errorf("%s: %q, want %s", c.line, events, c.want)
		}
	}
}

func TestRemarks(t *testing.T) {
	for _, c := range []struct{ name, line, code string }{
		{"separator", "----", "audit.separator"},
		{"records dropped by the kernel", "Mar  1 10:00:00 h kernel: [1.2] audit: backlog limit exceeded", "audit.lost"},
		{"records counted as lost", "audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=8192", "audit.lost"},
		{"no closing parenthesis", "type=SYSCALL msg=audit(1740823200.123", "audit.bad_header"},
		{"no milliseconds", "type=X msg=audit(1337845201): a=b", "audit.incomplete_stamp"},
		{"no date", "type=X msg=audit(): a=b", "audit.incomplete_stamp"},
		{"no type", "type= msg=audit(1.5:9): a=b", "audit.incomplete_stamp"},
		{"local time", "type=CWD msg=audit(03/01/25 10:00:00.123:42) : cwd=/", "audit.local_time"},
		{"field twice", `type=SYSCALL msg=audit(1.5:9): pid=1 key="a" key="b"`, "audit.dup_field"},
		{"JSON cut off", `{"ID":"1.5:9","SYSCALL":{"pid":1},"EXECVE":{"ARGV":["a`, "audit.bad_json"},
	} {
		events, codes := decodeText(t, c.line)
		if !slices.Contains(codes, c.code) {
			t.Errorf("%s: remarks %q, %d events", c.name, codes, len(events))
		}
	}
}

// Filebeat writes a document for each record; those of one event are joined.
func TestFilebeatEvents(t *testing.T) {
	const call = `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"log":{"record_type":"SYSCALL","sequence":43,"epoch":"1740823200.123","syscall":"59","success":"yes"}},"host":{"architecture":"x86_64","hostname":"h"},"process":{"executable":"/bin/sh"},"user":{"audit":{"id":"1000"}}}`
	const args = `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"log":{"record_type":"EXECVE","sequence":43,"epoch":"1740823200.123","a0":"sh","a1":"-c"}},"host":{"hostname":"h"}}`
	const original = `{"@timestamp":"2025-03-01T10:00:00.123Z","event":{"original":"type=CWD msg=audit(1740823200.123:43): cwd=\"/tmp\""},"auditd":{"log":{"record_type":"CWD","sequence":43,"epoch":"1740823200.123"}}}`
	events, codes := decodeText(t, args+"\n"+call+"\n"+original, "cwd")
	want := "2025-03-01T10:00:00.123Z auid=1000 execve command //bin/sh allowed $ sh -c"
	if len(events) != 1 || len(codes) > 0 || !strings.HasPrefix(events[0], want) || !strings.Contains(events[0], "cwd=/tmp") {
		t.Errorf("%q, %q", events, codes)
	}
	// Raw records may be kept as a list.
	const list = `{"@timestamp":"2025-03-01T10:00:00.123Z","auditd":{"message_type":"syscall","sequence":43},"event":{"module":"auditd","original":["type=SYSCALL msg=audit(1740823200.123:43): arch=c000003e syscall=59 success=yes exit=0 auid=1000 exe=\"/bin/sh\"","type=EXECVE msg=audit(1740823200.123:43): argc=2 a0=\"sh\" a1=\"-c\""]}}`
	events, codes = decodeText(t, list, "cwd")
	if len(events) != 1 || len(codes) > 0 || !strings.HasPrefix(events[0], want) {
		t.Errorf("%q, %q", events, codes)
	}
}

// Wazuh puts all records of an event into one line.
func TestJoinedRecords(t *testing.T) {
	const head = `msg=audit(1740823200.123:43):`
	line := "2025 Mar 01 10:00:00 (h) any->/var/log/audit/audit.log type=SYSCALL " + head + ` arch=c000003e syscall=59 success=yes exit=0 a0=1 ppid=1 pid=2 auid=1000 uid=0 exe="/bin/sh" key="x" type=EXECVE ` + head +
		` argc=3 a0="sh" a1="-c" a2=747970653D435744206D73673D617564697428313734303832333230302E3132333A3433293A206377643D222F6622 node=h type=CWD ` + head + `  cwd="/root" type=PATH ` + head + ` item=0 name="type=X" nametype=NORMAL type=PROCTITLE ` + head + ` proctitle="sh"`
	for _, text := range []string{line, line[strings.Index(line, "type="):], "node=h " + line[strings.Index(line, "type="):]} {
		for _, fields := range [][]string{{"types", "cwd"}, {"types", "cwd", "pid"}} { // with stencils and without
			events, codes := decodeText(t, strings.Repeat(text+"\n"+strings.ReplaceAll(text, ":43)", ":44)")+"\n", 1), fields...)
			const want = `2025-03-01T10:00:00.123Z auid=1000 execve command //bin/sh allowed $ sh -c type=CWD msg=audit(1740823200.123:43): cwd="/f"`
			if len(events) != 2 || len(codes) > 0 || !strings.HasPrefix(events[0], want) || !strings.Contains(events[0], "types=SYSCALL types=EXECVE types=CWD types=PATH types=PROCTITLE cwd=/root") {
				t.Errorf("%q, %q", events, codes)
			}
		}
	}
	// Another stamp, or one in quotes, does not begin a record.
	for _, text := range []string{
		`type=USER_CMD msg=audit(1.5:9): pid=1 uid=0 msg='cmd="x type=CWD msg=audit(1.5:8): cwd=/" res=success'`,
		`type=USER_CMD msg=audit(1.5:9): pid=1 uid=0 msg='cmd="x msg=audit(1.5:9): cwd=/" res=success'`,
	} {
		if events, _ := decodeText(t, text, "types"); len(events) != 1 || !strings.Contains(events[0], "types=USER_CMD]") {
			t.Errorf("%q", events)
		}
	}
}

// Shippers make one message of an event, or of several, whose records keep their lines.
func TestRecordsOfOneMessage(t *testing.T) {
	const event = "type=SYSCALL msg=audit(1740823200.123:43): arch=c000003e syscall=42 success=yes exit=0 a0=3 ppid=1 pid=2 auid=1000 uid=1001 exe=\"/x\" key=(null)\n" +
		"type=SOCKADDR msg=audit(1740823200.123:43): saddr=01002F72756E2F646F636B65722E736F636B00\r\ntype=PROCTITLE msg=audit(1740823200.123:43): proctitle=\"x\""
	d := Format.NewDecoder(parsers.Options{Fields: []string{"sock.path", "key"}})
	var events []string
	see := func(ev *parsers.Event) error {
		events = append(events, string(ev.Facts.Target))
		return nil
	}
	rec := &parsers.Record{Data: []byte(event + "\n" + strings.ReplaceAll(event, ".123:43", ".124:44"))}
	if err := d.Decode(rec, see); err != nil {
		t.Error(err)
	}
	if err := d.Flush(see); err != nil {
		t.Error(err)
	}
	if got := strings.Join(events, " "); got != "/run/docker.sock /run/docker.sock" {
		t.Errorf("%q", got)
	}
}

// What awk and tr make of blanks, tables of quotes, and loggers of fields.
func TestRecordsSpelledAnew(t *testing.T) {
	const raw = `type=SYSCALL msg=audit(1.5:9): arch=c000003e syscall=42 success=yes exit=0 a0=3 ppid=1 pid=2 auid=1000 uid=1001 exe="/x" key="sock"` + "\n" +
		`type=SOCKADDR msg=audit(1.5:9): saddr=02000050A9FEA9FE0000000000000000` + "\n"
	const enriched = `type=PATH msg=audit(1.5:9): item=0 name="/x" ouid=0 ogid=991 nametype=NORMAL cap_frootid=0` + "\x1d" + `OUID="root" OGID="docker"`
	for _, log := range []string{raw, raw + enriched} {
		ask := []string{"uid", "exe", "key", "sock.ip", "OUID", "OGID"}
		want, _ := decodeText(t, log, ask...)
		for how, spell := range map[string]*strings.Replacer{
			"tabs": strings.NewReplacer(" ", "\t"), "quotes": strings.NewReplacer(`"`, `""`), "commas": strings.NewReplacer(" ", ", "),
			"a statement": strings.NewReplacer(`"`, `\"`, "type=", "INSERT INTO t VALUES (1,'type="), "XML": strings.NewReplacer(`"`, "&quot;"),
			"a type in quotes": strings.NewReplacer("SYSCALL", `"SYSCALL"`, "type=PATH", `type='PATH'`),
		} {
			got, gaps := decodeText(t, spell.Replace(log), ask...)
			if len(want) != 1 || !strings.Contains(want[0], "169.254.169.254") || strings.Join(got, "\n") != strings.Join(want, "\n") || len(gaps) > 0 {
				t.Errorf("%s: %q, %q\nwant %q", how, got, gaps, want)
			}
		}
	}
	if got := values(t, "type=USER_CMD msg=audit(1.5:9): pid=1 cmd=a\tuid=0 res=x", "auditd", "cmd"); len(got) != 1 || got[0] != "a\tuid=0" {
		t.Errorf("%q", got)
	}
	if got := values(t, `type=USER_CMD msg=audit(1.5:9): acct="" exe="" res=x`, "auditd", "acct"); len(got) != 1 || got[0] != "" {
		t.Errorf("%q", got)
	}
}

// rsyslog writes #035 for 0x1D, others other things.
func TestEscapedSeparator(t *testing.T) {
	for _, escape := range []string{"#035", `\035`, `\x1d`, `\x1D`, `\u001d`, "^]", "\t", "?", "\u241d", "\ufffd", " ", "\x1d"} {
		at := "Mar  1 10:00:00 h audispd: type="
		call := at + `SYSCALL msg=audit(1.5:9): arch=c000003e syscall=42 success=yes exit=0 a0=3 ppid=1 pid=2 auid=1000 uid=1001 exe="/x" key="sock"` + escape + `ARCH=x86_64 SYSCALL=connect AUID="ann" UID="bob"` + "\n" +
			at + `SOCKADDR msg=audit(1.5:9): saddr=02000050A9FEA9FE0000000000000000` + escape + `SADDR={ saddr_fam=inet laddr=169.254.169.254 lport=80 }` + "\n" +
			at + `PATH msg=audit(1.5:9): item=0 name="/x" ouid=0 ogid=991 nametype=NORMAL cap_frootid=0` + escape + `OUID="root" OGID="docker"`
		events, _ := decodeText(t, strings.Repeat(call+"\n", 1), "ARCH", "UID", "key", "sock.ip", "cap_frootid", "OGID")
		want := "1970-01-01T00:00:01.5Z ann connect socket /169.254.169.254:80 allowed"
		last := "[auditd_event: ARCH=x86_64 UID=bob key=sock sock.ip=169.254.169.254 cap_frootid=0 OGID=docker]"
		if len(events) != 1 || !strings.HasPrefix(events[0], want) || !strings.HasSuffix(events[0], last) {
			t.Errorf("%q: %q", escape, events)
		}
	}
	// Without what was called, as an empty record might be.
	if got := values(t, `type=SYSCALL msg=audit(1.5:9): uid=0 key=(null)#035ARCH=x86_64`, "auditd", "ARCH"); len(got) != 1 || got[0] != "x86_64" {
		t.Errorf("%q", got)
	}
	for _, body := range []string{`key=(null)ARCH=x86_64 SYSCALL=x`, `comm="a#035AUID=x"`, `comm="a#035AUID="`, `comm="a" name="#035"`, `key=#035foo=1`, `pid=1 msg='op=x ID=1 acct="a"`, `UID="x"`} {
		if _, n := escapedSeparator([]byte(body)); n > 0 {
			t.Errorf("%s has a separator", body)
		}
	}
}

// TestFieldsOfASearch: Elasticsearch gives each value of its fields as a list.
func TestFieldsOfASearch(t *testing.T) {
	events, codes := decodeText(t, `{"@timestamp":["2025-03-01T10:00:00.123Z"],"auditd.sequence":[3],"auditd.message_type":["syscall"],"auditd.result":["success"],`+
		`"auditd.data.syscall":["execve"],"process.args":["sh","-c"],"process.executable":["/bin/sh"],"user.audit.id":["1000"]}`, "cwd")
	if len(events) != 1 || len(codes) > 0 || !strings.HasPrefix(events[0], "2025-03-01T10:00:00.123Z auid=1000 execve command //bin/sh") || !strings.Contains(events[0], "$ sh -c") {
		t.Errorf("%q, %q", events, codes)
	}
}
