package report

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"tideline/report/secret"
	"tideline/scanner/finding"
)

// Finding is a copy of f, normalised, with every text masked and valid UTF-8.
// A secret recognised in one of its texts by what stands around it is masked in
// the others too. Masked is the number of different secrets. The copy shares
// the parts that hold no evidence with f.
func (r *Redactor) Finding(f *finding.Finding) finding.Finding {
	out := *f
	out.Normalise()
	clear(r.seen)
	raw := evidence(f)
	known, spotless := r.known(f, raw)
	free := func(s *string) { *s = validText(r.mask(*s, known)) }
	name := func(s *string) { *s = validText(r.mask(*s, longOnly(known))) }
	// Ids join findings, actors and exposure, so they are masked by what they
	// look like and never by what stands elsewhere in one finding.
	id := func(s *string) { *s = r.Text(*s) }

	free(&out.Summary)
	free(&out.Command)
	out.Summary = resumed(f.Summary, f.Command, out.Summary, out.Command, func(s string) string { free(&s); return s })
	free(&out.Actor.Agent)
	for _, s := range []*string{&out.Target.Kind, &out.Target.Namespace, &out.Target.Name, &out.Action, &out.Outcome, &out.Stage,
		&out.Container.Name, &out.Container.Pod, &out.Container.Namespace, &out.Container.Image} {
		name(s)
	}
	for _, s := range []*string{&out.ID, &out.Actor.ID, &out.Actor.Kind, &out.Actor.Name, &out.Actor.Impersonator, &out.Actor.Impersonated, &out.Actor.Session,
		&out.Host, &out.Cluster, &out.Container.ID, &out.Source.Path, &out.Source.Format, &out.Source.Envelope} {
		id(s)
	}
	out.Reasons = each(out.Reasons, func(x *finding.Reason) { free(&x.Why) })
	out.Actor.Groups = each(out.Actor.Groups, id)
	out.Actor.Addresses = each(out.Actor.Addresses, id)
	out.Exposed = each(out.Exposed, func(x *finding.Exposed) { id(&x.Kind); id(&x.Namespace); id(&x.Name) })
	out.Matched = each(out.Matched, func(x *finding.Match) { r.match(x, f, known) })
	out.Related, out.Attack = each(out.Related, id), each(out.Attack, id)
	out.Rule = validRule(f.Rule)
	r.raw(&out, raw, known, spotless)
	out.Masked = len(r.seen)
	return out
}

// evidence is the raw record of f as bytes of text, whichever form it has.
func evidence(f *finding.Finding) string {
	if f.RawBase64 == "" {
		return f.Raw
	}
	b, err := base64.StdEncoding.DecodeString(f.RawBase64)
	if err != nil {
		return f.RawBase64 // not what the contract says; masked as text
	}
	return string(b)
}

// match masks the whole value of a field whose name says that it is secret.
func (r *Redactor) match(m *finding.Match, f *finding.Finding, known []string) {
	if !r.show && secretField(m.Field, f) && len(m.Value) > 0 && !secret.Placeholder(m.Value) {
		m.Value = r.mark(secret.Span{Kind: secret.Known, Value: m.Value})
	}
	m.Value = validText(r.mask(m.Value, known))
	m.Pattern = validText(r.mask(m.Pattern, known))
	m.Field = validText(m.Field)
}

// secretField reports whether the value of the field is a secret by its name,
// or by being data of a Secret.
func secretField(field string, f *finding.Finding) bool {
	if strings.HasPrefix(f.Target.Kind, "secrets") && (strings.Contains(field, ".data.") || strings.Contains(field, ".stringData.")) {
		return true
	}
	return secret.IsName(field[strings.LastIndexByte(field, '.')+1:])
}

// raw sets the raw record, as text if it is UTF-8 and as base64 if not.
func (r *Redactor) raw(out *finding.Finding, raw string, known []string, spotless bool) {
	if !spotless {
		known, r.parted = parted(raw, known)
		raw = r.mask(raw, known)
		r.parted = nil
	}
	if utf8.ValidString(raw) && out.RawBase64 == "" {
		out.Raw = raw
		return
	}
	out.Raw, out.RawBase64 = "", base64.StdEncoding.EncodeToString([]byte(raw))
}

// validRule makes the texts of a rule valid. They come from the analyst and
// hold no evidence, so nothing in them is masked: rules about passwords show
// examples of them.
func validRule(r finding.Rule) finding.Rule {
	valid := func(s *string) { *s = validText(*s) }
	for _, s := range []*string{&r.ID, &r.Title, &r.Level, &r.Author, &r.License, &r.Description} {
		valid(s)
	}
	r.References, r.FalsePositives = each(r.References, valid), each(r.FalsePositives, valid)
	if r.References == nil {
		r.References = []string{}
	}
	if r.FalsePositives == nil {
		r.FalsePositives = []string{}
	}
	return r
}

// longOnly are the known secrets that are too long to be a common word, so that
// a password "admin" does not take the name from the user admin.
func longOnly(known []string) []string {
	for i, k := range known { // longest first
		if len(k) < secret.LongKnown {
			return known[:i]
		}
	}
	return known
}
