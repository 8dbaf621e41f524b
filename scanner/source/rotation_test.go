package source

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRotationSetsAreOldestFirst(t *testing.T) {
	for _, want := range [][]string{
		{"audit.log.10", "audit.log.9.gz", "audit.log.2.gz", "audit.log.1", "audit.log", "messages"},
		{"audit.log-20260301", "audit.log-20260302.gz", "audit.log-20260302-1772409600", "audit.log"},
		{"audit-2026-03-01T10-00-00.000.log.gz", "audit-2026-03-01T11-00-00.000.log", "audit.log"},
		{"0.log.20260301-100000.gz", "0.log.20260301-110000", "0.log", "1.log"},
		{"m0.lab-audit-2026-03-01T10-00-00.000.log.gz", "m0.lab-audit.log", "m1.lab-audit.log.gz"},
		{"syslog.2.gz", "syslog.1", "syslog"},
		{"a", "b", "c"},
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortFunc(got, rotationCompare)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func FuzzRotationIsATotalOrder(f *testing.F) {
	f.Add("audit.log.1", "audit.log.2.gz", "audit.log")
	f.Add("a-20260301.log", "a.log", "a.log-2026-03-01")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if RotationLess(a, b) && RotationLess(b, a) {
			t.Errorf("%q and %q before each other", a, b)
		}
		if a != b && !RotationLess(a, b) && !RotationLess(b, a) {
			t.Errorf("%q and %q are equal", a, b)
		}
		if RotationLess(a, b) && RotationLess(b, c) && !RotationLess(a, c) {
			t.Errorf("%q < %q < %q, but not the first before the last", a, b, c)
		}
	})
}
