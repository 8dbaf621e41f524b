package report

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// parted finds the secrets of known that stand in raw in two parts, as in the
// records of a line that a runtime cut: the end of a token tells nothing of what
// it is, and would be quoted. It returns known with the parts, longest first,
// and the whole that each part belongs to.
func parted(raw string, known []string) ([]string, map[string]string) {
	if strings.IndexByte(strings.TrimRight(raw, "\n"), '\n') < 0 {
		return known, nil
	}
	var whole map[string]string
	for _, k := range known {
		if len(k) < longSecret || strings.Contains(raw, k) {
			continue
		}
		// A shorter part of a part that is there is there too.
		head := sort.Search(len(k), func(n int) bool { return !strings.Contains(raw, k[:n+1]) })
		tail := sort.Search(len(k), func(n int) bool { return !strings.Contains(raw, k[len(k)-n-1:]) })
		if head < minKnown || tail < minKnown || head+tail < len(k) {
			continue
		}
		if whole == nil {
			whole = map[string]string{}
		}
		for _, part := range []string{k[:head], k[head:]} {
			if _, ok := whole[part]; !ok && len(part) >= minKnown {
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
	slices.SortFunc(known, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(known), whole
}
