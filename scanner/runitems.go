package scanner

import (
	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/spill"
)

// What the items of temporary runs are made of: each field that JSON would write.
// One that is forgotten here fails TestItemsComeBackFromRunsAsTheyWere.

func codeHit(c *spill.Coder, h *finding.Hit) {
	c.Text(&h.Rule)
	c.Time(&h.Time.Time)
	c.Texts(&h.Request, &h.Stage)
	codeActor(c, &h.Actor)
	c.Text(&h.Action)
	codeTarget(c, &h.Target)
	c.Texts(&h.Outcome, &h.Host, &h.Cluster)
	codeContainer(c, &h.Container)
	c.Texts(&h.Command, &h.Summary)
	spill.ListOf(c, &h.Exposed, codeExposed)
	spill.ListOf(c, &h.Adjust, (*spill.Coder).Int)
	spill.ListOf(c, &h.Matched, codeMatch)
	c.Lists(&h.Fields)
	codeSource(c, &h.Source)
	c.Int(&h.Records)
	c.Texts(&h.Raw, &h.RawBase64)
	c.Bool(&h.RawCut)
}

func codeAct(c *spill.Coder, a *act) {
	c.Text(&a.ID)
	spill.Pointer(c, &a.Hit, a.Hit, codeHit)
	c.List(&a.Related)
	spill.Pointer(c, &a.Link, nil, codeLink)
	c.Time(&a.Last.Time)
	c.Int64(&a.Count)
	c.List(&a.From)
	c.List(&a.With)
}

// codeFinding leaves out what labels know.
func codeFinding(c *spill.Coder, f *finding.Finding, labels *ruleLabels) {
	c.Texts(&f.Schema, &f.ID)
	c.Time(&f.Time.Time)
	labels.code(c, f)
	c.Int(&f.Score)
	spill.ListOf(c, &f.Reasons, codeReason)
	c.Text(&f.Summary)
	codeActor(c, &f.Actor)
	c.Text(&f.Action)
	codeTarget(c, &f.Target)
	c.Texts(&f.Outcome, &f.Host, &f.Cluster)
	codeContainer(c, &f.Container)
	spill.ListOf(c, &f.Exposed, codeExposed)
	spill.ListOf(c, &f.Matched, codeMatch)
	codeSource(c, &f.Source)
	c.Int(&f.Records)
	c.Int64(&f.Count)
	c.Time(&f.LastTime.Time)
	c.List(&f.Related)
	c.Texts(&f.Command, &f.Stage, &f.Raw, &f.RawBase64)
	c.Bool(&f.RawCut)
	c.Int(&f.Masked)
}

func codeCredit(c *spill.Coder, x *credit, labels *ruleLabels) {
	codeFinding(c, &x.Finding, labels)
	c.Text(&x.Own)
	c.Bool(&x.Joined)
	spill.ListOf(c, &x.Links, codeLink)
	c.List(&x.From)
	c.List(&x.With)
	c.Text(&x.Labels)
}

func codeParted(c *spill.Coder, l *partedEvent) {
	c.Texts(&l.Format, &l.Path)
	c.Time(&l.Time.Time)
	c.Bytes(&l.Key)
	c.Bool(&l.Head)
	c.Bool(&l.Tail)
	c.Bytes(&l.Context)
	o := &l.Origin
	c.Text(&o.Envelope)
	c.Time(&o.Time.Time)
	c.Texts(&o.Host, &o.Cluster)
	codeContainer(c, &o.Container)
	c.Text(&o.Stream)
	spill.ListOf(c, &l.Records, func(c *spill.Coder, r *partedRecord) {
		c.Bytes(&r.Raw)
		c.Bytes(&r.Data)
		codePos(c, &r.Pos)
	})
}

func codeEntry(c *spill.Coder, e *finding.Entry) {
	c.Texts(&e.Path, &e.Format, &e.Envelope)
	c.List(&e.Codecs)
	c.Text(&e.SHA256)
	for _, n := range [...]*int64{&e.Size, &e.Bytes.Read, &e.Bytes.Events, &e.Bytes.Notes, &e.Bytes.Gaps, &e.Records, &e.Events} {
		c.Int64(n)
	}
	c.Time(&e.First.Time)
	c.Time(&e.Last.Time)
	spill.ListOf(c, &e.Notes, codeRemark)
	spill.ListOf(c, &e.Gaps, codeRemark)
	c.Texts(&e.Host, &e.Cluster, &e.Looks)
	c.List(&e.Details)
	c.List(&e.Matched)
}

func codeReason(c *spill.Coder, r *finding.Reason) {
	c.Int(&r.Points)
	c.Text(&r.Why)
}

func codeActor(c *spill.Coder, a *finding.ActorRef) {
	c.Texts(&a.ID, &a.Kind, &a.Name)
	c.List(&a.Groups)
	c.Texts(&a.Impersonator, &a.Impersonated, &a.Session)
	c.List(&a.Addresses)
	c.Text(&a.Agent)
}

func codeTarget(c *spill.Coder, t *finding.Target) { c.Texts(&t.Kind, &t.Namespace, &t.Name) }

func codeContainer(c *spill.Coder, x *finding.Container) {
	c.Texts(&x.ID, &x.Name, &x.Pod, &x.Namespace, &x.Image)
}

func codeExposed(c *spill.Coder, e *finding.Exposed) {
	c.Texts(&e.Kind, &e.Namespace, &e.Name, &e.Certainty)
}

func codeMatch(c *spill.Coder, m *finding.Match) { c.Texts(&m.Field, &m.Value, &m.Pattern) }

func codeLink(c *spill.Coder, l *finding.Link) { c.Texts(&l.Actor, &l.Why, &l.Certainty) }

func codeSource(c *spill.Coder, s *finding.Source) {
	c.Texts(&s.Path, &s.Format, &s.Envelope)
	codePos(c, &s.Pos)
}

func codePos(c *spill.Coder, p *parsers.Pos) {
	c.Int64(&p.Line)
	c.Int64(&p.Offset)
	c.Int64(&p.Length)
}

func codeRemark(c *spill.Coder, r *finding.Remark) {
	c.Text(&r.Code)
	codePos(c, &r.Pos)
	c.Int64(&r.Bytes)
	c.Int64(&r.Count)
	c.Texts(&r.Reason, &r.Lift)
}
