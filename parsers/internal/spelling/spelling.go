// Package spelling undoes odd ways to write a path or a word in a command, so
// that rules find what was meant:
//
//	/var/run//secrets/./token     /var/run/secrets/token
//	/etc/x/../kubernetes/a.conf   /etc/kubernetes/a.conf
//	c\at /run/sec''rets           cat /run/secrets
//
// It goes by words alone: what symbolic links, variables and patterns of a
// shell stand for is not known. Standard library only.
package spelling

import "bytes"

// Plain appends a command line to dst as it reads without superfluous slashes,
// "." and ".." in its paths, and without empty quotes and needless backslashes
// within its words; changed is false, and dst as it was, if the line has none
// of them. What is appended is never longer than the line, which must not lie
// in what is behind the end of dst.
func Plain(dst, line []byte) (out []byte, changed bool) {
	if !odd(line) {
		return dst, false
	}
	from := len(dst)
	for i := 0; i < len(line); {
		rest := line[i:]
		if n := needless(line, i); n > 0 {
			i += n
			continue
		}
		switch {
		case begins(rest, "//") && !scheme(line, i):
			i++
		case begins(rest, "/./"):
			i += len("/.")
		case begins(rest, "/../") && part(dst[from:]) > 0:
			dst = dst[:len(dst)-part(dst[from:])]
			i += len("/..")
		default:
			dst = append(dst, line[i])
			i++
		}
	}
	if bytes.Equal(dst[from:], line) {
		return dst[:from], false
	}
	return dst, true
}

// scheme reports whether the slash at i is one of the two of http://.
func scheme(line []byte, i int) bool {
	return i > 0 && (line[i-1] == ':' || i > 1 && line[i-1] == '/' && line[i-2] == ':')
}

// part is the length of "/name" at the end of a path; 0 if there is none that
// ".." could take away.
func part(path []byte) int {
	at := bytes.LastIndexByte(path, '/')
	if at < 0 || at == len(path)-1 {
		return 0
	}
	name := path[at+1:]
	if string(name) == ".." || bytes.ContainsAny(name, " \t\n\"'=;|&<>()`") || scheme(path, at) {
		return 0
	}
	return len(path) - at
}

// needless is how many bytes at i a shell would drop without a difference:
// quotes with nothing in them within a word, a backslash before a letter.
func needless(line []byte, i int) int {
	switch c := line[i]; c {
	case '\'', '"':
		if i+1 < len(line) && line[i+1] == c && (i > 0 && word(line[i-1]) || i+2 < len(line) && word(line[i+2])) {
			return 2
		}
	case '\\':
		if i > 0 && word(line[i-1]) && i+1 < len(line) && letter(line[i+1]) {
			return 1
		}
	}
	return 0
}

// odd is a quick look for anything that Plain would change.
func odd(line []byte) bool {
	for i := 0; i+1 < len(line); i++ {
		switch line[i] {
		case '/':
			if c := line[i+1]; c == '.' || c == '/' && !scheme(line, i) {
				return true
			}
		case '\'', '"':
			if line[i+1] == line[i] {
				return true
			}
		case '\\':
			if i > 0 && letter(line[i+1]) && word(line[i-1]) {
				return true
			}
		}
	}
	return false
}

func begins(s []byte, prefix string) bool {
	return len(s) >= len(prefix) && string(s[:len(prefix)]) == prefix
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func word(c byte) bool {
	return letter(c) || c >= '0' && c <= '9' || c == '/' || c == '_' || c == '-' || c == '.'
}
