package scanner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/state"
)

// grownFactor is how many times as often as it was told a finding must have
// occurred to be told again.
const grownFactor = 10

// Tidings are what a night has to tell.
type Tidings struct {
	New       int64            // findings never told before
	Changed   int64            // findings told before that say more now
	Withdrawn int64            // findings told before that later evidence made part of others
	ByLevel   map[string]int64 // New and Changed, by level
}

// Any reports whether there is something to tell.
func (t *Tidings) Any() bool { return t.New+t.Changed+t.Withdrawn > 0 }

// TellOptions are what Tell is told.
type TellOptions struct {
	SinceLast    bool      // nothing of before the newest event of the last run; it may be told later
	Since, Until time.Time // Optional: nothing that ended before or began after; it may be told later
	Partly       bool      // the report was made of a part of the rules: nothing is withdrawn for being absent
}

// Tell leaves in r what is new, marks what has changed with the reason, and
// notes it as told, which Commit makes lasting. r's overview keeps the whole
// picture but for the number of findings, the verdict and Top.
func (n *Night) Tell(ctx context.Context, r *Report, o TellOptions) (*Tidings, error) {
	t := &teller{told: n.next.Told, next: map[string]state.Told{}, acts: map[string]string{}, why: map[string]string{}, upgraded: map[string]bool{},
		tidings: Tidings{ByLevel: map[string]int64{}}}
	for id, x := range t.told {
		t.next[id] = x
		if old, ok := t.acts[x.Act]; !ok || id < old {
			t.acts[x.Act] = id
		}
	}
	t.before = n.store.Index.Newest
	t.since, t.until, t.judged = o.Since, o.Until, n.next.Newest.Add(-n.keep)
	if o.SinceLast {
		t.since = finding.Later(t.since, n.store.Index.Newest.Add(1))
	}
	present := map[string]bool{}
	err := r.findings.Each(func(f *finding.Finding) error {
		present[f.ID] = true
		if r.reported(f) {
			t.judge(f)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	if !o.Partly {
		t.withdraw(present)
	}
	t.forget(n.next.Newest.Add(-forgetAfter))
	n.next.Told = t.next
	t.leave(r)
	return &t.tidings, nil
}

// A teller is one Tell.
type teller struct {
	told, next map[string]state.Told
	acts       map[string]string // act to the id under which it was told
	since      time.Time         // findings that ended before, and
	until      time.Time         // those that began after are not told now
	before     time.Time         // the newest event that the run before had read
	judged     time.Time         // what ended before may have been forgotten
	why        map[string]string // what is told, by id; "" for what is new
	withdrawn  []string          // ids
	upgraded   map[string]bool   // ids of acts that are told with another outcome now
	tidings    Tidings
}

// judge decides whether f is told.
func (t *teller) judge(f *finding.Finding) {
	before, known := t.told[f.ID]
	act := actOf(f)
	why := ""
	switch {
	case !f.Time.IsZero() && !known && (!t.since.IsZero() && f.LastTime.Before(t.since) || !t.until.IsZero() && f.Time.After(t.until)):
		return
	case known && sizeOf(f) < grownFactor*before.Count:
		before.Withdrawn, before.Last = false, f.LastTime.Time
		t.next[f.ID] = before
		return
	case known:
		why = fmt.Sprintf(finding.ToldBefore+"with %d occurrences; now there are %d", before.Count, sizeOf(f))
	default:
		if old, ok := t.acts[act]; ok && t.told[old].Outcome != f.Outcome {
			why = fmt.Sprintf(finding.ToldBefore+"with outcome %s; this one is %s", t.told[old].Outcome, f.Outcome)
			t.upgraded[old] = true
		}
	}
	if why == "" {
		t.tidings.New++
	} else {
		t.tidings.Changed++
	}
	t.tidings.ByLevel[f.Rule.Level]++
	t.why[f.ID] = why
	t.next[f.ID] = state.Told{Count: sizeOf(f), Outcome: f.Outcome, Act: act, Last: f.LastTime.Time}
}

// sizeOf is how often f occurred; a correlation may grow by its events, too.
func sizeOf(f *finding.Finding) int64 {
	if len(f.Related) > 0 {
		return max(f.Count, int64(f.Records))
	}
	return f.Count
}

// withdraw marks what was told and is no finding any more.
func (t *teller) withdraw(present map[string]bool) {
	for id, x := range t.next {
		if present[id] || x.Withdrawn || !x.Last.IsZero() && x.Last.Before(t.judged) {
			continue
		}
		x.Withdrawn = true
		t.next[id] = x
		if !t.upgraded[id] { // else it is told as changed
			t.tidings.Withdrawn++
			t.withdrawn = append(t.withdrawn, id)
		}
	}
}

// forget drops what was told and has not occurred since long.
func (t *teller) forget(before time.Time) {
	for id, x := range t.next {
		if !x.Last.IsZero() && x.Last.Before(before) {
			delete(t.next, id)
		}
	}
}

// leave makes r report what is told.
func (t *teller) leave(r *Report) {
	r.reported = func(f *finding.Finding) bool {
		_, ok := t.why[f.ID]
		return ok
	}
	r.amend = t.amend
	s := &r.Overview.Summary
	s.Findings = int64(len(t.why))
	s.Verdict = strings.TrimSpace(t.tidings.String() + ". " + s.Verdict)
	slices.Sort(t.withdrawn)
	r.Overview.News = &finding.News{Withdrawn: append([]string{}, t.withdrawn[:min(len(t.withdrawn), finding.MaxWithdrawn)]...), Since: finding.Time{Time: t.before}, New: t.tidings.New, Changed: t.tidings.Changed,
		Gone: t.tidings.Withdrawn, Said: t.tidings.String()}
	var top []finding.Finding
	for i := range r.Overview.Top {
		if f := &r.Overview.Top[i]; r.reported(f) {
			top = append(top, *t.amend(f))
		}
	}
	r.Overview.Top = top
}

// amend gives a changed finding the reason for which it is told again. It is
// worth no points, so the score stays the sum of its reasons.
func (t *teller) amend(f *finding.Finding) *finding.Finding {
	why := t.why[f.ID]
	if why == "" {
		return f
	}
	copied := *f
	copied.Reasons = append(f.Reasons[:len(f.Reasons):len(f.Reasons)], finding.Reason{Why: why})
	return &copied
}

// String is the line for the mail.
func (t *Tidings) String() string {
	s := fmt.Sprintf("%d new findings, %d changed", t.New, t.Changed)
	if t.New == 1 {
		s = fmt.Sprintf("1 new finding, %d changed", t.Changed)
	}
	var levels []string
	for i := len(finding.Levels) - 1; i >= 0; i-- {
		if n := t.ByLevel[finding.Levels[i]]; n > 0 {
			levels = append(levels, fmt.Sprintf("%d %s", n, finding.Levels[i]))
		}
	}
	if len(levels) > 0 {
		s += " (" + strings.Join(levels, ", ") + ")"
	}
	switch t.Withdrawn {
	case 0:
	case 1:
		s += "; 1 told before is explained otherwise by now"
	default:
		s += fmt.Sprintf("; %d told before are explained otherwise by now", t.Withdrawn)
	}
	return s
}

// actOf identifies the act of a finding whatever came of it.
func actOf(f *finding.Finding) string {
	fields := [...]string{f.Rule.ID, f.Actor.ID, f.Actor.Impersonated, f.Action, f.Target.Kind, f.Target.Namespace,
		f.Target.Name, f.Host, f.Cluster, f.Container.ID, f.Command}
	sum := sha256.Sum256([]byte(strings.Join(fields[:], "\x00")))
	return hex.EncodeToString(sum[:8])
}

// Commit makes what was read and told lasting. It is called once the report
// was delivered. A night that changes nothing writes nothing.
func (n *Night) Commit(run time.Time) error {
	if n.Partial == nil && !n.moved {
		return nil
	}
	n.next.Run = run
	return n.store.Commit(n.next)
}
