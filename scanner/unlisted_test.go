package scanner

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

// lineReader counts every byte of a stream as an event's.
type lineReader struct{}

func (lineReader) Formats() []*parsers.Format { return nil }

func (lineReader) Read(_ context.Context, s parsers.Stream, _ parsers.ReadOptions, sinks []parsers.Sink) (parsers.Account, error) {
	b, err := io.ReadAll(s.Reader)
	n := int64(len(b))
	sinks[0].Remark(parsers.Remark{Code: "toy.note", Reason: "a note"})
	return parsers.Account{Format: "toy", Records: 1, Events: 1, Bytes: parsers.Bytes{Read: n, Events: n}}, err
}

func TestMembersBeyondALimitAreToldTogether(t *testing.T) {
	const members, listed = 50, 20
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	var lines strings.Builder
	size := int64(0)
	dir := t.TempDir()
	for i := range members {
		text := fmt.Sprintf("member %d\n", i)
		if err := w.WriteHeader(&tar.Header{Name: fmt.Sprintf("log/%d", i), Mode: 0o600, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if i >= listed {
			size += int64(len(text))
			fmt.Fprintf(&lines, "%x  %s!log/%d\n", sha256.Sum256([]byte(text)), filepath.Join(dir, "a.tar"), i)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.tar"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.log"), []byte("alone\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 4} {
		p, err := Collect(t.Context(), []string{dir}, Options{Reader: lineReader{}, Rules: ruleset.New(nil, ruleset.Options{}), Workers: workers, listed: listed})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		i := slices.IndexFunc(p.Ledger, func(e finding.Entry) bool { return strings.Contains(e.Path, "more members") })
		if len(p.Ledger) != listed+3 || i < 0 { // the archive, the others, the other file
			t.Fatalf("%d entries", len(p.Ledger))
		}
		e := &p.Ledger[i]
		if e.Path != filepath.Join(dir, "a.tar")+"!(30 more members)" || e.Events != members-listed || e.Bytes.Read != size || !e.Bytes.Balanced() {
			t.Errorf("%+v", e)
		}
		if want := fmt.Sprintf("%x", sha256.Sum256([]byte(lines.String()))); e.SHA256 != want {
			t.Errorf("digest %s, want %s", e.SHA256, want)
		}
		if n := p.Aggregates.Formats["toy"].Sources; n != members+1 {
			t.Errorf("%d sources", n)
		}
		codes := map[string]int64{}
		for _, n := range e.Notes {
			codes[n.Code] = n.Count
		}
		if codes["toy.note"] != members-listed || codes["ledger.folded"] != members-listed {
			t.Errorf("notes %v", codes)
		}
	}
}
