package formats

import (
	"regexp"
	"strconv"
	"time"
)

// Digits decide whether a line is of a format where they spell a time or a number
// that cannot be. Who can print a line of an impossible time must not hide the next
// one of its kind; so of lines that no format takes only tame ones are remembered:
// those in which all digits are such as they could be.
var (
	datePart   = regexp.MustCompile(`(\d+)-(\d+)-(\d+)`)
	clockPart  = regexp.MustCompile(`(\d+):(\d+)(?::(\d+))?`)
	dayPart    = regexp.MustCompile(`\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d+)`)
	zonePart   = regexp.MustCompile(`[+-](\d\d)(\d\d)(?:[^0-9A-Za-z-]|$)`) // no part of a UUID
	priority   = regexp.MustCompile(`^<(\d+)>(\d* )?`)                     // with the version of RFC 5424
	longNumber = regexp.MustCompile(`(?:^|[^0-9A-Za-z])\d{16,}(?:[^0-9A-Za-z]|$)`)
)

// tame reports whether all dates, times of day, priorities of syslog and numbers of a
// line are possible ones. It may say no of a line in which they are.
func tame(line []byte) bool {
	for _, m := range datePart.FindAllSubmatch(line, -1) {
		if len(m[1]) == 4 && len(m[2]) == 2 && len(m[3]) == 2 && !isDate(number(m[1]), number(m[2]), number(m[3])) {
			return false
		}
	}
	for _, m := range clockPart.FindAllSubmatch(line, -1) {
		if len(m[1]) == 2 && len(m[2]) == 2 && (number(m[1]) > 23 || number(m[2]) > 59 || number(m[3]) > 59) {
			return false
		}
	}
	for _, m := range dayPart.FindAllSubmatch(line, -1) {
		if month, err := time.Parse("Jan", string(m[1])); err != nil || !isDate(2023, int(month.Month()), number(m[2])) {
			return false
		}
	}
	for _, m := range zonePart.FindAllSubmatch(line, -1) {
		if number(m[1]) > 14 || number(m[2]) > 59 {
			return false
		}
	}
	if m := priority.FindSubmatch(line); m != nil && (number(m[1]) > 191 || len(m[2]) > 1 && string(m[2]) != "1 ") {
		return false
	}
	return !longNumber.Match(line)
}

// number is that of digits; a huge one if they are many, zero if there are none.
func number(digits []byte) int {
	if len(digits) == 0 {
		return 0
	}
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return 1 << 30
	}
	return n
}

func isDate(year, month, day int) bool {
	return year > 0 && month >= 1 && month <= 12 && day >= 1 && time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day && day <= 31
}
