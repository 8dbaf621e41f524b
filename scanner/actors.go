package scanner

import (
	"cmp"
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

// maxUsed bounds the addresses, clients and hosts listed of one actor.
const maxUsed = 100

// An actorBook gathers who did what, of which the actors and the rotation list are made.
// Of each finding it keeps a credit, and actors are made one after the other when all
// credits are there: ten thousand actors with a story each would not fit.
type actorBook struct {
	credits   *spill.Sorter[credit] // nil while there are none
	logins    map[string][]string   // addresses that identities logged in from, by their id
	exposures exposure.List
	overflow  int64 // findings whose actor did not fit
	shortened int   // actors of whose story, or findings, only a few are listed
}

// A credit is a finding as it counts for its actor.
type credit struct {
	Finding finding.Finding // without evidence
	Own     string          // the identity that it had before it was given to its actor
	Joined  bool            // its log named nobody
	Links   []finding.Link
	From    []string // addresses of its repetitions that it does not name itself
	With    []string // and clients
	Labels  string   // that narrowed what it listed: see narrowed
}

func newCreditSorter(labels *ruleset.Labels) *spill.Sorter[credit] {
	return &spill.Sorter[credit]{
		Compare: func(a, b *credit) int {
			return cmp.Or(strings.Compare(a.Finding.Actor.ID, b.Finding.Actor.ID), a.Finding.Time.Compare(b.Finding.Time.Time),
				strings.Compare(a.Finding.ID, b.Finding.ID))
		},
		Code: func(c *spill.Coder, x *credit) { codeCredit(c, x, labels) },
		Size: creditSize,
	}
}

func codeCredit(c *spill.Coder, x *credit, labels *ruleset.Labels) {
	item.CodeFinding(c, &x.Finding, labels.Code)
	c.Text(&x.Own)
	c.Bool(&x.Joined)
	spill.ListOf(c, &x.Links, item.CodeLink)
	c.List(&x.From)
	c.List(&x.With)
	c.Text(&x.Labels)
}

// creditSize estimates the bytes that a credit takes in memory: its finding has less than others.
func creditSize(x *credit) int {
	return item.FindingSize(&x.Finding) - 768 + 96*len(x.Links) + item.TextsSize(x.From) + item.TextsSize(x.With) + len(x.Labels)
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

// add enters a scored finding, with what else its credit has. Findings below the lowest
// level that reports show belong to no story, and what the time window or the choice of
// rules excludes does not exist.
func (c *actorBook) add(k *concluder, f *finding.Finding, x *credit) error {
	if !k.chosen(f) || finding.LevelRank(f.Rule.Level) < k.actorLevel() {
		return nil
	}
	c.exposures.Add(f, f.Actor.ID)
	if c.credits == nil {
		c.credits = newCreditSorter(k.labels)
	}
	x.Finding = *f
	b := &x.Finding
	x.Labels = given.Labels(f.Exposed)
	b.Reasons, b.Exposed, b.Matched, b.Actor.Groups = nil, nil, nil, nil
	b.Raw, b.RawBase64, b.Related = "", "", f.Related[:min(1, len(f.Related))]
	return c.credits.Add(x)
}

// list makes the actors, highest score first.
func (c *actorBook) list(k *concluder) ([]finding.Actor, error) {
	var actors actorList
	if c.credits == nil {
		return actors.list(), nil
	}
	defer c.close()
	var d *actorDraft
	err := c.credits.EachBorrowed(func(x *credit) error {
		if d != nil && d.actor.ID != x.Finding.Actor.ID {
			actors.add(d.result())
			d = nil
		}
		if d == nil {
			d = newActorDraft(&x.Finding.Actor)
		}
		d.take(k, x)
		return k.ctx.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("make the accounts of actors: %w", err)
	}
	if d != nil {
		actors.add(d.result())
	}
	list := actors.list()
	c.overflow, c.shortened = actors.overflow, actors.shortened
	return list, nil
}

// close frees temporary files.
func (c *actorBook) close() error {
	if c.credits == nil {
		return nil
	}
	return c.credits.Close()
}

func newActorDraft(ref *finding.ActorRef) *actorDraft {
	return &actorDraft{actor: finding.Actor{ID: ref.ID, Kind: ref.Kind, Findings: []string{}}, attack: map[string]finding.Time{}}
}

// take enters a credit. They come in the order of time.
func (d *actorDraft) take(k *concluder, x *credit) {
	f := &x.Finding
	if len(d.actor.Findings) < finding.MaxActorFindings {
		d.actor.Findings = append(d.actor.Findings, f.ID)
	}
	b := k.rules.BlockOf(f.Rule.ID)
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
	for _, address := range k.actors.logins[x.Own] {
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
func (d *actorDraft) see(f *finding.Finding, x *credit) {
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
	d.story.add(f, x.Joined, x.Labels)
}

// use notes a name, an address and so on; names are not bounded, since they make the
// actor known.
func (d *actorDraft) use(what int, s string) {
	if s != "" && (len(d.used[what]) < maxUsed || what == usedName) {
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
