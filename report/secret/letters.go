package secret

// Letters are those of ASCII here: names and tokens have no others.

// isName reports whether c may stand in a name: a key, a flag, a header.
func isName(c byte) bool { return isWord(c) || c == '-' || c == '.' }

// isWord reports whether c may stand in a word: a letter, a digit or an underscore.
func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
}

// lower is c, or the small letter of a capital.
func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// hasFoldPrefix reports whether s begins with prefix, which is in lower case,
// in any case.
func hasFoldPrefix(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := 0; i < len(prefix); i++ {
		if lower(s[i]) != prefix[i] {
			return false
		}
	}
	return true
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

// containsFold reports whether name, which is in lower case, stands in s in any case.
func containsFold(s, name string) bool {
	for i := 0; i+len(name) <= len(s); i++ {
		if lower(s[i]) == name[0] && hasFoldPrefix(s[i:], name) {
			return true
		}
	}
	return false
}
