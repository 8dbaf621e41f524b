package block

import (
	"cmp"
	"slices"
)

// A Block is the `tideline:` block of a rule: what a reader is told, what the
// rule gives away, how it scores, and its own tests. Sigma allows custom keys,
// so the rule stays a Sigma rule that other tools read.
type Block struct {
	Summary  Template
	Exposes  []Expose
	Base     int // points before adjustments; 0 means by level
	Adjust   []Adjust
	Family   string // rules of one family speak of the same act: on one event they count as one
	Needs    string // what the evidence must be like, in words
	Exposing bool   // the rule describes an exposed credential, not an act: it adds nothing to an actor's score
	Tests    []Test

	FirstSeen []string // Optional: of what a hit must be new, to be found; see NewActor and the others
	Done      bool     // of its hits correlations count none that was refused or failed
	Outside   bool     // the rule rests on where the actor came from: low from where the cluster's own kubelets come
}

// An Expose says which credential a hit gives away. Namespace and Name are
// templates, so that they may name fields.
type Expose struct {
	Kind      string
	Namespace Template
	Name      Template
	Certainty string // the most that may be claimed; "" means finding.Obtained
}

// An Adjust changes the score by Points where When, a Sigma selection, holds.
type Adjust struct {
	When   string // the selection as JSON, which is YAML
	Points int
	Why    string
	Level  string // Optional: the level of the finding in place of the rule's
	Kind   string // Optional: the kind of what is exposed in place of the rule's
	Limit  string // Optional: the most that may be claimed of it in place of the rule's certainty

	// Exposes is what is exposed in place of what the rule says, nothing if it
	// is empty and not nil. Optional: nil leaves it to the rule.
	Exposes []Expose
}

// A Test is an event that a rule must hit, or must miss.
type Test struct {
	Event map[string]any
	Hit   bool
	Why   string
}

// A finding for which several adjustments held is what the last of them says that
// says anything of the matter, or else what the rule says. Held are indices of Adjust,
// as a hit keeps them: one of another night may be of a rule with more of them.

// LevelOf is that of a finding; own is the rule's.
func (b *Block) LevelOf(own string, held []int) string {
	return cmp.Or(b.last(held, func(a *Adjust) string { return a.Level }), own)
}

// KindOf is that of the credentials that a finding exposes; "" is what the rule says.
func (b *Block) KindOf(held []int) string {
	return b.last(held, func(a *Adjust) string { return a.Kind })
}

// LimitOf is the most that may be claimed of what a finding exposes; "" is what the rule says.
func (b *Block) LimitOf(held []int) string {
	return b.last(held, func(a *Adjust) string { return a.Limit })
}

// last is the last text that of gives of an adjustment in held; "" is none.
func (b *Block) last(held []int, of func(*Adjust) string) string {
	for _, i := range slices.Backward(held) {
		if i < len(b.Adjust) && of(&b.Adjust[i]) != "" {
			return of(&b.Adjust[i])
		}
	}
	return ""
}

// Exposed is what a finding exposes.
func (b *Block) Exposed(held []int) []Expose {
	for _, i := range slices.Backward(held) {
		if i < len(b.Adjust) && b.Adjust[i].Exposes != nil {
			return b.Adjust[i].Exposes
		}
	}
	return b.Exposes
}

// AllExposes are the exposures of the rule and of its adjustments.
func (b *Block) AllExposes() []Expose {
	list := slices.Clip(b.Exposes)
	for _, a := range b.Adjust {
		list = append(list, a.Exposes...)
	}
	return list
}

// What a rule with first_seen asks about an act. The rule's detection says which acts;
// it finds one only if something of it is new.
const (
	NewActor     = "actor"     // the principal was never seen
	NewAct       = "act"       // the principal never did such a thing to such an object
	NewClient    = "client"    // a known principal uses a program that it never used
	NewNamespace = "namespace" // the principal never did what the rule is about in that namespace
	NewImage     = "image"     // nobody ran an image of that repository
)

var novelties = []string{NewActor, NewAct, NewClient, NewNamespace, NewImage}

// Fields are the names of all fields that the block looks up for its sentences.
func (b *Block) Fields() []string {
	names := b.Summary.Fields()
	for _, e := range b.AllExposes() {
		names = append(names, e.Namespace.Fields()...)
		names = append(names, e.Name.Fields()...)
	}
	return names
}
