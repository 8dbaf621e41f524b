package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/state"
)

// rotationRule hits every event that has a system call.
const rotationRule = `title: every system call
id: 5b1c9a52-6f0e-4f0e-9d52-8a1f2b3c4d5e
level: high
logsource: {product: linux, category: audit_event}
detection: {sel: {syscall|re: '.'}, condition: sel}
tideline: {summary: "{command} {path}"}
`

// rotationLog holds events of two processors mixed with each other, of a
// kernel that writes PROCTITLE and of one that does not, and records that come
// alone. No process is the child of another: what is known of parents ends with
// a file.
var rotationLog = strings.Split(strings.TrimSpace(`
type=SYSCALL msg=audit(1740823200.100:10): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=700 auid=1000 uid=0 ses=3 comm="containerd-shim" exe="/usr/bin/containerd-shim-runc-v2" key=(null)
type=EXECVE msg=audit(1740823200.100:10): argc=3 a0="containerd-shim-runc-v2" a1="-id" a2="0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
type=PROCTITLE msg=audit(1740823200.100:10): proctitle="shim"
type=SYSCALL msg=audit(1740823201.200:11): arch=c000003e syscall=59 success=yes exit=0 ppid=699 pid=701 auid=4294967295 uid=0 ses=4294967295 comm="cat" exe="/usr/bin/cat" key="exec"
type=SYSCALL msg=audit(1740823201.200:12): arch=c000003e syscall=42 success=yes exit=0 a0=3 a1=7ffc a2=6e a3=8 ppid=1 pid=702 auid=1000 uid=0 ses=3 comm="curl" exe="/usr/bin/curl" key="sock"
type=EXECVE msg=audit(1740823201.200:11): argc=2 a0="cat" a1=2F766172
type=SOCKADDR msg=audit(1740823201.200:12): saddr=01002F7661722F72756E2F646F636B65722E736F636B00
type=CWD msg=audit(1740823201.200:11): cwd="/"
type=PATH msg=audit(1740823201.200:11): item=0 name="/usr/bin/cat" inode=1 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
type=PROCTITLE msg=audit(1740823201.200:12): proctitle="curl"
type=PROCTITLE msg=audit(1740823201.200:11): proctitle="cat"
type=USER_LOGIN msg=audit(1740823202.000:13): pid=9 uid=0 auid=1000 ses=4 msg='op=login acct="alice" exe="/usr/sbin/sshd" hostname=? addr=192.0.2.7 terminal=ssh res=success'
type=AVC msg=audit(1740823203.000:14): avc:  denied  { read } for  pid=703 comm="sh" name="shadow" dev="sda1" ino=7 scontext=system_u:system_r:container_t:s0:c1,c2 tcontext=system_u:object_r:shadow_t:s0 tclass=file permissive=0
type=SYSCALL msg=audit(1740823203.000:14): arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7f a2=0 a3=0 ppid=701 pid=703 auid=4294967295 uid=0 ses=4294967295 comm="sh" exe="/bin/sh" subj=system_u:system_r:container_t:s0:c1,c2 key=(null)
type=CWD msg=audit(1740823203.000:14): cwd="/root"
type=PATH msg=audit(1740823203.000:14): item=0 name="../etc/shadow" inode=7 dev=08:01 mode=0100000 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
type=SYSCALL msg=audit(1740823204.000:15): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=704 auid=1000 uid=0 ses=3 comm="docker" exe="/usr/bin/docker" key="docker"
type=EXECVE msg=audit(1740823204.000:15): argc=4 a0="docker" a1="inspect" a2_len=8 a2[0]="0123"
type=EXECVE msg=audit(1740823204.000:15): a2[1]="4567" a3="web"
`), "\n")

// layOut writes the log, cut before the given lines, as a rotation set.
func layOut(t *testing.T, how string, cuts ...int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "host1") // actors of a host without a name are called after its folder
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var names []string
	files := map[string][]byte{}
	ends := append(slices.Clone(cuts), len(rotationLog))
	from := 0
	for i, end := range ends {
		name := "audit.log"
		if n := len(ends) - 1 - i; n > 0 {
			name = fmt.Sprintf("audit.log.%d", n)
		}
		files[name] = []byte(strings.Join(rotationLog[from:end], "\n") + "\n")
		names = append(names, name)
		from = end
	}
	switch how {
	case "files", "packed":
		for _, name := range names {
			b := files[name]
			if how == "packed" && name != "audit.log" {
				b, name = gzipOf(t, b), name+".gz"
			}
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	case "tar", "newest first":
		if how != "tar" {
			slices.Reverse(names)
		}
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, name := range names {
			h := &tar.Header{Name: "var/log/audit/" + name, Mode: 0o600, Size: int64(len(files[name]))}
			if err := w.WriteHeader(h); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(files[name]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "logs.tgz"), gzipOf(t, b.Bytes()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func gzipOf(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func ruleFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "rule.yml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// saying is what findings say, but for the file that they stand in.
func saying(t *testing.T, ndjson string) string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(ndjson) {
		var f map[string]any
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		delete(f, "id")
		delete(f, "score")
		delete(f, "reasons")
		delete(f, "source")
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(b))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func scanOf(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := tideline(append([]string{"scan", "-q", "--no-builtin", "-f", "ndjson"}, args...)...)
	if status != exitOK {
		t.Fatalf("%v: status %d: %s", args, status, errs)
	}
	return out
}

func TestEventsAreWholeWhereverALogIsRotated(t *testing.T) {
	rule := ruleFile(t, rotationRule)
	want := saying(t, scanOf(t, "-r", rule, layOut(t, "files")))
	if n := strings.Count(want, "\n") + 1; n != 5 {
		t.Fatalf("%d findings in the whole log:\n%s", n, want)
	}
	for _, how := range []string{"files", "packed", "tar", "newest first"} {
		for cut := 1; cut < len(rotationLog); cut++ {
			if cut%3 != 0 && how != "files" {
				continue
			}
			got := saying(t, scanOf(t, "-r", rule, layOut(t, how, cut)))
			if got != want {
				t.Fatalf("%s, cut before line %d:\n got %s\nwant %s", how, cut+1, got, want)
			}
		}
	}
	if got := saying(t, scanOf(t, "-r", rule, layOut(t, "files", 5, 6, 10))); got != want {
		t.Errorf("one event in three files:\n got %s\nwant %s", got, want)
	}
}

func TestRotatedEventsDoNotDependOnWhoReadWhichFile(t *testing.T) {
	rule := ruleFile(t, rotationRule)
	dir := layOut(t, "files", 5, 9)
	want := scanOf(t, "-r", rule, dir)
	for _, workers := range []string{"1", "2", "8"} {
		if got := scanOf(t, "-r", rule, "-j", workers, dir); got != want {
			t.Errorf("%s workers:\n got %s\nwant %s", workers, got, want)
		}
	}
	var parts []string
	for i, name := range []string{"audit.log.1", "audit.log", "audit.log.2"} {
		part := filepath.Join(t.TempDir(), fmt.Sprintf("%d.partial", i))
		scanOf(t, "-r", rule, "-o", part, filepath.Join(dir, name))
		parts = append(parts, part)
	}
	args := []string{"merge", "-q", "--no-builtin", "-r", rule, "-f", "ndjson"}
	if status, got, errs := tideline(append(args, parts...)...); status != exitOK || got != want {
		t.Errorf("merged from a part for each file: status %d %s\n got %s\nwant %s", status, errs, got, want)
	}
}

func TestRotatedEventsOverNights(t *testing.T) {
	rule, dirOfState := ruleFile(t, rotationRule), filepath.Join(t.TempDir(), "state")
	dir := layOut(t, "files", 6)
	live, old := filepath.Join(dir, "audit.log"), filepath.Join(dir, "audit.log.1")
	rest, err := os.ReadFile(live)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(old, live); err != nil { // the first night: not rotated yet
		t.Fatal(err)
	}
	scanOf(t, "-r", rule, "--state", dirOfState, dir)
	if err := os.Rename(live, old); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(live, rest, 0o600); err != nil {
		t.Fatal(err)
	}
	scanOf(t, "-r", rule, "--state", dirOfState, dir)
	store, err := state.Open(dirOfState)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(store.Commit(forgetful(store.Index)), store.Close()); err != nil {
		t.Fatal(err)
	}
	// A third night has something to conclude about, and tells all anew.
	if err := os.WriteFile(filepath.Join(dir, "news.txt"), []byte("no log\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := scanOf(t, "-r", rule, dir)
	if got := scanOf(t, "-r", rule, "--state", dirOfState, dir); got != want {
		t.Errorf(" got %s\nwant %s", got, want)
	}
}

func TestInventoryCountsARotatedEventOnce(t *testing.T) {
	for cut := 1; cut < len(rotationLog); cut++ {
		status, out, errs := tideline("inventory", "-q", "-f", "json", layOut(t, "files", cut))
		var inv struct{ Sources []struct{ Events int64 } }
		if err := json.Unmarshal([]byte(out), &inv); err != nil || status != exitOK {
			t.Fatalf("%d %v: %s", status, err, errs)
		}
		if sum := inv.Sources[0].Events + inv.Sources[1].Events; sum != 6 {
			t.Errorf("cut before line %d: %d events, want 6: %v", cut+1, sum, inv.Sources)
		}
	}
}
