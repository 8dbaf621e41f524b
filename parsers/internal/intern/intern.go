// Package intern makes strings of texts that recur in a log, such as names of
// hosts and containers, without an allocation for each record.
package intern

// Limits of a Table: how many texts are kept before all are forgotten, and how
// long they may be, in bytes. Longer ones are made anew each time.
const (
	maxTexts  = 4096
	maxLength = 512
)

// A Table keeps the texts that recur, so that each is made a string once. Make
// it with make(Table); it belongs to one goroutine.
type Table map[string]string

// Of returns b as a string. It does not keep b.
func (t Table) Of(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := t[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(s) > maxLength {
		return s
	}
	if len(t) >= maxTexts {
		clear(t)
	}
	t[s] = s
	return s
}
