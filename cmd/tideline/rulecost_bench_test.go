//go:build unix

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"tideline/scanner"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

// BenchmarkBuiltinRules scans generated logs with all built-in rules and
// without any, turn by turn, and reports how much more CPU the rules cost in
// the median, in per cent (goal for Kubernetes: 15). Nothing is asserted:
// machines differ, and the comparison is the point.
func BenchmarkBuiltinRules(b *testing.B) {
	tuneGarbage() // as in a scan
	texts, options := builtinTexts(b)
	all, none := ruleset.New(texts, options), ruleset.New(nil, options)
	for _, kind := range []string{"kubernetes", "auditd", "docker"} {
		b.Run(kind, func(b *testing.B) {
			const size = 1 << 30 // less, and what rules cost once is most of it
			name := generated(b, kind, "1073741824")
			b.SetBytes(2 * size)
			var with, without []float64
			for b.Loop() {
				without = append(without, cpu(b, name, none))
				with = append(with, cpu(b, name, all))
			}
			b.ReportMetric(100*(middle(with)/middle(without)-1), "%more-CPU")
		})
	}
}

// generated makes a log of a kind with the generator of the benchmarks.
func generated(b *testing.B, kind, size string) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), kind+".log")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	make := exec.Command("go", "run", "../../fixtures/makecorpus", "-kind", kind, "-bytes", size)
	make.Stdout, make.Stderr = f, os.Stderr
	if err := make.Run(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return name
}

// cpu is what reading a file and concluding takes, in seconds of user and
// system time of the process.
func cpu(b *testing.B, name string, rules *ruleset.Ruleset) float64 {
	before := used(b)
	reader := newReader()
	p, err := scanner.Collect(context.Background(), []string{name}, scanner.Options{Reader: reader, Rules: rules, Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	r, err := scanner.Conclude(context.Background(), []*scanner.Partial{p}, rules, reader.Formats(), scanner.ReportOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	if err := r.Each(context.Background(), func(*finding.Finding) error { return nil }); err != nil {
		b.Fatal(err)
	}
	return (used(b) - before).Seconds()
}

func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func middle(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
