package report

import (
	"testing"
	"time"
)

func TestPeriodIsToldAsAPersonSaysIt(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ first, last, want string }{
		{"2026-03-10T13:51:02Z", "2026-03-10T13:51:59Z", "2026-03-10 13:51 UTC"},
		{"2026-03-10T13:51:02Z", "2026-03-10T14:11:00Z", "2026-03-10 13:51 to 14:11 UTC"},
		{"2026-03-10T13:51:02Z", "2026-03-11T13:51:02Z", "2026-03-10 13:51 to 2026-03-11 13:51 UTC"},
	} {
		if got := period(at(c.first), at(c.last)); got != c.want {
			t.Errorf("%s to %s: %q, want %q", c.first, c.last, got, c.want)
		}
	}
}
