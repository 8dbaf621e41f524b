package item

import (
	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/spill"
)

// A field that JSON would write and that is forgotten here fails
// TestItemsComeBackFromRunsAsTheyWere.

// CodeHit is what a hit is made of. Its Like and its Quote hold within one process, and
// are left out.
func CodeHit(c *spill.Coder, h *finding.Hit) {
	c.Text(&h.Rule)
	c.Time(&h.Time.Time)
	c.Texts(&h.Request, &h.Stage)
	codeActor(c, &h.Actor)
	c.Text(&h.Action)
	codeTarget(c, &h.Target)
	c.Texts(&h.Outcome, &h.Host, &h.Cluster)
	CodeContainer(c, &h.Container)
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

// CodeFinding is for all of a finding but its rule and its techniques, which label is for.
func CodeFinding(c *spill.Coder, f *finding.Finding, label func(*spill.Coder, *finding.Finding)) {
	c.Texts(&f.Schema, &f.ID)
	c.Time(&f.Time.Time)
	label(c, f)
	c.Int(&f.Score)
	spill.ListOf(c, &f.Reasons, codeReason)
	c.Text(&f.Summary)
	codeActor(c, &f.Actor)
	c.Text(&f.Action)
	codeTarget(c, &f.Target)
	c.Texts(&f.Outcome, &f.Host, &f.Cluster)
	CodeContainer(c, &f.Container)
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

// CodeEntry is what an entry of the ledger is made of.
func CodeEntry(c *spill.Coder, e *finding.Entry) {
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

// CodeContainer is what is known of a container.
func CodeContainer(c *spill.Coder, x *finding.Container) {
	c.Texts(&x.ID, &x.Name, &x.Pod, &x.Namespace, &x.Image)
}

func codeExposed(c *spill.Coder, e *finding.Exposed) {
	c.Texts(&e.Kind, &e.Namespace, &e.Name, &e.Certainty)
}

func codeMatch(c *spill.Coder, m *finding.Match) { c.Texts(&m.Field, &m.Value, &m.Pattern) }

// CodeLink is why two actors are one.
func CodeLink(c *spill.Coder, l *finding.Link) { c.Texts(&l.Actor, &l.Why, &l.Certainty) }

func codeSource(c *spill.Coder, s *finding.Source) {
	c.Texts(&s.Path, &s.Format, &s.Envelope)
	CodePos(c, &s.Pos)
}

// CodePos is a place in the evidence.
func CodePos(c *spill.Coder, p *parsers.Pos) {
	c.Int64(&p.Line)
	c.Int64(&p.Offset)
	c.Int64(&p.Length)
}

func codeRemark(c *spill.Coder, r *finding.Remark) {
	c.Text(&r.Code)
	CodePos(c, &r.Pos)
	c.Int64(&r.Bytes)
	c.Int64(&r.Count)
	c.Texts(&r.Reason, &r.Lift)
}
