package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

func baselineCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "baseline", Usage: "learn the normal principals and habits from a quiet period", ArgsUsage: "PATH...",
		Description: "The baseline is given to scan with --baseline. PATH may be a baseline too: its\nhabits are added.",
		Flags: flags(under(headReports,
			&cli.StringFlag{Name: "o", Usage: "write the baseline to `FILE`; - or nothing is standard output"},
		), quietFlags("no progress and no summary"), readFlags()),
		Action: func(c *cli.Context) error { return learn(c, e) },
	}
}

// learn writes the habits of everybody in the evidence.
func learn(c *cli.Context, e *env) error {
	paths, err := needPaths(c)
	if err != nil {
		return err
	}
	if err := canWriteTo(e.drafts, c.String("o"), paths); err != nil {
		return err
	}
	learned, logs, err := knownHabits(paths)
	if err != nil {
		return err
	}
	var more *learnedLogs
	if len(logs) > 0 {
		if more, err = habitsOf(c, e, logs); err != nil {
			return err
		}
		learned.Merge(more.habits)
	}
	var text bytes.Buffer
	if err := baseline.Write(&text, learned); err != nil {
		return err
	}
	switch err := writeBaseline(c, e, text.Bytes()); {
	case errors.Is(err, errReaderLeft):
		return nil
	case err != nil:
		return err
	}
	if !c.Bool("quiet") {
		first, last := learned.Span()
		fmt.Fprintf(e.stderr, "learned   %d habits, %s to %s\n", learned.Len(), first.Format(time.DateTime), last.Format("2006-01-02 15:04:05 MST"))
	}
	if more != nil && !more.complete {
		return &exitError{exitIncomplete, errors.New("some evidence could not be read in full, so its habits are missing; tideline scan says what")}
	}
	return nil
}

// canWriteTo refuses to write over what is read or into it, and what cannot be
// written, before the evidence is read.
func canWriteTo(d *drafts, out string, paths []string) error {
	if out == "" || out == "-" {
		return nil
	}
	if err := outsideEvidence(out, paths); err != nil {
		return err
	}
	return canBegin(d, out)
}

// knownHabits merges the paths that are baselines, and returns the others.
func knownHabits(paths []string) (*baseline.Baseline, []string, error) {
	all := baseline.New()
	var logs []string
	for _, p := range paths {
		if !isBaseline(p) {
			logs = append(logs, p)
			continue
		}
		b, err := readBaseline(p)
		if err != nil {
			return nil, nil, err
		}
		all.Merge(b)
	}
	return all, logs, nil
}

// isBaseline looks at the first bytes of a file.
func isBaseline(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false // reading it as a log will say why
	}
	defer f.Close()
	head := make([]byte, 64)
	n, _ := f.Read(head) // likewise
	return bytes.HasPrefix(head[:n], []byte(`{"schema":"tideline.baseline/`))
}

func readBaseline(path string) (*baseline.Baseline, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usageError("%w", unreadable("--baseline", path, err))
	}
	defer f.Close()
	b, err := baseline.Read(f)
	if err != nil {
		return nil, usageError("baseline %.200q: %w; make it again with tideline baseline -o FILE PATH...", path, err)
	}
	return b, nil
}

// learnedLogs are the habits in logs, and whether all of the logs was read.
type learnedLogs struct {
	habits   *baseline.Baseline
	complete bool
}

// habitsOf reads logs. No rules are needed to learn.
func habitsOf(c *cli.Context, e *env, logs []string) (*learnedLogs, error) {
	s := &session{cli: c, env: e, reader: newReader(), rules: ruleset.New(nil, ruleset.Options{})}
	if err := knownFormat(s.reader, c.String("input-format")); err != nil {
		return nil, err
	}
	p, err := s.collectAll(c.Context, logs)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	out := &learnedLogs{habits: p.Aggregates.Baseline(), complete: true}
	events := int64(0)
	err = p.EachEntry(func(e *finding.Entry) error {
		out.complete = out.complete && len(e.Gaps) == 0
		events += e.Events
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	if events == 0 && !c.Bool("allow-empty") {
		return nil, &exitError{exitIncomplete, errors.New("no evidence record of a known format in any input (--allow-empty makes this a success)")}
	}
	return out, nil
}

// writeBaseline puts the file in its place when it is whole.
func writeBaseline(c *cli.Context, e *env, text []byte) error {
	name := c.String("o")
	if name == "" || name == "-" {
		if _, err := e.stdout.Write(text); err != nil {
			return stdoutError(err)
		}
		return nil
	}
	f, err := e.drafts.create(name)
	if err != nil {
		return deliveryError(name, err)
	}
	if _, err = f.Write(text); err == nil {
		err = e.drafts.commit(f)
	}
	if err != nil {
		return errors.Join(deliveryError(name, err), e.drafts.abort(f))
	}
	return nil
}
