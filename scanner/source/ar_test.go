package source

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// arOf writes an archive as GNU ar does, with the table of long names first.
func arOf(files ...file) []byte {
	var names, body strings.Builder
	for _, f := range files {
		name := f.name + "/"
		if len(name) > 16 {
			name = fmt.Sprintf("/%d", names.Len())
			names.WriteString(f.name + "/\n")
		}
		body.WriteString(arMember(name, string(f.data)))
	}
	if names.Len() == 0 {
		return []byte(arMagic + body.String())
	}
	return []byte(arMagic + arMember("//", names.String()) + body.String())
}

func arMember(name, data string) string {
	out := fmt.Sprintf("%-16s%-12d%-6d%-6d%-8o%-10d%s", name, 1740823200, 0, 0, 0o100644, len(data), arEnd) + data
	if len(data)%2 == 1 {
		out += "\n"
	}
	return out
}

func paths(r reading) []string {
	var out []string
	for _, s := range r.streams {
		out = append(out, s.path)
	}
	return out
}

func TestArIsReadAsItsProgramsWriteIt(t *testing.T) {
	long := "a-name-of-more-than-fifteen-bytes.log"
	for name, c := range map[string]struct {
		data  []byte
		paths []string
	}{
		"GNU":     {arOf(file{"one.log", []byte("one\n\n")}, file{long, []byte("two\n")}), []string{"in!one.log", "in!" + long}},
		"BSD":     {[]byte(arMagic + arMember("#1/40", long+"\x00\x00\x00"+"one\n\n") + arMember("two.log", "two\n")), []string{"in!" + long, "in!two.log"}},
		"symbols": {[]byte(arMagic + arMember("/", "one\n\n") + arMember("two.o/", "two\n")), []string{"in!symbols", "in!two.o"}},
		"absent":  {[]byte(arMagic + arMember("/7", "one\n\n") + arMember("#1/99", "two\n")), []string{"in!/7", "in!#1/99"}},
	} {
		for _, r := range []reading{readPipe(t, c.data, Options{}), readFile(t, c.data, Options{})} {
			if got := paths(r); r.text() != "one\n\ntwo\n" || r.gaps() || !slices.EqualFunc(got, c.paths, func(a, b string) bool { return strings.HasSuffix(a, b[len("in"):]) }) {
				t.Errorf("%s: %q, %q, %v", name, r.text(), got, r.codes())
			}
		}
	}
}

// A Debian package is an ar of compressed tars.
func TestADebianPackageIsOpened(t *testing.T) {
	data := arOf(file{"debian-binary", []byte("2.0\n")}, file{"data.tar.xz", xzPack(t, tarOf(t, file{"./var/log/audit.log", []byte("a line\n")}))})
	r := readPipe(t, data, Options{})
	if got := paths(r); !slices.Contains(got, "in!data.tar.xz!./var/log/audit.log") || r.text() != "2.0\na line\n" || r.gaps() {
		t.Errorf("%q, %q, %v", got, r.text(), r.codes())
	}
}

// Whatever is damaged or cut: the bytes that are there are read, and what is missing is told.
func TestADamagedArLosesNothingElse(t *testing.T) {
	data := arOf(file{"one", []byte("first line\n")}, file{"two", []byte("second line\n")}, file{"three", []byte("third line\n")})
	header := bytes.Index(data, []byte("two/"))
	torn := slices.Concat(data[:header+40], []byte("##########"), data[header+50:])
	r := readPipe(t, torn, Options{})
	if !r.has(CodeUnnamed) || !strings.Contains(r.text(), "second line\n") || !strings.HasSuffix(r.text(), "third line\n") {
		t.Errorf("bad header: %q, %v", r.text(), r.codes())
	}
	for n := len(arMagic); n < len(data); n++ {
		r := readPipe(t, data[:n], Options{})
		want, inside := arData(data[:n])
		if got := r.text(); !strings.HasPrefix(got, want) || len(got) > len(want) != r.has(CodeUnnamed) {
			t.Errorf("cut at %d: %q, want %q", n, got, want)
		}
		if inside != r.has(CodeCut) {
			t.Errorf("cut at %d, inside a member %v: %v", n, inside, r.codes())
		}
	}
	for _, size := range []string{"9999999999", "-1        "} {
		lie := bytes.Clone(data)
		copy(lie[header+48:], size)
		if r := readPipe(t, lie, Options{}); !strings.Contains(r.text(), "third line\n") || !r.has(CodeCut) && !r.has(CodeUnnamed) {
			t.Errorf("size %s: %q, %v", size, r.text(), r.codes())
		}
	}
}

// arData is the data of the members in the beginning of an archive, and whether it ends inside one.
func arData(p []byte) (text string, inside bool) {
	for at := len(arMagic); at+arHeaderLen <= len(p); {
		end := at + arHeaderLen + int(arSize(p[at:]))
		text += string(p[at+arHeaderLen : min(end, len(p))])
		if len(p) < end {
			return text, true
		}
		at = end + end%2
	}
	return text, false
}
