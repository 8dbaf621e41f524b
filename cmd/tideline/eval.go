package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"tideline/scanner/correlate"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

const evalHelp = `EVENTS is a file with an event a line, flat or nested JSON; without it, or with
-, standard input. The time of an event is its @timestamp; its log source does
not count. A line is printed for each event, in order, and then for each window
of a correlation that fired:

  {"event":1,"matched":[{"id":"...","title":"...","name":"..."}]}
  {"correlation":{...},"group":{"user":"x"},"events":[1,4,7]}`

// A named is how `rules eval` names a rule.
type named struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Name  string `json:"name"`
}

type evalMatch struct {
	Event   int64   `json:"event"`
	Matched []named `json:"matched"`
}

type evalFired struct {
	Correlation named           `json:"correlation"`
	Group       json.RawMessage `json:"group"`
	Events      []int64         `json:"events"`
}

// rulesEval prints, for each event in order, the rules that matched it, then
// the correlations that fired.
func rulesEval(c *cli.Context, e *env) error {
	if len(c.StringSlice("rules")) == 0 {
		return usageError("no rule given: tideline rules eval -r PATH [EVENTS]")
	}
	lists, err := placeholderLists(c.StringSlice("lists"))
	if err != nil {
		return err
	}
	texts, err := filesOfRules(c.StringSlice("rules"))
	if err != nil {
		return err
	}
	rs := ruleset.New(texts, ruleset.Options{Placeholders: lists})
	if err := complain(rs, e.stderr, c.Bool("keep-going")); err != nil {
		return err
	}
	in := e.stdin
	switch {
	case c.NArg() > 1:
		return usageError("want one file of events, have %d", c.NArg())
	case c.NArg() == 1 && c.Args().First() != "-":
		f, err := os.Open(c.Args().First())
		if err != nil {
			return usageError("%w", unreadable("events", c.Args().First(), err))
		}
		defer f.Close()
		in = f
	}
	if err := evaluate(c.Context, rs, in, e.stdout, e.stderr); err != nil {
		return err
	}
	return leftOut(rs)
}

// evaluate tries rules on JSON events, one after another on in. The log source
// is ignored, and @timestamp is the time. Correlations are concluded over the
// events in order of time, ties in order of input.
func evaluate(ctx context.Context, rs *ruleset.Ruleset, in io.Reader, out, stderr io.Writer) error {
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	ev := &evaluation{rules: rs, matcher: rs.Set.Matcher(), enc: enc, stderr: stderr}
	ev.scratch = ev.matcher.NewScratch()
	lines := bufio.NewReader(in)
	if mark, err := lines.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		if _, err := lines.Discard(3); err != nil {
			return err
		}
	}
	dec := json.NewDecoder(lines)
	dec.UseNumber()
	for {
		var doc any
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *fs.PathError
		switch {
		case errors.As(err, &broken):
			return errors.Join(usageError("%w", unreadable("events", broken.Path, err)), w.Flush())
		case err != nil:
			return errors.Join(usageError("event %d is not JSON: %w", ev.count+1, err), w.Flush())
		}
		if _, isObject := doc.(map[string]any); !isObject {
			return errors.Join(usageError("event %d is not a JSON object (of an array, jq -c '.[]' makes one object a line)", ev.count+1), w.Flush())
		}
		if err := errors.Join(ev.event(doc), ctx.Err()); err != nil {
			return errors.Join(err, w.Flush())
		}
	}
	given, err := ev.correlate(), stdoutError(w.Flush()) // what was found is told whatever was given up
	return cmp.Or(err, given, ev.complete())
}

// An evaluation is the state of one evaluate.
type evaluation struct {
	rules   *ruleset.Ruleset
	matcher *sigma.Matcher
	scratch *sigma.Scratch
	enc     *json.Encoder
	stderr  io.Writer
	count   int64
	unsure  int // rules that could not be judged, event by event
	matched []int
	inputs  []correlate.Input
}

// event tries the rules on one event and prints the line of it.
func (e *evaluation) event(doc any) error {
	e.count++
	fields := sigma.NewDocument(doc, e.rules.Set.Fields())
	e.matched = e.matcher.Match(e.matched[:0], fields, e.scratch)
	for _, i := range e.scratch.OverBudget() {
		if e.rules.Hidden(i) {
			continue
		}
		if e.unsure++; e.unsure <= maxUnsure {
			fmt.Fprintf(e.stderr, "tideline: event %d: rule %q was not judged in full: a value is too large for its patterns\n", e.count, e.rules.Set.Rules()[i].Title)
		}
	}
	line, first := evalMatch{Event: e.count, Matched: []named{}}, len(e.inputs)
	for _, i := range e.matched {
		if e.rules.Hidden(i) {
			continue
		}
		r := e.rules.Set.Rules()[i]
		line.Matched = append(line.Matched, named{r.ID, r.Title, r.Name})
		if len(e.rules.Set.Correlations()) > 0 {
			e.inputs = append(e.inputs, correlate.Input{Time: timeOf(fields), Ref: e.count, Rule: i, Field: fields.Texts})
		}
	}
	slices.SortStableFunc(e.inputs[first:], func(a, b correlate.Input) int { // as a scan does, not by order of files
		return cmp.Compare(e.rules.Turn(a.Rule), e.rules.Turn(b.Rule))
	})
	return e.enc.Encode(line)
}

// maxUnsure bounds the lines about rules that could not be judged.
const maxUnsure = 5

// complete is an error if an answer is missing.
func (e *evaluation) complete() error {
	if e.unsure == 0 {
		return nil
	}
	return &exitError{exitIncomplete, fmt.Errorf("%s not given in full: use rules with plainer patterns", were(e.unsure, "answer"))}
}

// correlate gives the matches to the correlations, in the order of time, and prints those
// that fire.
func (e *evaluation) correlate() error {
	if len(e.inputs) == 0 {
		return nil
	}
	slices.SortStableFunc(e.inputs, func(a, b correlate.Input) int { return a.Time.Compare(b.Time) })
	engine := correlate.New(e.rules.Set, correlate.Options{})
	for _, in := range e.inputs {
		if err := engine.Add(in, e.fired); err != nil {
			return err
		}
	}
	if err := engine.Close(e.fired); err != nil {
		return err
	}
	if n := engine.Skipped(); n > 0 {
		fmt.Fprintf(e.stderr, "tideline: %s not counted by a correlation: no @timestamp, or no value for a group-by or counted field\n", were(int(n), "hit"))
	}
	if n := engine.Evicted(); n > 0 {
		return &exitError{exitIncomplete, fmt.Errorf("%d correlation windows were given up: too many groups at once", n)}
	}
	return nil
}

func (e *evaluation) fired(f correlate.Fired) error {
	r := e.rules.Set.Correlations()[f.Correlation]
	return e.enc.Encode(evalFired{named{r.ID, r.Title, r.Name}, groupObject(f.Group), f.Refs})
}

// groupObject writes the group as an object in group-by order, which a map
// would lose.
func groupObject(group []correlate.GroupValue) json.RawMessage {
	out := []byte{'{'}
	for i, g := range group {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, quote(g.Key)...), ':'), quote(g.Value)...)
	}
	return append(out, '}')
}

func quote(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic("tideline: a string is not JSON: " + err.Error()) // cannot be
	}
	return b
}

// timeOf reads @timestamp: RFC 3339, or seconds or milliseconds since 1970; zero
// if there is none.
func timeOf(d *sigma.Document) time.Time {
	for _, s := range append(d.Texts("@timestamp"), d.Texts("timestamp")...) {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999"} {
			if t, err := time.Parse(layout, s); err == nil {
				return t.UTC()
			}
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(f) < 1e15 {
			if math.Abs(f) > 1e11 {
				return time.UnixMicro(int64(math.Round(f * 1e3))).UTC()
			}
			return time.UnixMicro(int64(math.Round(f * 1e6))).UTC()
		}
	}
	return time.Time{}
}
