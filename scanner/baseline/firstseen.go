package baseline

import (
	"fmt"
	"hash/fnv"
	"time"
)

// Comparable reports whether something was learned of the log of an actor that
// an act at a time can be compared with: a baseline knows the log, or enough of
// it lies before the act.
func (x *Index) Comparable(actor string, at time.Time) bool {
	_, ok := x.learned(x.as(actor), at)
	return ok
}

// Learned reports whether anything can be compared at all.
func (x *Index) Learned() bool {
	for _, l := range x.realms {
		if x.whole || l.long() {
			return true
		}
	}
	return false
}

// Whole reports whether the index is of a baseline that was given, and not of
// the log that is judged.
func (x *Index) Whole() bool { return x.whole }

// KnowsActor reports whether the principal of h did anything in what an act of
// it at a time is compared with. So do the others: all report false if there
// is nothing to compare it with.
func (x *Index) KnowsActor(h Habit, at time.Time) bool {
	return x.knowsPart(h, Habit{}, at)
}

// KnowsAct reports whether the principal of h did such a thing to such an
// object, with whichever client.
func (x *Index) KnowsAct(h Habit, at time.Time) bool {
	return x.knowsPart(h, Habit{Class: h.Class, Kind: h.Kind}, at)
}

// KnowsClient reports whether the principal of h used its client, for whatever.
func (x *Index) KnowsClient(h Habit, at time.Time) bool {
	return x.knowsPart(h, Habit{Client: h.Client}, at)
}

// knowsPart looks a part of h up, of the actor that h is compared with.
func (x *Index) knowsPart(h, part Habit, at time.Time) bool {
	part.Actor = x.as(h.Actor)
	until, ok := x.learned(part.Actor, at)
	return ok && x.knows(part, until)
}

// KnowsImage reports whether the repository of an image is among those of the
// baseline.
func (x *Index) KnowsImage(image string) bool {
	_, ok := x.images[Repository(image)]
	return ok
}

// Print stands for what acts of actor's log before a time are compared with:
// two indexes with one print judge them alike. 0 means that nothing was
// learned.
func (x *Index) Print(actor string, before time.Time) uint64 {
	name := Realm(x.as(actor))
	l, ok := x.realms[name]
	if !ok {
		return 0
	}
	sum, end := printOf(name, fmt.Sprint(x.whole)), atTheEnd
	if !x.whole {
		from := momentOf(l.from)
		sum += mixed(printOf("from"), from)
		end = min(momentOf(before), momentOf(l.from.Add(learnLimit))) // the most that is learned
	}
	for _, p := range x.prints[name] {
		if p.first < end {
			sum += x.mix(p.print, p.first)
		}
	}
	for r, first := range x.images {
		if first < end {
			sum += x.mix(printOf("image", r), first)
		}
	}
	return sum | 1
}

// mix joins a print and when it was first made, as far as that matters.
func (x *Index) mix(print uint64, first moment) uint64 {
	if x.whole {
		return print
	}
	return mixed(print, first)
}

func mixed(print uint64, at moment) uint64 {
	return printOf(fmt.Sprint(print, at))
}

// printOf hashes a few texts. Sums of prints do not depend on their order.
func printOf(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p) // never fails
	}
	return h.Sum64()
}
