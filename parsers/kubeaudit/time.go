package kubeaudit

import (
	"bytes"
	"time"
)

// stamp reads a time as audit logs spell it: RFC 3339 with any number of
// decimals (metav1.MicroTime has six, metav1.Time none), and what log stores
// make of it: a space for the T, no zone for UTC, a number since 1970. It reports
// whether b is one; it allocates nothing.
func stamp(b []byte) (time.Time, bool) {
	if len(b) < 19 || b[4] != '-' {
		return epoch(b)
	}
	if b[7] != '-' || b[13] != ':' || b[16] != ':' || (b[10] != 'T' && b[10] != 't' && b[10] != ' ') {
		return time.Time{}, false
	}
	year, month, day := number(b[0:4]), number(b[5:7]), number(b[8:10])
	hour, minute, second := number(b[11:13]), number(b[14:16]), number(b[17:19])
	if year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
		minute < 0 || minute > 59 || second < 0 || second > 60 {
		return time.Time{}, false
	}
	nanos, rest := fraction(b[19:])
	shift, ok := zone(rest)
	if !ok {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	if t.Day() != day && second < 60 {
		return time.Time{}, false // 31 February
	}
	return t.Add(-shift), true
}

// epoch reads seconds since 1970, with decimals or without, or, told by how many
// digits there are, milliseconds, microseconds or nanoseconds: what a store that has
// a type for times writes as JSON.
func epoch(b []byte) (time.Time, bool) {
	whole, decimals, _ := bytes.Cut(b, []byte("."))
	n := number(whole)
	switch {
	case n <= 0:
	case len(whole) == 10:
		nanos, rest := fraction(b[10:])
		return time.Unix(int64(n), int64(nanos)).UTC(), len(rest) == 0
	case len(decimals) > 0:
	case len(whole) == 13:
		return time.UnixMilli(int64(n)).UTC(), true
	case len(whole) == 16:
		return time.UnixMicro(int64(n)).UTC(), true
	case len(whole) == 19:
		return time.Unix(0, int64(n)).UTC(), true
	}
	return time.Time{}, false
}

// number is the decimal number b, or -1.
func number(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// fraction reads decimals of a second, which need not be there, and returns
// what follows.
func fraction(b []byte) (nanos int, rest []byte) {
	if len(b) == 0 || (b[0] != '.' && b[0] != ',') {
		return 0, b
	}
	i, unit := 1, 100_000_000
	for ; i < len(b) && '0' <= b[i] && b[i] <= '9'; i++ {
		nanos += int(b[i]-'0') * unit
		unit /= 10
	}
	return nanos, b[i:]
}

// zone reads what stands behind a time of day.
func zone(b []byte) (time.Duration, bool) {
	switch string(b) {
	case "", "Z", "z", " UTC", "UTC", " +0000 UTC":
		return 0, true
	}
	if b[0] == ' ' {
		b = b[1:]
	}
	if len(b) < 3 || (b[0] != '+' && b[0] != '-') {
		return 0, false
	}
	minutes := b[3:]
	switch {
	case len(b) == 3: // "+00", as PostgreSQL writes it
		minutes = []byte("00")
	case b[3] == ':':
		minutes = b[4:]
	}
	h, m := number(b[1:3]), number(minutes)
	if len(minutes) != 2 || h < 0 || h > 23 || m < 0 || m > 59 {
		return 0, false
	}
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if b[0] == '-' {
		d = -d
	}
	return d, true
}
