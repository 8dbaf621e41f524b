package scanner

import (
	"slices"
	"sort"
	"strings"

	"tideline/scanner/exposure"
	"tideline/scanner/finding"
	"tideline/scanner/score"
)

const (
	// maxActors bounds the actors that have an account of their own.
	maxActors = 10_000
	// maxUsed bounds the addresses, clients and hosts listed of one actor.
	maxUsed = 100
)

// A cast gathers who did what: the actors and the rotation list.
type cast struct {
	actors    map[string]*player
	exposures exposure.List
	overflow  int64 // findings whose actor did not fit
}

// A player is one actor in the making.
type player struct {
	actor   finding.Actor
	account score.Account
	used    [4]map[string]bool // names, addresses, agents, hosts
	attack  map[string]finding.Time
	story   story
}

// add enters a scored finding. Findings below the lowest level that reports
// show belong to no story, and what the time window or the choice of rules
// excludes does not exist.
// own is the identity the finding had before it was given to its actor; joined
// says that its log named nobody.
func (c *cast) add(k *concluder, f *finding.Finding, own string, joined bool, links []finding.Link) {
	if !k.chosen(f) || finding.LevelRank(f.Rule.Level) < k.castLevel() {
		return
	}
	c.exposures.Add(f, f.Actor.ID)
	p := c.player(&f.Actor)
	if p == nil {
		c.overflow++
		return
	}
	block := k.block(f.Rule.ID)
	p.account.Add(f, block.Family, block.Exposing)
	if own == f.Actor.ID {
		p.actor.Kind = f.Actor.Kind
	}
	p.see(f, joined)
	for _, address := range k.known.logins.of[own] {
		p.use(1, address)
	}
	for _, l := range links {
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

func (c *cast) player(ref *finding.ActorRef) *player {
	if c.actors == nil {
		c.actors = map[string]*player{}
	}
	p := c.actors[ref.ID]
	if p == nil {
		if len(c.actors) >= maxActors {
			return nil
		}
		p = &player{actor: finding.Actor{ID: ref.ID, Kind: ref.Kind}, attack: map[string]finding.Time{}}
		c.actors[ref.ID] = p
	}
	return p
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

// list is the actors, highest score first. ids gives the finding ids of an
// actor, in event-time order.
func (c *cast) list(ids map[string][]string) []finding.Actor {
	out := make([]finding.Actor, 0, len(c.actors))
	for id, p := range c.actors {
		out = append(out, p.result(ids[id]))
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Score != out[j].Score {
			return out[i].Score > out[j].Score
		}
		return out[i].ID < out[j].ID
	})
	return out
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

func (p *player) result(ids []string) finding.Actor {
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
	a.Findings = append([]string{}, ids...)
	a.Links = append([]finding.Link{}, a.Links...)
	sort.Slice(a.Links, func(i, j int) bool { return a.Links[i].Actor < a.Links[j].Actor })
	return a
}
