package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner"
	"tideline/scanner/source"
)

// plainReader hides from decoders what rules ask, so that every event is made
// and matched.
type plainReader struct{ parsers.Reader }

func (r plainReader) Read(ctx context.Context, s parsers.Stream, o parsers.ReadOptions, sinks []parsers.Sink) (parsers.Account, error) {
	for i := range sinks {
		sinks[i] = struct{ parsers.Sink }{sinks[i]}
	}
	return r.Reader.Read(ctx, s, o, sinks)
}

// alikeLog is an audit log of events that are nearly alike: those of one
// machine's day, each many times, with small changes.
func alikeLog(r *rand.Rand, n int) []byte {
	events := []string{
		`SYSCALL arch=c000003e syscall=59 success=yes exit=0 a0=5581 a1=5582 a2=5583 a3=8 items=2 ppid=PPID pid=PID auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="kubectl" exe="/usr/bin/kubectl" subj=unconfined key="exec"` + "\x1dARCH=x86_64 SYSCALL=execve AUID=\"ops\" UID=\"root\"|" +
			`EXECVE argc=5 a0="kubectl" a1="get" a2="secrets" a3="-n" a4="prod"|CWD cwd="/root"|PATH item=0 name="/usr/bin/kubectl" inode=INODE dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0|PROCTITLE proctitle=6B75626563746C00676574`,
		`SYSCALL arch=c000003e syscall=59 success=yes exit=0 a0=5581 a1=5582 a2=5583 a3=8 items=2 ppid=PPID pid=PID auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="cat" exe="/usr/bin/cat" subj=unconfined key=(null)|` +
			`EXECVE argc=2 a0="cat" a1="/proc/loadavg"|CWD cwd="/"|PATH item=0 name="/usr/bin/cat" inode=INODE dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0|PROCTITLE proctitle=636174`,
		`SYSCALL arch=c000003e syscall=257 success=yes exit=EXIT a0=ffffff9c a1=7ffc a2=FLAGS a3=1b6 items=1 ppid=PPID pid=PID auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="agent" exe="/opt/agent" subj=unconfined key="config"|` +
			`CWD cwd="/opt"|PATH item=0 name=NAME inode=INODE dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=KIND cap_fp=0|PROCTITLE proctitle="/opt/agent"`,
		`SYSCALL arch=c000003e syscall=257 success=no exit=FAIL a0=ffffff9c a1=7ffc a2=FLAGS a3=1b6 items=1 ppid=PPID pid=PID auid=1000 uid=1000 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=3 comm="sh" exe="/bin/sh" subj=unconfined key="config"|` +
			`CWD cwd="/etc"|PATH item=0 name=NAME inode=INODE dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0|PROCTITLE proctitle="sh"`,
		`SYSCALL arch=c000003e syscall=42 success=yes exit=0 a0=3 a1=7ffc a2=10 a3=8 items=0 ppid=PPID pid=PID auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="curl" exe="/usr/bin/curl" subj=unconfined key="net"|` +
			`SOCKADDR saddr=ADDRESS|PROCTITLE proctitle="curl"`,
		`SYSCALL arch=c000003e syscall=56 success=yes exit=CHILD a0=3 a1=7ffc a2=10 a3=8 items=0 ppid=PPID pid=PID auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="containerd-shim" exe="/usr/bin/containerd-shim-runc-v2" subj=unconfined key=(null)|PROCTITLE proctitle="shim"`,
		`SYSCALL arch=c000003e syscall=59 success=yes exit=0 a0=5581 a1=5582 a2=5583 a3=8 items=0 ppid=PPID pid=PID auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="sh" exe="/bin/sh" subj=unconfined key="exec"|` +
			`EXECVE argc=1 a0="sh"|CWD cwd="/"|PROCTITLE proctitle="sh"`,
		`USER_ACCT pid=PID uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='op=PAM:accounting acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'`,
		`USER_LOGIN pid=PID uid=0 auid=1000 ses=4 msg='op=login acct="ops" exe="/usr/sbin/sshd" hostname=? addr=10.0.0.9 terminal=ssh res=failed'`,
	}
	names := []string{`"/etc/app/a.yaml"`, `"/etc/app/b.yaml"`, `"/etc/kubernetes/admin.conf"`, `"/etc/kubernetes/manifests/x.yaml"`, `"/etc/audit/auditd.conf"`, `"/var/log/audit/audit.log"`, `"/proc/sys/kernel/core_pattern"`, `"/root/.kube/config"`, `"/var/run/secrets/kubernetes.io/serviceaccount/token"`, `"../x"`, `"/etc/./shadow"`, `2F6574632F736861646F77`, `(null)`,
		`"/var/lib/docker/containers/0123456789abcdef/0123456789abcdef-json.log"`, `"/var/run/docker.sock"`, `"kubernetes/pki/ca.key"`}
	addresses := []string{"0200192B0A6000010000000000000000", "020001BB0A2C12AF0000000000000000", "02000050A9FEA9FE0000000000000000", "01002F7661722F72756E2F646F636B65722E736F636B00", "02000943AC1200020000000000000000"}
	var out bytes.Buffer
	one := func(list []string) string { return list[r.Intn(len(list))] }
	for i := range n {
		e := one(events)
		for _, change := range [][2]string{{"PPID", fmt.Sprint(100 + r.Intn(30))}, {"PID", fmt.Sprint(100 + r.Intn(60))}, {"CHILD", fmt.Sprint(100 + r.Intn(60))}, {"EXIT", fmt.Sprint(r.Intn(9))},
			{"FAIL", one([]string{"-13", "-2", "-115", "-1"})}, {"INODE", fmt.Sprint(1000 + r.Intn(5000))}, {"FLAGS", one([]string{"0", "80000", "241", "2"})}, {"NAME", one(names)}, {"KIND", one([]string{"NORMAL", "NORMAL", "CREATE", "PARENT"})}, {"ADDRESS", one(addresses)}} {
			e = strings.ReplaceAll(e, change[0], change[1])
		}
		if r.Intn(40) == 0 { // something is not as the kernel writes it
			at := r.Intn(len(e))
			e = e[:at] + one([]string{" ", "\"", "=", " pid=7", " exe=\"/x\"", "9", " nametype=CREATE", " inode=5 "}) + e[at:]
		}
		node := one([]string{"", "", "", "node=w1 "})
		for _, rec := range strings.Split(e, "|") {
			kind, body, _ := strings.Cut(rec, " ")
			fmt.Fprintf(&out, "%stype=%s msg=audit(%d.%03d:%d): %s\n", node, kind, 1773014400+i/20, i%1000, 5000+i, body)
		}
	}
	return out.Bytes()
}

// TestTwinsChangeNothing: what is counted without being made is what would have
// been found and counted.
func TestTwinsChangeNothing(t *testing.T) {
	texts, err := builtinRules()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := placeholderLists(nil)
	if err != nil {
		t.Fatal(err)
	}
	rules := scanner.NewRuleset(texts, scanner.RuleOptions{Placeholders: lists, FieldCost: fieldCost, Common: common})
	name := filepath.Join(t.TempDir(), "audit.log")
	for seed := range int64(4) {
		if err := os.WriteFile(name, alikeLog(rand.New(rand.NewSource(seed)), 6000), 0o600); err != nil {
			t.Fatal(err)
		}
		var parts [2]bytes.Buffer
		for i, reader := range []parsers.Reader{newReader(), plainReader{newReader()}} {
			p, err := scanner.Collect(context.Background(), []string{name}, scanner.Options{Reader: reader, Rules: rules, Source: source.Options{}, Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			if err := scanner.WritePartial(&parts[i], p); err != nil {
				t.Fatal(err)
			}
			if p.Hits() < 100 {
				t.Errorf("only %d hits: the log tries nothing", p.Hits())
			}
			p.Close()
		}
		if !bytes.Equal(parts[0].Bytes(), parts[1].Bytes()) {
			t.Errorf("seed %d: the partial results differ", seed)
		}
	}
}
