package baseline

import (
	"fmt"
	"hash/fnv"
	"time"
)

// Comparable reports whether something was learned of the log of an actor that
// an act at a time can be compared with: a baseline knows the log, or the act
// lies behind the part of the log that was learned from.
func (x *Index) Comparable(actor string, at time.Time) bool {
	l, ok := x.realms[realm(x.as(actor))]
	return ok && (x.whole || !at.Before(l.until))
}

// Learned reports whether anything can be compared at all.
func (x *Index) Learned() bool { return len(x.realms) > 0 }

// Whole reports whether the index is of a baseline that was given, and not of
// the first part of the log.
func (x *Index) Whole() bool { return x.whole }

// KnowsActor reports whether the principal of h did anything.
func (x *Index) KnowsActor(h Habit) bool { return x.known[Habit{Actor: x.as(h.Actor)}] }

// KnowsAct reports whether the principal of h did such a thing to such an
// object, with whichever client.
func (x *Index) KnowsAct(h Habit) bool {
	return x.known[Habit{Actor: x.as(h.Actor), Class: h.Class, Kind: h.Kind}]
}

// KnowsClient reports whether the principal of h used its client, for whatever.
func (x *Index) KnowsClient(h Habit) bool {
	return x.known[Habit{Actor: x.as(h.Actor), Client: h.Client}]
}

// KnowsImage reports whether the repository of an image is among those learned.
func (x *Index) KnowsImage(image string) bool { return x.images[Repository(image)] }

// Print stands for what was learned of the principals of actor's log, and until
// when: two indexes with one print judge its acts alike. 0 means that nothing
// was learned.
func (x *Index) Print(actor string) uint64 {
	name := realm(x.as(actor))
	l, ok := x.realms[name]
	if !ok {
		return 0
	}
	sum := printOf(name, l.from.UTC().String(), l.until.UTC().String(), fmt.Sprint(x.whole)) + x.prints[name]
	for r := range x.images {
		sum += printOf("image", r)
	}
	return sum | 1
}

// printOf hashes a few texts. Sums of prints do not depend on their order.
func printOf(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p) // never fails
	}
	return h.Sum64()
}
