package block

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tideline/scanner/finding"
	"tideline/scanner/sigma"
)

// Parse reads the `tideline:` block of a rule's custom keys. A rule
// without one gets the zero Block. An unknown key is an error, since it is a
// typing mistake more often than not.
func Parse(custom map[string]any) (*Block, error) {
	raw, ok := custom["tideline"]
	if !ok {
		return &Block{}, nil
	}
	src, ok := raw.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("tideline: want a map, have %T", raw)
	}
	b := &Block{}
	for _, key := range slices.Sorted(maps.Keys(src)) {
		if err := b.set(key, src[key]); err != nil {
			return nil, &blockError{"tideline." + key, err}
		}
	}
	return b, nil
}

// A blockError is what is wrong with a key of a block.
type blockError struct {
	key string
	err error
}

func (e *blockError) Error() string { return e.key + ": " + e.err.Error() }
func (e *blockError) Unwrap() error { return e.err }

// Problem says what is wrong with the block of a document, and on which line.
func Problem(h *sigma.Header, err error) *sigma.Problem {
	line := h.CustomLines["tideline"]
	if key, ok := errors.AsType[*blockError](err); ok {
		line = h.CustomLines[key.key]
	}
	return &sigma.Problem{Path: h.Path, Line: line, Rule: h.Title, Reason: err.Error(), Mend: "tideline rules guide tells what each key takes"}
}

// set reads one key of the block.
func (b *Block) set(key string, v any) (err error) {
	switch key {
	case "summary":
		b.Summary, err = parseTemplate(scalar(v))
	case "exposes":
		b.Exposes, err = parseExposes(v)
	case "score":
		err = b.parseScore(v)
	case "family":
		b.Family = scalar(v)
	case "needs":
		b.Needs = scalar(v)
	case "exposure_only":
		b.Exposing, err = truth(v)
	case "done":
		b.Done, err = truth(v)
	case "first_seen":
		b.FirstSeen, err = parseFirstSeen(v)
	case "outside":
		b.Outside, err = truth(v)
	case "tests":
		b.Tests, err = parseTests(v)
	default:
		err = fmt.Errorf("unknown key; known are summary, exposes, score, family, needs, exposure_only, done, first_seen, outside, tests")
	}
	return err
}

// parseExposes takes one map or a list of them.
func parseExposes(v any) ([]Expose, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := []Expose{}
	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("want a map with kind, namespace and name, have %T", item)
		}
		e, err := parseExpose(m)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// parseExpose reads one entry of exposes.
func parseExpose(m map[string]any) (Expose, error) {
	e := Expose{Kind: scalar(m["kind"]), Certainty: scalar(m["certainty"])}
	if err := onlyKeys(m, "kind", "namespace", "name", "certainty"); err != nil {
		return e, err
	}
	if e.Kind == "" {
		return e, fmt.Errorf("kind is missing")
	}
	err := knownCertainty(e.Certainty)
	if err != nil {
		return e, err
	}
	if e.Namespace, err = parseOperand(scalar(m["namespace"])); err != nil {
		return e, err
	}
	e.Name, err = parseOperand(scalar(m["name"]))
	return e, err
}

func knownCertainty(c string) error {
	switch c {
	case "", finding.Obtained, finding.Attempted, finding.Possible:
		return nil
	}
	return fmt.Errorf("certainty %.40q: want obtained, attempted or possible", c)
}

// parseOperand reads what exposes: gives for a namespace or a name: a quoted
// literal, "*", a template with braces, words with blanks between them, or the bare
// name of a field.
func parseOperand(s string) (Template, error) {
	switch {
	case s == "" || s == "*":
		return literal(s), nil
	case len(s) > 1 && (s[0] == '\'' || s[0] == '"') && s[len(s)-1] == s[0]:
		return literal(s[1 : len(s)-1]), nil
	case strings.ContainsAny(s, "{ "):
		return parseTemplate(s)
	}
	return Template{parts: []part{{field: s}}}, nil
}

// parseScore reads score: the base, and adjustments in their order.
func (b *Block) parseScore(v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("want a map with base and adjust, have %T", v)
	}
	err := onlyKeys(m, "base", "adjust")
	if err != nil {
		return err
	}
	if b.Base, err = number(m["base"]); err != nil {
		return fmt.Errorf("base: %w", err)
	}
	if b.Base < 0 || b.Base > 100 {
		return fmt.Errorf("base %d: want 0 to 100", b.Base)
	}
	list, isList := m["adjust"].([]any)
	if !isList && m["adjust"] != nil {
		return fmt.Errorf("adjust: want a list, have %T", m["adjust"])
	}
	for i, item := range list {
		a, err := parseAdjust(item)
		if err != nil {
			return fmt.Errorf("adjust %d: %w", i+1, err)
		}
		b.Adjust = append(b.Adjust, a)
	}
	return nil
}

func parseAdjust(v any) (Adjust, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return Adjust{}, fmt.Errorf("want a map with when, points and why, have %T", v)
	}
	if err := onlyKeys(m, "when", "points", "why", "level", "kind", "certainty", "exposes"); err != nil {
		return Adjust{}, err
	}
	points, err := number(m["points"])
	if err != nil {
		return Adjust{}, fmt.Errorf("points: %w", err)
	}
	when, err := json.Marshal(m["when"])
	if err != nil || m["when"] == nil {
		return Adjust{}, fmt.Errorf("when: want a selection like {field|modifier: value}")
	}
	a := Adjust{When: string(when), Points: points, Why: scalar(m["why"]), Level: scalar(m["level"]), Kind: scalar(m["kind"]), Limit: scalar(m["certainty"])}
	if a.Level != "" && finding.LevelRank(a.Level) < 0 {
		return a, fmt.Errorf("level %.40q: want one of %s", a.Level, strings.Join(finding.Levels, ", "))
	}
	if a.Why == "" {
		return a, fmt.Errorf("why is missing: a score is explained in words")
	}
	if list, ok := m["exposes"]; ok {
		if a.Exposes, err = parseExposes(list); err != nil {
			return a, fmt.Errorf("exposes: %w", err)
		}
	}
	return a, knownCertainty(a.Limit)
}

func parseTests(v any) ([]Test, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("want a list, have %T", v)
	}
	var out []Test
	for i, item := range list {
		m, _ := item.(map[string]any)
		if err := onlyKeys(m, "hit", "miss", "why"); err != nil {
			return nil, fmt.Errorf("test %d: %w", i+1, err)
		}
		hit, isHit := m["hit"].(map[string]any)
		miss, isMiss := m["miss"].(map[string]any)
		switch {
		case isHit == isMiss:
			return nil, fmt.Errorf("test %d: want hit: or miss: with an event", i+1)
		case isHit:
			out = append(out, Test{Event: hit, Hit: true, Why: scalar(m["why"])})
		default:
			out = append(out, Test{Event: miss, Why: scalar(m["why"])})
		}
	}
	return out, nil
}

// parseFirstSeen reads the list of a rule.
func parseFirstSeen(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var out []string
	for _, item := range list {
		thing := scalar(item)
		if !slices.Contains(novelties, thing) {
			return nil, fmt.Errorf("%.40q: want some of %s", thing, strings.Join(novelties, ", "))
		}
		out = append(out, thing)
	}
	return out, nil
}

// onlyKeys refuses a map with other keys: they are typing mistakes.
func onlyKeys(m map[string]any, known ...string) error {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, key) {
			return fmt.Errorf("unknown key %.40q; known are %s", key, strings.Join(known, ", "))
		}
	}
	return nil
}

// truth reads a boolean, which YAML hands over as one if it is spelled true or false.
func truth(v any) (bool, error) {
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("want true or false, have %.40q", scalar(v))
	}
	return b, nil
}

// scalar is a value of YAML as text; nothing is "".
func scalar(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return fmt.Sprint(v)
}

func number(v any) (int, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case int:
		return v, nil
	}
	return 0, fmt.Errorf("want a whole number, have %v", v)
}
