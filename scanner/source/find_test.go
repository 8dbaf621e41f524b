//go:build unix

package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// found runs Find in dir and lists what it says, in order.
func found(t *testing.T, dir string, args ...string) []string {
	t.Helper()
	t.Chdir(dir)
	var out []string
	err := Find(context.Background(), args, func(in Input) error {
		out = append(out, fmt.Sprintf("%s %d", in.Path, in.Size))
		return nil
	}, func(s Skipped) {
		gap := ""
		if s.Gap {
			gap = "!"
		}
		out = append(out, s.Path+" "+s.Code+gap)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tree makes files; a name that ends in a slash is a folder.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFindIsInOrderOfNamesAndAge(t *testing.T) {
	dir := tree(t, "e/b/audit.log", "e/b/audit.log.1", "e/b/audit.log.10.gz", "e/b/audit.log.2.gz", "e/a", "e/c/", "e/d/x/y", "z", "e/.hidden")
	want := []string{
		"z 1", "e/.hidden 9", "e/a 3",
		"e/b/audit.log.10.gz 19", "e/b/audit.log.2.gz 18", "e/b/audit.log.1 15", "e/b/audit.log 13",
		"e/d/x/y 7",
	}
	if diff := cmp.Diff(want, found(t, dir, "z", "e")); diff != "" {
		t.Error(diff)
	}
	want = []string{"./z 1", "e/d/x/y 7"}
	if diff := cmp.Diff(want, found(t, dir, "./z", "e/d/")); diff != "" {
		t.Error(diff)
	}
}

func TestFindReadsRegularFilesOnly(t *testing.T) {
	dir := tree(t, "e/file", "outside/secret")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Symlink("../outside", filepath.Join(dir, "e/folderlink")))
	must(os.Symlink("../outside/secret", filepath.Join(dir, "e/link")))
	must(os.Symlink("nowhere", filepath.Join(dir, "e/dangling")))
	must(os.Symlink(".", filepath.Join(dir, "e/loop")))
	must(syscall.Mkfifo(filepath.Join(dir, "e/pipe"), 0o600))
	must(os.Link(filepath.Join(dir, "e/file"), filepath.Join(dir, "e/second")))
	t.Chdir(dir)
	l, err := net.Listen("unix", "e/socket")
	must(err)
	defer l.Close()
	want := []string{
		"e/dangling fs.link", "e/file 6", "e/folderlink fs.link", "e/link fs.link", "e/loop fs.link",
		"e/pipe fs.special", "e/second fs.hardlink", "e/socket fs.special",
	}
	// None of them is opened: the pipe alone would never answer.
	if diff := cmp.Diff(want, found(t, dir, "e")); diff != "" {
		t.Error(diff)
	}
}

func TestFindArguments(t *testing.T) {
	dir := tree(t, "e/a", "e/sub/b", "f")
	if err := os.Symlink("f", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, want []string
	}{
		{[]string{"missing", "f"}, []string{"missing fs.missing!", "f 1"}},
		{[]string{"link"}, []string{"link 1"}},
		{[]string{"link", "f"}, []string{"link 1", "f fs.duplicate"}},
		{[]string{"/dev/null", "f"}, []string{"/dev/null fs.device!", "f 1"}},
		{[]string{"-", "-"}, []string{"- -1", "- fs.duplicate"}},
		{[]string{"e", "e/sub"}, []string{"e/a 3", "e/sub/b 7", "e/sub fs.duplicate"}},
		{[]string{"e/sub", "e"}, []string{"e/sub/b 7", "e/a 3", "e/sub fs.duplicate"}},
		{nil, nil},
	} {
		if diff := cmp.Diff(c.want, found(t, dir, c.args...)); diff != "" {
			t.Errorf("%q: %s", c.args, diff)
		}
	}
}

func TestFindNamesWhatItMayNotRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := tree(t, "e/closed/x", "e/open")
	if err := os.Chmod(filepath.Join(dir, "e/closed"), 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(dir, "e/closed"), 0o700)
	if diff := cmp.Diff([]string{"e/closed fs.denied!", "e/open 6"}, found(t, dir, "e")); diff != "" {
		t.Error(diff)
	}
}

func TestFindEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	dir := tree(t, "a", "d/b")
	n := 0
	err := Find(ctx, []string{dir}, func(Input) error { n++; cancel(); return nil }, func(Skipped) {})
	if !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("%d inputs, %v", n, err)
	}
}

func TestANamedPipeIsReadLikeStandardInput(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	data := gz(t, []byte("through a pipe\n"))
	go func() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.Write(data)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			t.Error(err)
		}
	}()
	var r reading
	err := Find(context.Background(), []string{name}, func(in Input) error {
		r = readInput(t, in, Options{})
		return nil
	}, func(s Skipped) { t.Errorf("skipped: %+v", s) })
	if err != nil || r.text() != "through a pipe\n" {
		t.Errorf("got %q, %v", r.text(), err)
	}
}

func TestAFileThatChangesIsNoticed(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(string) error
		code   string
	}{
		{"grows", func(name string) error {
			f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
			if err == nil {
				_, err = f.WriteString("more\n")
				err = errors.Join(err, f.Close())
			}
			return err
		}, CodeChanged},
		{"shrinks", func(name string) error { return os.Truncate(name, 10) }, CodeShrunk},
		{"is replaced by a link", func(name string) error {
			return errors.Join(os.Remove(name), os.Symlink("/etc/passwd", name))
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(name, bytes.Repeat([]byte("line\n"), 1<<18), 0o600); err != nil {
				t.Fatal(err)
			}
			var members []Member
			in := Input{Path: "f", name: name}
			err := in.Streams(context.Background(), Options{}, func(s *Stream) error {
				if _, err := s.Read(make([]byte, 10)); err != nil {
					return err
				}
				return c.change(name)
			}, func(m *Member) { members = append(members, *m) })
			if err != nil || len(members) != 1 {
				t.Fatalf("%v, %v", members, err)
			}
			has := slices.ContainsFunc(members[0].Remarks, func(r Remark) bool { return r.Code == c.code })
			if c.code != "" && !has {
				t.Errorf("remarks %+v", members[0].Remarks)
			}
		})
	}
}

func TestATerabyteOfNothingIsPassedOver(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	name := filepath.Join(t.TempDir(), "f")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const far = 1 << 40
	if _, err := f.WriteString("first\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("last\n"), far); err != nil {
		t.Skipf("no sparse files here: %v", err)
	}
	if info, err := f.Stat(); err != nil || !sparse(info) {
		t.Skipf("no sparse files here: %v", err)
	}
	if err := f.Truncate(2 * far); err != nil {
		t.Fatal(err)
	}
	r := readInput(t, Input{Path: "f", name: name}, Options{})
	text := strings.TrimRight(r.text(), "\x00")
	if !strings.HasPrefix(text, "first\n") || !strings.HasSuffix(text, "last\n") || !slices.Equal(r.codes(), []string{"f fs.sparse"}) {
		t.Errorf("%d bytes, %v", len(text), r.codes())
	}
}

func TestALinkThatTookTheFilesPlaceIsNotFollowed(t *testing.T) {
	dir := tree(t, "secret")
	if err := os.Symlink("secret", filepath.Join(dir, "f")); err != nil {
		t.Fatal(err)
	}
	r := readInput(t, Input{Path: "f", name: filepath.Join(dir, "f")}, Options{})
	if len(r.streams) != 0 || !r.has(CodeDenied) || !strings.Contains(r.members[0].Remarks[0].Lift, "link") {
		t.Errorf("got %v, %v", r.streams, r.members)
	}
}

func TestReadingLeavesNoTrace(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	big := make([]byte, 2*spillMemory)
	for i := range big {
		big[i] = byte(i * i >> 8)
	}
	inner := zipOf(t, file{"a", []byte("text a\n")}, file{"b", big})
	r := readPipe(t, gz(t, tarOf(t, file{"x.zip", inner})), Options{})
	if !strings.HasPrefix(r.text(), "text a\n") || r.gaps() {
		t.Errorf("%v", r.codes())
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
