// Package clock reads the times of a log whose lines mostly bear times of the same
// minute.
package clock

import "time"

// A Clock reads RFC 3339 times, and remembers the minute of the last one: to read
// another time of it takes half as long. The zero value is ready; it belongs to one
// goroutine.
type Clock struct {
	prefix string // "2026-03-10T13:00:", of the minute remembered
	minute int64  // its beginning, in seconds since 1970
}

// lenPrefix is the length of a time up to its seconds.
const lenPrefix = len("2006-01-02T15:04:")

// Parse reads s as time.Time.UnmarshalText does, into UTC. It reports whether s is a
// time.
func (c *Clock) Parse(s []byte) (time.Time, bool) {
	if len(s) > lenPrefix && string(s[:lenPrefix]) == c.prefix {
		if second, nanos, ok := seconds(s[lenPrefix:]); ok {
			return time.Unix(c.minute+int64(second), int64(nanos)).UTC(), true
		}
	}
	var t time.Time
	if t.UnmarshalText(s) != nil {
		return time.Time{}, false
	}
	if s[len(s)-1] == 'Z' { // else the minute is of another zone
		c.prefix, c.minute = string(s[:lenPrefix]), t.Unix()-int64(t.Second())
	}
	return t.UTC(), true
}

// seconds reads "05Z" and "05.123456789Z"; false means that it is not sure.
func seconds(s []byte) (second, nanos int, ok bool) {
	end := len(s) - 1
	if end < 2 || end == 3 || end > 12 || s[end] != 'Z' || s[0] < '0' || s[0] > '5' || s[1] < '0' || s[1] > '9' {
		return 0, 0, false
	}
	unit := 100_000_000
	for i := 3; i < end; i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, 0, false
		}
		nanos += int(s[i]-'0') * unit
		unit /= 10
	}
	return int(s[0]-'0')*10 + int(s[1]-'0'), nanos, end == 2 || s[2] == '.'
}
