package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/fixtures/attacks"
	"tideline/scanner"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/source"
)

// A detector scans fixtures with the built-in rules.
type detector struct {
	rules  *ruleset.Ruleset
	slugs  map[string]string // name by id
	levels map[string]string // level by name, as the rule has it
}

func newDetector(t *testing.T) *detector {
	t.Helper()
	texts, options := builtinTexts(t)
	d := &detector{rules: ruleset.New(texts, options),
		slugs: map[string]string{}, levels: map[string]string{}}
	for _, r := range texts {
		name, id := strings.TrimSuffix(filepath.Base(r.Path), ".yml"), ""
		for _, line := range strings.Split(string(r.Data), "\n") {
			if v, ok := strings.CutPrefix(line, "id: "); ok {
				id = v
			}
			if v, ok := strings.CutPrefix(line, "level: "); ok {
				d.levels[name] = v
			}
		}
		d.slugs[id] = name
	}
	return d
}

// scan writes a fixture's logs to a folder and returns what is found there.
func (d *detector) scan(t *testing.T, f attacks.Fixture) []*finding.Finding {
	return d.against(t, f, scanner.ReportOptions{})
}

// collect writes a fixture's logs to a folder and reads them.
func (d *detector) collect(t *testing.T, f attacks.Fixture) *scanner.Partial {
	t.Helper()
	logs, err := f.Logs()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range logs {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := scanner.Collect(context.Background(), []string{dir}, scanner.Options{Reader: newReader(), Rules: d.rules, Workers: 1, Source: source.Options{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// against is scan, with what is normal.
func (d *detector) against(t *testing.T, f attacks.Fixture, o scanner.ReportOptions) (found []*finding.Finding) {
	t.Helper()
	r, err := scanner.Conclude(context.Background(), []*scanner.Partial{d.collect(t, f)}, d.rules, newReader().Formats(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Each(context.Background(), func(f *finding.Finding) error { found = append(found, f); return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

func (d *detector) tell(f *finding.Finding) string {
	return fmt.Sprintf("%s %s: %s %q (%s)", f.Rule.Level, d.slugs[f.Rule.ID], f.Summary, f.Command, f.Source.Path)
}

func aboveLow(f *finding.Finding) bool {
	return finding.LevelRank(f.Rule.Level) > finding.LevelRank("low")
}

// TestAttacksAreFound plays every attack in a day of noise: each raises its
// rules at their level, and what only looks like an attack raises nothing.
func TestAttacksAreFound(t *testing.T) {
	d := newDetector(t)
	fixtures, err := attacks.Fixtures()
	if err != nil {
		t.Fatal(err)
	}
	noise, err := attacks.Noise()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fixtures {
		t.Run(f.Name, func(t *testing.T) {
			levels := map[string]string{}
			first, last := f.Span()
			for _, got := range d.scan(t, f.With(noise)) {
				name := d.slugs[got.Rule.ID]
				if len(f.Want) > 0 && (got.LastTime.Before(first) || got.Time.After(last)) {
					continue // of the noise
				}
				if finding.LevelRank(got.Rule.Level) >= finding.LevelRank(levels[name]) {
					levels[name] = got.Rule.Level
				}
				if len(f.Want) == 0 && aboveLow(got) {
					t.Errorf("nothing bad happened: %s", d.tell(got))
				}
			}
			for _, name := range f.Want {
				if d.levels[name] == "" {
					t.Errorf("there is no rule %s", name)
				} else if finding.LevelRank(levels[name]) < finding.LevelRank(d.levels[name]) {
					t.Errorf("%s: found at level %q, want %q", name, levels[name], d.levels[name])
				}
			}
		})
	}
}

// TestVariantsAreFound plays the attacks in other ways: there is no act of them
// that no rule above low finds.
func TestVariantsAreFound(t *testing.T) {
	d := newDetector(t)
	variants, err := attacks.Variants()
	if err != nil {
		t.Fatal(err)
	}
	acts, missed := 0, 0
	for _, f := range variants {
		found := map[int64]bool{}
		for _, got := range d.scan(t, f) {
			if aboveLow(got) && len(got.Related) == 0 {
				found[got.Time.Unix()], found[got.LastTime.Unix()] = true, true
			}
		}
		f.Each(func(line string, at time.Time) {
			if acts++; !found[at.Unix()] {
				missed++
				t.Errorf("%s: nothing above low finds %s", f.Name, line)
			}
		})
	}
	t.Logf("%d of %d ways are found", acts-missed, acts)
}

// TestNewAgainstABaseline learns a day of noise and then looks at the attacks
// alone, minutes that could teach nothing themselves.
func TestNewAgainstABaseline(t *testing.T) {
	d := newDetector(t)
	noise, err := attacks.Noise()
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := attacks.Fixtures()
	if err != nil {
		t.Fatal(err)
	}
	normal := d.collect(t, noise).Aggregates.Baseline()
	for _, f := range fixtures {
		if !strings.HasPrefix(f.Name, "FX-NEW-") {
			continue
		}
		told, without := map[string]bool{}, 0
		for _, got := range d.against(t, f, scanner.ReportOptions{Baseline: normal}) {
			if strings.Contains(got.Summary, "; new: ") && strings.HasSuffix(got.Summary, "(not in the baseline)") {
				told[d.slugs[got.Rule.ID]] = true
			}
		}
		for _, got := range d.scan(t, f) {
			if strings.Contains(got.Summary, "; new: ") {
				without++
			}
		}
		for _, name := range f.Want {
			if strings.HasPrefix(name, "new-") && name != "new-image" && !told[name] { // a baseline holds no images of pods
				t.Errorf("%s: %s does not tell what is new against the baseline", f.Name, name)
			}
		}
		if without > 0 {
			t.Errorf("%s: %d things are new against a log of some seconds", f.Name, without)
		}
	}
}

// TestNoiseIsQuiet scans what clusters and hosts do all day: nothing of it is
// above low, and little is even low.
func TestNoiseIsQuiet(t *testing.T) {
	d := newDetector(t)
	noise, err := attacks.Noise()
	if err != nil {
		t.Fatal(err)
	}
	var low []string
	for _, f := range d.scan(t, noise) {
		switch {
		case aboveLow(f):
			t.Errorf("an alarm: %s", d.tell(f))
		case f.Rule.Level == "low":
			low = append(low, d.tell(f))
		}
	}
	slices.Sort(low)
	different, all := noise.Acts()
	t.Logf("%d acts, %d different, %d low:\n%s", all, different, len(low), strings.Join(low, "\n"))
	if len(low)*20 > different {
		t.Errorf("%d of %d different acts of the noise are low; one in twenty is enough", len(low), different)
	}
}
