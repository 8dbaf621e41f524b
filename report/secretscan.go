package report

import (
	"cmp"
	"slices"
	"strings"
)

const (
	// minSecret is the length of the shortest text that can hold a secret
	// with the context that gives it away.
	minSecret = 8
	// minKnown is the length of the shortest secret that is masked wherever
	// it occurs in a finding, as a word of its own; from longSecret on also
	// inside a word.
	minKnown   = 4
	longSecret = 8
	// maxLayers is how many encodings around a secret are looked through.
	maxLayers = 4
)

// A secret is a span of a text that must not be shown.
type secret struct {
	from, to int
	kind     string
	value    string // the secret itself, all encodings taken off
	depth    int    // encodings around it
}

// findSecrets are the secrets in s, in order and without overlap: those that
// look like one, those that their context gives away, and known ones, plainly
// or in any encoding that is looked through.
func findSecrets(s string, known []string) []secret {
	return merge(scanSecrets(nil, s, known, 0))
}

func scanSecrets(dst []secret, s string, known []string, depth int) []secret {
	first := len(dst)
	dst = scanClues(dst, s)
	for _, k := range known {
		dst = scanKnown(dst, s, k)
	}
	for i := first; i < len(dst); i++ {
		dst[i].depth = depth
	}
	if depth < maxLayers {
		dst = scanLayers(dst, s, known, depth+1)
	}
	return dst
}

// scanClues looks at every place where the first two letters of a clue stand.
// It is one pass over the text, as nearly all texts hold no secret.
func scanClues(dst []secret, s string) []secret {
	for i := 0; i+1 < len(s); i++ {
		bucket := clueIndex[bigram(s[i], s[i+1])]
		for _, n := range bucket {
			if c := &clues[n]; hasFoldPrefix(s[i:], c.text) {
				dst = c.find(dst, s, i)
			}
		}
	}
	return dst
}

// bigram folds the case of letters and maps two bytes to a small number.
func bigram(a, b byte) int { return int(a&31)<<5 | int(b&31) }

// clueIndex lists the clues by their first two bytes.
var clueIndex = func() (index [1024][]uint16) {
	for i, c := range clues {
		n := bigram(c.text[0], c.text[1])
		index[n] = append(index[n], uint16(i))
	}
	return index
}()

// hasFoldPrefix reports whether s begins with prefix, which is in lower case,
// in any case.
func hasFoldPrefix(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := 0; i < len(prefix); i++ {
		if lower(s[i]) != prefix[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// scanKnown finds the secret k; a short one only as a word of its own.
func scanKnown(dst []secret, s, k string) []secret {
	for from := 0; ; {
		i := strings.Index(s[from:], k)
		if i < 0 {
			return dst
		}
		i += from
		end := i + len(k)
		if len(k) >= longSecret || (i == 0 || !isWord(s[i-1])) && (end == len(s) || !isWord(s[end])) {
			dst = append(dst, secret{from: i, to: end, kind: "secret", value: k})
		}
		from = end
	}
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
}

// merge orders spans and joins those that overlap. The joined span is named
// after the one under most encodings, then the first, then the longest: it
// holds the secret in its plainest form.
func merge(list []secret) []secret {
	slices.SortStableFunc(list, func(a, b secret) int {
		return cmp.Or(a.from-b.from, b.to-a.to, b.depth-a.depth, strings.Compare(a.kind, b.kind))
	})
	out := list[:0]
	for _, sp := range list {
		if sp.to <= sp.from {
			continue
		}
		last := len(out) - 1
		if last < 0 || sp.from >= out[last].to {
			out = append(out, sp)
			continue
		}
		if endsBefore(&sp, &out[last]) {
			out[last].to, out[last].value = sp.to, sp.value
			continue
		}
		if sp.depth > out[last].depth || sp.depth == out[last].depth && out[last].kind == "secret" {
			out[last].kind, out[last].value, out[last].depth = sp.kind, sp.value, sp.depth
		}
		out[last].to = max(out[last].to, sp.to)
	}
	return out
}

// endsBefore reports whether known, a secret known from elsewhere, is all of long
// but for the punctuation of the sentence that it stands in: "password=x: get of y".
func endsBefore(known, long *secret) bool {
	rest, ok := strings.CutPrefix(long.value, known.value)
	return ok && rest != "" && known.kind == "secret" && known.from == long.from && known.depth == 0 && long.depth == 0 && strings.Trim(rest, ":,.;)]}") == ""
}
