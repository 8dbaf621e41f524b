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

// Merge joins two sorted lists without repetitions; never nil.
func Merge(a, b []string) []string {
	if len(b) == 0 && a != nil {
		return a
	}
	out := append(append(make([]string, 0, len(a)+len(b)), a...), b...)
	slices.Sort(out)
	return slices.Compact(out)
}
