package scanner

import (
	"strings"

	"tideline/scanner/text"
)

// A reach is how far the rules reached into one source: which details its
// events had, of those that rules ask for, and which rules matched. It is made
// of sets, so that it is the same however a source was cut.
type reach struct {
	details map[string]bool
	matched map[string]bool
}

func newReach() reach { return reach{map[string]bool{}, map[string]bool{}} }

// add takes up what o knows.
func (r *reach) add(o *reach) {
	for d := range o.details {
		r.details[d] = true
	}
	for m := range o.matched {
		r.matched[m] = true
	}
}

// match notes that a rule matched, by its key.
func (r *reach) match(rule string) { r.matched[rule] = true }

// shared keeps one copy of each list: the entries of a hundred thousand files
// have a handful of different ones.
type shared map[string][]string

func (s shared) one(list []string) []string {
	key := strings.Join(list, "\x00")
	if have, ok := s[key]; ok {
		return have
	}
	list = text.Merge([]string{}, list)
	s[key] = list
	return list
}
