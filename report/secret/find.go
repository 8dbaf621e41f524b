package secret

import (
	"cmp"
	"slices"
	"strings"
)

// Lengths in bytes.
const (
	// MinText is the length of the shortest text that can hold a secret
	// with the context that gives it away.
	MinText = 8
	// MinKnown is the length of the shortest secret that is looked for
	// wherever it may occur, as a word of its own; from LongKnown on it is
	// found inside a word, too.
	MinKnown  = 4
	LongKnown = 8
)

// maxLayers is how many encodings around a secret are looked through.
const maxLayers = 4

// Known is the kind of a secret that nothing but the list of known ones gave away.
const Known = "secret"

// A Span is a part of a text that must not be shown.
type Span struct {
	From, To int    // in bytes; s[From:To] of the text, in whatever encoding it stands there
	Kind     string // what it is: "jwt", "password", "aws-secret-key"; Known where it is one of those given
	Value    string // the secret itself, all encodings taken off
	depth    int    // encodings around it
}

// Find returns the secrets in s, in order and without overlap: those that look like
// one, those that what stands around them gives away, and those of known, plainly
// or in any encoding that is looked through.
func Find(s string, known []string) []Span {
	x := search{known: known}
	x.text(s, 0)
	return merge(x.found)
}

// A search gathers the secrets of one text, in it as it stands and below its encodings.
type search struct {
	known []string
	found []Span
}

// text looks into s, above which so many encodings were taken off.
func (x *search) text(s string, depth int) {
	first := len(x.found)
	x.found = scanClues(x.found, s)
	for _, k := range x.known {
		x.found = scanKnown(x.found, s, k)
	}
	for i := first; i < len(x.found); i++ {
		x.found[i].depth = depth
	}
	if depth < maxLayers {
		x.layers(s, depth+1)
	}
}

// scanClues looks at every place where the first two letters of a clue stand.
// It is one pass over the text, as nearly all texts hold no secret.
func scanClues(dst []Span, s string) []Span {
	var until [wholes]int
	for i := 0; i+1 < len(s); i++ {
		bucket := clueIndex[bigram(s[i], s[i+1])]
		for _, n := range bucket {
			c := &clues[n]
			if !hasFoldPrefix(s[i:], c.text) || i < until[c.whole] {
				continue
			}
			before := len(dst)
			if dst = c.find(dst, s, i); c.whole != none && len(dst) > before {
				last := dst[len(dst)-1]
				if until[c.whole] = last.To; last.From == last.To {
					dst = dst[:len(dst)-1]
				}
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

// scanKnown finds the secret k; a short one only as a word of its own.
func scanKnown(dst []Span, s, k string) []Span {
	for from := 0; ; {
		i := strings.Index(s[from:], k)
		if i < 0 {
			return dst
		}
		i += from
		end := i + len(k)
		if len(k) >= LongKnown || (i == 0 || !isWord(s[i-1])) && (end == len(s) || !isWord(s[end])) {
			dst = append(dst, Span{From: i, To: end, Kind: Known, Value: k})
		}
		from = end
	}
}

// merge orders spans and joins those that overlap. The joined span is named
// after the one under most encodings, then the first, then the longest: it
// holds the secret in its plainest form.
func merge(list []Span) []Span {
	slices.SortStableFunc(list, func(a, b Span) int {
		return cmp.Or(a.From-b.From, b.To-a.To, b.depth-a.depth, strings.Compare(a.Kind, b.Kind))
	})
	out := list[:0]
	for _, sp := range list {
		if sp.To <= sp.From {
			continue
		}
		last := len(out) - 1
		if last < 0 || sp.From >= out[last].To {
			out = append(out, sp)
			continue
		}
		if endsBefore(&sp, &out[last]) {
			out[last].To, out[last].Value = sp.To, sp.Value
			continue
		}
		if sp.depth == out[last].depth && out[last].Kind == Known && strings.HasPrefix(out[last].Value, sp.Value+" ") { // a passphrase, of which this is the first word
			out[last].Kind = sp.Kind
			continue
		}
		if sp.Value == out[last].Value && out[last].Kind == Known {
			out[last].Kind = sp.Kind
		}
		if sp.depth > out[last].depth || sp.depth == out[last].depth && out[last].Kind == Known {
			out[last].Kind, out[last].Value, out[last].depth = sp.Kind, sp.Value, sp.depth
		}
		out[last].To = max(out[last].To, sp.To)
	}
	return out
}

// endsBefore reports whether known, a secret known from elsewhere, is all of long
// but for the punctuation of the sentence that it stands in: "password=x: get of y".
func endsBefore(known, long *Span) bool {
	rest, ok := strings.CutPrefix(long.Value, known.Value)
	return ok && rest != "" && known.Kind == "secret" && known.From == long.From && known.depth == 0 && long.depth == 0 && strings.Trim(rest, ":,.;)]}") == ""
}
