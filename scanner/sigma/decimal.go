package sigma

import "bytes"

// Bounds of what counts as a number: of its text in bytes, and of its exponent.
const (
	maxDecimal  = 1024
	maxExponent = 400
)

// appendDecimal appends the one spelling of the number s, so that equal
// numbers have equal spellings: no exponent, no leading or trailing zeros, no
// minus before zero. It takes the numbers of JSON (RFC 8259 section 6), except
// those like 1e2 that are hexadecimal words as well: logs hold those, and text
// is never taken for hexadecimal nor the other way round.
func appendDecimal(dst, s []byte) ([]byte, bool) {
	whole, frac, exp, neg, ok := splitDecimal(s)
	if !ok || len(whole) == 0 || len(whole) > 1 && whole[0] == '0' || s[0] == '+' {
		return dst, false
	}
	if len(frac) == 0 && len(whole) < len(s) && !bytes.ContainsAny(s[1:], "+-") && s[0] != '-' {
		return dst, false // 1e2, or 5e0
	}
	return writeDecimal(dst, whole, frac, exp, neg), true
}

// isPlain reports whether s, which is not empty, is a whole number as
// appendDecimal writes it; most numbers of logs are.
func isPlain(s []byte) bool {
	run, rest := digits(s)
	return len(rest) == 0 && len(run) <= maxDecimal && (s[0] != '0' || len(s) == 1)
}

// appendLoose is appendDecimal for comparisons, where any text that reads as a
// decimal number counts: leading zeros, a plus sign, blanks around it.
func appendLoose(dst, s []byte) ([]byte, bool) {
	whole, frac, exp, neg, ok := splitDecimal(bytes.TrimSpace(s))
	if !ok {
		return dst, false
	}
	return writeDecimal(dst, whole, frac, exp, neg), true
}

// splitDecimal takes a number apart.
func splitDecimal(s []byte) (whole, frac []byte, exp int, neg, ok bool) {
	if len(s) > maxDecimal {
		return nil, nil, 0, false, false
	}
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	whole, s = digits(s)
	if len(s) > 0 && s[0] == '.' {
		frac, s = digits(s[1:])
		if len(frac) == 0 {
			return nil, nil, 0, false, false
		}
	}
	if len(whole)+len(frac) == 0 {
		return nil, nil, 0, false, false
	}
	if len(s) > 0 {
		exp, ok = exponent(s)
		return whole, frac, exp, neg, ok
	}
	return whole, frac, 0, neg, true
}

// digits cuts the decimal digits off the beginning of s.
func digits(s []byte) (run, rest []byte) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

func exponent(s []byte) (int, bool) {
	if s[0]|0x20 != 'e' {
		return 0, false
	}
	s = s[1:]
	sign := 1
	if len(s) > 0 && (s[0] == '+' || s[0] == '-') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	run, rest := digits(s)
	if len(run) == 0 || len(rest) > 0 || len(run) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range run {
		n = n*10 + int(c-'0')
	}
	return sign * n, n <= maxExponent
}

// writeDecimal writes whole.frac times ten to the exp in its one spelling.
func writeDecimal(dst, whole, frac []byte, exp int, neg bool) []byte {
	digit := func(i int) byte { // of whole and frac together, zeros around them
		switch {
		case i < 0 || i >= len(whole)+len(frac):
			return '0'
		case i < len(whole):
			return whole[i]
		}
		return frac[i-len(whole)]
	}
	point := len(whole) + exp
	first, last := min(0, point-1), max(len(whole)+len(frac), point)
	for first < point-1 && digit(first) == '0' {
		first++
	}
	for last > point && digit(last-1) == '0' {
		last--
	}
	if neg && (last > first+1 || digit(first) != '0') {
		dst = append(dst, '-')
	}
	for i := first; i < last; i++ {
		if i == point {
			dst = append(dst, '.')
		}
		dst = append(dst, digit(i))
	}
	return dst
}

// compareDecimals orders two spellings of appendDecimal by value, exactly,
// whatever their length.
func compareDecimals(a, b []byte) int {
	negA, negB := a[0] == '-', b[0] == '-'
	switch {
	case negA && negB:
		a, b = b[1:], a[1:]
	case negA:
		return -1
	case negB:
		return 1
	}
	wholeA, fracA, _ := bytes.Cut(a, dot)
	wholeB, fracB, _ := bytes.Cut(b, dot)
	if len(wholeA) != len(wholeB) {
		return len(wholeA) - len(wholeB)
	}
	if c := bytes.Compare(wholeA, wholeB); c != 0 {
		return c
	}
	return bytes.Compare(fracA, fracB)
}

var dot = []byte{'.'}
