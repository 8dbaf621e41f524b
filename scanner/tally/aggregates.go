package tally

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// Aggregates are what a scan knows of all events, boring ones included. They
// are sums, minima and maxima, so merging them is associative and commutative;
// so are their limits: see standing.
type Aggregates struct {
	Formats    map[string]*FormatStats        `json:"formats"`
	Principals map[PrincipalKey]*PrincipalRow `json:"-"`
	Rows       []PrincipalRecord              `json:"principals"`               // Principals on the wire, sorted
	Minutes    map[int64]Minute               `json:"minutes"`                  // by minute since 1970: see Bound
	Step       int64                          `json:"minute_step,omitempty"`    // how many minutes one of Minutes stands for, from 60 on; 0 means one
	Active     map[string]Activity            `json:"active"`                   // by format and host: see logOf
	Dropped    string                         `json:"active_dropped,omitempty"` // the log of highest standing that Active has no room for
	Names      map[NameKey]*NameRow           `json:"-"`
	NameRows   []NameRecord                   `json:"names"`    // Names on the wire, sorted
	Overflow   int64                          `json:"overflow"` // events whose principal or name did not fit

	// What does not fit for certain, being of less standing than as many rows, or
	// names, as there may be; nil while there is room.
	bar, nameBar *standing
}

// FormatStats are the events of one format.
type FormatStats struct {
	Sources int              `json:"sources"`
	Events  int64            `json:"events"`
	First   finding.Time     `json:"first"`
	Last    finding.Time     `json:"last"`
	Details map[string]int64 `json:"details"`
	Levels  map[string]int64 `json:"levels"` // "detail kind" for Kubernetes: the audit level per resource
}

// A PrincipalKey is principal x address x agent x action.
type PrincipalKey struct {
	Actor, Address, Agent, Action, Kind string
}

// A PrincipalRow counts what a PrincipalKey did.
type PrincipalRow struct {
	Allowed int64        `json:"allowed"`
	Denied  int64        `json:"denied"`
	Other   int64        `json:"other"` // failed or unknown
	First   finding.Time `json:"first"`
	Last    finding.Time `json:"last"`
}

// A PrincipalRecord is a key with its row.
type PrincipalRecord struct {
	Key PrincipalKey `json:"key"`
	Row PrincipalRow `json:"row"`
}

// NewAggregates returns empty ones.
func NewAggregates() *Aggregates {
	return &Aggregates{
		Formats:    map[string]*FormatStats{},
		Principals: map[PrincipalKey]*PrincipalRow{},
		Minutes:    map[int64]Minute{},
		Active:     map[string]Activity{},
		Names:      map[NameKey]*NameRow{},
	}
}

func newFormatStats() *FormatStats {
	return &FormatStats{Details: map[string]int64{}, Levels: map[string]int64{}}
}

// AddSource counts a source of a format.
func (a *Aggregates) AddSource(format string) { a.format(format).Sources++ }

// format returns the statistics of a format, new ones if need be.
func (a *Aggregates) format(name string) *FormatStats {
	s := a.Formats[name]
	if s == nil {
		s = newFormatStats()
		a.Formats[name] = s
	}
	return s
}

func (s *FormatStats) see(t time.Time) {
	if t.IsZero() {
		return
	}
	s.First.Time = finding.Earlier(s.First.Time, t)
	s.Last.Time = finding.Later(s.Last.Time, t)
}

// Merge adds o to a; o stays as it is.
func (a *Aggregates) Merge(o *Aggregates) {
	a.add(o)
	a.Bound()
}

// add is Merge without the limits.
func (a *Aggregates) add(o *Aggregates) {
	for name, s := range o.Formats {
		a.mergeFormat(name, s)
	}
	a.addMinutes(o)
	for log, active := range o.Active {
		a.activity(log).merge(active)
	}
	a.drop(o.Dropped)
	for key, row := range o.Names {
		if a.nameBar == nil || standingOfName(&key).compare(*a.nameBar) <= 0 {
			a.name(key).merge(row)
		} else {
			a.Overflow += row.Count
		}
	}
	a.Overflow += o.Overflow
	for key, row := range o.Principals {
		a.count(key, row)
	}
}

// count adds what a row counted, if there is room for it.
func (a *Aggregates) count(key PrincipalKey, row *PrincipalRow) {
	if a.bar == nil || standingOf(&key).compare(*a.bar) <= 0 {
		a.mergePrincipal(key, row)
	} else {
		a.Overflow += row.events()
	}
}

// Sum is the sum of list. It may be one of them.
func Sum(list []*Aggregates) *Aggregates {
	list = slices.DeleteFunc(list, func(a *Aggregates) bool { return a.empty() })
	if len(list) == 1 {
		return list[0]
	}
	sum := NewAggregates()
	for _, a := range list {
		sum.Merge(a)
	}
	return sum
}

func (a *Aggregates) empty() bool {
	return len(a.Formats)+len(a.Principals)+len(a.Names)+len(a.Minutes)+len(a.Active) == 0 && a.Overflow == 0
}

// mergeFormat adds what another part of the evidence has of a format.
func (a *Aggregates) mergeFormat(name string, o *FormatStats) {
	s := a.format(name)
	s.Sources += o.Sources
	s.Events += o.Events
	s.see(o.First.Time)
	s.see(o.Last.Time)
	for k, n := range o.Details {
		s.Details[k] += n
	}
	for k, n := range o.Levels {
		s.Levels[k] += n
	}
}

func (a *Aggregates) mergePrincipal(key PrincipalKey, row *PrincipalRow) {
	r := a.Principals[key]
	if r == nil {
		r = &PrincipalRow{}
		a.Principals[key] = r
	}
	r.merge(row)
}

func (r *PrincipalRow) events() int64 { return r.Allowed + r.Denied + r.Other }

func (r *PrincipalRow) merge(o *PrincipalRow) {
	r.Allowed += o.Allowed
	r.Denied += o.Denied
	r.Other += o.Other
	r.First.Time = finding.Earlier(r.First.Time, o.First.Time)
	r.Last.Time = finding.Later(r.Last.Time, o.Last.Time)
}

func (r *PrincipalRow) see(t time.Time, o parsers.Outcome) {
	switch o {
	case parsers.Allowed:
		r.Allowed++
	case parsers.Denied:
		r.Denied++
	default:
		r.Other++
	}
	if !t.IsZero() {
		r.First.Time = finding.Earlier(r.First.Time, t)
		r.Last.Time = finding.Later(r.Last.Time, t)
	}
}

// Sorted returns the principals in order of their keys.
func (a *Aggregates) Sorted() []PrincipalRecord {
	out := make([]PrincipalRecord, 0, len(a.Principals))
	for k, r := range a.Principals {
		out = append(out, PrincipalRecord{k, *r})
	}
	slices.SortFunc(out, func(a, b PrincipalRecord) int { return a.Key.compare(b.Key) })
	return out
}

func (k PrincipalKey) compare(o PrincipalKey) int {
	return cmp.Or(strings.Compare(k.Actor, o.Actor), strings.Compare(k.Address, o.Address), strings.Compare(k.Agent, o.Agent),
		strings.Compare(k.Action, o.Action), strings.Compare(k.Kind, o.Kind))
}
