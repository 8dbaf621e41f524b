package ledger

import (
	"strings"

	"tideline/scanner/text"
)

// A Reach is how far the rules reached into one source: which details its
// events had, of those that rules ask for, and which rules matched. It is made
// of sets, so that it is the same however a source was cut.
type Reach struct {
	Details map[string]bool // that events had
	Matched map[string]bool // keys of rules
}

// NewReach is that of a source of which nothing was read.
func NewReach() Reach { return Reach{map[string]bool{}, map[string]bool{}} }

// Add takes up what o knows.
func (r *Reach) Add(o *Reach) {
	for d := range o.Details {
		r.Details[d] = true
	}
	for m := range o.Matched {
		r.Matched[m] = true
	}
}

// Match notes that a rule matched, by its key.
func (r *Reach) Match(rule string) { r.Matched[rule] = true }

// Lists keep one copy of each list: the entries of a hundred thousand files
// have a handful of different ones.
type Lists map[string][]string

// One is the copy of list, sorted and without repetitions.
func (s Lists) One(list []string) []string {
	key := strings.Join(list, "\x00")
	if have, ok := s[key]; ok {
		return have
	}
	list = text.Merge([]string{}, list)
	s[key] = list
	return list
}
