package fileid

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// stored writes a file and returns its name.
func stored(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func stat(t *testing.T, name string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestEndsOfAFile: they are those of its first size bytes, so a log is known again
// after it grew; what is changed between them does not show, what is changed in them does.
func TestEndsOfAFile(t *testing.T) {
	const size = 3 * EndBytes
	content := strings.Repeat("0123456789abcdef", size/16)
	ends := func(content string, size int64) string {
		sum, err := Ends(stored(t, content), size)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	changed := func(at int) string { return content[:at] + "X" + content[at+1:] }
	want := ends(content, size)
	for name, c := range map[string]struct {
		content string
		same    bool
	}{
		"it grew":                 {content + "more", true},
		"the middle changed":      {changed(size / 2), true},
		"the first byte changed":  {changed(0), false},
		"the last byte changed":   {changed(size - 1), false},
		"the end of the head":     {changed(EndBytes - 1), false},
		"the beginning of a tail": {changed(size - EndBytes), false},
	} {
		if same := ends(c.content, size) == want; same != c.same {
			t.Errorf("%s: the same is %v", name, same)
		}
	}
	if ends("short", 5) == ends("shorx", 5) || ends("", 0) != ends("grown", 0) {
		t.Error("the ends of a file that is shorter than they are")
	}
	if _, err := Ends(stored(t, "short"), 6); err == nil || !strings.Contains(err.Error(), "audit.log") {
		t.Errorf("a file that shrank: error %v", err)
	}
}

// TestPrefixesGoOn: who goes on with the hash of a beginning gets the digests of the
// whole, though it saw nothing of the beginning.
func TestPrefixesGoOn(t *testing.T) {
	head := NewPrefixes()
	head.Write([]byte("the quick "))
	rest := GoOn(head.Hash(), head.Length(), 13)
	rest.Write([]byte("brown fox"))
	if rest.Length() != 19 || rest.Sum() != Sum([]byte("the quick brown fox")) || rest.Sums()[13] != Sum([]byte("the quick bro")) {
		t.Errorf("%d bytes, %s, %v", rest.Length(), rest.Sum(), rest.Sums())
	}
	if sum, err := File(stored(t, "the quick brown fox")); err != nil || sum != rest.Sum() {
		t.Errorf("the file has %s, error %v", sum, err)
	}
}

// TestAFileIsKnownByItsNumber: it stays through renaming and growing, and a second file
// has another.
func TestAFileIsKnownByItsNumber(t *testing.T) {
	name := stored(t, "a")
	dev, inode, ok := Number(stat(t, name))
	if !ok {
		t.Skip("this system does not tell files apart")
	}
	if err := os.Rename(name, name+".1"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("b"), 0o600); err != nil {
		t.Fatal(err)
	}
	if d, i, _ := Number(stat(t, name+".1")); d != dev || i != inode {
		t.Error("a renamed file has another number")
	}
	if d, i, _ := Number(stat(t, name)); d == dev && i == inode {
		t.Error("two files have one number")
	}
}

// TestAChangeShowsBehindItsStamp: the time of modification can be set back, the kernel's
// time of change cannot.
func TestAChangeShowsBehindItsStamp(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("not asked for on this system")
	}
	name := stored(t, "a")
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(name, old, old); err != nil {
		t.Fatal(err)
	}
	if info := stat(t, name); !info.ModTime().Equal(old) || Changed(info) <= old.UnixNano() {
		t.Errorf("modified %v, changed %d", info.ModTime(), Changed(info))
	}
}
