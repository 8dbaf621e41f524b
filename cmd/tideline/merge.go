package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"tideline/scanner"
)

func mergeCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "merge", Usage: "join partial results of several machines into one report", ArgsUsage: "PART...",
		Description: "PART is what `tideline scan -o FILE.partial` wrote. The report is that of one scan over everything.",
		Flags: flags([]cli.Flag{
			&cli.StringFlag{Name: "fail-on", Usage: "exit status 1 if something at or above `LEVEL` was found", Action: isLevel},
			&cli.BoolFlag{Name: "allow-empty", Usage: "no evidence record in any input is not an incomplete scan"},
		}, outputFlags(), selectFlags(), ruleFlags()),
		Action: func(c *cli.Context) error { return merge(c, e) },
	}
}

func merge(c *cli.Context, e *env) (err error) {
	paths, err := needPaths(c)
	if err != nil {
		return err
	}
	outs, err := parseOutputs(c, e, paths)
	if err != nil {
		return err
	}
	for _, o := range outs {
		if o.partial {
			return usageError("-o %q: merge writes reports; to join partial results later, keep the parts", o.path)
		}
	}
	s, err := newSession(c, e)
	if err != nil {
		return err
	}
	var partials []*scanner.Partial
	defer func() {
		for _, p := range partials {
			err = errors.Join(err, p.Close())
		}
	}()
	for _, path := range paths {
		p, err := readPart(path)
		if err != nil {
			return err
		}
		partials = append(partials, p)
		if p.RulesHash != s.rules.Hash {
			fmt.Fprintf(e.stderr, "tideline: warning: %s was made with other rules; scan again with these for one verdict\n", printable(path))
		}
	}
	return s.finish(c.Context, outs, partials)
}

func readPart(path string) (*scanner.Partial, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usageError("read part: %w", err)
	}
	defer f.Close()
	p, err := scanner.ReadPartial(f, 0)
	if err != nil {
		return nil, &exitError{exitIncomplete, fmt.Errorf("%s: %w; make it again with tideline scan -o FILE.partial", path, err)}
	}
	return p, nil
}
