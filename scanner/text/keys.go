package text

import "slices"

// Keys are the keys of m in order, as what is said must not depend on that of a
// map. It is never nil: on the wire a list of none is [].
func Keys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
