package auditd

import (
	"strings"
	"testing"

	"tideline/parsers"
)

// Events without a SYSCALL record tell what was done, to what, by whom and how it
// ended as far as their records do.
func TestFactsWithoutSyscall(t *testing.T) {
	const uring = `type=URINGOP msg=audit(1.5:9): uring_op=18 success=no exit=-13 items=1 ppid=1 pid=2 uid=33 gid=33 key=(null)`
	const cwd = `type=CWD msg=audit(1.5:9): cwd="/etc"`
	const path = `type=PATH msg=audit(1.5:9): item=0 name="shadow" nametype=NORMAL`
	const title = `type=PROCTITLE msg=audit(1.5:9): proctitle="x"`
	avc := func(rest string) string {
		return `type=AVC msg=audit(1.5:9): avc:  denied  { read } for  pid=3 comm="x" ` + rest
	}
	seccomp := func(code string) string {
		return `type=SECCOMP msg=audit(1.5:9): auid=4294967295 uid=0 ses=4294967295 subj=docker-default pid=5 comm="x" exe="/x" sig=31 arch=c000003e syscall=321 code=` + code
	}
	cases := []struct{ name, lines, want string }{
		{"through io_uring", uring + "\n" + cwd + "\n" + path + "\n" + title, "uid=33 URINGOP file //etc/shadow denied"},
		{"through io_uring, last record first", title + "\n" + path + "\n" + cwd + "\n" + uring, "uid=33 URINGOP file //etc/shadow denied"},
		{"begun in another file", cwd + "\n" + path + "\n" + title, "- CWD file //etc/shadow unknown"},
		{"filter that kills the process", seccomp("0x80000000"), "uid=0 SECCOMP - / denied"},
		{"filter that kills the thread", seccomp("0x0"), "uid=0 SECCOMP - / denied"},
		{"filter that gives an error", seccomp("0x50001"), "uid=0 SECCOMP - / denied"},
		{"filter that asks somebody", seccomp("0x7fc00000"), "uid=0 SECCOMP - / unknown"},
		{"filter that only logs", seccomp("0x7ffc0000"), "uid=0 SECCOMP - / allowed"},
		{"filter, interpreted", seccomp("kill"), "uid=0 SECCOMP - / denied"},
		{"denied by SELinux", avc(`name="token" tclass=file permissive=0`), "- AVC file /token denied"},
		{"path of SELinux", avc(`path="/run/x" name="x" tclass=file permissive=0`), "- AVC file //run/x denied"},
		{"only warned of by SELinux", avc(`name="token" tclass=file permissive=1`), "- AVC file /token allowed"},
		{"denied by AppArmor", `type=AVC msg=audit(1.5:9): apparmor="DENIED" operation="open" profile="p" name="/proc/kcore" pid=7 comm="cat"`, "- AVC file //proc/kcore denied"},
		{"profile of AppArmor", `type=AVC msg=audit(1.5:9): apparmor="STATUS" operation="profile_load" profile="unconfined" name="docker-default" pid=7`, "- AVC - / unknown"},
		{"request to dockerd", `type=VIRT_CONTROL msg=audit(1.5:9): pid=900 uid=0 auid=4294967295 ses=4294967295 msg='reason=api op=start vm="web" vm-pid=1 user="ann" auid=1000 exe="/usr/bin/dockerd" hostname=h res=success'`, "ann VIRT_CONTROL - /web allowed"},
		{"request to dockerd, without a name", `type=VIRT_CONTROL msg=audit(1.5:9): pid=900 uid=0 auid=4294967295 ses=4294967295 msg='op=start vm=? vm-pid=? user=1000 auid=1000 exe="/usr/bin/dockerd" res=failed'`, "auid=1000 VIRT_CONTROL - / failed"},
		{"dockerd on its own", `type=VIRT_CONTROL msg=audit(1.5:9): pid=900 uid=0 auid=4294967295 ses=4294967295 msg='op=start vm=? user=? auid=4294967295 res=success'`, "uid=0 VIRT_CONTROL - / allowed"},
		{"request over D-Bus", `type=USER_AVC msg=audit(1.5:9): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='avc:  denied  { start } for auid=1000 uid=1000 path="/x.service" scontext=a:b:c:s0 tclass=service'`, "auid=1000 USER_AVC - / denied"},
		{"denied, in laurel's words", `{"ID":"1.5:9","AVC":[{"pid":1,"comm":"x","name":"token","tclass":"file","denied":["read"]}]}`, "- AVC file /token denied"},
		{"auditbeat", `{"@timestamp":"2025-03-01T10:00:01Z","event":{"sequence":6},"auditd":{"message_type":"user_cmd","result":"fail","data":{"cmd":"docker ps"}},"user":{"id":"7"}}`, "uid=7 USER_CMD command / denied $ docker ps"},
	}
	for _, c := range cases {
		events, _ := decodeText(t, c.lines)
		if len(events) != 1 || !strings.HasSuffix(events[0], " "+c.want) {
			t.Errorf("%s: %q, want %q", c.name, events, c.want)
		}
	}
}

// An id of which the machine has no account is written as unknown(ID), by auditd as well
// as by ausearch -i: who it is does not depend on that.
func TestIDsWithoutAnAccount(t *testing.T) {
	call := func(ids, rest string) string {
		return "type=SYSCALL msg=audit(1.5:9): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 " + ids + ` exe="/bin/sh" key=(null)` + rest
	}
	for _, c := range []struct{ line, actor, auid, uid string }{
		{call("auid=1004 uid=101", ""), "auid=1004", "1004", "101"},
		{call("auid=1004 uid=101", "\x1dARCH=x86_64 SYSCALL=execve AUID=\"unknown(1004)\" UID=\"unknown(101)\""), "auid=1004", "1004", "101"},
		{call("auid=4294967295 uid=101", "\x1dARCH=x86_64 SYSCALL=execve AUID=\"unset\" UID=\"unknown(101)\""), "uid=101", "unset", "101"},
		{"type=SYSCALL msg=audit(03/01/2025 10:00:00.123:42) : arch=x86_64 syscall=execve success=yes exit=0 ppid=1 pid=2 auid=unknown(1004) uid=unknown(101) exe=/bin/sh key=(null)", "auid=1004", "1004", "101"},
		{call("auid=1004 uid=0", "\x1dAUID=\"unknown()\" UID=\"root\""), "unknown()", "unknown()", "root"},
		{call("auid=1004 uid=0", "\x1dAUID=\"unknown(me)\" UID=\"root\""), "unknown(me)", "unknown(me)", "root"},
	} {
		events, _ := decodeText(t, c.line)
		if len(events) != 1 || !strings.Contains(events[0], " "+c.actor+" execve ") {
			t.Errorf("%s: %q, want the actor %s", c.line, events, c.actor)
		}
		for field, want := range map[string]string{"AUID": c.auid, "UID": c.uid} {
			if got := values(t, c.line, "auditd", field); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q, want %q", c.line, field, got, want)
			}
		}
	}
}

// Who is under a label of containers is in one, whatever record has the label.
func TestLabelWithoutSyscall(t *testing.T) {
	for _, line := range []string{
		`type=SECCOMP msg=audit(1.5:9): uid=0 subj=system_u:system_r:container_t:s0:c1,c2 pid=5 comm="x" code=0x0`,
		`type=AVC msg=audit(1.5:9): avc:  denied  { read } for  pid=3 scontext=system_u:system_r:container_t:s0:c1,c2 tcontext=a tclass=file`,
		`type=AVC msg=audit(1.5:9): apparmor="DENIED" operation="open" profile="docker-default" name="/x" pid=7`,
	} {
		if got := values(t, line, "auditd_event", "in_container"); len(got) != 1 || got[0] != "true" {
			t.Errorf("%s: in_container is %q", line, got)
		}
	}
	if got := values(t, `type=USER_LOGIN msg=audit(1.5:9): uid=0 subj=system_u:system_r:sshd_t:s0 msg='op=login res=success'`, "auditd_event", "in_container"); len(got) != 1 || got[0] != "" {
		t.Errorf("in_container of a login on the host: %q", got)
	}
}

// Of an exec that failed, exe is who tried.
func TestFailedExec(t *testing.T) {
	events, _ := decodeText(t, `type=SYSCALL msg=audit(1.5:9): arch=c000003e syscall=59 success=no exit=-2 items=1 ppid=1 pid=2 auid=7 uid=7 exe="/usr/bin/bash"
type=CWD msg=audit(1.5:9): cwd="/root"
type=PATH msg=audit(1.5:9): item=0 name="bin/kubectl" nametype=UNKNOWN
type=PROCTITLE msg=audit(1.5:9): proctitle="bash"`)
	if len(events) != 1 || !strings.HasSuffix(events[0], "auid=7 execve command //root/bin/kubectl failed") {
		t.Errorf("%q", events)
	}
}

// What dockerd of RHEL writes of a request has the daemon and the program of the
// container, and not the client.
func TestDaemonIsNoClient(t *testing.T) {
	line := []byte(`type=VIRT_CONTROL msg=audit(1.5:9): pid=900 uid=0 auid=4294967295 ses=4294967295 msg='reason=api op=exec vm=web user=ann auid=1000 exe=/bin/sleep  exe="/usr/bin/dockerd-current" hostname=? res=success'`)
	dec := newDecoder(parsers.Options{})
	n := 0
	emit := func(ev *parsers.Event) error {
		if n++; len(ev.Facts.Agent) > 0 || string(ev.Facts.Name) != "ann" {
			t.Errorf("%s with %q", ev.Facts.Name, ev.Facts.Agent)
		}
		return nil
	}
	if err := dec.Decode(&parsers.Record{Data: line, Raw: line, Pos: parsers.Pos{Line: 1}}, emit); err != nil {
		t.Fatal(err)
	}
	if err := dec.Flush(emit); err != nil || n != 1 {
		t.Errorf("%d events, %v", n, err)
	}
}
