package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"tideline/parsers"
	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

const scanHelp = `PATH is a file, a folder, an archive, or - for standard input. Flags come
before it.

  tideline scan bundle.tgz                  the answer, for a person
  tideline scan -o r.html -o f.csv logs/    reports in files, none on stdout
  tideline scan logs/ | jq .summary         a finding a line, for programs
  tideline scan --state DIR /var/log        every night: what is new

` + exitHelp

const exitHelp = `Exit status: 0 complete; 1 complete, and --fail-on was met; 2 bad usage, rules
or configuration; 3 some evidence could not be read in full, and the report
says what; 4 a report could not be delivered; 75 another run holds the state;
129, 130 or 143 interrupted.`

func scanCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "scan", Usage: "find who took which credentials", ArgsUsage: "PATH...",
		Description: scanHelp,
		Flags:       flags(outputFlags(), selectFlags(), failOn(), stateFlags(), ruleFlags(), readFlags()),
		Action:      func(c *cli.Context) error { return scan(c, e) },
	}
}

// reporting checks what a command that writes reports was asked for, before it reads
// anything of its paths.
func reporting(c *cli.Context, e *env) (s *session, outs []output, paths []string, err error) {
	if paths, err = needPaths(c); err != nil {
		return nil, nil, nil, err
	}
	if outs, err = parseOutputs(c, e, paths); err != nil {
		return nil, nil, nil, err
	}
	s, err = newSession(c, e)
	return s, outs, paths, err
}

// scan runs the command.
func scan(c *cli.Context, e *env) error {
	s, outs, paths, err := reporting(c, e)
	if err != nil {
		return err
	}
	switch night, err := isNight(c, outs, paths); {
	case err != nil:
		return err
	case night:
		return s.night(c.Context, outs, paths)
	}
	// A part is merged with others, also within a time window, and then any of its
	// matches may be the one that is quoted. And which of those that repeat one another
	// came first to a worker is no matter of the evidence.
	s.whole = slices.ContainsFunc(outs, func(o output) bool { return o.partial })
	if !s.whole {
		s.below = s.minLevel()
	}
	partial, err := s.collect(c.Context, paths)
	if err != nil {
		return err
	}
	defer partial.Close()
	return s.finish(c.Context, outs, []*scanner.Partial{partial})
}

// A session is what scan and its relatives share: rules, reader and flags.
type session struct {
	cli    *cli.Context
	env    *env
	reader parsers.Reader
	rules  *ruleset.Ruleset
	since  moment
	until  moment
	whole  bool               // every match may be printed: none is kept as a mere repetition
	below  string             // what is collected is told of from this level on, and nobody else sees it; "" if others do
	habits *baseline.Baseline // of --baseline; nil without it
}

// newSession reads what the flags name: rules, lists, the baseline.
func newSession(c *cli.Context, e *env) (*session, error) {
	s := &session{cli: c, env: e, reader: newReader()}
	var err error
	if s.since, err = sinceOf(c); err != nil {
		return nil, err
	}
	if s.until, err = parseMoment("until", c.String("until")); err != nil {
		return nil, err
	}
	if err := knownFormat(s.reader, c.String("input-format")); err != nil {
		return nil, err
	}
	if name := c.String("baseline"); name != "" {
		if s.habits, err = readBaseline(name); err != nil {
			return nil, err
		}
	}
	if s.rules, err = loadRules(c, e); err != nil {
		return nil, err
	}
	return s, s.checkSelection()
}

func knownFormat(r parsers.Reader, name string) error {
	if name == "" || slices.ContainsFunc(r.Formats(), func(f *parsers.Format) bool { return f.Name == name }) {
		return nil
	}
	return usageError("--input-format %.40q is not known; see tideline formats", name)
}

// collect reads the evidence, with a progress bar where there is a terminal.
func (s *session) collect(ctx context.Context, paths []string) (*scanner.Partial, error) {
	o, err := s.collectOptions()
	if err != nil {
		return nil, err
	}
	o.Below, o.KeepEvery = s.below, s.whole || s.since.given || s.until.given
	if slices.Contains(paths, "-") && isTerminal(s.env.stdin) && !s.cli.Bool("quiet") {
		fmt.Fprintln(s.env.stderr, "tideline: reading what is typed here; end it with Ctrl-D, or name a PATH instead of -")
	}
	bar := s.startProgress(paths)
	bar.watch(&o)
	p, err := scanner.Collect(ctx, paths, o)
	bar.stop()
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// leastRecord is the least --max-record: of a smaller one nothing is recognised, and a
// log of no known format is no gap.
const leastRecord = 1 << 10

// collectOptions are what the flags say of reading evidence.
func (s *session) collectOptions() (scanner.Options, error) {
	c := s.cli
	src, err := sourceOptions(c, s.env)
	if err != nil {
		return scanner.Options{}, err
	}
	maxRecord, err := byteSize("max-record", c.String("max-record"))
	if err == nil && maxRecord > 0 && maxRecord < leastRecord {
		err = usageError("--max-record %q is %d bytes, which hardly a record has room in: give a unit, as 64MiB, and 1KiB or more", c.String("max-record"), maxRecord)
	}
	room.Store(roomFor(c.Int("workers")))
	return scanner.Options{
		Reader: s.reader, Rules: s.rules, Source: src, Format: c.String("input-format"),
		MaxRecord: int(maxRecord), Workers: c.Int("workers"), Strict: c.Bool("strict"),
	}, err
}

// collectAll is collect for those who look at the partial itself.
func (s *session) collectAll(ctx context.Context, paths []string) (*scanner.Partial, error) {
	p, err := s.collect(ctx, paths)
	if err != nil {
		return nil, err
	}
	if err := p.Settle(ctx, s.rules, s.reader.Formats()); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// conclude merges partials into a report.
func (s *session) conclude(ctx context.Context, partials []*scanner.Partial) (*scanner.Report, error) {
	return scanner.Conclude(ctx, partials, s.rules, s.reader.Formats(), s.concludeOptions(partials))
}

// spend is conclude for those to whom the report is all that matters, unless the
// partials themselves are among outs.
func (s *session) spend(ctx context.Context, outs []output, partials []*scanner.Partial) (*scanner.Report, error) {
	o := s.concludeOptions(partials)
	o.Spend = !slices.ContainsFunc(outs, func(o output) bool { return o.partial })
	return scanner.Conclude(ctx, partials, s.rules, s.reader.Formats(), o)
}

// minLevel is the least level of a finding that a report shows.
func (s *session) minLevel() string { return cmp.Or(s.cli.String("min-level"), "low") }

// concludeOptions are what the flags say of a report on partials.
func (s *session) concludeOptions(partials []*scanner.Partial) scanner.ReportOptions {
	c := s.cli
	newest := newestEvent(partials)
	return scanner.ReportOptions{
		MinLevel: s.minLevel(), MinScore: c.Int("min-score"),
		Since: s.since.resolve(newest.Time), Until: s.until.resolve(newest.Time),
		Tags: c.StringSlice("tag"), Only: s.chosenRules("rule"), Exclude: s.chosenRules("exclude-rule"),
		Baseline: s.habits,
		Strict:   c.Bool("strict"), Version: version(), Arguments: contentArguments(c),
	}
}

func newestEvent(partials []*scanner.Partial) finding.Time {
	var newest finding.Time
	for _, p := range partials {
		for _, s := range p.Aggregates.Formats {
			if s.Last.After(newest.Time) {
				newest = s.Last
			}
		}
	}
	return newest
}

// finish concludes, writes all reports, and decides the exit status.
func (s *session) finish(ctx context.Context, outs []output, partials []*scanner.Partial) error {
	r, err := s.spend(ctx, outs, partials)
	if err != nil {
		return err
	}
	defer r.Close()
	switch err := s.deliver(ctx, outs, r, partials[0]); {
	case errors.Is(err, errReaderLeft):
		if len(outs) == 1 {
			return nil
		}
	case err != nil:
		return err
	}
	switch {
	case hasTable(outs): // which ends with it
	case s.cli.Bool("quiet"):
		s.tellCompleteness(&r.Overview)
	default:
		for _, line := range report.Closing(&r.Overview, s.reportOptions()) {
			fmt.Fprintln(s.env.stderr, line)
		}
	}
	return s.verdict(&r.Overview)
}

func hasTable(outs []output) bool {
	return slices.ContainsFunc(outs, func(o output) bool { return o.path == "" && o.format.Name == "table" })
}

func (s *session) reportOptions() report.Options {
	c := s.cli
	columns, lines := size(s.env.stdout)
	key := cmp.Or(c.String("fingerprint-key"), os.Getenv(fingerprintKey)) // what masks without flags for it, as an inventory its paths, heeds the environment
	return report.Options{
		ShowSecrets: c.Bool("show-secrets"), CSVRaw: c.Bool("csv-raw"), Width: columns, Height: lines,
		Color:          isTerminal(s.env.stdout) && !c.Bool("no-color") && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		FingerprintKey: []byte(key),
	}
}

// noEvidence says that nothing was found to look at, and what to do about it.
func noEvidence(o *finding.Overview) error {
	if o.Entries() == 0 {
		return errors.New("there is no file in any of these paths (--allow-empty makes this a success)")
	}
	return errors.New("no evidence record of a known format in any input; tideline inventory says what the inputs look like, " +
		"tideline formats what can be read (--allow-empty makes this a success)")
}

// verdict is the exit status that the result calls for: incomplete wins over
// found.
func (s *session) verdict(o *finding.Overview) error {
	if o.Summary.Events == 0 && !s.cli.Bool("allow-empty") {
		return &exitError{exitIncomplete, noEvidence(o)}
	}
	if !o.Summary.Complete {
		return &exitError{status: exitIncomplete}
	}
	return s.failOn(o.Summary.ByLevel)
}

// failOn is the exit status that --fail-on asks for where so many findings of each level
// are told.
func (s *session) failOn(byLevel map[string]int64) error {
	level := s.cli.String("fail-on")
	if level == "" {
		return nil
	}
	for _, l := range finding.Levels[finding.LevelRank(level):] {
		if byLevel[l] > 0 {
			return &exitError{status: exitFound}
		}
	}
	return nil
}

// contentArguments are the flags that decide what a report says, so that it
// can be made again.
func contentArguments(c *cli.Context) []string {
	return typed(c, "since", "until", "min-level", "min-score", "tag", "rule", "exclude-rule", "input-format",
		"max-record", "max-expanded", "max-ratio", "max-depth", "max-members", "strict", "no-builtin", "keep-going", "allow-empty", "show-secrets", "baseline")
}

// typed are those of some flags that were given, with their values.
func typed(c *cli.Context, names ...string) []string {
	var out []string
	for _, name := range names {
		if !c.IsSet(name) {
			continue
		}
		switch v := c.Value(name).(type) {
		case cli.StringSlice:
			for _, s := range v.Value() {
				out = append(out, fmt.Sprintf("--%s=%s", name, s))
			}
		default:
			out = append(out, fmt.Sprintf("--%s=%v", name, v))
		}
	}
	return out
}
