package report

import (
	"slices"
	"strings"
)

// A program gives the meaning of a short flag.
type program struct {
	name   string // how the name of the program begins
	flag   byte   // mysql -p is a password and -P a port, with sqlcmd it is the other way round
	spaced bool   // the password may be the next argument
	pair   string // it is user and password, with one of these between them
}

var programs = []program{
	{"mysql", 'p', false, ""}, {"mariadb", 'p', false, ""}, {"sshpass", 'p', true, ""}, {"login", 'p', true, ""},
	{"mongo", 'p', true, ""}, {"7z", 'p', false, ""}, {"unzip", 'P', true, ""}, {"zip", 'P', true, ""},
	{"redis-cli", 'a', true, ""}, {"curl", 'u', true, ":"}, {"curl", 'U', true, ":"}, {"ldap", 'w', true, ""},
	{"useradd", 'p', true, ""}, {"usermod", 'p', true, ""}, {"smbclient", 'U', true, "%"}, {"rabbitmqadmin", 'p', true, ""},
	{"sqlcmd", 'P', true, ""}, {"bcp", 'P', true, ""}, {"cqlsh", 'p', true, ""}, {"ipmitool", 'P', true, ""}, {"openssl", 'k', true, ""},
	{"rdesktop", 'p', true, ""}, {"crackmapexec", 'p', true, ""}, {"nxc", 'p', true, ""}, {"netexec", 'p', true, ""}, {"evil-winrm", 'p', true, ""},
	{"mosquitto_", 'P', true, ""}, {"hydra", 'p', true, ""}, {"medusa", 'p', true, ""}, {"smbmap", 'p', true, ""}, {"beeline", 'p', true, ""}, {"tsql", 'P', true, ""}, {"http ", 'a', true, ":"},
	{"snmp", 'c', true, ""}, {"snmp", 'A', true, ""}, {"snmp", 'X', true, ""}, {"twine", 'p', true, ""}, {"doctl", 't', true, ""},
	{"ssh-keygen", 'N', true, ""}, {"ssh-keygen", 'P', true, ""}, {"curl", 'b', true, "="}, {"rpcclient", 'U', true, "%"}, {"lftp", 'u', true, ","}, {"ctr", 'u', true, ":"},
}

// programsOf are the programs that a flag means something to.
var programsOf = func() (of [256][]program) {
	for _, p := range programs {
		of[p.flag] = append(of[p.flag], p)
	}
	return of
}()

// lookBack is how far before a short flag its program may stand, in bytes.
const lookBack = 512

// ofCommand reports whether the word at i is an argument of a program whose name
// begins with name: it stands before it, and the command does not end between.
func ofCommand(s string, i int, name string) bool { return commandAt(s, i).is(name) }

// A commandText is a command up to a word of it, in lower case.
type commandText string

// commandAt is the command that the word at i belongs to, as far as it is looked at.
func commandAt(s string, i int) commandText {
	before := s[max(0, i-lookBack) : i+1]
	from := len(before)
	for from > 0 && !endsCommand(before, from-1) {
		from--
	}
	return commandText(strings.ToLower(before[from:]))
}

// endsCommand reports whether the command before s[i] ends with it.
func endsCommand(s string, i int) bool {
	switch s[i] {
	case '|', ';':
		return i+1 < len(s) && s[i+1] == ' '
	case '&':
		return strings.HasPrefix(s[i:], "&& ")
	}
	return false
}

// containsFold reports whether name, which is in lower case, stands in s in any case.
func containsFold(s, name string) bool {
	for i := 0; i+len(name) <= len(s); i++ {
		if lower(s[i]) == name[0] && hasFoldPrefix(s[i:], name) {
			return true
		}
	}
	return false
}

// is reports whether a program whose name begins with name is run.
func (c commandText) is(name string) bool {
	for from := 0; ; {
		at := strings.Index(string(c[from:]), name)
		if at < 0 {
			return false
		}
		if at += from; at == 0 || !isWord(c[at-1]) {
			return true
		}
		from = at + len(name)
	}
}

// flagClues are the short flags of programs, as they begin in a command line, in
// a process title and in quotes.
func flagClues() []clue {
	var out []clue
	for _, flag := range "pauwkcxtnb" {
		for _, before := range []string{" ", "\x00", "\"", "'", "="} {
			out = append(out, clue{before + "-" + string(flag), findShortFlag})
		}
	}
	return out
}

// findShortFlag finds the password behind -p and its like, where the program
// before it says that it is one.
func findShortFlag(dst []secret, s string, i int) []secret {
	list := programsOf[s[i+2]]
	if len(list) == 0 || len(list) == 1 && !containsFold(s[max(0, i-lookBack):i], list[0].name) {
		return dst // "sh -c" is the most common of all flags
	}
	command := commandAt(s, i)
	for _, p := range list {
		if !command.is(p.name) {
			continue
		}
		start, q, ok := i+3, quoting{}, true
		if start < len(s) && (s[start] == ' ' || s[start] == 0 || s[start] == '"' || s[start] == '\'' || s[start] == '\\' || s[start] == '&') {
			glued, after := openQuote(s, start)
			if inner := s[i] == '"' || s[i] == '\''; glued.mark != 0 && !inner && after < len(s) && s[after] > ' ' {
				start, q = after, glued // -p'x y'
			} else if start, q, ok = afterFlag(s, start); !p.spaced {
				ok = false
			}
		} else if start < len(s) && s[start] == '=' {
			q, start = openQuote(s, start+1)
		}
		if !ok || start >= len(s) {
			continue
		}
		end := valueEnd(s, i+1, start, q)
		if p.pair != "" {
			dst = foundPair(dst, s, start, end, p.pair)
		} else if v := s[start:end]; !placeholder(v) {
			dst = found(dst, s, start, end, "password")
		}
	}
	return dst
}

// foundPair appends the password of "user:password", where sep is the colon. Two
// numbers are the ids of a user and a group.
func foundPair(dst []secret, s string, start, end int, sep string) []secret {
	i := strings.Index(s[start:end], sep)
	if i < 0 || placeholder(s[start+i+1:end]) || strings.Trim(s[start:end], "0123456789:") == "" {
		return dst
	}
	return found(dst, s, start+i+1, end, "password")
}

// userPrograms take "user:password" behind --user.
var userPrograms = []string{"curl", "etcdctl", "ldapsearch", "influx", "xh", "aria2c", "ctr"}

// findUserPair finds the password in "--user name:password", where the program
// before it takes one: elsewhere it is a user and a group.
func findUserPair(dst []secret, s string, i int) []secret {
	from, to := nameAround(s, i)
	if name := s[from:to]; name != "--user" && name != "--proxy-user" ||
		!slices.ContainsFunc(userPrograms, func(p string) bool { return ofCommand(s, i, p) }) {
		return dst
	}
	if start, q, ok := afterOption(s, to); ok {
		return foundPair(dst, s, start, valueEnd(s, i, start, q), ":")
	}
	return dst
}

// findCreds finds the password in the "--creds user:password" of skopeo, podman
// and crictl.
func findCreds(dst []secret, s string, i int) []secret {
	from, to := nameAround(s, i)
	if name := s[from:to]; name != "--creds" && name != "--src-creds" && name != "--dest-creds" {
		return dst
	}
	if start, q, ok := afterOption(s, to); ok {
		return foundPair(dst, s, start, valueEnd(s, i, start, q), ":")
	}
	return dst
}

// findLiteral finds the value of kubectl's --from-literal=key=value.
func findLiteral(dst []secret, s string, i int) []secret {
	to := i + len("--from-literal")
	start, q, ok := afterOption(s, to)
	if !ok {
		return dst
	}
	end := valueEnd(s, i, start, q)
	if eq := strings.IndexByte(s[start:end], '='); eq >= 0 && eq+1 < end-start {
		inner, from := openQuote(s, start+eq+1)
		if inner.mark != 0 {
			end = quoteEnd(s, from, inner)
		}
		return found(dst, s, from, end, "secret-data")
	}
	return dst
}

// findPassPhrase finds openssl's "-passin pass:x".
func findPassPhrase(dst []secret, s string, i int) []secret {
	if !strings.Contains(s[max(0, i-lookBack):i], "-pass") {
		return dst
	}
	start := i + len("pass:")
	end := valueEnd(s, i, start, quoting{})
	if start == end || placeholder(s[start:end]) {
		return dst
	}
	return found(dst, s, start, end, "password")
}

// findSecretData finds the values of data and stringData where the text speaks
// of a Secret. Values of a ConfigMap in the same record go with them: better
// too much than a secret.
func findSecretData(dst []secret, s string, i int) []secret {
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
// at i, which are quoted as q, to its closing brace.
func secretMembers(dst []secret, s string, i int, q quoting) []secret {
	depth, key := 1, true
	for i < len(s) && depth > 0 {
		switch s[i] {
		case '{':
			depth, key = depth+1, true
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
			if !key && end > start && !placeholder(s[start:end]) {
				dst = found(dst, s, start, end, "secret-data")
			}
			i = min(end+q.slashes, len(s)-1)
		}
		i++
	}
	return dst
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
// either order, and of a JSON patch (RFC 6902) of a Secret.
func findValuePair(dst []secret, s string, i int) []secret {
	from, to := nameAround(s, i)
	if s[from:to] != "value" {
		return dst
	}
	start, q, ok := afterAssign(s, to)
	if !ok || q.mark == 0 {
		return dst
	}
	end := quoteEnd(s, start, q)
	if end == start || placeholder(s[start:end]) {
		return dst
	}
	object := siblings(s, from, end)
	if name, ok := memberText(object, "name"); ok && secretName(name) {
		return found(dst, s, start, end, kindOf(name))
	}
	if path, ok := memberText(object, "path"); ok && (strings.HasPrefix(path, "/data") || strings.HasPrefix(path, "/stringData")) && aboutSecret(s) {
		return found(dst, s, start, end, "secret-data")
	}
	return dst
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
