package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"tideline/scanner"
	"tideline/scanner/ruleset"
	"tideline/scanner/source"
)

// benchMiB is how much of each log BenchmarkGenerated reads.
const benchMiB = 32

// BenchmarkGenerated is the whole of collect over generated logs, uncompressed,
// with all built-in rules: reading, framing, decoding, statistics, matching and
// hits. Its profile is where the CPU of a scan goes:
//
//	go test -run '^$' -bench Generated/kubernetes -cpuprofile cpu.out ./cmd/tideline
func BenchmarkGenerated(b *testing.B) {
	dir := b.TempDir()
	maker := filepath.Join(dir, "makecorpus")
	if out, err := exec.Command("go", "build", "-o", maker, "tideline/fixtures/makecorpus").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for _, kind := range []string{"kubernetes", "auditd", "docker"} {
		name := filepath.Join(dir, kind+".log")
		size := makeLog(b, maker, kind, name)
		for _, rules := range []string{"rules", "none"} {
			b.Run(kind+"/"+rules, func(b *testing.B) {
				set := builtinSet(b)
				if rules == "none" {
					set = ruleset.New(nil, ruleset.Options{})
				}
				b.SetBytes(size)
				b.ReportAllocs()
				for b.Loop() {
					p, err := scanner.Collect(context.Background(), []string{name}, scanner.Options{Reader: newReader(), Rules: set, Source: source.Options{}, Workers: 1})
					if err != nil {
						b.Fatal(err)
					}
					p.Close()
				}
			})
		}
	}
}

// makeLog writes a log of a kind and returns its size.
func makeLog(b *testing.B, maker, kind, name string) int64 {
	out, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command(maker, "-kind", kind, "-bytes", strconv.Itoa(benchMiB<<20))
	cmd.Stdout = out
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	size, err := out.Seek(0, io.SeekCurrent)
	if err != nil {
		b.Fatal(err)
	}
	return size
}
