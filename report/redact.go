package report

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"tideline/scanner/finding"
)

// DefaultFingerprintKey keys the fingerprints when no key is given. It is the
// same everywhere, because the same evidence must give the same bytes, and so
// that sightings of a secret in several scans can be joined. The price: who has
// a report can test a guess against a fingerprint. Give a key of your own, and
// keep it, where reports leave the house and passwords may be weak.
const DefaultFingerprintKey = "tideline/fingerprint/1"

// A Redactor masks credentials in what a report says. A masked secret reads
// [masked:<kind>:<fingerprint>]; the fingerprint is the first 8 hex digits of
// HMAC-SHA256 over the secret as it was before any encoding, so that two
// sightings of one secret can be told to be the same, whether it stood there
// plainly, as base64 or as hex. What merely names a credential stays: access
// key ids, token ids, names of secrets.
//
// One goroutine uses a Redactor. It never changes what it is given.
type Redactor struct {
	show bool
	key  []byte
	seen map[string]bool // fingerprints masked in the current finding or overview

	parted map[string]string // the secret that each of these is a part of, in the current record
	clean  map[string]bool   // short texts that hold no secret: most findings have the same ones
	record learned           // the last record: several rules may have found it
}

// NewRedactor makes a Redactor. With o.ShowSecrets it masks nothing, and still
// makes every text valid UTF-8.
func NewRedactor(o Options) *Redactor {
	key := o.FingerprintKey
	if len(key) == 0 {
		key = []byte(DefaultFingerprintKey)
	}
	return &Redactor{show: o.ShowSecrets, key: slices.Clone(key), seen: map[string]bool{}, clean: map[string]bool{}}
}

// Text masks the secrets in s and makes it valid UTF-8.
func (r *Redactor) Text(s string) string { return validText(r.mask(s, nil)) }

// mask replaces the secrets in s, and those of known wherever they occur.
func (r *Redactor) mask(s string, known []string) string {
	if r.show || len(s) < minSecret {
		return s
	}
	short := len(known) == 0 && len(s) <= maxCleanText
	if short && r.clean[s] {
		return s
	}
	spans := findSecrets(s, known)
	if len(spans) == 0 {
		if short {
			r.remember(s)
		}
		return s
	}
	var b strings.Builder
	from := 0
	for _, sp := range spans {
		b.WriteString(s[from:sp.from])
		from = sp.to
		tail := uncut(&sp, s, known)
		b.WriteString(r.mark(sp) + tail)
	}
	b.WriteString(s[from:])
	return b.String()
}

// What is remembered to hold no secret: names, reasons, agents.
const (
	maxCleanText  = 128 // bytes
	maxCleanTexts = 4096
)

func (r *Redactor) remember(text string) {
	if len(r.clean) >= maxCleanTexts {
		clear(r.clean)
	}
	r.clean[strings.Clone(text)] = true // it may be part of a record
}

// ellipsis is where a sentence was cut for length.
const ellipsis = "…"

// uncut makes a secret within which s was cut whole again, where it is known
// from elsewhere: a secret has one fingerprint, however much of it a sentence
// has room for. The ellipsis is returned if the span of the secret covers it.
func uncut(sp *secret, s string, known []string) (tail string) {
	switch {
	case strings.HasSuffix(s[sp.from:sp.to], ellipsis):
		tail = ellipsis
	case !strings.HasPrefix(s[sp.to:], ellipsis):
		return ""
	}
	sp.value = strings.TrimSuffix(sp.value, ellipsis)
	for _, k := range known { // longest first
		if len(sp.value) >= minKnown && strings.HasPrefix(k, sp.value) {
			sp.value = k
			break
		}
	}
	return tail
}

func (r *Redactor) mark(sp secret) string {
	if whole, ok := r.parted[sp.value]; ok {
		sp.value = whole
	}
	mac := hmac.New(sha256.New, r.key)
	mac.Write([]byte(canonical(sp.value)))
	print := hex.EncodeToString(mac.Sum(nil)[:4])
	r.seen[print] = true
	return "[masked:" + sp.kind + ":" + print + "]"
}

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
	if !r.show && secretField(m.Field, f) && len(m.Value) > 0 && !placeholder(m.Value) {
		m.Value = r.mark(secret{kind: "secret", value: m.Value})
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
	return secretName(field[strings.LastIndexByte(field, '.')+1:])
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
	slices.SortFunc(known, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
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
		free(&x.Summary)
		free(&x.Command)
		free(&x.Target.Name)
		for _, s := range []*string{&x.Outcome, &x.Finding, &x.Actor, &x.Action, &x.Target.Kind, &x.Target.Namespace} {
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

// each is list with f applied to every element; never nil. It is the very list if
// f changes none: most texts hold no secret, and each report wants all actors.
// Nobody may change what is in it.
func each[T comparable](list []T, f func(*T)) []T {
	if len(list) == 0 {
		return []T{}
	}
	out := list
	var x T
	for i := range list {
		x = list[i]
		if f(&x); x == list[i] {
			continue
		}
		if &out[0] == &list[0] {
			out = slices.Clone(list)
		}
		out[i] = x
	}
	return out
}

// eachOwn is a copy of list with f applied to every element; never nil.
func eachOwn[T any](list []T, f func(*T)) []T {
	out := make([]T, len(list))
	for i := range list {
		out[i] = list[i]
		f(&out[i])
	}
	return out
}

// longOnly are the known secrets that are too long to be a common word, so that
// a password "admin" does not take the name from the user admin.
func longOnly(known []string) []string {
	for i, k := range known { // longest first
		if len(k) < longSecret {
			return known[:i]
		}
	}
	return known
}
