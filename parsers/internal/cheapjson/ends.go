package cheapjson

// Who knows what surrounds a value, byte for byte, needs no walk to find its
// end. What these accept, Walk accepts in the same place, and nothing else.

// EndOfText returns the position of the quote that ends the string whose first
// byte is at i, as a Text has it; -1: it is none, or has no end.
func EndOfText(b []byte, i int) int { return plain(b, i) }

// EndOfEscaped is EndOfText for an Escaped.
func EndOfEscaped(b []byte, i int) int {
	if end := plain(b, i); end != failed {
		return end
	}
	return quoted(b, i)
}

// EndOfRaw returns the position behind the value at i, as a Raw has it; -1: there
// is none, or it has no end.
func EndOfRaw(b []byte, i int) int {
	if i >= len(b) {
		return failed
	}
	return skip(b, i)
}
