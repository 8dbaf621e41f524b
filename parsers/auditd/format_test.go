package auditd

import (
	"bytes"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

const (
	execRaw = `type=SYSCALL msg=audit(1740823200.123:42): arch=c000003e syscall=59 success=yes exit=0 a0=55d7 a1=55d8 a2=55d9 a3=1 items=2 ppid=10 pid=11 auid=1001 uid=0 euid=0 tty=pts0 ses=3 comm="kubectl" exe="/usr/bin/kubectl" key=6578656301646F636B6572
type=EXECVE msg=audit(1740823200.123:42): argc=4 a0="kubectl" a1="get" a2="secrets" a3=2D6F3D6A736F6E20
type=CWD msg=audit(1740823200.123:42):  cwd="/root"
type=PATH msg=audit(1740823200.123:42): item=0 name="/usr/bin/kubectl" nametype=NORMAL
type=PROCTITLE msg=audit(1740823200.123:42): proctitle=6B75626563746C0067657400
`
	execView = "2025-03-01T10:00:00.123Z auid=1001 execve command //usr/bin/kubectl allowed $ kubectl get secrets -o=json " +
		" [auditd: type=SYSCALL SYSCALL=execve exe=/usr/bin/kubectl a1=55d8 key=exec key=docker AUID=1001]" +
		" [auditd: type=EXECVE SYSCALL=execve exe=/usr/bin/kubectl a1=get key=exec key=docker AUID=1001]" +
		" [auditd: type=CWD SYSCALL=execve exe=/usr/bin/kubectl key=exec key=docker AUID=1001]" +
		" [auditd: type=PATH SYSCALL=execve exe=/usr/bin/kubectl key=exec key=docker AUID=1001 name=/usr/bin/kubectl]" +
		" [auditd: type=PROCTITLE SYSCALL=execve exe=/usr/bin/kubectl key=exec key=docker AUID=1001]" +
		" [process_creation: SYSCALL=execve exe=/usr/bin/kubectl a1=55d8 key=exec key=docker cli.verb=get AUID=1001 name=/usr/bin/kubectl User=root User=0]" +
		" [auditd_event: SYSCALL=execve exe=/usr/bin/kubectl a1=55d8 key=exec key=docker cli.verb=get AUID=1001 name=/usr/bin/kubectl User=root User=0]"
)

var suiteFields = []string{"type", "SYSCALL", "exe", "a1", "key", "cli.verb", "AUID", "name", "User"}

func TestConformance(t *testing.T) {
	parsertest.Run(t, Format,
		parsertest.Case{Name: "exec", Input: execRaw, Fields: suiteFields, Want: []string{execView},
			Foreign: []string{"plain text", `{"kind":"Event"}`, `{"a":`, "type=foo bar", "<13>Mar  1 10:00:00 h x: hello",
				`    sys.audit("files.open", path, mode)`, "audit(event, *args)", "see also rtld-audit(7)", "- check rights with capable_noaudit()"}},
		parsertest.Case{Name: "interleaved", Input: `type=SYSCALL msg=audit(1.000:2): arch=c000003e syscall=2 success=no exit=-13 a1=241 ppid=1 pid=2 auid=4294967295 uid=33 comm="sh" exe="/bin/sh"
node=h type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=42 success=no exit=-115 ppid=1 pid=3 auid=4294967295 uid=0 comm="sh" exe="/bin/sh"
type=PATH msg=audit(1.000:2): item=0 name="/etc/shadow" nametype=NORMAL
type=SOCKADDR msg=audit(1.000:1): saddr=02000050A9FEA9FE0000000000000000
`, Fields: []string{"open_write", "DestinationIp"}, Want: []string{
			"1970-01-01T00:00:01Z uid=33 open file //etc/shadow denied [auditd_event: open_write=true]",
			"1970-01-01T00:00:01Z uid=0 connect socket /169.254.169.254:80 unknown [network_connection: DestinationIp=169.254.169.254]",
		}},
		parsertest.Case{Name: "laurel", Records: []string{`{"ID":"1740823200.123:7","NODE":"n1","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,"ppid":1,"pid":2,"auid":4294967295,"uid":0,"exe":"/bin/cat","key":["a","b"],"SYSCALL":"execve","PID":{"container":{"id":"c0ffee"}}},"EXECVE":{"argc":2,"ARGV":["cat","/tmp/x%20y"]}}`},
			Fields: []string{"argv", "key", "container.id", "in_container"}, Want: []string{
				"2025-03-01T10:00:00.123Z c0ffee execve command //bin/cat allowed $ cat /tmp/x y [auditd: key=a key=b container.id=c0ffee] [auditd: key=a key=b container.id=c0ffee]" +
					" [process_creation: argv=cat argv=/tmp/x y key=a key=b container.id=c0ffee in_container=true] [auditd_event: argv=cat argv=/tmp/x y key=a key=b container.id=c0ffee in_container=true]"}},
	)
}

// decodeText decodes lines and returns each event as Render prints it, and the
// codes of the remarks.
func decodeText(t *testing.T, input string, fields ...string) (events, codes []string) {
	t.Helper()
	dec := newDecoder(parsers.Options{Fields: fields})
	emit := func(ev *parsers.Event) error {
		events = append(events, parsertest.Render(Format, fields, ev))
		return nil
	}
	told := func(err error) {
		if e, ok := err.(*parsers.RecordError); ok {
			codes = append(codes, e.Code)
		} else if err != nil {
			codes = append(codes, err.Error())
		}
	}
	for i, line := range strings.Split(strings.TrimSpace(input), "\n") {
		told(dec.Decode(&parsers.Record{Data: []byte(line), Raw: []byte(line), Pos: parsers.Pos{Line: int64(i + 1)}}, emit))
	}
	told(dec.Flush(emit))
	return events, codes
}

// values decodes lines that are one event and returns what a kind of view has
// of each field, as "a|b".
func values(t *testing.T, input, kind string, fields ...string) []string {
	t.Helper()
	dec := newDecoder(parsers.Options{Fields: fields})
	var out []string
	emit := func(ev *parsers.Event) error {
		for _, v := range ev.Views {
			if Format.Kinds[v.Kind].Name != kind {
				continue
			}
			out = out[:0]
			for i := range fields {
				var parts []string
				for _, val := range v.Fields.Values(nil, i) {
					parts = append(parts, string(val))
				}
				out = append(out, strings.Join(parts, "|"))
			}
		}
		return nil
	}
	for _, line := range strings.Split(strings.TrimSpace(input), "\n") {
		if err := dec.Decode(&parsers.Record{Data: []byte(line), Raw: []byte(line)}, emit); err != nil {
			t.Logf("%.80s: %v", line, err)
		}
	}
	if err := dec.Flush(emit); err != nil {
		t.Logf("at the end: %v", err)
	}
	return out
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{execRaw, "type=USER_CMD msg=audit(1.2:3): pid=1 uid=1000 msg='cwd=\"/\" cmd=6C73 res=success'UID=\"x\"",
		`{"ID":"1.2:3","SYSCALL":{"pid":1},"EXECVE":{"ARGV":["a"]}}`, "type=EXECVE msg=audit(1.2:3): argc=99999999 a1_len=4 a1[0]=4141 a1[1]=\"b\" a99999=x",
		"type=SOCKADDR msg=audit(1.2:3): saddr=0A00", "----\ntime->x\nnode=a type=PATH msg=audit(03/01/2025 10:00:00.123:42) : item=0 name=/a b nametype=CREATE",
		`{"sequence":1,"timestamp":"1.2","messages":[{"type":1300,"data":"arch=c000003e syscall=59"}]}`, "Mar  1 10:00:00 h audit[1]: SYSCALL syscall=1"} {
		f.Add([]byte(s))
	}
	fields := []string{"type", "argv", "cmdline", "cli.verb", "path", "TargetFilename", "sock.ip", "sock.path", "exit", "AUID", "User", "key", "a1", "parent.exe", "open_write", "syscall", "proctitle"}
	f.Fuzz(func(t *testing.T, data []byte) {
		parsertest.Fuzz(t, Format, fields, false, bytes.Split(data, []byte("\n"))...)
	})
}
