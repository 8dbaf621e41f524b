package secret

import (
	"slices"
	"strings"
)

// Short flags mean a password with some programs and something else with others,
// and so do the few long ones that are here.

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
	{"mosquitto_", 'P', true, ""}, {"hydra", 'p', true, ""}, {"medusa", 'p', true, ""}, {"smbmap", 'p', true, ""}, {"beeline", 'p', true, ""}, {"tsql", 'P', true, ""}, {"http ", 'a', true, ":"}, {"https ", 'a', true, ":"},
	{"snmp", 'c', true, ""}, {"snmp", 'A', true, ""}, {"snmp", 'X', true, ""}, {"twine", 'p', true, ""}, {"doctl", 't', true, ""},
	{"ssh-keygen", 'N', true, ""}, {"ssh-keygen", 'P', true, ""}, {"curl", 'b', true, "="}, {"rpcclient", 'U', true, "%"}, {"winexe", 'U', true, "%"}, {"rar", 'p', false, ""}, {"unrar", 'p', false, ""}, {"lftp", 'u', true, ","}, {"ctr", 'u', true, ":"},
	{"mssql-cli", 'P', true, ""}, {"xh ", 'a', true, ":"}, {"ncftp", 'p', true, ""}, {"poetry", 'p', true, ""}, {"ipa-client-install", 'w', true, ""}, {"psexec", 'p', true, ""}, {"net ", 'U', true, "%"},
}

// programsOf are the programs that a flag means something to.
var programsOf = func() (of [256][]program) {
	for _, p := range programs {
		of[p.flag] = append(of[p.flag], p)
	}
	return of
}()

// flagClues are the short flags of programs, as they begin in a command line, in
// a process title and in quotes.
func flagClues() []clue {
	var out []clue
	for _, flag := range "pauwkcxtnb" {
		for _, before := range []string{" ", "\x00", "\"", "'", "="} {
			out = append(out, clue{text: before + "-" + string(flag), find: findShortFlag})
		}
	}
	return out
}

// findShortFlag finds the password behind -p and its like, where the program
// before it says that it is one.
func findShortFlag(dst []Span, s string, i int) []Span {
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
		if start < len(s) && (s[start] == ' ' || s[start] == 0 || s[start] == '"' || s[start] == '\'' || s[start] == '\\' || s[start] == '&' || s[start] == '\n') {
			glued, after := openQuote(s, start)
			if inner := s[i] == '"' || s[i] == '\''; glued.mark != 0 && !inner && after < len(s) && s[after] > ' ' {
				start, q = after, glued // -p'x y'
			} else if start, q, ok = afterFlag(s, start); !p.spaced {
				ok = false
			}
		} else if start < len(s) && s[start] == '=' {
			q, start = openQuote(s, start+1)
		} else if p.name == "openssl" {
			ok = false // its options are words: -key, -keyform
		}
		if !ok || start >= len(s) {
			continue
		}
		end := valueEnd(s, i+1, start, q)
		if p.pair != "" {
			dst = foundPair(dst, s, start, end, p.pair)
		} else if v := s[start:end]; !Placeholder(v) {
			dst = found(dst, s, start, end, "password")
		}
	}
	return dst
}

// userPrograms take "user:password" behind --user.
var userPrograms = []string{"curl", "etcdctl", "ldapsearch", "influx", "xh", "aria2c", "ctr"}

// findUserPair finds the password in "--user name:password", where the program
// before it takes one: elsewhere it is a user and a group.
func findUserPair(dst []Span, s string, i int) []Span {
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
func findCreds(dst []Span, s string, i int) []Span {
	from, to := nameAround(s, i)
	if name := s[from:to]; name != "--creds" && name != "--src-creds" && name != "--dest-creds" {
		return dst
	}
	if start, q, ok := afterOption(s, to); ok {
		return foundPair(dst, s, start, valueEnd(s, i, start, q), ":")
	}
	return dst
}

// foundPair appends the password of "user:password", where sep is the colon. Two
// numbers are the ids of a user and a group.
func foundPair(dst []Span, s string, start, end int, sep string) []Span {
	i := strings.Index(s[start:end], sep)
	if i < 0 || Placeholder(s[start+i+1:end]) || strings.Trim(s[start:end], "0123456789:") == "" {
		return dst
	}
	return found(dst, s, start+i+1, end, "password")
}

// findLiteral finds the value of kubectl's --from-literal=key=value.
func findLiteral(dst []Span, s string, i int) []Span {
	to := i + len("--from-literal")
	start, q, ok := afterOption(s, to)
	if !ok {
		return dst
	}
	end := valueEnd(s, i, start, q)
	eq := strings.IndexByte(s[start:end], '=')
	if eq < 0 {
		return dst
	}
	from := start + eq + 1
	if inner, after := openQuote(s, from); inner.mark != 0 && (from < end || q.mark == 0 && !quotedAt(s, i)) { // k="x y"
		from, end = after, quoteEnd(s, after, inner)
	}
	if from == end {
		return dst
	}
	return found(dst, s, from, end, "secret-data")
}

// quotedAt reports whether a quotation mark stands before s[i].
func quotedAt(s string, i int) bool { return i > 0 && (s[i-1] == '"' || s[i-1] == '\'') }

// findPassPhrase finds openssl's "-passin pass:x" and cmdkey's /pass:x.
func findPassPhrase(dst []Span, s string, i int) []Span {
	if !strings.Contains(s[max(0, i-lookBack):i], "-pass") && !ofCommand(s, i, "cmdkey") {
		return dst
	}
	start := i + len("pass:")
	end := valueEnd(s, i, start, quoting{})
	if start == end || Placeholder(s[start:end]) {
		return dst
	}
	return found(dst, s, start, end, "password")
}

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
