package report

import (
	"slices"

	"tideline/scanner/finding"
)

// Overview is a copy of o with every text that may hold evidence masked and
// valid UTF-8, its Top included. It shares what needs no change with o.
func (r *Redactor) Overview(o *finding.Overview) *finding.Overview {
	out := *o
	var known []string
	out.Top = make([]finding.Finding, len(o.Top))
	for i := range o.Top {
		of, _ := r.known(&o.Top[i], evidence(&o.Top[i]))
		known = append(known, longOnly(of)...)
		out.Top[i] = r.Finding(&o.Top[i])
	}
	slices.SortFunc(known, longestFirst)
	known = slices.Compact(known)
	free := func(s *string) { *s = validText(r.mask(*s, known)) }
	id := func(s *string) { *s = r.Text(*s) }

	free(&out.Summary.Verdict)
	out.Actors = eachOwn(o.Actors, func(a *finding.Actor) { r.actor(a, free, id) })
	out.Exposure = eachOwn(o.Exposure, func(e *finding.Exposure) {
		id(&e.Kind)
		id(&e.Namespace)
		id(&e.Name)
		e.Actors, e.How, e.Seen = each(e.Actors, id), each(e.How, id), each(e.Seen, id)
		e.Findings, e.Tried = each(e.Findings, id), each(e.Tried, id)
	})
	out.Ledger = ledger(o.Ledger, free, id)
	if o.Long != nil {
		out.Long = &maskedEntries{o.Long, func(e *finding.Entry) { entry(e, free, id, func(s *string) { *s = validText(*s) }) }}
	}
	out.Coverage = coverage(o.Coverage, free, id)
	out.Tool.Arguments = each(o.Tool.Arguments, free)
	return &out
}

func (r *Redactor) actor(a *finding.Actor, free, id func(*string)) {
	id(&a.ID)
	id(&a.Kind)
	a.Names, a.Addresses, a.Hosts = each(a.Names, id), each(a.Addresses, id), each(a.Hosts, id)
	a.Agents = each(a.Agents, free)
	a.Attack, a.Findings = each(a.Attack, id), each(a.Findings, id)
	a.Reasons = each(a.Reasons, func(x *finding.Reason) { free(&x.Why) })
	a.Story = each(a.Story, func(x *finding.Step) {
		told, command := x.Summary, x.Command
		free(&x.Summary)
		free(&x.Command)
		x.Summary = resumed(told, command, x.Summary, x.Command, func(s string) string { free(&s); return s })
		free(&x.Target.Name)
		free(&x.Labels)
		for _, s := range []*string{&x.Outcome, &x.Finding, &x.Actor, &x.Impersonated, &x.Action, &x.Target.Kind, &x.Target.Namespace} {
			id(s)
		}
	})
	a.Links = each(a.Links, func(x *finding.Link) { id(&x.Actor); free(&x.Why) })
}

// ledger is the masked ledger: the very one if nothing in it changes, since it may
// have a million entries and each report wants it.
func ledger(list []finding.Entry, free, id func(*string)) []finding.Entry {
	changed := false
	watch := func(f func(*string)) func(*string) {
		return func(s *string) {
			was := *s
			f(s)
			changed = changed || *s != was
		}
	}
	free, id = watch(free), watch(id)
	valid := watch(func(s *string) { *s = validText(*s) })
	out := list
	for i := range list {
		e := list[i]
		changed = e.Codecs == nil || e.Details == nil || e.Matched == nil || e.Notes == nil || e.Gaps == nil
		entry(&e, free, id, valid)
		if !changed {
			continue
		}
		if &out[0] == &list[0] {
			out = slices.Clone(list)
		}
		out[i] = e
	}
	if out == nil {
		return []finding.Entry{}
	}
	return out
}

// maskedEntries is a long ledger that is masked as it is read.
type maskedEntries struct {
	finding.Entries
	mask func(*finding.Entry)
}

// Each gives masked copies.
func (m *maskedEntries) Each(f func(*finding.Entry) error) error {
	return m.Entries.Each(func(e *finding.Entry) error {
		own := *e
		m.mask(&own)
		return f(&own)
	})
}

func entry(e *finding.Entry, free, id, valid func(*string)) {
	for _, s := range []*string{&e.Path, &e.Format, &e.Envelope, &e.Host, &e.Cluster} {
		id(s)
	}
	free(&e.Looks)
	e.Codecs = each(e.Codecs, id)
	e.Details, e.Matched = each(e.Details, id), each(e.Matched, valid)
	remark := func(x *finding.Remark) { free(&x.Reason); free(&x.Lift); id(&x.Code) }
	e.Notes, e.Gaps = each(e.Notes, remark), each(e.Gaps, remark)
}

func coverage(c finding.Coverage, free, id func(*string)) finding.Coverage {
	c.Rules = each(c.Rules, func(x *finding.RuleCoverage) { free(&x.Why); x.Title = validText(x.Title); x.ID = validText(x.ID) })
	c.Refused = each(c.Refused, func(x *finding.RefusedRule) { free(&x.Reason); x.Path = validText(x.Path) })
	c.Blind = each(c.Blind, free)
	c.Quiet = each(c.Quiet, func(x *finding.Silence) { id(&x.Path); free(&x.Reason) })
	c.Sources = eachOwn(c.Sources, func(x *finding.SourceCoverage) {
		id(&x.Format)
		x.Details, x.Paths = each(x.Details, id), each(x.Paths, id)
		x.Fired = each(x.Fired, func(s *string) { *s = validText(*s) })
		x.Blind = eachOwn(x.Blind, func(g *finding.SourceGaps) {
			free(&g.Why)
			g.Rules = each(g.Rules, func(s *string) { *s = validText(*s) })
		})
	})
	c.Formats = eachOwn(c.Formats, func(x *finding.FormatCoverage) { id(&x.Format) })
	return c
}
