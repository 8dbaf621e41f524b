//go:build linux

package source

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
)

// TestFoldersDeeperThanANameMayBeLongAreRead: an attacker can make them, and
// what lies in one is evidence.
func TestFoldersDeeperThanANameMayBeLongAreRead(t *testing.T) {
	top := t.TempDir()
	folder := strings.Repeat("d", 250)
	root, err := os.OpenRoot(top)
	if err != nil {
		t.Fatal(err)
	}
	for depth := range 40 {
		if err := root.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		next, err := root.OpenRoot(folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := root.Close(); err != nil {
			t.Fatal(err)
		}
		root = next
		if depth%13 == 0 {
			if err := root.WriteFile("audit.log", []byte("a line\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := root.Symlink("audit.log", "link"); err != nil {
		t.Fatal(err)
	}
	if err := root.Close(); err != nil {
		t.Fatal(err)
	}

	var text strings.Builder
	var skipped []Skipped
	deepest := ""
	err = Find(context.Background(), []string{top}, func(in Input) error {
		deepest = in.Path
		return in.Streams(context.Background(), Options{}, func(s *Stream) error {
			_, err := io.Copy(&text, s)
			return err
		}, func(m *Member) {
			if len(m.Remarks) > 0 {
				t.Errorf("%+v", m.Remarks)
			}
		})
	}, func(s Skipped) { skipped = append(skipped, s) })
	if err != nil || text.String() != strings.Repeat("a line\n", 4) {
		t.Errorf("read %q, %v", text.String(), err)
	}
	if len(skipped) != 1 || skipped[0].Code != CodeFSLink {
		t.Errorf("skipped %d: %.300v", len(skipped), skipped)
	}
	if want := len(top) + 40*(1+len(folder)) + len("/audit.log"); len(deepest) != want {
		t.Errorf("the path shown is %d bytes long, want %d", len(deepest), want)
	}
	if err := os.RemoveAll(top); err != nil {
		t.Errorf("clean up: %v", err)
	}
}
