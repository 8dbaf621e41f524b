package baseline

import (
	"hash/maphash"
	"math"
	"strings"
	"time"
)

// learnLimit is the most time that the first part of a log is taken for normal.
const learnLimit = 7 * 24 * time.Hour

// minSpan is how much of a log must lie before an act, so that its first part
// can say what is normal: a working day.
const minSpan = 8 * time.Hour

// An Index answers what is new compared with a baseline. It is immutable. There
// may be a hundred thousand habits, so it holds hashes of them.
type Index struct {
	known  map[uint64]moment   // first use, by key of a habit, also with parts left empty: see Judge
	realms map[string]learning // of whose principals something was learned
	images map[string]moment
	oldest moment               // use of an image
	prints map[string][]printed // habits by realm: see Print
	judged map[string]bool      // hosts without a name in what is judged: see as
	whole  bool                 // of a baseline, not of the log that is judged
}

// A moment is a time in nanoseconds since 1970; never is before all times.
type moment int64

const (
	never    moment = math.MinInt64
	atTheEnd moment = math.MaxInt64
)

// Seconds since 1970 beyond which a moment has no nanoseconds any more.
const firstSecond, lastSecond = math.MinInt64/int64(time.Second) + 1, math.MaxInt64/int64(time.Second) - 1

func momentOf(t time.Time) moment {
	switch s := t.Unix(); {
	case s < firstSecond: // the zero time, too
		return never
	case s > lastSecond:
		return atTheEnd
	}
	return moment(t.UnixNano())
}

// printed is a habit for Print.
type printed struct {
	print uint64
	first moment
}

var seed = maphash.MakeSeed()

// key is what a habit is known by within this process. Who writes a log cannot
// make two of one key.
func key(h Habit) uint64 { return maphash.Comparable(seed, h) }

// learning is the span of a log. from is zero if it has no times.
type learning struct{ from, last time.Time }

// clockSet is before every record of a log that can be read: what seems older comes
// of a machine whose clock was not set yet, and says nothing of when a log begins
// that has other times.
var clockSet = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)

// beginning is when a log begins that has records of two times, either of which may
// be unknown.
func beginning(a, b time.Time) time.Time {
	switch {
	case a.IsZero(), !b.IsZero() && a.Before(clockSet) && !b.Before(clockSet):
		return b
	case b.IsZero(), b.Before(clockSet) && !a.Before(clockSet):
		return a
	case b.Before(a):
		return b
	}
	return a
}

// until is the end of the part of a log that an act at a time is compared
// with: three quarters of what lies before the act, and no more than seven
// days. What somebody began shortly before stays new. Nothing that comes later
// changes it, so that what a night says of an act holds. ok is false if too
// little lies before the act.
func (l learning) until(at time.Time) (until time.Time, ok bool) {
	span := at.Sub(l.from)
	return l.from.Add(min(span/4*3, learnLimit)), span >= minSpan && !l.from.IsZero()
}

// half is until for the whole log looked at from its end.
func (l learning) half() (until time.Time, ok bool) {
	span := l.last.Sub(l.from)
	return l.from.Add(min(span/2, learnLimit)), l.long()
}

// long reports whether there is enough of the log to learn from.
func (l learning) long() bool { return !l.from.IsZero() && l.last.Sub(l.from) >= minSpan }

// learned returns the end of the part of an actor's log that was learned from
// for an act at a time; ok is false if nothing was.
func (x *Index) learned(actor string, at time.Time) (until moment, ok bool) {
	l, ok := x.realms[Realm(actor)]
	if !ok || x.whole {
		return atTheEnd, ok
	}
	end, ok := l.until(at)
	return momentOf(end), ok
}

// first is learned for the first half of the whole log.
func (x *Index) first(actor string) (until moment, ok bool) {
	l, ok := x.realms[Realm(actor)]
	if !ok || x.whole {
		return atTheEnd, ok
	}
	end, ok := l.half()
	return momentOf(end), ok
}

// knows reports whether h, with the actor as learned, was used before a time.
func (x *Index) knows(h Habit, until moment) bool {
	first, ok := x.known[key(h)]
	return ok && first < until
}

// Index makes an index of all of b.
func (b *Baseline) Index() *Index { return b.IndexFor(nil) }

// IndexFor is Index for evidence in which no record names the given hosts. Such
// a host has the habits of the nameless host of b that is called as it is, or
// else those of all nameless hosts of b.
func (b *Baseline) IndexFor(nameless map[string]bool) *Index {
	x := newIndex()
	x.judged, x.whole = nameless, true
	for h, u := range b.habits {
		x.learn(h, u)
		if kind, host, rest := split(h.Actor); b.nameless[host] {
			h.Actor = kind + ":" + rest
			x.learn(h, u)
		}
	}
	x.learnImages(b)
	return x
}

// FirstPart makes an index of the log that b is of: each act is compared with
// the first three quarters of what lies before it, and no more than seven days.
// Acts in the first eight hours are compared with nothing.
func (b *Baseline) FirstPart() *Index {
	x := newIndex()
	for h, u := range b.habits {
		x.learn(h, u)
	}
	x.learnImages(b)
	return x
}

func newIndex() *Index {
	return &Index{known: map[uint64]moment{}, realms: map[string]learning{}, images: map[string]moment{}, oldest: atTheEnd, prints: map[string][]printed{}}
}

func (x *Index) learnImages(b *Baseline) {
	for r, u := range b.images {
		x.images[r] = momentOf(u.First.Time)
		x.oldest = min(x.oldest, x.images[r])
	}
}

// Realm is the log that a principal is known from: a cluster, or one host. It is its
// own realm.
func Realm(actor string) string {
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
	if _, ok := x.realms[Realm(actor)]; ok {
		return actor
	}
	if _, ok := x.realms[kind+":"]; !ok {
		return actor
	}
	return kind + ":" + rest
}

// learn enters a habit with those of its parts that are judged alone.
func (x *Index) learn(h Habit, u *Use) {
	first, name := u.First.Time, Realm(h.Actor)
	l := x.realms[name]
	l.from = beginning(l.from, first)
	if u.Last.After(l.last) {
		l.last = u.Last.Time
	}
	x.realms[name] = l
	at := momentOf(first)
	x.prints[name] = append(x.prints[name], printed{printOf(h.Actor, h.Class, h.Kind, h.Client, h.Network), at})
	x.enter(h, at)
	x.enter(Habit{Actor: h.Actor}, at)
	x.enter(Habit{Actor: h.Actor, Client: h.Client}, at)
	x.enter(Habit{Actor: h.Actor, Network: h.Network}, at)
	x.enter(Habit{Actor: h.Actor, Class: h.Class, Kind: h.Kind}, at)
}

func (x *Index) enter(h Habit, first moment) {
	k := key(h)
	if have, ok := x.known[k]; !ok || first < have {
		x.known[k] = first
	}
}

// Judge says what of h is new, a clause each; nothing if h is all known, or if
// nothing was learned that it could be compared with. at is when h was seen.
// usual says that h was learned as it is.
func (x *Index) Judge(h Habit, at time.Time) (news []string, usual bool) {
	h.Actor = x.as(h.Actor)
	until, ok := x.learned(h.Actor, at)
	if !ok {
		return nil, false
	}
	return x.compare(h, until)
}

// Look is Judge for what was last seen at a time, looked at from the end of
// the log: it is compared with the first half of the whole, and with no more
// than seven days, if it went on behind that.
func (x *Index) Look(h Habit, last time.Time) (news []string, usual bool) {
	h.Actor = x.as(h.Actor)
	until, ok := x.first(h.Actor)
	if !ok || !x.whole && momentOf(last) < until {
		return nil, false
	}
	return x.compare(h, until)
}

// compare is Judge against what was learned until a time.
func (x *Index) compare(h Habit, until moment) (news []string, usual bool) {
	if !x.knows(Habit{Actor: h.Actor}, until) {
		return []string{"the principal"}, false
	}
	if strings.HasPrefix(h.Actor, "k8s:") { // programs of a person on a host are new every day
		if h.Client != "" && !x.knows(Habit{Actor: h.Actor, Client: h.Client}, until) {
			news = append(news, "its client "+h.Client)
		}
		if h.Network != "" && !x.knows(Habit{Actor: h.Actor, Network: h.Network}, until) {
			news = append(news, "its network "+h.Network)
		}
		if h.Kind != "" && !x.knows(Habit{Actor: h.Actor, Class: h.Class, Kind: h.Kind}, until) {
			news = append(news, h.Class+" of "+h.Kind)
		}
	}
	return news, len(news) == 0 && x.knows(h, until)
}

// Uses reports whether an actor acted from a network in the first half of the
// whole log, or in a baseline.
func (x *Index) Uses(actor, network string) bool {
	actor = x.as(actor)
	until, ok := x.first(actor)
	return ok && network != "" && x.knows(Habit{Actor: actor, Network: network}, until)
}

// NewImage reports whether an image's repository is new at a time. Images are
// judged only where some are known.
func (x *Index) NewImage(image, actor string, at time.Time) bool {
	until, ok := x.learned(x.as(actor), at)
	if !ok || image == "" || x.oldest >= until {
		return false
	}
	first, used := x.images[Repository(image)]
	return !used || first >= until
}

// Source says what an actor's novelty at a time is measured against, in words.
func (x *Index) Source(actor string, at time.Time) string {
	if x.whole {
		return "not in the baseline"
	}
	until, _ := x.realms[Realm(x.as(actor))].until(at)
	return "not in the first part of the log, until " + until.UTC().Format("2006-01-02 15:04 MST")
}
