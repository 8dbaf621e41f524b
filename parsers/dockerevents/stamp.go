package dockerevents

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"time"
)

// unix is the time of an event in JSON: nanoseconds, or else seconds, since
// 1970. Some writers put nanoseconds into both.
func unix(nano, seconds []byte) time.Time {
	if n, ok := number(nano); ok {
		return time.Unix(0, n).UTC()
	}
	n, ok := number(seconds)
	switch {
	case !ok:
		return time.Time{}
	case n >= 1e17:
		return time.Unix(0, n).UTC()
	case n >= 1e14:
		return time.UnixMicro(n).UTC()
	case n >= 1e11:
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}

// number reads digits without a sign; what is behind a point is dropped, unless an
// exponent moves the point: tools that know no integers write 1.7408232001234568e+18.
func number(s []byte) (n int64, ok bool) {
	digits := 0
	for ; digits < len(s) && s[digits] != '.' && s[digits]|0x20 != 'e'; digits++ {
		c := s[digits]
		if c < '0' || c > '9' || digits == 19 {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if digits > 0 && bytes.ContainsAny(s[digits:], "eE") {
		f, err := strconv.ParseFloat(string(s), 64)
		return int64(f), err == nil && f < 1<<63
	}
	return n, digits > 0 && n >= 0 // 19 digits may not fit
}

// instant reads nanoseconds since 1970 as engines have written them since 2001: 19
// digits. What it reads is a number of JSON, and number reads the same.
func instant(s []byte) (n int64, ok bool) {
	if !decimal(s[:min(len(s), 1)]) {
		return 0, false
	}
	if len(s) != 19 {
		n, ok = number(s)
		return n, ok && decimal(s)
	}
	low, ok := eight(s[11:])
	mid, also := eight(s[3:])
	if !ok || !also {
		return 0, false
	}
	high, ok := number(s[:3])
	n = (high*1e8+mid)*1e8 + low
	return n, ok && n >= 0 && decimal(s[:3])
}

// eight reads the first eight bytes of s, if they are digits, by adding up pairs.
func eight(s []byte) (int64, bool) {
	x := binary.LittleEndian.Uint64(s)
	if x&(0xf0*ones) != 0x30*ones || (x+6*ones)&(0xf0*ones) != 0x30*ones {
		return 0, false
	}
	x &= 0x0f * ones
	x = (x*10 + x>>8) & 0x00ff00ff00ff00ff
	x = (x*100 + x>>16) & 0x0000ffff0000ffff
	return int64(x*10000+x>>32) & 0xffffffff, true
}

// stamp reads a time that is text: RFC 3339, or Go's and compose's forms.
func stamp(s []byte) time.Time {
	var t time.Time
	if t.UnmarshalText(s) == nil {
		return t.UTC()
	}
	t, rest, ok := leadingStamp(append(s[:len(s):len(s)], ' '))
	if !ok || len(rest) > 0 {
		return time.Time{}
	}
	return t
}

// A minute is the one that the last line began with, and its zone: most lines
// begin like the one before.
type minute struct {
	text  [len("2006-01-02T15:04:")]byte
	zone  [6]byte
	zoned int
	begin time.Time
}

// secondsEnd is where nine decimals of a second end that follow a minute.
const secondsEnd = len("2006-01-02T15:04:05.000000000")

// leadingStamp is the function of that name, with less work for the same minute.
func (m *minute) leadingStamp(s []byte) (t time.Time, rest []byte, ok bool) {
	end := bytes.IndexByte(s[:min(len(s), secondsEnd+len(m.zone)+1)], ' ')
	if end < secondsEnd {
		return leadingStamp(s)
	}
	since, nine := seconds(s[len(m.text):secondsEnd])
	if nine && string(s[:len(m.text)]) == string(m.text[:]) && string(s[secondsEnd:end]) == string(m.zone[:m.zoned]) && m.zoned > 0 {
		_, rest = word(s)
		return m.begin.Add(since), rest, true
	}
	if t, rest, ok = leadingStamp(s); ok && nine && s[10] == 'T' {
		copy(m.text[:], s)
		m.zoned, m.begin = copy(m.zone[:], s[secondsEnd:end]), t.Add(-since)
	}
	return t, rest, ok
}

// seconds reads "05.000000000", of less than a minute.
func seconds(s []byte) (time.Duration, bool) {
	low, ok := eight(s[4:])
	high := int64(s[0]-'0')*100 + int64(s[1]-'0')*10 + int64(s[3]-'0')
	if !ok || s[2] != '.' || s[0] < '0' || s[0] > '5' || s[1] < '0' || s[1] > '9' || s[3] < '0' || s[3] > '9' {
		return 0, false
	}
	return time.Duration(high*1e8 + low), true
}

// leadingStamp reads the time that a line starts with and returns what is
// behind it. Manuals of old engines print the zone of Go's layout, "Z07:00";
// it is read as UTC. So is a time without a zone, as compose writes it.
func leadingStamp(s []byte) (t time.Time, rest []byte, ok bool) {
	if len(s) < 20 || s[4] != '-' || s[7] != '-' || s[13] != ':' {
		return t, nil, false
	}
	if s[10] == 'T' {
		w, rest := word(s)
		w = bytes.TrimSuffix(w, []byte("07:00"))
		if !bytes.HasSuffix(w, []byte("Z")) {
			w, _ = word(s)
		}
		if len(w) >= 19 && !bytes.ContainsAny(w[19:], "Zz+-") { // compose in Python, to JSON
			w = append(w[:len(w):len(w)], 'Z')
		}
		return parsed(w, rest)
	}
	if s[10] != ' ' {
		return t, nil, false
	}
	clock, rest := word(s[11:])
	iso := make([]byte, 0, 64)
	iso = append(append(append(iso, s[:10]...), 'T'), clock...)
	zone, behind := word(rest)
	if len(zone) != 5 || zone[0] != '+' && zone[0] != '-' {
		return parsed(append(iso, 'Z'), rest)
	}
	iso = append(append(append(iso, zone[:3]...), ':'), zone[3:]...)
	if name, after := word(behind); isZoneName(name) {
		behind = after
	}
	// A process prints a time of its own with how long the machine was up.
	if up, after := word(behind); bytes.HasPrefix(up, []byte("m=+")) {
		behind = after
	}
	return parsed(iso, behind)
}

func parsed(iso, rest []byte) (time.Time, []byte, bool) {
	var t time.Time
	if err := t.UnmarshalText(iso); err != nil {
		return time.Time{}, nil, false
	}
	return t.UTC(), rest, true
}

// isZoneName reports whether a word is what Go prints behind an offset: an
// abbreviation, or the offset again.
func isZoneName(w []byte) bool {
	if len(w) < 3 || len(w) > 5 {
		return false
	}
	if _, err := strconv.Atoi(string(w)); err == nil {
		return true
	}
	for _, c := range w {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}
