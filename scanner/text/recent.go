package text

import (
	"hash/maphash"
	"unicode/utf8"
)

// Recent makes strings of bytes. Names of rules, actors and places come again and
// again: one copy of each that was met lately is enough. One goroutine uses it.
type Recent struct {
	seed maphash.Seed // decides only which texts push each other out
	list [1 << recentBits]string
}

const (
	recentBits    = 12
	maxRecentText = 192 // bytes: the path of a request to the Docker API holds an id
)

// NewRecent remembers nothing yet.
func NewRecent() *Recent { return &Recent{seed: maphash.MakeSeed()} }

// Of is b as a string.
func (r *Recent) Of(b []byte) string {
	if len(b) > maxRecentText || len(b) == 0 {
		return string(b)
	}
	text := &r.list[maphash.Bytes(r.seed, b)>>(64-recentBits)]
	if *text != string(b) {
		*text = string(b)
	}
	return *text
}

// Clean is Clean of b.
func (r *Recent) Clean(b []byte) string {
	if len(b) > maxRecentText || !utf8.Valid(b) {
		return Clean(b)
	}
	return r.Of(b)
}

// CleanAll is Clean of each; nil if there are none.
func (r *Recent) CleanAll(list [][]byte) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = r.Clean(b)
	}
	return out
}
