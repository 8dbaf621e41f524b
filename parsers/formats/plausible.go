package formats

import (
	"bytes"
	"time"
)

// Digits decide whether a line is of a format where they spell a time or a number
// that cannot be. Who can print a line of an impossible time must not hide the next
// one of its kind; so of lines that no format takes only plausible ones are remembered
// (see barren): those in which all digits are such as they could be.

// plausible reports whether all dates, times of day, zones, priorities of syslog and
// numbers of a line are possible ones. It may say no of a line in which they are.
func plausible(line []byte) bool {
	if !plausiblePriority(line) {
		return false
	}
	date, clock := 0, 0 // where the next of each may begin
	for i := 0; i < len(line); i++ {
		if !isDigit(line[i]) {
			continue
		}
		from := i
		for i < len(line) && isDigit(line[i]) {
			i++
		}
		n, ok := digits{line, from, i}, true
		switch {
		case i == len(line):
		case line[i] == '-' && from >= date:
			date, ok = n.date()
		case line[i] == ':' && from >= clock:
			clock, ok = n.clock()
		}
		if !ok || !n.isPlausible() {
			return false
		}
	}
	return true
}

// isPlausible is plausible of a number that stands for itself.
func (n digits) isPlausible() bool {
	if n.from == 0 {
		return !n.isLong()
	}
	switch before := n.line[n.from-1]; {
	case before == ' ':
		if month := n.month(); month > 0 && !isDate(2023, month, n.value()) { // in every year
			return false
		}
	case (before == '+' || before == '-') && n.isZone():
		return n.two(0) <= 14 && n.two(2) <= 59
	}
	return !n.isLong()
}

// digits are a number of a line, as it is written there.
type digits struct {
	line     []byte
	from, to int
}

func isDigit(c byte) bool { return c-'0' < 10 }

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

// long is how many digits a number has that may not fit where one is read: an int64.
const long = 19

// isLong reports whether n is a long number, and no part of an id.
func (n digits) isLong() bool {
	return n.to-n.from >= long && (n.from == 0 || !isLetter(n.line[n.from-1])) && (n.to == len(n.line) || !isLetter(n.line[n.to]))
}

// value is the number; a huge one if it is long, zero if there is none.
func (n digits) value() int {
	if n.to-n.from >= long {
		return 1 << 30
	}
	v := 0
	for _, c := range n.line[n.from:n.to] {
		v = 10*v + int(c-'0')
	}
	return v
}

// two are the two digits of n from the i-th on.
func (n digits) two(i int) int { return digits{n.line, n.from + i, n.from + i + 2}.value() }

// next is the number that stands behind n, parted from it by sep alone; it has no
// digits if there is none.
func (n digits) next(sep byte) digits {
	m := digits{n.line, n.to, n.to}
	if n.to+1 >= len(n.line) || n.line[n.to] != sep {
		return m
	}
	m.from = n.to + 1
	for m.to = m.from; m.to < len(n.line) && isDigit(n.line[m.to]); m.to++ {
	}
	return m
}

func (n digits) len() int { return n.to - n.from }

// date takes n for the year of a date, if it looks like one. The next one begins at
// end; ok is false if it is an impossible one.
func (n digits) date() (end int, ok bool) {
	month := n.next('-')
	if month.len() == 0 {
		return 0, true
	}
	day := month.next('-')
	if day.len() == 0 {
		return 0, true
	}
	looks := n.len() == 4 && month.len() == 2 && day.len() == 2
	return day.to, !looks || isDate(n.value(), month.value(), day.value())
}

// clock takes n for the hour of a time of day, as date does.
func (n digits) clock() (end int, ok bool) {
	minute := n.next(':')
	if minute.len() == 0 {
		return 0, true
	}
	second := minute.next(':')
	looks := n.len() == 2 && minute.len() == 2
	return max(minute.to, second.to), !looks || n.value() <= 23 && minute.value() <= 59 && second.value() <= 59
}

// isZone reports whether n, behind a sign, is a zone, such as +0100, and no part of
// a UUID.
func (n digits) isZone() bool {
	return n.len() == 4 && (n.to == len(n.line) || n.line[n.to] != '-' && !isLetter(n.line[n.to]))
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// month is that of which n is the day, as in "Mar  9"; 0 if it is none.
func (n digits) month() int {
	name := bytes.TrimRight(n.line[:n.from], " ")
	if len(name) == n.from || len(name) < 3 {
		return 0
	}
	if before := len(name) - 4; before >= 0 && (isLetter(name[before]) || isDigit(name[before]) || name[before] == '_') {
		return 0
	}
	name = name[len(name)-3:]
	for m := range 12 {
		if string(name) == months[3*m:3*m+3] {
			return m + 1
		}
	}
	return 0
}

// plausiblePriority reports whether the priority that the line begins with, and the
// version of RFC 5424 behind it, are possible ones.
func plausiblePriority(line []byte) bool {
	if len(line) == 0 || line[0] != '<' {
		return true
	}
	n := digits{line, 0, 0}.next('<')
	if n.len() == 0 || n.to == len(line) || line[n.to] != '>' {
		return true
	}
	if n.value() > 191 {
		return false
	}
	version := n.next('>')
	return version.len() == 0 || version.to == len(line) || line[version.to] != ' ' || version.len() == 1 && line[version.from] == '1'
}

func isDate(year, month, day int) bool {
	return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
		time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day
}
