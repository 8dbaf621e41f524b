package report

import (
	"encoding/hex"
	"slices"
	"sort"
	"strings"

	"tideline/report/secret"
)

// parted finds the secrets of known that stand in raw in two parts, as in the
// records of a line that a runtime cut: the end of a token tells nothing of what
// it is, and would be quoted. The kernel cuts long arguments, in hex, between any two
// digits. It returns known with the parts, longest first, and the whole that each part
// belongs to.
func parted(raw string, known []string) ([]string, map[string]string) {
	if strings.IndexByte(strings.TrimRight(raw, "\n"), '\n') < 0 {
		return known, nil
	}
	var whole map[string]string
	for _, k := range known {
		if len(k) < secret.LongKnown {
			continue
		}
		digits := strings.ToUpper(hex.EncodeToString([]byte(k)))
		for _, part := range append(twoParts(raw, k, secret.MinKnown), twoParts(raw, digits, 2*secret.MinKnown)...) {
			if whole == nil {
				whole = map[string]string{}
			}
			if _, ok := whole[part]; !ok && len(part) >= secret.MinKnown {
				whole[part] = k
			}
		}
	}
	if whole == nil {
		return known, nil
	}
	known = slices.Clone(known)
	for part := range whole {
		known = append(known, part)
	}
	slices.SortFunc(known, longestFirst)
	return slices.Compact(known), whole
}

// twoParts are the parts of k, of least bytes each, that stand in raw in place of the
// whole; nil if they do not make it up.
func twoParts(raw, k string, least int) []string {
	if strings.Contains(raw, k) {
		return nil
	}
	// A shorter part of a part that is there is there too.
	head := sort.Search(len(k), func(n int) bool { return !strings.Contains(raw, k[:n+1]) })
	tail := sort.Search(len(k), func(n int) bool { return !strings.Contains(raw, k[len(k)-n-1:]) })
	if head < least || tail < least || head+tail < len(k) {
		return nil
	}
	return []string{k[:head], k[head:]}
}
