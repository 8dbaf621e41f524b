package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestManifestIsWhatSha256sumChecks: a line for each file that lies there, with the digest
// of its bytes; a comment for all else, and nothing of a name that a terminal would act on.
func TestManifestIsWhatSha256sumChecks(t *testing.T) {
	dir := t.TempDir()
	record := []byte("type=CWD msg=audit(1772.1:7): cwd=\"/root\"\n")
	for _, name := range []string{"a!b c.log", "esc\x1b[31m.log", "new\nline.log", `back\slash.log`} {
		if err := os.WriteFile(filepath.Join(dir, name), record, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	demo, err := filepath.Abs("../../fixtures/demo")
	if err != nil {
		t.Fatal(err)
	}
	out := printed(t, "inventory", "-q", "-f", "sha256sum", dir, demo)
	files, comments := 0, 0
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		rest, comment := strings.CutPrefix(line, "# ")
		sum, name, ok := strings.Cut(rest, "  ")
		if raw, err := hex.DecodeString(sum); !ok || err != nil || len(raw) != sha256.Size || strings.Contains(line, "\x1b") {
			t.Errorf("%q is no line of a manifest", line)
		}
		if comment {
			comments++
			continue
		}
		files++
		content, err := os.ReadFile(name)
		if want := sha256.Sum256(content); err != nil || hex.EncodeToString(want[:]) != sum {
			t.Errorf("%q: %s, %v", name, sum, err)
		}
	}
	if files != 2+3 || comments != 2+5 { // members of the demo's archives are comments
		t.Errorf("%d files and %d comments:\n%s", files, comments, out)
	}
}
