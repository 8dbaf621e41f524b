package source

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A cpioFile is a member of an archive that tests make.
type cpioFile struct {
	name, data string
	mode       int
}

const cpioRegular, cpioLink, cpioFolder = 0o100644, 0o120777, 0o040755

// cpioOf writes an archive in the form of SVR4 (newc), or that of POSIX.1 (odc).
func cpioOf(odc bool, files ...cpioFile) []byte {
	var out []byte
	for _, f := range append(files, cpioFile{"TRAILER!!!", "", 0}) {
		if odc {
			out = fmt.Appendf(out, "070707%06o%06o%06o%06o%06o%06o%06o%011o%06o%011o", 1, 2, f.mode, 0, 0, 1, 0, 1740823200, len(f.name)+1, len(f.data))
			out = append(append(append(out, f.name...), 0), f.data...)
			continue
		}
		out = fmt.Appendf(out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 2, f.mode, 0, 0, 1, 1740823200, len(f.data), 0, 0, 0, 0, len(f.name)+1, 0)
		out = fill4(append(append(out, f.name...), 0))
		out = fill4(append(out, f.data...))
	}
	return out
}

func fill4(p []byte) []byte { return append(p, make([]byte, -len(p)&3)...) }

func cpioFiles() []cpioFile {
	return []cpioFile{{"var", "", cpioFolder}, {"var/log/one.log", "first line\n", cpioRegular}, {"var/log/current", "one.log", cpioLink},
		{"var/log/two.log", "second line.\n", cpioRegular}}
}

func TestCpioIsReadInBothForms(t *testing.T) {
	for _, odc := range []bool{false, true} {
		data := cpioOf(odc, cpioFiles()...)
		behind := slices.Concat(data, make([]byte, 512-len(data)%512), cpioOf(odc, cpioFile{"three", "third line\n", cpioRegular}), make([]byte, 64))
		for _, r := range []reading{readPipe(t, data, Options{}), readFile(t, data, Options{})} {
			if !slices.EqualFunc(paths(r), []string{"!var/log/one.log", "!var/log/two.log"}, strings.HasSuffix) || r.text() != "first line\nsecond line.\n" ||
				len(r.codes()) != 1 || !r.has(CodeLink) {
				t.Errorf("odc %v: %q, %q, %v", odc, paths(r), r.text(), r.codes())
			}
		}
		if r := readPipe(t, behind, Options{}); r.text() != "first line\nsecond line.\nthird line\n" || r.gaps() || r.has(CodeUnnamed) {
			t.Errorf("two archives, odc %v: %q, %v", odc, r.text(), r.codes())
		}
	}
}

// Whatever is cut or damaged: the bytes that are there are read, and what is missing is told.
func TestADamagedCpioLosesNothingElse(t *testing.T) {
	for _, odc := range []bool{false, true} {
		data := cpioOf(odc, cpioFiles()...)
		second, last := bytes.Index(data, []byte("second line.")), bytes.Index(data, []byte("TRAILER"))
		for n := maxCpioHeader; n < len(data); n++ {
			r := readPipe(t, data[:n], Options{})
			if got := r.text(); n >= second && !strings.HasPrefix(got, "first line\n"+string(data[second:min(n, second+13)])) {
				t.Errorf("odc %v, cut at %d: %q", odc, n, got)
			}
			inside := second <= n && n < second+13 || last <= n && n < last+11
			if inside != r.has(CodeCut) && n >= second {
				t.Errorf("odc %v, cut at %d, inside a member or a name %v: %v", odc, n, inside, r.codes())
			}
			if len(r.codes()) == 0 {
				t.Errorf("odc %v, cut at %d: nothing is told", odc, n)
			}
		}
		header := bytes.LastIndex(data[:second], []byte("07070"))
		torn := slices.Concat(data[:header], []byte("#"), data[header+1:])
		if r := readPipe(t, torn, Options{}); !r.has(CodeUnnamed) || !strings.Contains(r.text(), "second line.\n") {
			t.Errorf("odc %v, bad header: %q, %v", odc, r.text(), r.codes())
		}
	}
}

// A link that holds more than a path holds something else.
func TestContentUnderACpioLinkIsRead(t *testing.T) {
	long := strings.Repeat("a line\n", 1000)
	if r := readPipe(t, cpioOf(false, cpioFile{"l", long, cpioLink}), Options{}); r.text() != long {
		t.Errorf("%d bytes, %v", len(r.text()), r.codes())
	}
}

func TestCpioOfTheProgram(t *testing.T) {
	program, err := exec.LookPath("cpio")
	if err != nil {
		t.Skip("no cpio here")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"one": "first line\n", "two": "second line\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, form := range []string{"newc", "crc", "odc"} {
		c := exec.Command(program, "-o", "-H", form)
		c.Dir, c.Stdin = dir, strings.NewReader("one\ntwo\n")
		data, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		if r := readPipe(t, data, Options{}); r.text() != "first line\nsecond line\n" || len(r.codes()) != 0 {
			t.Errorf("%s: %q, %v", form, r.text(), r.codes())
		}
	}
}
