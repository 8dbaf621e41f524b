package scanner

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"tideline/scanner/exposure"
	"tideline/scanner/finding"
	"tideline/scanner/score"
)

// maxUsed bounds the addresses, clients and hosts listed of one actor.
const maxUsed = 100

// A cast gathers who did what: what becomes the actors, and the rotation list. Of
// each finding it keeps a credit, and actors are made one after the other when all
// are there: ten thousand of them with a story each would not fit.
type cast struct {
	credits   *sorter[credit]     // nil while there are none
	logins    map[string][]string // addresses that identities logged in from, by their id
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
}

func newCreditSorter(labels *ruleLabels) *sorter[credit] {
	return &sorter[credit]{
		compare: func(a, b *credit) int {
			return cmp.Or(strings.Compare(a.Finding.Actor.ID, b.Finding.Actor.ID), a.Finding.Time.Compare(b.Finding.Time.Time),
				strings.Compare(a.Finding.ID, b.Finding.ID))
		},
		code: func(c *coder, x *credit) { codeCredit(c, x, labels) },
		size: creditSize,
	}
}

// A player is one actor in the making.
type player struct {
	actor   finding.Actor
	account score.Account
	used    [4]map[string]bool // names, addresses, agents, hosts
	attack  map[string]finding.Time
	story   story
}

// add enters a scored finding, with what else its credit has. Findings below the lowest
// level that reports show belong to no story, and what the time window or the choice of
// rules excludes does not exist.
func (c *cast) add(k *concluder, f *finding.Finding, x *credit) error {
	if !k.chosen(f) || finding.LevelRank(f.Rule.Level) < k.castLevel() {
		return nil
	}
	c.exposures.Add(f, f.Actor.ID)
	if c.credits == nil {
		c.credits = newCreditSorter(k.labels)
	}
	x.Finding = *f
	b := &x.Finding
	b.Reasons, b.Exposed, b.Matched, b.Actor.Groups = nil, nil, nil, nil
	b.Raw, b.RawBase64, b.Related = "", "", f.Related[:min(1, len(f.Related))]
	return c.credits.Add(x)
}

// list makes the actors, highest score first.
func (c *cast) list(k *concluder) ([]finding.Actor, error) {
	var actors billing
	if c.credits == nil {
		return actors.list(), nil
	}
	defer c.close()
	var p *player
	err := c.credits.EachBorrowed(func(x *credit) error {
		if p != nil && p.actor.ID != x.Finding.Actor.ID {
			actors.add(p.result())
			p = nil
		}
		if p == nil {
			p = newPlayer(&x.Finding.Actor)
		}
		p.take(k, x)
		return k.ctx.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("make the accounts of actors: %w", err)
	}
	if p != nil {
		actors.add(p.result())
	}
	list := actors.list()
	c.overflow, c.shortened = actors.overflow, actors.shortened
	return list, nil
}

// close frees temporary files.
func (c *cast) close() error {
	if c.credits == nil {
		return nil
	}
	return c.credits.Close()
}

func newPlayer(ref *finding.ActorRef) *player {
	return &player{actor: finding.Actor{ID: ref.ID, Kind: ref.Kind, Findings: []string{}}, attack: map[string]finding.Time{}}
}

// take enters a credit. They come in the order of time.
func (p *player) take(k *concluder, x *credit) {
	f := &x.Finding
	if len(p.actor.Findings) < finding.MaxActorFindings {
		p.actor.Findings = append(p.actor.Findings, f.ID)
	}
	block := k.block(f.Rule.ID)
	p.account.Add(f, block.Family, block.Exposing)
	if x.Own == f.Actor.ID {
		p.actor.Kind = f.Actor.Kind
	}
	p.see(f, x.Joined)
	for _, address := range x.From {
		p.use(1, address)
	}
	for _, client := range x.With {
		p.use(2, client)
	}
	for _, address := range k.cast.logins[x.Own] {
		p.use(1, address)
	}
	for _, l := range x.Links {
		p.link(l)
	}
	if taken := f.Actor.Impersonated; taken != "" {
		p.link(finding.Link{Actor: "k8s:" + taken, Why: "it acted in that name (impersonation)", Certainty: "certain"})
	}
}

// maxLinks bounds the links of one actor.
const maxLinks = 50

// link notes why something another log told was given to this actor; the
// strongest reason for each other actor is enough.
func (p *player) link(l finding.Link) {
	for i := range p.actor.Links {
		have := &p.actor.Links[i]
		if have.Actor == l.Actor {
			if stronger(&l, have) {
				*have = l
			}
			return
		}
	}
	if len(p.actor.Links) < maxLinks {
		p.actor.Links = append(p.actor.Links, l)
	}
}

// certainties of a Link, strongest first.
var certainties = []string{"certain", "likely", "possible"}

func stronger(a, b *finding.Link) bool {
	x, y := slices.Index(certainties, a.Certainty), slices.Index(certainties, b.Certainty)
	return x < y || x == y && a.Why < b.Why
}

func (p *player) see(f *finding.Finding, joined bool) {
	a := &p.actor
	a.Total++
	a.First.Time = earlier(a.First.Time, f.Time.Time)
	a.Last.Time = later(a.Last.Time, f.LastTime.Time)
	p.use(0, f.Actor.Name)
	for _, addr := range f.Actor.Addresses {
		p.use(1, addr)
	}
	p.use(2, f.Actor.Agent)
	p.use(3, f.Host)
	for _, t := range f.Attack {
		if have, ok := p.attack[t]; !ok || f.Time.Before(have.Time) {
			p.attack[t] = f.Time
		}
	}
	p.story.add(f, joined)
}

func (p *player) use(what int, s string) {
	if s != "" && (len(p.used[what]) < maxUsed || what == 0) {
		if p.used[what] == nil {
			p.used[what] = map[string]bool{}
		}
		p.used[what][s] = true
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

func (p *player) result() finding.Actor {
	a := p.actor
	a.Score, a.Reasons = p.account.Result()
	if a.Reasons == nil {
		a.Reasons = []finding.Reason{}
	}
	a.Names, a.Addresses = ownFirst(sortedKeys(p.used[0]), a.ID), sortedKeys(p.used[1])
	a.Agents, a.Hosts = sortedKeys(p.used[2]), sortedKeys(p.used[3])
	a.Attack = sortedKeys(p.attack)
	sort.SliceStable(a.Attack, func(i, j int) bool { return p.attack[a.Attack[i]].Before(p.attack[a.Attack[j]].Time) })
	a.Story = p.story.steps()
	a.Links = append([]finding.Link{}, a.Links...)
	sort.Slice(a.Links, func(i, j int) bool { return a.Links[i].Actor < a.Links[j].Actor })
	return a
}
