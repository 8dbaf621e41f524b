package baseline

import (
	"strings"
	"time"
)

// learnLimit is the most time that the first part of a log is taken for normal.
const learnLimit = 7 * 24 * time.Hour

// minSpan is the least span of a log whose first part can say what is normal.
const minSpan = 4 * time.Hour

// An Index answers what is new compared with a baseline. It is immutable.
type Index struct {
	known  map[Habit]bool      // with parts left empty: see Judge
	realms map[string]learning // of whose principals something was learned
	images map[string]bool
	prints map[string]uint64 // of what was learned, by realm: see Print
	judged map[string]bool   // hosts without a name in what is judged: see as
	whole  bool              // of a baseline, not of the first part of the log that is judged
}

// learning says from when to when habits were learned.
type learning struct{ from, until time.Time }

// Index makes an index of all of b.
func (b *Baseline) Index() *Index { return b.IndexFor(nil) }

// IndexFor is Index for evidence in which no record names the given hosts. Such
// a host has the habits of the nameless host of b that is called as it is, or
// else those of all nameless hosts of b.
func (b *Baseline) IndexFor(nameless map[string]bool) *Index {
	x := &Index{known: map[Habit]bool{}, realms: map[string]learning{}, images: map[string]bool{}, prints: map[string]uint64{}, judged: nameless, whole: true}
	for h := range b.habits {
		x.realms[realm(h.Actor)] = learning{}
		x.learn(h)
		if kind, host, rest := split(h.Actor); b.nameless[host] {
			h.Actor = kind + ":" + rest
			x.realms[realm(h.Actor)] = learning{}
			x.learn(h)
		}
	}
	for r := range b.images {
		x.images[r] = true
	}
	return x
}

// FirstPart makes an index of the first part of b: of each log half of its
// span, and no more than seven days. Logs of less than four hours teach
// nothing.
func (b *Baseline) FirstPart() *Index {
	x := &Index{known: map[Habit]bool{}, realms: b.learnings(), images: map[string]bool{}, prints: map[string]uint64{}}
	for h, u := range b.habits {
		if l, ok := x.realms[realm(h.Actor)]; ok && u.First.Before(l.until) {
			x.learn(h)
		}
	}
	docker := learning{}
	for name, l := range x.realms {
		if strings.HasPrefix(name, "docker:") && l.until.After(docker.until) {
			docker = l
		}
	}
	for r, u := range b.images {
		if u.First.Before(docker.until) {
			x.images[r] = true
		}
	}
	return x
}

// learnings are the first parts, per realm.
func (b *Baseline) learnings() map[string]learning {
	spans := map[string]*Use{}
	for h, u := range b.habits {
		name := realm(h.Actor)
		if spans[name] == nil {
			spans[name] = &Use{}
		}
		spans[name].add(*u)
	}
	out := map[string]learning{}
	for name, u := range spans {
		if span := u.Last.Sub(u.First.Time); span >= minSpan {
			out[name] = learning{u.First.Time, u.First.Add(min(span/2, learnLimit))}
		}
	}
	return out
}

// Realm is the log that a principal is known from. It is its own realm.
func Realm(actor string) string { return realm(actor) }

// realm is the log that a principal is known from: a cluster, or one host.
func realm(actor string) string {
	kind, rest, _ := strings.Cut(actor, ":")
	if kind == "k8s" {
		return "k8s:"
	}
	host, _, _ := strings.Cut(rest, "/")
	return kind + ":" + host
}

// split parts the id of an actor on a host; all of another's is kind and rest.
func split(actor string) (kind, host, rest string) {
	kind, rest, _ = strings.Cut(actor, ":")
	if kind != "linux" && kind != "docker" && kind != "unknown" {
		return kind, "", rest
	}
	i := strings.IndexByte(rest, '/')
	if i < 0 {
		i = len(rest)
	}
	return kind, rest[:i], rest[i:]
}

// as is the actor whose habits those of actor are compared with: of a nameless
// host that was not learned by the name of its folder, the one of no host.
func (x *Index) as(actor string) string {
	kind, host, rest := split(actor)
	if !x.judged[host] {
		return actor
	}
	if _, ok := x.realms[realm(actor)]; ok {
		return actor
	}
	if _, ok := x.realms[kind+":"]; !ok {
		return actor
	}
	return kind + ":" + rest
}

// learn enters a habit with those of its parts that are judged alone.
func (x *Index) learn(h Habit) {
	x.prints[realm(h.Actor)] += printOf(h.Actor, h.Class, h.Kind, h.Client, h.Network)
	x.known[h] = true
	x.known[Habit{Actor: h.Actor}] = true
	x.known[Habit{Actor: h.Actor, Client: h.Client}] = true
	x.known[Habit{Actor: h.Actor, Network: h.Network}] = true
	x.known[Habit{Actor: h.Actor, Class: h.Class, Kind: h.Kind}] = true
}

// Judge says what of h is new, a clause each; nothing if h is all known, or if
// nothing was learned that it could be compared with. at is when h was seen:
// what lies within the part that was learned from is not judged. usual says
// that h was learned as it is.
func (x *Index) Judge(h Habit, at time.Time) (news []string, usual bool) {
	h.Actor = x.as(h.Actor)
	l, ok := x.realms[realm(h.Actor)]
	if !ok || !x.whole && at.Before(l.until) {
		return nil, false
	}
	if !x.known[Habit{Actor: h.Actor}] {
		return []string{"the principal"}, false
	}
	if strings.HasPrefix(h.Actor, "k8s:") { // programs of a person on a host are new every day
		if h.Client != "" && !x.known[Habit{Actor: h.Actor, Client: h.Client}] {
			news = append(news, "its client "+h.Client)
		}
		if h.Network != "" && !x.known[Habit{Actor: h.Actor, Network: h.Network}] {
			news = append(news, "its network "+h.Network)
		}
		if h.Kind != "" && !x.known[Habit{Actor: h.Actor, Class: h.Class, Kind: h.Kind}] {
			news = append(news, h.Class+" of "+h.Kind)
		}
	}
	return news, len(news) == 0 && x.known[h]
}

// Uses reports whether an actor was learned to act from a network.
func (x *Index) Uses(actor, network string) bool {
	return network != "" && x.known[Habit{Actor: x.as(actor), Network: network}]
}

// NewImage reports whether an image's repository is new at a time. Images are
// judged only where some are known.
func (x *Index) NewImage(image, actor string, at time.Time) bool {
	actor = x.as(actor)
	l, ok := x.realms[realm(actor)]
	if !ok || len(x.images) == 0 || image == "" || !x.whole && at.Before(l.until) {
		return false
	}
	return !x.images[Repository(image)]
}

// Source says what an actor's novelty is measured against, in words.
func (x *Index) Source(actor string) string {
	if x.whole {
		return "not in the baseline"
	}
	l := x.realms[realm(actor)]
	return "not in the first part of the log, until " + l.until.UTC().Format("2006-01-02 15:04 MST")
}
