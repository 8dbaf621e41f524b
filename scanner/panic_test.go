package scanner

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/state"
)

// brokenReader has a defect that shows on streams that begin with "panic": it tells
// of a matching event before. Of others it tells that they were read.
type brokenReader struct{ rules *ruleset.Ruleset }

func (brokenReader) Formats() []*parsers.Format { return likeFormats[:1] }

func (b brokenReader) Read(_ context.Context, s parsers.Stream, _ parsers.ReadOptions, sinks []parsers.Sink) (parsers.Account, error) {
	text, err := io.ReadAll(s.Reader)
	if err != nil {
		return parsers.Account{Err: err}, nil
	}
	if bytes.HasPrefix(text, []byte("panic")) {
		for _, ev := range likeEvents(b.rules, 2, false) {
			if err := sinks[0].Event(likeFormats[0], ev); err != nil {
				return parsers.Account{}, err
			}
		}
		panic("a defect")
	}
	n := int64(len(text))
	return parsers.Account{Format: likeFormats[0].Name, Bytes: parsers.Bytes{Read: n, Events: n}}, nil
}

// TestADefectCostsNoMoreThanItsInput: an input in which the reader panics is a gap,
// and nothing of it is told of the inputs that the same worker reads next.
func TestADefectCostsNoMoreThanItsInput(t *testing.T) {
	rs := testRuleset(t)
	dir := t.TempDir()
	write := func(name string, content []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// the largest comes first; its third member breaks
	write("0.tar", tarOf(t, "good", "good", strings.Repeat("panic", 5000)))
	write("1.log", []byte("some good bytes\n"))
	o := Options{Reader: brokenReader{rs}, Rules: rs, Workers: 1, listed: 1}

	scan := func(t *testing.T) []finding.Entry {
		p, err := Collect(context.Background(), []string{dir}, o)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		return p.Ledger
	}
	night := func(t *testing.T) []finding.Entry {
		store, err := state.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		n, err := CollectNight(context.Background(), []string{dir}, o, store, "test")
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		return n.Partial.Ledger
	}
	for name, read := range map[string]func(*testing.T) []finding.Entry{"scan": scan, "night": night} {
		t.Run(name, func(t *testing.T) {
			gaps, more := 0, 0
			for _, e := range read(t) {
				for _, g := range e.Gaps {
					if g.Code == "internal.panic" && strings.HasSuffix(e.Path, "0.tar") {
						gaps++
					}
				}
				if strings.Contains(e.Path, "more members") {
					more++
					if !strings.Contains(e.Path, "0.tar!") {
						t.Errorf("members of the broken input are told of %s", e.Path)
					}
				}
				if strings.HasSuffix(e.Path, "1.log") && (len(e.Matched) > 0 || !slices.Equal(e.Details, []string{})) {
					t.Errorf("the next input is told to have matched %v, with %v", e.Matched, e.Details)
				}
			}
			if gaps != 1 || more != 1 {
				t.Errorf("%d gaps, %d entries of members that are not listed, want one each", gaps, more)
			}
		})
	}
}

func tarOf(t *testing.T, members ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for i, content := range members {
		if err := w.WriteHeader(&tar.Header{Name: string(rune('a'+i)) + ".log", Mode: 0o600, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
