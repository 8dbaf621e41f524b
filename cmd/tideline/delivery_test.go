package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// program is the name of the program under test.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "tideline") // the name makes it the program: see TestMain
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	return link
}

// shell runs a line of sh in which $TIDELINE is the program under test, and
// returns its exit status and standard error.
func shell(t *testing.T, dir, line string) (int, string) {
	t.Helper()
	demo, err := filepath.Abs("../../fixtures/demo")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TIDELINE="+program(t), "DEMO="+demo)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0, stderr.String()
	case errors.As(err, &exit):
		return exit.ExitCode(), stderr.String()
	}
	t.Fatal(err)
	return 0, ""
}

func TestDelivery(t *testing.T) {
	for _, c := range []struct {
		name, line string
		status     int
		says       string
		leaves     string // names in the folder afterwards
	}{
		{"disk full on standard output", `exec "$TIDELINE" scan -q "$DEMO" > /dev/full`, exitDelivery, "no space left on device", ""},
		{"standard output closed", `exec "$TIDELINE" scan -q "$DEMO" >&-`, exitDelivery, "to standard output: it is closed", ""},
		{"standard output closed, and not needed", `exec "$TIDELINE" scan -q -o r.json "$DEMO" >&-`, exitOK, "", "r.json"},
		{"standard output to the null device, as other programs open it", `exec "$TIDELINE" scan -q -o r.json "$DEMO" 1<>/dev/null`, exitOK, "", "r.json"},
		{"list, standard output closed", `exec "$TIDELINE" rules list >&-`, exitDelivery, "to standard output: it is closed", ""},
		{"standard output to the null device", `exec "$TIDELINE" scan -q "$DEMO" > /dev/null`, exitOK, "", ""},
		{"reader leaves", `("$TIDELINE" scan -q "$DEMO"; echo $? > status) | head -n 1 > /dev/null; exit "$(cat status)"`, exitOK, "", "status"},
		{"reader leaves, and files are written", `("$TIDELINE" scan -q -f ndjson -o r.json -o r.html "$DEMO"; echo $? > status) | true; exit "$(cat status)"`, exitOK, "", "r.html r.json status"},
		{"reader leaves, and files tell of more", `("$TIDELINE" scan -q -f json -o r.json --fail-on low "$DEMO"; echo $? > status) | true; exit "$(cat status)"`, exitFound, "", "r.json status"},
		{"disk full on tests of rules", `exec "$TIDELINE" rules test > /dev/full`, exitDelivery, "no space left on device", ""},
		{"disk full on what is wrong with rules", `printf 'title: x\nfoo: bar\n' > x.yml; exec "$TIDELINE" rules lint x.yml > /dev/full`, exitDelivery, "no space left on device", "x.yml"},
		{"reader of a search leaves", `("$TIDELINE" search -q stage=ResponseComplete "$DEMO"; echo $? > status) 2> err | head -n 1 > /dev/null; cat err >&2; rm err; exit "$(cat status)"`, exitOK, "", "status"},
		{"disk full on a list", `exec "$TIDELINE" rules list > /dev/full`, exitDelivery, "no space left on device", ""},
		{"disk full on help", `exec "$TIDELINE" scan --help > /dev/full`, exitDelivery, "no space left on device", ""},
		{"disk full on the version", `exec "$TIDELINE" --version > /dev/full`, exitDelivery, "no space left on device", ""},
		{"reader of help leaves", `("$TIDELINE" --help; echo $? > status) | true; exit "$(cat status)"`, exitOK, "", "status"},
		{"disk full on a file", `ulimit -f 8; trap '' XFSZ; exec "$TIDELINE" scan -q -o r.json "$DEMO"`, exitDelivery, "file too large", ""},
		{"disk full on one of three reports", `ulimit -f 720; trap '' XFSZ; exec "$TIDELINE" scan -q -o r.json -o r.html -o r.csv "$DEMO"`, exitDelivery, "tideline: could not deliver the report to r.html: file too large; 2 other reports delivered\n", "r.csv r.json"},
		{"disk full on one report and standard output", `ulimit -f 520; trap '' XFSZ; exec "$TIDELINE" scan -q -f json -o r.html -o r.csv "$DEMO" > /dev/full`, exitDelivery, "to r.html: file too large; could not deliver the report to standard output: no space left on device; 1 other report delivered\n", "r.csv"},
		{"disk full on a baseline", `exec "$TIDELINE" baseline -q "$DEMO" > /dev/full`, exitDelivery, "to standard output: no space left on device", ""},
		{"reader of a baseline leaves", `("$TIDELINE" baseline -q "$DEMO"; echo $? > status) | true; exit "$(cat status)"`, exitOK, "", "status"},
		{"a folder in place of the report, before anything is read", `mkfifo p; mkdir r.json; timeout 300 "$TIDELINE" scan -o r.json p; s=$?; rm -r p r.json; exit $s`, exitDelivery, "is no regular file: name another", ""},
		{"the state's folder that is not there", `exec "$TIDELINE" scan --state no/where "$DEMO"`, exitUsage, `--state "no/where": no such file or directory: make the folder "no" first`, ""},
		{"a folder that is not there", `exec "$TIDELINE" scan -q -o no/r.json "$DEMO"`, exitUsage, "no such file", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			status, stderr := shell(t, dir, c.line)
			if status != c.status || !strings.Contains(stderr, c.says) {
				t.Errorf("exit status %d, want %d; stderr: %s", status, c.status, stderr)
			}
			if got := fileNames(t, dir); got != c.leaves {
				t.Errorf("left behind: %q, want %q", got, c.leaves)
			}
		})
	}
}

// TestNoRoomForTemporaryFiles: there is no report then, and nobody called tideline in a
// wrong way.
func TestNoRoomForTemporaryFiles(t *testing.T) {
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		e := &env{stderr: io.Discard, drafts: &drafts{}}
		err := fmt.Errorf("write temporary run: %w", &fs.PathError{Op: "write", Path: "/tmp/x", Err: cause})
		if got := status(t.Context(), err, e); got != exitDelivery {
			t.Errorf("%v: exit status %d", cause, got)
		}
	}
}

func fileNames(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return strings.Join(out, " ")
}
