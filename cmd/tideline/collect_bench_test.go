package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/scanner"
	"tideline/scanner/source"
)

// BenchmarkCollect reads the files that TIDELINE_BENCH names, separated as in
// PATH, with all built-in rules on one worker: the first half of a scan. Its
// profile shows where a log's time goes.
func BenchmarkCollect(b *testing.B) {
	names := filepath.SplitList(os.Getenv("TIDELINE_BENCH"))
	if len(names) == 0 {
		b.Skip("TIDELINE_BENCH names no files")
	}
	rules := builtinSet(b)
	for _, name := range names {
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := scanner.Collect(context.Background(), []string{name}, scanner.Options{Reader: newReader(), Rules: rules, Source: source.Options{}, Workers: 1})
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(p.Ledger[0].Bytes.Read)
				b.ReportMetric(float64(p.Ledger[0].Events), "events")
				p.Close()
			}
		})
	}
}

// BenchmarkScan is the whole of a scan of each of the same files, from the
// loading of the rules to NDJSON and HTML written.
func BenchmarkScan(b *testing.B) {
	names := filepath.SplitList(os.Getenv("TIDELINE_BENCH"))
	if len(names) == 0 {
		b.Skip("TIDELINE_BENCH names no files")
	}
	dir := b.TempDir()
	for _, name := range names {
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.ReportAllocs()
			args := []string{"tideline", "scan", "-q", "-o", filepath.Join(dir, "r.ndjson"), "-o", filepath.Join(dir, "r.html"), name}
			for b.Loop() {
				if got := run(context.Background(), args, strings.NewReader(""), io.Discard, io.Discard); got != exitOK && got != exitIncomplete {
					b.Fatalf("exit status %d", got)
				}
			}
		})
	}
}
