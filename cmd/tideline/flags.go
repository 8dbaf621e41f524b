package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"tideline/scanner/finding"
	"tideline/scanner/source"
)

// Headings of flags in the help.
const (
	headReports = "REPORTS"
	headSelect  = "WHAT IS REPORTED"
	headNight   = "EVERY NIGHT"
	headRules   = "RULES"
	headRead    = "READING EVIDENCE"
	headLimits  = "LIMITS"
)

// flags joins groups of flags.
func flags(groups ...[]cli.Flag) []cli.Flag {
	var out []cli.Flag
	for _, g := range groups {
		out = append(out, g...)
	}
	return out
}

// readFlags say how evidence is read.
func readFlags() []cli.Flag {
	return flags(under(headRead,
		&cli.StringFlag{Name: "input-format", Usage: "do not guess: every input has the format `NAME` (see tideline formats)"},
		&cli.StringSliceFlag{Name: "password", Usage: "`WORD` that opens encrypted archives; \"infected\" is always tried"},
		&cli.StringFlag{Name: "password-file", Usage: "`FILE` with one password a line"},
		&cli.IntFlag{Name: "workers", Aliases: []string{"j"}, Usage: "read `N` inputs at a time", DefaultText: "the usable CPUs", Action: atLeast(0, "workers")},
		&cli.BoolFlag{Name: "strict", Usage: "notes make a scan incomplete, as gaps do; tideline formats lists both"},
		&cli.BoolFlag{Name: "allow-empty", Usage: "no evidence record in any input is not an incomplete scan"},
		&cli.StringFlag{Name: "inflate", Usage: "what decodes gzip and zip: `NAME` is own, or klauspost, to check one against the other", Value: source.InflateOwn, Action: isInflate},
	), under(headLimits,
		&cli.StringFlag{Name: "max-record", Usage: "parse records of up to `SIZE` in full", DefaultText: "64MiB"},
		&cli.StringFlag{Name: "max-expanded", Usage: "read up to `SIZE` of one input, decompressed", DefaultText: "1TiB"},
		&cli.Float64Flag{Name: "max-ratio", Usage: "more expansion than `N` times is noted; it stops nothing", DefaultText: "none"},
		&cli.IntFlag{Name: "max-depth", Usage: "open archives within archives `N` deep", DefaultText: "8", Action: atLeast(1, "max-depth")},
		&cli.IntFlag{Name: "max-members", Usage: "read up to `N` members of one input", DefaultText: "1000000", Action: atLeast(1, "max-members")},
	))
}

// ruleFlags say which rules are used.
func ruleFlags() []cli.Flag {
	return under(headRules,
		&cli.StringSliceFlag{Name: "rules", Aliases: []string{"r"}, Usage: "more Sigma rules, filters and correlations: `PATH` of a file or folder"},
		&cli.BoolFlag{Name: "no-builtin", Usage: "leave the built-in rules out"},
		&cli.StringSliceFlag{Name: "allow", Usage: "Sigma filters that silence known-good activity: `PATH`"},
		&cli.StringSliceFlag{Name: "lists", Usage: "more values for the placeholder lists of rules: YAML `FILE`"},
		&cli.BoolFlag{Name: "keep-going", Usage: "run without the rules that were refused, and end with exit status 3"},
	)
}

// selectFlags say what is reported.
func selectFlags() []cli.Flag {
	return flags(chooseFlags(), under(headSelect,
		&cli.StringFlag{Name: "min-level", Value: "low", Usage: "`LEVEL`: informational, low, medium, high or critical", Action: isLevel("min-level")},
		&cli.IntFlag{Name: "min-score", Usage: "findings below `N` are counted, not shown", DefaultText: "0"},
	))
}

// chooseFlags say which findings there are at all: what they leave out is in no list.
func chooseFlags() []cli.Flag {
	return under(headSelect,
		&cli.StringFlag{Name: "since", Usage: "nothing before `T`: RFC 3339, a date, or -24h before the newest event"},
		&cli.StringFlag{Name: "until", Usage: "nothing after `T`; a date is the midnight that it begins with"},
		&cli.StringSliceFlag{Name: "tag", Usage: "only rules with `TAG`, such as T1552.007, or T1552 with all below it"},
		&cli.StringSliceFlag{Name: "rule", Usage: "only the rule of this `ID`, name or title"},
		&cli.StringSliceFlag{Name: "exclude-rule", Usage: "not the rule of this `ID`, name or title"},
		baselineFlag(),
	)
}

func baselineFlag() cli.Flag {
	return &cli.StringFlag{Name: "baseline", Usage: "what is normal, a `FILE` of tideline baseline; without it the first part of the evidence is"}
}

// failOn is the flag that makes findings a matter of the exit status.
func failOn() []cli.Flag {
	return under(headSelect, &cli.StringFlag{Name: "fail-on", Usage: "exit status 1 if something at or above `LEVEL` was found", Action: isLevel("fail-on")})
}

// listFlags are those of commands that print one list, in formats besides table, json and
// csv too if more says so.
func listFlags(more string) []cli.Flag {
	return under(headReports,
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`NAME` of the format: table, json or csv" + more + "; table on a terminal, json otherwise"},
		&cli.BoolFlag{Name: "csv-raw", Usage: "CSV cells as logged: not guarded against formulas, and not cut to what a spreadsheet holds"},
	)
}

// quietFlags are those of what is printed besides the result.
func quietFlags(quiet string) []cli.Flag {
	return under(headReports,
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: quiet},
		&cli.BoolFlag{Name: "no-progress", Usage: "no progress bar"},
	)
}

// fingerprintKey is the variable of the environment that holds the key of fingerprints.
const fingerprintKey = "TIDELINE_FINGERPRINT_KEY"

// secretFlags say how credentials are masked.
func secretFlags() []cli.Flag {
	return under(headReports,
		&cli.StringFlag{Name: "fingerprint-key", Usage: "`KEY` of the fingerprints of masked secrets, to join reports", EnvVars: []string{fingerprintKey}},
		&cli.BoolFlag{Name: "show-secrets", Usage: "do not mask credentials"},
	)
}

func colorFlag() []cli.Flag {
	return under(headReports, &cli.BoolFlag{Name: "no-color", Usage: "no colours (or NO_COLOR in the environment)"})
}

// outputFlags say where reports go.
func outputFlags() []cli.Flag {
	return flags(under(headReports,
		&cli.StringSliceFlag{Name: "o", Usage: "write a report to `FILE`, its format by extension (" + extensions() + " .partial); - is standard output"},
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`NAME` of the format on standard output: " + strings.Join(formatNames(), " ")},
		&cli.BoolFlag{Name: "csv-raw", Usage: "CSV cells as logged: not guarded against formulas, and not cut to what a spreadsheet holds"},
	), secretFlags(), quietFlags("no progress and no closing summary; what could not be read is named all the same"), colorFlag())
}

func atLeast(least int, name string) func(*cli.Context, int) error {
	return func(_ *cli.Context, n int) error {
		if n < least {
			return usageError("--%s %d: want %d or more", name, n, least)
		}
		return nil
	}
}

func isLevel(name string) func(*cli.Context, string) error {
	return func(_ *cli.Context, level string) error {
		if finding.LevelRank(level) < 0 {
			return usageError("--%s %.40q: want one of %s", name, level, strings.Join(finding.Levels, ", "))
		}
		return nil
	}
}

func isInflate(_ *cli.Context, name string) error {
	if name != source.InflateOwn && name != source.InflateKlauspost {
		return usageError("inflate %.40q: want %s or %s", name, source.InflateOwn, source.InflateKlauspost)
	}
	return nil
}

// sourceOptions reads the flags of readFlags.
func sourceOptions(c *cli.Context, e *env) (source.Options, error) {
	o := source.Options{
		Passwords: c.StringSlice("password"), MaxDepth: c.Int("max-depth"), MaxMembers: c.Int("max-members"),
		MaxRatio: c.Float64("max-ratio"), Stdin: e.stdin, SevenZip: openSevenZip,
		Inflate: c.String("inflate"),
	}
	if name := c.String("password-file"); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			return o, usageError("%w", unreadable("--password-file", name, err))
		}
		for _, line := range strings.Split(string(text), "\n") {
			if line = strings.TrimSuffix(line, "\r"); line != "" {
				o.Passwords = append(o.Passwords, line)
			}
		}
	}
	var err error
	o.MaxExpanded, err = byteSize("max-expanded", c.String("max-expanded"))
	return o, err
}

var units = map[string]int64{
	"": 1, "b": 1, "k": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mib": 1 << 20, "g": 1 << 30, "gib": 1 << 30,
	"t": 1 << 40, "tib": 1 << 40, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
}

// byteSize reads "64MiB"; "" is 0, the default.
func byteSize(flag, s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	digits := strings.TrimRight(strings.ToLower(s), "kmgtib")
	unit, ok := units[strings.ToLower(s)[len(digits):]]
	n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
	if err != nil || !ok || n <= 0 || n > (1<<62)/unit {
		return 0, usageError("--%s %.40q: want a size such as 64MiB", flag, s)
	}
	return n * unit, nil
}

// A moment is a time given by a person: fixed, or relative to the newest event.
type moment struct {
	at    time.Time
	back  time.Duration
	given bool
	date  bool // at was given as a day
}

// parseMoment reads the value of --since or --until; the empty text is no moment.
func parseMoment(flag, s string) (moment, error) {
	if s == "" {
		return moment{}, nil
	}
	if strings.HasPrefix(s, "-") {
		d, err := parseDays(s[1:])
		if err != nil {
			return moment{}, usageError("--%s %.40q: want -24h, -90m or -7d", flag, s)
		}
		return moment{back: d, given: true}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return moment{at: t.UTC(), given: true, date: layout == time.DateOnly}, nil
		}
	}
	return moment{}, usageError("--%s %.40q: want RFC 3339 (2026-03-01T10:00:00Z), a date, or -24h", flag, s)
}

// parseDays is time.ParseDuration with days.
func parseDays(s string) (time.Duration, error) {
	if n, ok := strings.CutSuffix(s, "d"); ok {
		days, err := strconv.ParseFloat(n, 64)
		if err != nil || !(days >= 0 && days <= 36500) { // nor NaN
			return 0, fmt.Errorf("%q is no number of days", s)
		}
		return time.Duration(days * float64(24*time.Hour)), nil
	}
	return time.ParseDuration(s)
}

// resolve fixes a moment, given the time of the newest event.
func (m moment) resolve(newest time.Time) time.Time {
	if m.given && m.at.IsZero() && !newest.IsZero() {
		return newest.Add(-m.back)
	}
	return m.at
}
