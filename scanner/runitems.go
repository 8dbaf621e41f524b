package scanner

import (
	"tideline/parsers"
	"tideline/scanner/finding"
)

// What the items of temporary runs are made of: each field that JSON would write.
// One that is forgotten here fails TestItemsComeBackFromRunsAsTheyWere.

func codeHit(c *coder, h *finding.Hit) {
	c.text(&h.Rule)
	c.time(&h.Time.Time)
	c.texts(&h.Request, &h.Stage)
	codeActor(c, &h.Actor)
	c.text(&h.Action)
	codeTarget(c, &h.Target)
	c.texts(&h.Outcome, &h.Host, &h.Cluster)
	codeContainer(c, &h.Container)
	c.texts(&h.Command, &h.Summary)
	listOf(c, &h.Exposed, codeExposed)
	listOf(c, &h.Adjust, (*coder).int)
	listOf(c, &h.Matched, codeMatch)
	c.lists(&h.Fields)
	codeSource(c, &h.Source)
	c.int(&h.Records)
	c.texts(&h.Raw, &h.RawBase64)
	c.bool(&h.RawCut)
}

func codeAct(c *coder, a *act) {
	c.text(&a.ID)
	pointer(c, &a.Hit, a.Hit, codeHit)
	c.list(&a.Related)
	pointer(c, &a.Link, nil, codeLink)
	c.time(&a.Last.Time)
	c.int64(&a.Count)
	c.list(&a.From)
	c.list(&a.With)
}

// codeFinding leaves out what labels know.
func codeFinding(c *coder, f *finding.Finding, labels *ruleLabels) {
	c.texts(&f.Schema, &f.ID)
	c.time(&f.Time.Time)
	labels.code(c, f)
	c.int(&f.Score)
	listOf(c, &f.Reasons, codeReason)
	c.text(&f.Summary)
	codeActor(c, &f.Actor)
	c.text(&f.Action)
	codeTarget(c, &f.Target)
	c.texts(&f.Outcome, &f.Host, &f.Cluster)
	codeContainer(c, &f.Container)
	listOf(c, &f.Exposed, codeExposed)
	listOf(c, &f.Matched, codeMatch)
	codeSource(c, &f.Source)
	c.int(&f.Records)
	c.int64(&f.Count)
	c.time(&f.LastTime.Time)
	c.list(&f.Related)
	c.texts(&f.Command, &f.Stage, &f.Raw, &f.RawBase64)
	c.bool(&f.RawCut)
	c.int(&f.Masked)
}

func codeCredit(c *coder, x *credit, labels *ruleLabels) {
	codeFinding(c, &x.Finding, labels)
	c.text(&x.Own)
	c.bool(&x.Joined)
	listOf(c, &x.Links, codeLink)
	c.list(&x.From)
	c.list(&x.With)
}

func codeParted(c *coder, l *partedEvent) {
	c.texts(&l.Format, &l.Path)
	c.time(&l.Time.Time)
	c.bytes(&l.Key)
	c.bool(&l.Head)
	c.bool(&l.Tail)
	c.bytes(&l.Context)
	o := &l.Origin
	c.text(&o.Envelope)
	c.time(&o.Time.Time)
	c.texts(&o.Host, &o.Cluster)
	codeContainer(c, &o.Container)
	c.text(&o.Stream)
	listOf(c, &l.Records, func(c *coder, r *partedRecord) {
		c.bytes(&r.Raw)
		c.bytes(&r.Data)
		codePos(c, &r.Pos)
	})
}

func codeEntry(c *coder, e *finding.Entry) {
	c.texts(&e.Path, &e.Format, &e.Envelope)
	c.list(&e.Codecs)
	c.text(&e.SHA256)
	for _, n := range [...]*int64{&e.Size, &e.Bytes.Read, &e.Bytes.Events, &e.Bytes.Notes, &e.Bytes.Gaps, &e.Records, &e.Events} {
		c.int64(n)
	}
	c.time(&e.First.Time)
	c.time(&e.Last.Time)
	listOf(c, &e.Notes, codeRemark)
	listOf(c, &e.Gaps, codeRemark)
	c.texts(&e.Host, &e.Cluster, &e.Looks)
	c.list(&e.Details)
	c.list(&e.Matched)
}

func codeReason(c *coder, r *finding.Reason) {
	c.int(&r.Points)
	c.text(&r.Why)
}

func codeActor(c *coder, a *finding.ActorRef) {
	c.texts(&a.ID, &a.Kind, &a.Name)
	c.list(&a.Groups)
	c.texts(&a.Impersonator, &a.Impersonated, &a.Session)
	c.list(&a.Addresses)
	c.text(&a.Agent)
}

func codeTarget(c *coder, t *finding.Target) { c.texts(&t.Kind, &t.Namespace, &t.Name) }

func codeContainer(c *coder, x *finding.Container) {
	c.texts(&x.ID, &x.Name, &x.Pod, &x.Namespace, &x.Image)
}

func codeExposed(c *coder, e *finding.Exposed) {
	c.texts(&e.Kind, &e.Namespace, &e.Name, &e.Certainty)
}

func codeMatch(c *coder, m *finding.Match) { c.texts(&m.Field, &m.Value, &m.Pattern) }

func codeLink(c *coder, l *finding.Link) { c.texts(&l.Actor, &l.Why, &l.Certainty) }

func codeSource(c *coder, s *finding.Source) {
	c.texts(&s.Path, &s.Format, &s.Envelope)
	codePos(c, &s.Pos)
}

func codePos(c *coder, p *parsers.Pos) {
	c.int64(&p.Line)
	c.int64(&p.Offset)
	c.int64(&p.Length)
}

func codeRemark(c *coder, r *finding.Remark) {
	c.text(&r.Code)
	codePos(c, &r.Pos)
	c.int64(&r.Bytes)
	c.int64(&r.Count)
	c.texts(&r.Reason, &r.Lift)
}
