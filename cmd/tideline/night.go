package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/state"
)

// sinceLast is the value of --since that means the newest event of the last
// run with this state.
const sinceLast = "last"

// leastKept is the least --keep: a night goes on from a day before.
const leastKept = 48 * time.Hour

// stateFlags are those of a scan that is repeated.
func stateFlags() []cli.Flag {
	return under(headNight,
		&cli.StringFlag{Name: "state", Usage: "remember in `DIR` what was read and told: read and report only what is new; --since last then leaves out what is older than the newest of the last run"},
		&cli.StringFlag{Name: "keep", Value: "35d", Usage: "with --state: keep matches of this `TIME` one by one, and older ones folded"},
		&cli.BoolFlag{Name: "verify", Usage: "with --state: read known files again and compare their content, instead of trusting size, times and ends"},
	)
}

// sinceOf reads --since. The value last is no moment: Tell knows it.
func sinceOf(c *cli.Context) (moment, error) {
	text := c.String("since")
	if text != sinceLast {
		return parseMoment("since", text)
	}
	if c.String("state") == "" {
		return moment{}, usageError("--since last needs --state DIR, which knows what was last")
	}
	return moment{}, nil
}

// isNight checks how --state is used.
func isNight(c *cli.Context, outs []output, paths []string) (bool, error) {
	dir := c.String("state")
	for _, name := range []string{"keep", "verify"} {
		if dir == "" && c.IsSet(name) {
			return false, usageError("--%s goes with --state DIR", name)
		}
	}
	if dir == "" {
		return false, nil
	}
	if slices.Contains(paths, "-") {
		return false, usageError("--state needs files: standard input cannot be recognised before it is read")
	}
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.Mode()&fs.ModeNamedPipe != 0 { // <(zcat x.gz): a look at its beginning takes that away
			return false, usageError("--state needs files: %q is a pipe, which cannot be recognised before it is read", p)
		}
	}
	for _, o := range outs {
		if o.partial {
			return false, usageError("-o %q: with --state the state itself is the partial result; leave one of them out", o.path)
		}
	}
	if err := outsideEvidence(filepath.Clean(dir), paths); err != nil {
		if exit, ok := errors.AsType[*exitError](err); ok {
			why := strings.TrimPrefix(exit.Error(), fmt.Sprintf("-o %q", filepath.Clean(dir)))
			return false, usageError("--state %q: %s", dir, strings.TrimLeft(why, ": "))
		}
		return false, err
	}
	return true, nil
}

// night scans with a state: it reads what is new, tells what is new, and is
// silent otherwise.
func (s *session) night(ctx context.Context, outs []output, paths []string) (err error) {
	began := time.Now().UTC()
	store, err := state.Open(s.cli.String("state"))
	var held *state.HeldError
	var closed *fs.PathError
	switch {
	case errors.As(err, &held):
		return &exitError{exitLocked, held}
	case errors.As(err, &closed):
		return usageError("--state %q: %w: name a folder of its own in which this user can write", s.cli.String("state"), err)
	case err != nil:
		return usageError("%w", err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	n, err := s.collectNight(ctx, paths, store)
	if err != nil {
		return nightError(err)
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	for _, path := range n.Altered {
		fmt.Fprintf(s.env.stderr, "tideline: altered: %s is not what was read, though its size and time are the same; it was read again\n", printable(path))
	}
	for _, d := range store.Damage {
		fmt.Fprintln(s.env.stderr, "tideline: state.reset:", printable(d))
	}
	var told *scanner.Tidings
	if n.Partial != nil {
		if told, err = s.tell(ctx, outs, n, store); err != nil {
			return nightError(err)
		}
	}
	if err := n.Commit(began); err != nil {
		return nightError(fmt.Errorf("%w; what was told now is told again by the next run", err))
	}
	return s.nightVerdict(n, told)
}

// nightError gives a state that could not be written the exit status of a
// report that could not be delivered. The old state stays.
func nightError(err error) error {
	var exit *exitError
	if errors.Is(err, state.ErrWrite) && !errors.As(err, &exit) {
		return &exitError{exitDelivery, fmt.Errorf("%w; the state of the run before stands", err)}
	}
	return err
}

func (s *session) collectNight(ctx context.Context, paths []string, store *state.Store) (*scanner.Night, error) {
	o, err := s.collectOptions()
	if err != nil {
		return nil, err
	}
	o.Verify, o.Choice = s.cli.Bool("verify"), s.choice()
	if o.Keep, err = parseDays(s.cli.String("keep")); err != nil || o.Keep < leastKept {
		return nil, usageError("--keep %.40q: want two days or more, as 35d", s.cli.String("keep"))
	}
	bar := s.startProgress(paths)
	defer bar.stop()
	bar.watch(&o)
	return scanner.CollectNight(ctx, paths, o, store, s.maker())
}

// maker is what the reading of evidence depends on: a night with another one
// reads everything again.
func (s *session) maker() string {
	parts := []string{version()}
	for _, name := range []string{"input-format", "max-record", "max-expanded", "max-depth", "max-members", "strict"} {
		parts = append(parts, fmt.Sprintf("%s=%v", name, s.cli.Value(name)))
	}
	return strings.Join(parts, " ")
}

// choice is what chooses the findings of this run, as it was typed; "" if nothing does.
func (s *session) choice() string {
	return strings.Join(typed(s.cli, "since", "until", "min-level", "min-score", "tag", "rule", "exclude-rule", "baseline"), " ")
}

// tell concludes over everything and delivers what is new.
func (s *session) tell(ctx context.Context, outs []output, n *scanner.Night, store *state.Store) (*scanner.Tidings, error) {
	c := s.cli
	o := s.concludeOptions([]*scanner.Partial{n.Partial})
	window := scanner.TellOptions{SinceLast: c.String("since") == sinceLast, Since: o.Since, Until: o.Until,
		Partly: c.IsSet("tag") || c.IsSet("rule") || c.IsSet("exclude-rule")}
	o.Since, o.Until = time.Time{}, time.Time{} // they choose what is told, not what is known
	r, err := n.Conclude(ctx, s.rules, s.reader.Formats(), o)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	told, err := n.Tell(ctx, r, window)
	if err != nil || !told.Any() {
		return told, err
	}
	switch err := s.deliver(ctx, outs, r, n.Partial); {
	case errors.Is(err, errReaderLeft):
		return nil, &exitError{exitDelivery, fmt.Errorf("%w: it is told again by the next run", err)}
	case err != nil:
		return nil, err
	}
	last := "the first run"
	if at := store.Index.Run; !at.IsZero() {
		last = "since " + at.Format(time.RFC3339)
	}
	fmt.Fprintf(s.env.stderr, "tideline: %s, %s; %s read, %d known\n", told, last, counted(n.Read, "source"), n.Known)
	return told, nil
}

// maxGapLines bounds the lines about gaps in a night's mail.
const maxGapLines = 5

// nightVerdict is the exit status of a night: what this run could not read wins over
// what it found.
func (s *session) nightVerdict(n *scanner.Night, told *scanner.Tidings) error {
	if len(n.Gaps) > 0 {
		mask := report.NewRedactor(s.reportOptions()) // a mail keeps secrets as little as a report
		for i, e := range n.Gaps {
			if i == maxGapLines {
				fmt.Fprintf(s.env.stderr, "tideline: and %s with gaps\n", counted(len(n.Gaps)-i, "more source"))
				break
			}
			fmt.Fprintln(s.env.stderr, "tideline: gap:", printable(mask.Text(e.Path+": "+e.Gaps[0].Reason)))
		}
		return &exitError{status: exitIncomplete}
	}
	if n.Empty() && !s.cli.Bool("allow-empty") {
		return &exitError{exitIncomplete, errors.New("no evidence record of a known format in any input, tonight or before (--allow-empty makes this a success)")}
	}
	if err := leftOut(s.rules); err != nil || told == nil {
		return err
	}
	return s.failOn(told.ByLevel)
}
