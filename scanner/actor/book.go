package actor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tideline/scanner/exposure"
	"tideline/scanner/finding"
	"tideline/scanner/given"
	"tideline/scanner/item"
	"tideline/scanner/ruleset"
	"tideline/scanner/score"
	"tideline/scanner/spill"
	"tideline/scanner/text"
)

// MaxUsed bounds the addresses, clients and hosts listed of one actor.
const MaxUsed = 100

// A Book gathers who did what, of which the actors and the rotation list are made.
// Of each finding it keeps a credit, and actors are made one after the other when all
// credits are there: ten thousand actors with a story each would not fit.
type Book struct {
	Logins    map[string][]string // Optional: addresses that identities logged in from, by their id
	Exposures exposure.List       // the rotation list
	Overflow  int64               // findings whose actor did not fit; once List has made them
	Shortened int                 // actors of whose story, or findings, only a few are listed; likewise

	rules   *ruleset.Ruleset
	labels  *ruleset.Labels
	credits *spill.Sorter[Credit] // nil while there are none
}

// NewBook is an empty one, for findings of rules. Whoever made it closes it. One goroutine uses it.
func NewBook(rules *ruleset.Ruleset, labels *ruleset.Labels) Book {
	return Book{rules: rules, labels: labels}
}

// A Credit is a finding as it counts for its actor.
type Credit struct {
	finding finding.Finding // without evidence
	Own     string          // the identity that it had before it was given to its actor
	Joined  bool            // its log named nobody
	Links   []finding.Link
	From    []string // addresses of its repetitions that it does not name itself
	With    []string // and clients
	labels  string   // that narrowed what it listed: see narrowed
}

func newCreditSorter(labels *ruleset.Labels) *spill.Sorter[Credit] {
	return &spill.Sorter[Credit]{
		Compare: func(a, b *Credit) int {
			return cmp.Or(strings.Compare(a.finding.Actor.ID, b.finding.Actor.ID), a.finding.Time.Compare(b.finding.Time.Time),
				strings.Compare(a.finding.ID, b.finding.ID))
		},
		Code: func(c *spill.Coder, x *Credit) { codeCredit(c, x, labels) },
		Size: creditSize,
	}
}

func codeCredit(c *spill.Coder, x *Credit, labels *ruleset.Labels) {
	item.CodeFinding(c, &x.finding, labels.Code)
	c.Text(&x.Own)
	c.Bool(&x.Joined)
	spill.ListOf(c, &x.Links, item.CodeLink)
	c.List(&x.From)
	c.List(&x.With)
	c.Text(&x.labels)
}

// creditSize estimates the bytes that a credit takes in memory: its finding has less than others.
func creditSize(x *Credit) int {
	return item.FindingSize(&x.finding) - 768 + 96*len(x.Links) + item.TextsSize(x.From) + item.TextsSize(x.With) + len(x.labels)
}

// An actorDraft is one actor in the making.
type actorDraft struct {
	actor   finding.Actor
	account score.Account
	used    [usedKinds]map[string]bool
	attack  map[string]finding.Time
	story   story
}

// What a draft gathers of its actor, each once.
const (
	usedName = iota
	usedAddress
	usedAgent
	usedHost
	usedKinds
)

// Add enters a scored finding, with what else its credit has, of which it takes ownership;
// it keeps a copy of f. Findings below the lowest level that reports show belong to no story,
// and what the time window or the choice of rules excludes does not exist: it is not told of
// those.
func (c *Book) Add(f *finding.Finding, x *Credit) error {
	c.Exposures.Add(f, f.Actor.ID)
	if c.credits == nil {
		c.credits = newCreditSorter(c.labels)
	}
	x.finding = *f
	b := &x.finding
	x.labels = given.Labels(f.Exposed)
	b.Reasons, b.Exposed, b.Matched, b.Actor.Groups = nil, nil, nil, nil
	b.Raw, b.RawBase64, b.Related = "", "", f.Related[:min(1, len(f.Related))]
	return c.credits.Add(x)
}

// List makes the actors, highest score first. Nothing is to be added afterwards.
func (c *Book) List(ctx context.Context) ([]finding.Actor, error) {
	var actors actorList
	if c.credits == nil {
		return actors.list(), nil
	}
	defer c.Close()
	var d *actorDraft
	err := c.credits.EachBorrowed(func(x *Credit) error {
		if d != nil && d.actor.ID != x.finding.Actor.ID {
			actors.add(d.result())
			d = nil
		}
		if d == nil {
			d = newActorDraft(&x.finding.Actor)
		}
		d.take(c, x)
		return ctx.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("make the accounts of actors: %w", err)
	}
	if d != nil {
		actors.add(d.result())
	}
	list := actors.list()
	c.Overflow, c.Shortened = actors.overflow, actors.shortened
	return list, nil
}

// Close frees temporary files; List has done so when it made them.
func (c *Book) Close() error {
	if c.credits == nil {
		return nil
	}
	return c.credits.Close()
}

func newActorDraft(ref *finding.ActorRef) *actorDraft {
	return &actorDraft{actor: finding.Actor{ID: ref.ID, Kind: ref.Kind, Findings: []string{}}, attack: map[string]finding.Time{}}
}

// take enters a credit. They come in the order of time.
func (d *actorDraft) take(book *Book, x *Credit) {
	f := &x.finding
	if len(d.actor.Findings) < finding.MaxActorFindings {
		d.actor.Findings = append(d.actor.Findings, f.ID)
	}
	b := book.rules.BlockOf(f.Rule.ID)
	d.account.Add(f, b.Family, b.Exposing)
	if x.Own == f.Actor.ID {
		d.actor.Kind = f.Actor.Kind
	}
	d.see(f, x)
	for _, address := range x.From {
		d.use(usedAddress, address)
	}
	for _, client := range x.With {
		d.use(usedAgent, client)
	}
	for _, address := range book.Logins[x.Own] {
		d.use(usedAddress, address)
	}
	for _, l := range x.Links {
		d.link(l)
	}
	if taken := f.Actor.Impersonated; taken != "" {
		d.link(finding.Link{Actor: "k8s:" + taken, Why: "it acted in that name (impersonation)", Certainty: "certain"})
	}
}

// maxLinks bounds the links of one actor.
const maxLinks = 50

// link notes why something another log told was given to this actor; the
// strongest reason for each other actor is enough.
func (d *actorDraft) link(l finding.Link) {
	for i := range d.actor.Links {
		have := &d.actor.Links[i]
		if have.Actor == l.Actor {
			if stronger(&l, have) {
				*have = l
			}
			return
		}
	}
	if len(d.actor.Links) < maxLinks {
		d.actor.Links = append(d.actor.Links, l)
	}
}

// certainties of a Link, strongest first.
var certainties = []string{"certain", "likely", "possible"}

func stronger(a, b *finding.Link) bool {
	x, y := slices.Index(certainties, a.Certainty), slices.Index(certainties, b.Certainty)
	return x < y || x == y && a.Why < b.Why
}

// see gathers what a finding tells of its actor; joined is that of its credit.
func (d *actorDraft) see(f *finding.Finding, x *Credit) {
	a := &d.actor
	a.Total++
	a.First.Time = finding.Earlier(a.First.Time, f.Time.Time)
	a.Last.Time = finding.Later(a.Last.Time, f.LastTime.Time)
	d.use(usedName, f.Actor.Name)
	for _, addr := range f.Actor.Addresses {
		d.use(usedAddress, addr)
	}
	d.use(usedAgent, f.Actor.Agent)
	d.use(usedHost, f.Host)
	for _, t := range f.Attack {
		if have, ok := d.attack[t]; !ok || f.Time.Before(have.Time) {
			d.attack[t] = f.Time
		}
	}
	d.story.add(f, x.Joined, x.labels)
}

// use notes a name, an address and so on; names are not bounded, since they make the
// actor known.
func (d *actorDraft) use(what int, s string) {
	if s != "" && (len(d.used[what]) < MaxUsed || what == usedName) {
		if d.used[what] == nil {
			d.used[what] = map[string]bool{}
		}
		d.used[what][s] = true
	}
}

// ownFirst moves the name that the id is made of to the front.
func ownFirst(names []string, id string) []string {
	for i, n := range names {
		if strings.HasSuffix(id, n) {
			copy(names[1:i+1], names[:i])
			names[0] = n
			break
		}
	}
	return names
}

// result is the actor that the draft has become.
func (d *actorDraft) result() finding.Actor {
	a := d.actor
	a.Score, a.Reasons = d.account.Result()
	if a.Reasons == nil {
		a.Reasons = []finding.Reason{}
	}
	a.Names, a.Addresses = ownFirst(text.Keys(d.used[usedName]), a.ID), text.Keys(d.used[usedAddress])
	a.Agents, a.Hosts = text.Keys(d.used[usedAgent]), text.Keys(d.used[usedHost])
	a.Attack = text.Keys(d.attack)
	slices.SortStableFunc(a.Attack, func(x, y string) int { return d.attack[x].Compare(d.attack[y].Time) })
	a.Story = d.story.steps()
	a.Links = append([]finding.Link{}, a.Links...)
	slices.SortFunc(a.Links, func(x, y finding.Link) int { return strings.Compare(x.Actor, y.Actor) })
	return a
}
