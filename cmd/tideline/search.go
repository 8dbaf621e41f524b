package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/parsers"
	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

const searchHelp = `EXPR is made of terms FIELD=VALUE, FIELD|MODIFIER=VALUE or a plain word,
joined by and, or, not and parentheses. Words in a row are joined by and. Values
with blanks or parentheses are quoted. tideline rules show --fields lists the
fields.

  tideline search 'verb=get and objectRef.resource=secrets' logs/
  tideline search 'userAgent|contains="curl/" and not user.username=alice' logs/
  tideline search -f ndjson stripe-api bundle.tgz | jq .command`

func searchCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "search", Usage: "records that match a Sigma-like expression or a plain word", ArgsUsage: "EXPR PATH...",
		Description: searchHelp,
		Flags: flags(under(headReports,
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`NAME` of the format: table or ndjson; table on a terminal, ndjson otherwise"},
		), secretFlags(), quietFlags("no progress and no closing line"), under(headSelect,
			&cli.StringFlag{Name: "since", Usage: "nothing before `T`: RFC 3339, a date, or -24h before the newest event"},
			&cli.StringFlag{Name: "until", Usage: "nothing after `T`"},
		), readFlags()),
		Action: func(c *cli.Context) error { return search(c, e) },
	}
}

// A record is one line of `tideline search`.
type record struct {
	Time    finding.Time     `json:"time"`
	Actor   finding.ActorRef `json:"actor"`
	Action  string           `json:"action"`
	Target  finding.Target   `json:"target"`
	Outcome string           `json:"outcome"`
	Host    string           `json:"host"`
	Command string           `json:"command"`
	Matched []finding.Match  `json:"matched"`
	Source  finding.Source   `json:"source"`
	Raw     string           `json:"raw"`
	Raw64   string           `json:"raw_base64,omitempty"`
}

// search prints the records that an expression matches. It is a scan with the
// expression for its only rule.
func search(c *cli.Context, e *env) error {
	format, err := chosenFormat(c, e, "table", "ndjson")
	if err != nil {
		return err
	}
	s, err := searchSession(c, e)
	if err != nil {
		return err
	}
	partial, err := s.collectAll(c.Context, c.Args().Slice()[1:])
	if err != nil {
		return err
	}
	defer partial.Close()
	found, err := s.printRecords(c.Context, partial, format == "table")
	if err != nil {
		return stdoutError(err)
	}
	r, err := s.conclude(c.Context, []*scanner.Partial{partial})
	if err != nil {
		return err
	}
	defer r.Close()
	if found == 0 {
		if err := s.tellNoMatch(&r.Overview); err != nil {
			return err
		}
	}
	if !r.Overview.Summary.Complete {
		s.tellCompleteness(&r.Overview)
	}
	return s.verdict(&r.Overview)
}

// searchSession is a session whose rule is the expression.
func searchSession(c *cli.Context, e *env) (*session, error) {
	if c.NArg() < 2 {
		return nil, usageError("want an expression and at least one PATH: tideline search 'verb=list' bundle.tgz")
	}
	s := &session{cli: c, env: e, reader: newReader(), whole: true}
	var err error
	if s.since, err = parseMoment("since", c.String("since")); err != nil {
		return nil, err
	}
	if s.until, err = parseMoment("until", c.String("until")); err != nil {
		return nil, err
	}
	if err := cmp.Or(notEmpty(c.Args().Slice()[1:]), s.checkTimes()); err != nil {
		return nil, err
	}
	s.rules, err = searchRules(c.Args().First(), s.reader.Formats())
	return s, err
}

// tellNoMatch says on standard error in what nothing was found, and which fields were
// perhaps meant.
func (s *session) tellNoMatch(o *finding.Overview) error {
	if s.cli.Bool("quiet") {
		return nil
	}
	when := ""
	if s.since.given || s.until.given {
		when = " between --since and --until"
	}
	texts, err := builtinRules()
	if err != nil {
		return err
	}
	lists, err := placeholderLists(nil)
	if err != nil {
		return err
	}
	names := newFieldChecker(ruleset.New(texts, ruleset.Options{Placeholders: lists})).names(sigma.LogSource{})
	hint := ""
	for _, field := range s.rules.Set.Rules()[0].FieldNames() { // every rule has the same
		if near := meant(field, names); near != "" {
			hint += fmt.Sprintf("for %.80q, did you mean %s? ", field, near)
		}
	}
	fmt.Fprintf(s.env.stderr, "tideline: no record of %s matches%s; %sfields are listed by tideline rules show --fields\n",
		counted(int(o.Summary.Events), "event"), when, printable(hint))
	return nil
}

// searchRules compiles the expression into one rule for each log product, so
// that every event is looked at, and each but once.
func searchRules(expr string, formats []*parsers.Format) (*ruleset.Ruleset, error) {
	q, err := parseExpr(expr)
	if err != nil {
		return nil, usageError("expression %.80q: %w", expr, err)
	}
	products := map[string]bool{}
	for _, f := range formats {
		for _, k := range f.Kinds {
			products[k.Sources[0].Product] = true
		}
	}
	var texts []ruleset.Text
	for _, p := range slices.Sorted(maps.Keys(products)) {
		doc, err := json.Marshal(map[string]any{
			"title": "search " + p, "logsource": map[string]string{"product": p}, "detection": q.detection(),
		})
		if err != nil {
			return nil, err
		}
		texts = append(texts, ruleset.Text{Path: "expression", Data: doc})
	}
	rs := ruleset.New(texts, ruleset.Options{})
	if refused := rs.Refused(); len(refused) > 0 {
		why, mend := refused[0].Reason, refused[0].Mend
		if mend != "" {
			why += " (" + mend + ")"
		}
		return nil, usageError("expression %.80q: %s", expr, why)
	}
	return rs, nil
}

// printMatch prints a record: in a line, for grep, or to a terminal of some width as
// a paragraph, in which the record does not begin behind a path as wide as the screen.
func printMatch(w io.Writer, f *finding.Finding, width int) error {
	raw := cell(strings.ReplaceAll(f.Raw, "\n", " "))
	if width == 0 {
		_, err := fmt.Fprintf(w, "%s  %s:%d  %s\n", f.Time, cell(f.Source.Path), f.Source.Line, raw)
		return err
	}
	place := fmt.Sprintf("%s:%d", cell(f.Source.Path), f.Source.Line)
	_, err := fmt.Fprintf(w, "%s\n  %s\n  %s\n\n", cell(inWords(f)), report.Middle(place, width-2), raw)
	return err
}

// inWords says when something happened, who did what to what, and how it ended, as far
// as the record tells.
func inWords(f *finding.Finding) string {
	parts := []string{f.Time.String()}
	if f.Time.IsZero() {
		parts[0] = "(no time)"
	}
	what := strings.TrimSpace(f.Action + " " + f.Target.Kind)
	what = strings.TrimSpace(what + " " + strings.Trim(f.Target.Namespace+"/"+f.Target.Name, "/"))
	if f.Command != "" {
		what = f.Action + ": " + f.Command
	}
	for _, p := range []string{cmp.Or(f.Actor.Name, f.Actor.ID), what, f.Outcome, f.Host} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "  ")
}

// printRecords prints each matching record once, in event-time order, and counts
// them.
func (s *session) printRecords(ctx context.Context, p *scanner.Partial, asTable bool) (found int, err error) {
	w := bufio.NewWriter(s.env.stdout)
	mask := report.NewRedactor(s.reportOptions())
	newest := newestEvent([]*scanner.Partial{p}).Time
	since, until := s.since.resolve(newest), s.until.resolve(newest)
	type place struct { // of an event: a record may hold several, and an event may match in several views
		finding.Source
		request, stage string
		target         finding.Target
		at             finding.Time
	}
	var last place
	err = p.EachHit(func(h *finding.Hit) error {
		outside := !h.Time.IsZero() && (!since.IsZero() && h.Time.Before(since) || !until.IsZero() && h.Time.After(until))
		here := place{h.Source, h.Request, h.Stage, h.Target, h.Time}
		if outside || here == last {
			return ctx.Err()
		}
		last = here
		found++
		f := mask.Finding(&finding.Finding{Time: h.Time, Actor: h.Actor, Action: h.Action, Target: h.Target, Outcome: h.Outcome, Host: h.Host,
			Command: h.Command, Matched: h.Matched, Source: h.Source, Raw: h.Raw, RawBase64: h.RawBase64})
		f.Normalise()
		if asTable {
			return printMatch(w, &f, terminalWidth(s.env.stdout))
		}
		return report.PrintJSON(w, record{f.Time, f.Actor, f.Action, f.Target, f.Outcome, f.Host, f.Command, f.Matched, f.Source, f.Raw, f.RawBase64}, "")
	})
	if err != nil {
		return found, err
	}
	return found, w.Flush()
}
