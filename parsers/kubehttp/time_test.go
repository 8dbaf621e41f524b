package kubehttp

import (
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

// TestTimes: the head of a line has second and microsecond in any zone, the envelope
// the rest.
func TestTimes(t *testing.T) {
	day := time.Date(2024, 12, 31, 23, 59, 0, 0, time.UTC)
	for _, c := range []struct {
		stamp    string
		envelope time.Time
		latency  string
		want     string
	}{
		{"1231 23:59:58.123456", day.Add(58_500 * time.Millisecond), "0s", "2024-12-31T23:59:58.123456Z"},
		{"1231 23:59:59.990000", day.Add(60_100 * time.Millisecond), "0s", "2024-12-31T23:59:59.99Z"},     // over the turn of the year
		{"0101 05:29:58.123456", day.Add(58_500 * time.Millisecond), "0s", "2024-12-31T23:59:58.123456Z"}, // at Kolkata
		{"1231 23:59:10.000000", day.Add(58_500 * time.Millisecond), "0s", "2024-12-31T23:59:58.5Z"},      // no such delay: the envelope is believed
		{"1231 23:59:59.900000", day.Add(58_500 * time.Millisecond), "0s", "2024-12-31T23:59:58.5Z"},      // written after it was wrapped
		{"1231 23:59:99.000000", day.Add(58_500 * time.Millisecond), "1s", "2024-12-31T23:59:57.5Z"},
		{"1231 23:59:58.123456", day.Add(58_500 * time.Millisecond), "1m0.000056s", "2024-12-31T23:58:58.1234Z"},
		{"1231 23:59:58.123456", day.Add(58_500 * time.Millisecond), "-3s", "2024-12-31T23:59:58.123456Z"},
		{"1231 23:59:58.123456", day.Add(58_500 * time.Millisecond), "9999999h", "2024-12-31T23:59:58.123456Z"},
		{"1231 23:59:58.123456", time.Time{}, "1s", "-"},
	} {
		line := "I" + c.stamp + `       1 httplog.go:132] "HTTP" verb="GET" URI="/x" latency="` + c.latency + `" resp=200`
		events, err := decode(t, line, parsers.Origin{Time: c.envelope})
		if got, _, _ := strings.Cut(events[0], " "); err != nil || got != c.want {
			t.Errorf("%s within %s, took %s: %s %v, want %s", c.stamp, c.envelope, c.latency, got, err, c.want)
		}
	}
}

// TestDurations: what time.Duration prints is read as time.ParseDuration does it.
func TestDurations(t *testing.T) {
	for _, d := range []time.Duration{0, 1, 999, 1000, 985_300, 1_926_865, 3_100_000, time.Second, 7*time.Second + 5e8, time.Minute, 2*time.Hour + 3*time.Minute + 4*time.Second + 123_456_789, maxLatency} {
		if got, ok := duration([]byte(d.String())); !ok || got != d {
			t.Errorf("%s is read as %s, %v", d, got, ok)
		}
	}
	for _, s := range []string{"", "1", "s", "1.2.3s", ".", "1x", "-1s", "99999999999999999999999h", "9999999h", "1s2", "1h1h1", strings.Repeat("9", 30) + "ns", "1e3s"} {
		if got, ok := duration([]byte(s)); ok {
			t.Errorf("%q is read as %s", s, got)
		}
	}
}
