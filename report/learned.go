package report

import (
	"cmp"
	"slices"
	"strings"

	"tideline/report/secret"
	"tideline/scanner/finding"
)

// known are the secrets that the context in one text of f gives away. The record is
// spotless if it holds none, and none is known from elsewhere.
func (r *Redactor) known(f *finding.Finding, raw string) (known []string, spotless bool) {
	if r.show {
		return nil, true
	}
	record := r.record
	if record.text != raw {
		record = learned{text: raw}
		record.learn(raw)
		if len(raw) <= maxLearned {
			r.record = record
		}
	}
	of := learned{values: slices.Clip(record.values)}
	of.learn(f.Command)
	for i := range f.Matched {
		if m := &f.Matched[i]; secretField(m.Field, f) {
			if len(m.Value) >= secret.MinKnown {
				of.values = append(of.values, m.Value, secret.Canonical(m.Value))
			}
		} else {
			of.learn(m.Value)
		}
	}
	known = slices.Clone(of.values)
	slices.SortFunc(known, longestFirst)
	return known, !record.found && len(known) == 0
}

// longestFirst orders secrets so that one comes before those that are part of it.
func longestFirst(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) }

// maxLearned bounds the record that is remembered with its secrets, in bytes.
const maxLearned = 64 << 10

// learned are the secrets that the context in texts gives away.
type learned struct {
	text   string // Optional: the first of them
	found  bool   // there is one, be it too short to be known by
	values []string
}

func (l *learned) learn(s string) {
	for _, sp := range secret.Find(s, nil) {
		l.found = true
		l.add(sp.Value, secret.Canonical(sp.Value))
		l.add(secret.Unescaped(s[sp.From:sp.To])...)
	}
}

func (l *learned) add(values ...string) {
	for _, v := range values {
		if len(v) >= secret.MinKnown && !slices.Contains(l.values, v) {
			l.values = append(l.values, v)
		}
	}
}
