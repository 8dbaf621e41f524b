package report

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"tideline/report/secret"
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
	if r.show || len(s) < secret.MinText {
		return s
	}
	short := len(known) == 0 && len(s) <= maxCleanText
	if short && r.clean[s] {
		return s
	}
	spans := secret.Find(s, withHead(s, known))
	if len(spans) == 0 {
		if short {
			r.remember(s)
		}
		return s
	}
	var b strings.Builder
	from := 0
	for _, sp := range spans {
		b.WriteString(s[from:sp.From])
		from = sp.To
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

// withHead is known with the beginning of one of them, if s was cut within that:
// the few letters that are left look like no secret.
func withHead(s string, known []string) []string {
	text, cut := strings.CutSuffix(s, ellipsis)
	if !cut {
		return known
	}
	for _, k := range known { // longest first
		for n := len(k) - 1; n >= secret.MinKnown; n-- {
			if strings.HasSuffix(text, k[:n]) {
				return append(slices.Clip(known), k[:n])
			}
		}
	}
	return known
}

// uncut makes a secret within which s was cut whole again, where it is known
// from elsewhere: a secret has one fingerprint, however much of it a sentence
// has room for. The ellipsis is returned if the span of the secret covers it.
func uncut(sp *secret.Span, s string, known []string) (tail string) {
	switch {
	case strings.HasSuffix(s[sp.From:sp.To], ellipsis):
		tail = ellipsis
	case !strings.HasPrefix(s[sp.To:], ellipsis):
		return ""
	}
	sp.Value = strings.TrimSuffix(sp.Value, ellipsis)
	for _, k := range known { // longest first
		if len(sp.Value) >= secret.MinKnown && strings.HasPrefix(k, sp.Value) {
			sp.Value = k
			break
		}
	}
	return tail
}

func (r *Redactor) mark(sp secret.Span) string {
	if whole, ok := r.parted[sp.Value]; ok {
		sp.Value = whole
	}
	mac := hmac.New(sha256.New, r.key)
	mac.Write([]byte(secret.Canonical(sp.Value)))
	print := hex.EncodeToString(mac.Sum(nil)[:4])
	r.seen[print] = true
	return "[masked:" + sp.Kind + ":" + print + "]"
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
