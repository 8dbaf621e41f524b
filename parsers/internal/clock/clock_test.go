package clock

import (
	"testing"
	"time"
)

// same demands that a clock which read other times before reads s as package time does.
func same(t *testing.T, c *Clock, s string) {
	t.Helper()
	var want time.Time
	ok := want.UnmarshalText([]byte(s)) == nil
	got, read := c.Parse([]byte(s))
	if read != ok || ok && (got != want.UTC() || got.Location() != time.UTC) {
		t.Errorf("%q: %v, %v; want %v, %v", s, got, read, want, ok)
	}
}

var stamps = []string{
	"2026-03-10T13:00:00Z", "2026-03-10T13:00:00.1Z", "2026-03-10T13:00:59.123456789Z", "2026-03-10T13:00:60Z",
	"2026-03-10T13:00:05.Z", "2026-03-10T13:00:05,5Z", "2026-03-10T13:00:05.1234567891Z", "2026-03-10T13:00:05.12x4Z",
	"2026-03-10T13:00:5Z", "2026-03-10T13:00:005Z", "2026-03-10T13:00:05", "2026-03-10T13:00:05z", "2026-03-10T13:00:05.5+02:00",
	"2026-03-10T13:00:05-00:00", "2026-03-10T13:01:05Z", "2026-02-30T13:00:05Z", "2026-03-10t13:00:05Z", "0000-01-01T00:00:00Z",
	"9999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59Z", "", "Z", "2026-03-10T13:00:", "2026-03-10T13:00:Z", "2026-03-10T13:00:0aZ",
}

// TestParse: whatever was read before, a time is read as package time reads it.
func TestParse(t *testing.T) {
	for _, before := range stamps {
		for _, s := range stamps {
			c := new(Clock)
			same(t, c, before)
			same(t, c, s)
			same(t, c, before)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range stamps {
		f.Add("2026-03-10T13:00:00Z", s)
	}
	f.Fuzz(func(t *testing.T, before, s string) {
		c := new(Clock)
		same(t, c, before)
		same(t, c, s)
		same(t, c, before)
	})
}

func TestParseAllocatesNothing(t *testing.T) {
	c, s := new(Clock), []byte("2026-03-10T13:00:05.123456789Z")
	c.Parse(s)
	if n := testing.AllocsPerRun(100, func() { c.Parse(s) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkParse(b *testing.B) {
	c, s := new(Clock), []byte("2026-03-10T13:00:05.123456789Z")
	for b.Loop() {
		c.Parse(s)
	}
}

func BenchmarkUnmarshalText(b *testing.B) {
	s := []byte("2026-03-10T13:00:05.123456789Z")
	for b.Loop() {
		var t time.Time
		if t.UnmarshalText(s) != nil {
			b.Fatal("not read")
		}
	}
}
