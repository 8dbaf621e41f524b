package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"tideline/scanner/finding"
)

// sarifWriter writes SARIF 2.1.0 (OASIS, errata 01): one run, its results
// streamed. Rules stand behind the results, as they are known only then; the
// format does not ask for an order of keys.
type sarifWriter struct {
	maskCount
	w        io.Writer
	mask     *Redactor
	enc      jsonEncoder
	overview *finding.Overview
	rules    map[string]int // id to place in list
	list     []sarifRule
	written  bool
}

// newSARIF writes findings to w as a SARIF log.
func newSARIF(w io.Writer, o Options) Writer {
	return &sarifWriter{w: w, mask: NewRedactor(o), rules: map[string]int{}, list: []sarifRule{}}
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifRule struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Short      sarifText      `json:"shortDescription"`
	Full       *sarifText     `json:"fullDescription,omitempty"`
	Help       *sarifText     `json:"help,omitempty"`
	Properties map[string]any `json:"properties"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Rank         float64           `json:"rank"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Occurrences  int64             `json:"occurrenceCount,omitempty"`
	Properties   map[string]any    `json:"properties"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	} `json:"physicalLocation"`
}

type sarifRegion struct {
	Line    int64      `json:"startLine,omitempty"`
	Offset  int64      `json:"byteOffset"`
	Length  int64      `json:"byteLength"`
	Snippet *sarifText `json:"snippet,omitempty"`
}

func (s *sarifWriter) Begin(o *finding.Overview) error {
	s.overview = s.mask.Overview(&finding.Overview{Summary: o.Summary, Tool: o.Tool, Ledger: o.Ledger, Long: o.Long, Coverage: o.Coverage})
	_, err := io.WriteString(s.w, `{"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints","results":[`)
	return err
}

func (s *sarifWriter) Write(f *Shown) error {
	line, err := s.enc.encode(s.result(s.of(f)))
	if err != nil {
		return err
	}
	sep := "\n"
	if s.written {
		sep = ",\n"
	}
	s.written = true
	if _, err := io.WriteString(s.w, sep); err != nil {
		return err
	}
	_, err = s.w.Write(line)
	return err
}

func (s *sarifWriter) result(f *finding.Finding) *sarifResult {
	r := &sarifResult{RuleID: f.Rule.ID, RuleIndex: s.rule(&f.Rule, f.Attack), Level: sarifLevel(f.Rule.Level), Message: sarifText{Text: sarifPlain(message(f))},
		Rank: float64(f.Score), Fingerprints: map[string]string{"tideline/1": f.ID}, Occurrences: f.Count,
		Properties: map[string]any{"time": f.Time, "level": f.Rule.Level, "score": f.Score, "reasons": f.Reasons, "actor": f.Actor, "outcome": f.Outcome, "exposed": f.Exposed}}
	var at sarifLocation
	at.Physical.Artifact.URI = sarifURI(f.Source.Path)
	at.Physical.Region = &sarifRegion{Line: f.Source.Line, Offset: f.Source.Offset, Length: f.Source.Length}
	if f.Raw != "" {
		at.Physical.Region.Snippet = &sarifText{Text: f.Raw}
	}
	r.Locations = []sarifLocation{at}
	return r
}

// rule is the place of a rule in the list, to which it is added when new.
func (s *sarifWriter) rule(r *finding.Rule, attack []string) int {
	if i, ok := s.rules[r.ID]; ok {
		return i
	}
	rule := sarifRule{ID: r.ID, Name: r.Title, Short: sarifText{Text: sarifPlain(r.Title)},
		Properties: map[string]any{"tags": attack, "author": r.Author, "license": r.License, "references": r.References}}
	if r.Description != "" {
		rule.Full = &sarifText{Text: sarifPlain(r.Description)}
	}
	if len(r.FalsePositives) > 0 {
		known := strings.Join(r.FalsePositives, "; ")
		rule.Help = &sarifText{Text: sarifPlain("Known false positives: " + known), Markdown: "**Known false positives:** " + safeMarkdown(known)}
	}
	s.rules[r.ID] = len(s.list)
	s.list = append(s.list, rule)
	return len(s.list) - 1
}

// Close writes the tool with its rules, the artifacts read, and whether the
// scan could read everything.
func (s *sarifWriter) Close() error {
	driver, err := json.Marshal(map[string]any{"driver": map[string]any{"name": cmp.Or(s.overview.Tool.Name, "tideline"),
		"version": s.overview.Tool.Version, "rules": s.list, "properties": map[string]any{"rulesHash": s.overview.Tool.RulesHash}}})
	if err != nil {
		return err
	}
	if err := s.part("\n],\"tool\":", json.RawMessage(driver)); err != nil {
		return err
	}
	gaps, err := s.gaps()
	if err != nil {
		return err
	}
	invocation := []map[string]any{{"executionSuccessful": s.overview.Summary.Complete, "arguments": s.overview.Tool.Arguments,
		"toolExecutionNotifications": gaps, "toolConfigurationNotifications": s.blind()}}
	if err := s.part(",\n\"invocations\":", invocation); err != nil {
		return err
	}
	if err := s.artifacts(); err != nil {
		return err
	}
	_, err = io.WriteString(s.w, "]}]}\n")
	return err
}

func (s *sarifWriter) part(before string, v any) error {
	line, err := s.enc.encode(v)
	if err != nil {
		return fmt.Errorf("report: sarif: %w", err)
	}
	if _, err = io.WriteString(s.w, before); err != nil {
		return err
	}
	_, err = s.w.Write(line)
	return err
}

// gaps are the notifications of what could not be read.
func (s *sarifWriter) gaps() ([]map[string]any, error) {
	out := []map[string]any{}
	err := s.overview.EachEntry(func(e *finding.Entry) error {
		for _, g := range e.Gaps {
			var at sarifLocation
			at.Physical.Artifact.URI = sarifURI(e.Path)
			out = append(out, map[string]any{"level": "error", "descriptor": map[string]string{"id": g.Code}, "message": sarifText{Text: sarifPlain(g.Reason)},
				"locations": []sarifLocation{at}})
		}
		return nil
	})
	return out, err
}

// blind are the notifications of rules that could not be used (SARIF 3.20.22):
// refused ones, and those that nothing in the evidence could have made fire.
func (s *sarifWriter) blind() []map[string]any {
	out := []map[string]any{}
	for _, r := range s.overview.Coverage.Refused {
		var at sarifLocation
		at.Physical.Artifact.URI = sarifURI(r.Path)
		out = append(out, map[string]any{"level": "error", "descriptor": map[string]string{"id": "rule.refused"}, "message": sarifText{Text: sarifPlain(r.Reason)},
			"locations": []sarifLocation{at}})
	}
	for _, r := range s.overview.Coverage.Rules {
		out = append(out, map[string]any{"level": "warning", "descriptor": map[string]string{"id": "rule.blind"}, "associatedRule": map[string]string{"id": r.ID},
			"message": sarifText{Text: sarifPlain(r.Title + ": " + r.Why)}})
	}
	return out
}

// artifacts writes what was read, one at a time: there may be a million.
func (s *sarifWriter) artifacts() error {
	sep := ",\n\"artifacts\":["
	err := s.overview.EachEntry(func(e *finding.Entry) error {
		a := map[string]any{"location": map[string]string{"uri": sarifURI(e.Path)}, "length": e.Size}
		if e.SHA256 != "" {
			a["hashes"] = map[string]string{"sha-256": e.SHA256}
		}
		before := sep
		sep = ","
		return s.part(before, a)
	})
	if err != nil {
		return err
	}
	if s.overview.Entries() == 0 {
		_, err = io.WriteString(s.w, sep)
	}
	return err
}

// sarifLevel maps the level of a rule (SARIF 3.27.10).
func sarifLevel(level string) string {
	switch level {
	case "critical", "high":
		return "error"
	case "medium":
		return "warning"
	}
	return "note"
}

// sarifPlain takes the meaning off links and placeholders of a plain message
// (SARIF 3.11.5 and 3.11.6).
func sarifPlain(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(s)
}

// sarifURI is a path as a URI reference.
func sarifURI(path string) string { return (&url.URL{Path: path}).EscapedPath() }
