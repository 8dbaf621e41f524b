package envelope

import (
	"bytes"
	"time"
)

// Syslog and journalctl begin a line with its time, which option -o gives a form:
//
//	Mar 01 10:00:00              short, RFC 3164
//	Mar 01 10:00:00.123456       short-precise
//	2025-03-01T10:00:00+0100     short-iso, short-iso-precise, RFC 3339
//	Sat 2025-03-01 10:00:00 UTC  short-full, with-unit
//	1740823200.123456            short-unix
//	[   12.345678]               short-monotonic; short-delta has "<    0.000001 >" before the bracket
//
// Source: systemd, src/shared/logs-show.c (output_timestamp_realtime,
// output_timestamp_monotonic).

// bsdTime is the time of RFC 3164; it may have a fraction.
const bsdTime = "Jan _2 15:04:05"

// fullTime is that of short-full, without the zone.
const fullTime = "Mon 2006-01-02 15:04:05"

// cutTime parts a line that begins with what may be such a time behind it; when is
// empty if it does not. Who opens nothing else in the line need not know the time.
func cutTime(line []byte) (when, rest []byte) {
	switch n := len(bsdTime); {
	case len(line) <= n:
		return nil, nil
	case line[0] >= '0' && line[0] <= '9':
		if when, rest = cutWord(line); len(when) < len("1740823200.1") {
			return nil, nil
		}
		return when, rest
	case line[0] == '[':
		if end := bytes.Index(line[:min(len(line), 64)], []byte("] ")); end > 0 {
			return line[:end+1], bytes.TrimLeft(line[end+1:], " ")
		}
		return nil, nil
	case line[3] != ' ':
		return nil, nil
	case line[9] == ':': // and a fraction, perhaps
		when, rest = cutWord(line[n-1:])
		return line[: n-1+len(when) : n-1+len(when)], rest
	}
	if n := len(fullTime); len(line) > n && line[8] == '-' {
		_, behind := cutWord(line[n-1:])
		zone, rest := cutWord(behind)
		end := len(line) - len(behind) + len(zone)
		return line[:end:end], rest
	}
	return nil, nil
}

// logTime reads a time that cutTime found. Those without a year or a zone, and those of
// which only the local name of the zone is told, are times, but not known: nothing is
// guessed.
func logTime(when []byte) (at time.Time, ok bool) {
	switch c := when[0]; {
	case c == '[':
		inside := bytes.TrimLeft(when[1:], " ")
		return at, len(inside) > 1 && inside[0] >= '0' && inside[0] <= '9' && bytes.IndexByte(inside, '.') > 0
	case c >= '0' && c <= '9':
		at = stamp(when)
		return at, at.Unix() >= oldest
	case when[9] == ':':
		_, err := time.Parse(bsdTime, string(when))
		return at, err == nil
	}
	space := bytes.LastIndexByte(when, ' ')
	if _, err := time.Parse(fullTime, string(when[:space])); err != nil {
		return at, false
	}
	for _, zone := range [...]string{" UTC", " -07", " -0700", " -07:00"} { // a zone without a name
		if t, err := time.Parse(fullTime+zone, string(when)); err == nil && (zone == " UTC") == bytes.HasSuffix(when, []byte(" UTC")) {
			return t.UTC(), true
		}
	}
	return at, true
}

// oldest is the first time, in seconds since 1970, that a number before a line is taken
// for; smaller ones count something else.
const oldest = 1_000_000_000
