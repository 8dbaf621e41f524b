package scanner

import (
	"cmp"
	"slices"
	"strings"

	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/text"
)

// Logs tell seconds or milliseconds, and several things happen within one. What
// came first of these is not known: the order of lines is that of the program
// which wrote them, or packed them. So the hits of one instant are brought into
// an order of what they say, and neither correlations nor scores depend on the
// order of files and lines: first who has a name, since others are given to whom
// a log saw start them; then in the order in which correlations want rules to
// match, so that what may have been in that order is taken to have been; then by
// content. Only hits that say the same stand as they were found.

// sortInstant orders the hits of one instant. turn is that of a rule, by key.
func sortInstant(held []stagedHit, turn func(rule string) int) {
	if len(held) < 2 {
		return
	}
	slices.SortStableFunc(held, func(a, b stagedHit) int {
		x, y := a.hit, b.hit
		if x.Like != nil && x.Like == y.Like {
			return comparePlaces(x, y)
		}
		return cmp.Or(compareBools(!echo.Own(x), !echo.Own(y)), cmp.Compare(turn(x.Rule), turn(y.Rule)), compareContent(x, y), comparePlaces(x, y))
	})
}

// compareBools orders false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// compareContent compares what two hits say, but for when and where it is
// written.
func compareContent(a, b *finding.Hit) int {
	texts := func(h *finding.Hit) [17]string {
		c := &h.Container
		return [...]string{h.Rule, h.Actor.ID, h.Actor.Impersonated, h.Action, h.Target.Kind, h.Target.Namespace, h.Target.Name, h.Outcome,
			h.Host, h.Cluster, c.ID, c.Name, c.Pod, c.Namespace, h.Command, h.Actor.Agent, h.Actor.Session}
	}
	x, y := texts(a), texts(b)
	return cmp.Or(slices.Compare(x[:], y[:]), slices.Compare(a.Actor.Addresses, b.Actor.Addresses), compareFields(a.Fields, b.Fields))
}

func compareFields(a, b map[string][]string) int {
	x, y := text.Keys(a), text.Keys(b)
	if c := slices.Compare(x, y); c != 0 {
		return c
	}
	for _, name := range x {
		if c := slices.Compare(a[name], b[name]); c != 0 {
			return c
		}
	}
	return 0
}

func comparePlaces(a, b *finding.Hit) int {
	return cmp.Or(strings.Compare(a.Source.Path, b.Source.Path), cmp.Compare(a.Source.Offset, b.Source.Offset))
}
