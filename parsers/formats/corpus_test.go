package formats

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers"
)

// corpus finds the folder of real logs beside the checkout, or skips.
func corpus(t testing.TB) string {
	if dir := os.Getenv("TIDELINE_SHARED"); dir != "" {
		return filepath.Join(dir, "corpus")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		c := filepath.Join(filepath.Dir(dir), "shared", "corpus")
		if _, err := os.Stat(c); err == nil {
			return c
		}
	}
	t.Skip("the corpus of real logs is not here")
	return ""
}

// TestCorpus reads every real log there is: none may break the accounts.
func TestCorpus(t *testing.T) {
	root := corpus(t)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		pad := &tally{}
		a, err := NewReader().Read(context.Background(), parsers.Stream{Path: rel, Reader: f}, parsers.ReadOptions{}, []parsers.Sink{pad})
		if err != nil {
			t.Errorf("%s: %v", rel, err)
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if !a.Bytes.Balanced() || a.Bytes.Read != info.Size() {
			t.Errorf("%s: %d bytes, account %+v", rel, info.Size(), a.Bytes)
		}
		if testing.Verbose() {
			t.Logf("%s\t%s\t%s\trecords=%d of %d events=%d gaps=%d %s %s", rel, a.Format, a.Envelope, a.Recognised, a.Records, a.Events, a.Bytes.Gaps, a.Looks, strings.Join(pad.remarks, " "))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

type tally struct{ remarks []string }

func (*tally) Event(*parsers.Format, *parsers.Event) error { return nil }

func (c *tally) Remark(r parsers.Remark) {
	if r.Gap {
		c.remarks = append(c.remarks, fmt.Sprintf("GAP %s@%d x%d %.150s;", r.Code, r.Pos.Line, r.Count, r.Reason))
	}
}
