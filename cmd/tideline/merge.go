package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"syscall"

	"github.com/urfave/cli/v2"

	"tideline/scanner"
	"tideline/scanner/finding"
)

func mergeCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "merge", Usage: "join partial results of several machines into one report", ArgsUsage: "PART...",
		Description: "PART is what `tideline scan -o FILE.partial` or `tideline merge -o FILE.partial`\n" +
			"wrote, of any machine, folder or night. The report is that of one scan over\neverything.",
		Flags: flags(outputFlags(), selectFlags(), failOn(),
			under(headSelect, &cli.BoolFlag{Name: "allow-empty", Usage: "no evidence record in any input is not an incomplete scan"}), ruleFlags()),
		Action: func(c *cli.Context) error { return merge(c, e) },
	}
}

// merge runs the command. Parts that cannot be read are named, and the others merged.
func merge(c *cli.Context, e *env) (err error) {
	s, outs, paths, err := reporting(c, e)
	if err != nil {
		return err
	}
	all := scanner.NewPartial(0)
	all.RulesHash = s.rules.Hash
	defer func() { err = errors.Join(err, all.Close()) }()
	bad, have := 0, map[evidence]string{}
	for _, path := range paths {
		switch err := s.addPart(all, path, have); {
		case errors.Is(err, scanner.ErrPartial), errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EISDIR):
			bad++
			fmt.Fprintf(e.stderr, "tideline: %s\n", printable(err.Error()))
		case err != nil:
			return err
		}
	}
	if bad == len(paths) {
		return &exitError{exitIncomplete, errors.New("no part could be read")}
	}
	err = s.finish(c.Context, outs, []*scanner.Partial{all})
	if bad == 0 || err != nil && !isFound(err) {
		return err
	}
	return &exitError{exitIncomplete, fmt.Errorf("%s could not be read; the report is that of the others", counted(bad, "part"))}
}

// isFound reports whether err only says that --fail-on was met.
func isFound(err error) bool {
	exit, ok := errors.AsType[*exitError](err)
	return ok && exit.status == exitFound
}

// evidence is what tells one source with events from another.
type evidence struct{ path, host, sha256 string }

// known says whether all sources of p with events are in have, or some, and in which
// part; then it adds them, of the part name.
func known(have map[evidence]string, p *scanner.Partial, name string) (all bool, some string, err error) {
	all = true
	fresh := map[evidence]string{}
	err = p.EachEntry(func(e *finding.Entry) error {
		if e.Events == 0 || e.SHA256 == "" {
			return nil
		}
		k := evidence{e.Path, e.Host, e.SHA256}
		if part, ok := have[k]; ok {
			some = part
		} else {
			all = false
		}
		fresh[k] = name
		return nil
	})
	maps.Copy(have, fresh)
	return all && some != "", some, err
}

// addPart adds one part to all. What is damaged adds nothing, nor does what was
// added before: *.partial easily matches a part and what was made of it.
func (s *session) addPart(all *scanner.Partial, path string, have map[evidence]string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return unreadable("part", path, err)
	}
	defer f.Close() // read only: nothing can be lost
	p, err := scanner.ReadPartial(f, 0)
	if errors.Is(err, syscall.EISDIR) {
		return unreadable("part", path, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w; make it again with tideline scan -o FILE.partial", path, err)
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if p.RulesHash != s.rules.Hash {
		return usageError("%s was made with other rules or by another version: give merge the rules it was made with (-r, --no-builtin, --lists), or scan again with these", path)
	}
	again, part, err := known(have, p, path)
	switch {
	case err != nil:
		return fmt.Errorf("%s: read its ledger: %w", path, err)
	case again && part == path:
		fmt.Fprintf(s.env.stderr, "tideline: %s is given twice: it is counted once\n", printable(path))
		return nil
	case again:
		fmt.Fprintf(s.env.stderr, "tideline: %s holds nothing but what %s and others hold: it is left out\n", printable(path), printable(part))
		return nil
	case part != "":
		fmt.Fprintf(s.env.stderr, "tideline: %s and %s hold the same evidence in part: what was read of it is counted twice\n", printable(path), printable(part))
	}
	return all.Join(p)
}
