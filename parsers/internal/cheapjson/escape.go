package cheapjson

// quoted returns the position of the quote that ends the string whose first
// byte is at i, if it is ASCII and every escape in it is one that unescape
// knows: encoders write & < > as escapes, and quotes inside a reason.
func quoted(b []byte, i int) int {
	for i < len(b) {
		switch c := b[i]; {
		case c == '"':
			return i
		case c < ' ' || c >= 0x80:
			return failed
		case c == '\\':
			_, n := escape(b[i:])
			if n == 0 {
				return failed
			}
			i += n
		default:
			i++
		}
	}
	return failed
}

// escape reads the escape that b starts with and returns the character and the
// length; 0 if it is none of ASCII.
func escape(b []byte) (c byte, n int) {
	if len(b) < 2 {
		return 0, 0
	}
	switch b[1] {
	case '"', '\\', '/':
		return b[1], 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		if len(b) < 6 || b[2] != '0' || b[3] != '0' || b[4] < '0' || b[4] > '7' {
			return 0, 0
		}
		low, ok := hex(b[5])
		if !ok {
			return 0, 0
		}
		return (b[4]-'0')<<4 | low, 6
	}
	return 0, 0
}

func hex(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// unescape appends s, which quoted has accepted, with its escapes resolved.
func unescape(dst, s []byte) []byte {
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			dst = append(dst, s[i])
			i++
			continue
		}
		c, n := escape(s[i:])
		if n == 0 {
			return append(dst, s[i:]...) // not after quoted
		}
		dst = append(dst, c)
		i += n
	}
	return dst
}
