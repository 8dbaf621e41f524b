package secret

import "strings"

// What a JSON object is about says that its members are secrets, whatever they are
// called: the data of a Secret, and the value of an environment variable.

// findSecretData finds the values of data and stringData where the text speaks
// of a Secret. Values of a ConfigMap in the same record go with them: better
// too much than a secret.
func findSecretData(dst []Span, s string, i int) []Span {
	from, to := nameAround(s, i)
	if name := s[from:to]; name != "data" && name != "stringData" {
		return dst
	}
	q, j := openQuote(s, to)
	if q.mark == 0 {
		return dst
	}
	if j = skipSpaces(s, j); j >= len(s) || s[j] != ':' {
		return dst
	}
	if j = skipSpaces(s, j+1); j >= len(s) || s[j] != '{' || !aboutSecret(s) {
		return dst
	}
	return secretMembers(dst, s, j+1, q)
}

// secretMembers appends every string value of the object whose members begin
// at i, which are quoted as q, to its closing brace. It appends none if that is
// an audit event, which CloudEvents, Wazuh and others call their data, too: it has
// an auditID, and objects in it, which the data of a Secret has not.
func secretMembers(dst []Span, s string, i int, q quoting) []Span {
	before, audited, nested := len(dst), false, false
	depth, key := 1, true
	for i < len(s) && depth > 0 {
		switch s[i] {
		case '{':
			depth, key, nested = depth+1, true, true
		case '}':
			depth--
		case ',':
			key = true
		case ':':
			key = false
		case '\\', '"', '\'':
			open, start := openQuote(s, i)
			if open != q {
				break
			}
			end := quoteEnd(s, start, q)
			if !key && end > start && !Placeholder(s[start:end]) {
				dst = found(dst, s, start, end, "secret-data")
			}
			audited = audited || key && depth == 1 && s[start:end] == "auditID"
			i = min(end+q.slashes, len(s)-1)
		}
		i++
	}
	if audited && nested {
		return dst[:before]
	}
	return append(dst, Span{From: i, To: i}) // nothing, which says how far that went
}

// aboutSecret reports whether a JSON text has an object of kind Secret or
// SecretList, is about the resource secrets, or patches one in a command line.
func aboutSecret(s string) bool {
	return memberIs(s, "kind", "Secret") || memberIs(s, "resource", "secrets") || patchesSecret(s)
}

// patchesSecret reports whether s has the command kubectl patch secret.
func patchesSecret(s string) bool {
	const word = "patch"
	for i := 0; ; {
		at := strings.Index(s[i:], word)
		if at < 0 {
			return false
		}
		i += at + len(word)
		if list := operands(s, arguments(s, i)); len(list) > 0 && strings.HasPrefix(s[list[0].from:list[0].to], "secret") {
			return true
		}
	}
}

// memberIs reports whether s has a member of that name whose string value
// begins with prefix, under any quoting.
func memberIs(s, name, prefix string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], name)
		if i < 0 {
			return false
		}
		from += i + len(name)
		if start, q, ok := afterAssign(s, from); ok && q.mark != 0 && strings.HasPrefix(s[start:], prefix) {
			return true
		}
	}
}

// findValuePair finds the value of {"name":"DB_PASSWORD","value":"x"}, in
// either order, with "key" as well, and of a JSON patch (RFC 6902) of a Secret.
func findValuePair(dst []Span, s string, i int) []Span {
	from, to := nameAround(s, i)
	if !strings.EqualFold(s[from:to], "value") {
		return dst
	}
	start, q, ok := afterAssign(s, to)
	if !ok || q.mark == 0 {
		return dst
	}
	end := quoteEnd(s, start, q)
	if end == start || Placeholder(s[start:end]) {
		return dst
	}
	object := siblings(s, from, end)
	for _, called := range []string{"name", "Name", "key", "Key"} {
		if (called == "key" || called == "Key") && (from == 0 || s[from-1] != '"') { // of XML
			break
		}
		if name, ok := memberText(object, called); ok && IsName(name) {
			return found(dst, s, start, end, kindOf(name))
		}
	}
	path, _ := memberText(object, "path")
	switch {
	case ofData(path) && aboutSecret(s):
		return found(dst, s, start, end, "secret-data")
	case strings.HasPrefix(path, "/") && IsName(path[strings.LastIndexByte(path, '/'):]):
		return found(dst, s, start, end, kindOf(path))
	}
	return dst
}

// findPatchedData finds what a JSON patch makes all data of a Secret:
// {"op":"add","path":"/data","value":{"k":"x"}}.
func findPatchedData(dst []Span, s string, i int) []Span {
	from, to := nameAround(s, i)
	closing, _ := openQuote(s, to)
	start, q, ok := afterAssign(s, to)
	if s[from:to] != "value" || closing.mark == 0 || !ok || q.mark != 0 || s[start] != '{' {
		return dst
	}
	if path, _ := memberText(siblings(s, from, start), "path"); !ofData(path) || !aboutSecret(s) {
		return dst
	}
	return secretMembers(dst, s, start+1, closing)
}

// ofData reports whether a path of a JSON patch (RFC 6902) leads into the data of a Secret.
func ofData(path string) bool {
	return strings.HasPrefix(path, "/data") || strings.HasPrefix(path, "/stringData")
}

// siblings is the text of the object around s[from:to], as far as its braces
// or some hundred bytes.
func siblings(s string, from, to int) string {
	lo, hi := max(0, from-lookBack), min(len(s), to+lookBack)
	if i := strings.LastIndexByte(s[lo:from], '{'); i >= 0 {
		lo += i
	}
	if i := strings.IndexByte(s[to:hi], '}'); i >= 0 {
		hi = to + i
	}
	return s[lo:hi]
}

// memberText is the string value of the first member of that name.
func memberText(s, name string) (string, bool) {
	for from := 0; ; {
		i := strings.Index(s[from:], name)
		if i < 0 {
			return "", false
		}
		start, end := nameAround(s, from+i)
		from += i + len(name)
		if s[start:end] != name {
			continue
		}
		if v, q, ok := afterAssign(s, end); ok && q.mark != 0 {
			return s[v:quoteEnd(s, v, q)], true
		}
	}
}
