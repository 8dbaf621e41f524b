package scanner

import (
	"hash/maphash"
	"unicode/utf8"
)

// recentTexts make strings of bytes. Names of rules, actors and places come again and
// again: one copy of each that was met lately is enough.
type recentTexts struct {
	seed maphash.Seed // decides only which texts push each other out
	list [1 << recentBits]string
}

const (
	recentBits    = 12
	maxRecentText = 192 // bytes: the path of a request to the Docker API holds an id
)

func newRecentTexts() *recentTexts { return &recentTexts{seed: maphash.MakeSeed()} }

// of is b as a string.
func (r *recentTexts) of(b []byte) string {
	if len(b) > maxRecentText || len(b) == 0 {
		return string(b)
	}
	text := &r.list[maphash.Bytes(r.seed, b)>>(64-recentBits)]
	if *text != string(b) {
		*text = string(b)
	}
	return *text
}

// clean is clean of b.
func (r *recentTexts) clean(b []byte) string {
	if len(b) > maxRecentText || !utf8.Valid(b) {
		return clean(b)
	}
	return r.of(b)
}

// cleanAll is clean of each; nil if there are none.
func (r *recentTexts) cleanAll(list [][]byte) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = r.clean(b)
	}
	return out
}
