package scanner

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tideline/parsers"
	"tideline/scanner/source"
)

// sniffer is a reader that knows two formats by their first word.
type sniffer struct{ parsers.Reader }

func (sniffer) Formats() []*parsers.Format {
	of := func(word string, stateful bool) *parsers.Format {
		return &parsers.Format{Name: word, Stateful: stateful, Sniff: func(prefix []byte, _ string) (v parsers.Verdict) {
			if bytes.HasPrefix(prefix, []byte(word)) {
				v.Confidence = parsers.Certain
			}
			return v
		}}
	}
	return []*parsers.Format{of("together", true), of("apart", false)}
}

func TestLargeInputsThatCanBeSharedAreBegunLast(t *testing.T) {
	dir := t.TempDir()
	var inputs []source.Input
	sizes := map[string]int64{"apart 1": 40, "apart 2": 30, "together 1": 20, "unknown": 25, "together 2": 17, "apart small": 1, "together small": 2}
	for name, mib := range sizes {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, mib<<20); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	if err := source.Find(ctx, []string{dir}, func(in source.Input) error { inputs = append(inputs, in); return nil }, func(source.Skipped) {}); err != nil {
		t.Fatal(err)
	}
	for workers, want := range map[int]string{
		1: "[apart 1 apart 2 unknown together 1 together 2 together small apart small]",
		2: "[unknown together 1 together 2 apart 1 apart 2 together small apart small]",
	} {
		read := int64(0)
		c := &collector{options: Options{Reader: sniffer{}, Workers: workers, Source: source.Options{Progress: func(n int64) { read += n }}}}
		c.inOrder(ctx, inputs)
		var got []string
		for _, in := range inputs {
			got = append(got, filepath.Base(in.Path))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%d workers: %v, want %v", workers, got, want)
		}
		if read != 0 {
			t.Errorf("%d workers: %d bytes of progress, though nothing was scanned yet", workers, read)
		}
	}
}
