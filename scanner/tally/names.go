package tally

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tideline/scanner/finding"
)

// The kinds of name that aggregates remember.
const (
	secretName = "secret" // of a Secret that a request was about
	imageName  = "image"  // that a container ran
)

// A NameKey is a name of a kind that stood in the evidence, whether or not a
// rule took notice: a rotation list of "every secret in prod" is only useful
// with names.
type NameKey struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// A NameRow says how often and when a name was seen.
type NameRow struct {
	Count int64        `json:"count"`
	First finding.Time `json:"first"`
	Last  finding.Time `json:"last"`
}

// A NameRecord is a key with its row.
type NameRecord struct {
	Key NameKey `json:"key"`
	Row NameRow `json:"row"`
}

func (r *NameRow) see(t time.Time) {
	r.Count++
	if !t.IsZero() {
		r.First.Time, r.Last.Time = finding.Earlier(r.First.Time, t), finding.Later(r.Last.Time, t)
	}
}

func (r *NameRow) merge(o *NameRow) {
	r.Count += o.Count
	r.First.Time = finding.Earlier(r.First.Time, o.First.Time)
	r.Last.Time = finding.Later(r.Last.Time, o.Last.Time)
}

// name returns the row of a key, a new one if need be.
func (a *Aggregates) name(k NameKey) *NameRow {
	r := a.Names[k]
	if r == nil {
		r = &NameRow{}
		a.Names[k] = r
	}
	return r
}

// sortedNames returns the names in order of their keys.
func (a *Aggregates) sortedNames() []NameRecord {
	out := make([]NameRecord, 0, len(a.Names))
	for k, r := range a.Names {
		out = append(out, NameRecord{k, *r})
	}
	slices.SortFunc(out, func(a, b NameRecord) int {
		x, y := &a.Key, &b.Key
		return cmp.Or(strings.Compare(x.Kind, y.Kind), strings.Compare(x.Namespace, y.Namespace), strings.Compare(x.Name, y.Name))
	})
	return out
}
