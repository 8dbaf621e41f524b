package secret

import "strings"

// Secrets in the files and languages that people print, write with a here-document
// or paste into a command: netrc and pgpass, XML, headers, the
// calls of Python and Go, the addresses of bots.

// formClues are the clues of those forms.
func formClues() []clue {
	return []clue{
		{text: " password ", find: findWordPassword}, {text: " passwd ", find: findWordPassword}, {text: "\tpassword ", find: findWordPassword},
		{text: "pgpass", find: findPgpass},
		{text: "stringdata", find: findYAMLData}, {text: "data", find: findYAMLData}, {text: "value:", find: findYAMLPair}, {text: "value:", find: findDumped}, {text: "unseal key ", find: findUnsealKey},
		{"cookie", findCookies, cookies},
		{text: "auth=(", find: findCallPair}, {text: "auth = (", find: findCallPair}, {text: "basicauth(", find: findCallPair}, {text: ".auth(", find: findCallPair},
		{text: "define(", find: findDefinition}, {text: "setenv(", find: findDefinition},
		{text: "send ", find: findSent}, {text: "::server:", find: findJoinToken}, {text: "::node:", find: findJoinToken}, {text: "oracle:thin:", find: findThin},
		{text: "api.telegram.org/bot", find: findPathToken}, {text: "/api/webhooks/", find: findPathToken}, {text: "webhook.office.com/", find: findPathToken},
		{text: "?key=", find: findKeyParameter}, {text: "&key=", find: findKeyParameter},
		{text: "aad3b435b51404eeaad3b435b51404ee:", find: findNTHash},
		{text: "sqlplus", find: findSqlplus}, {text: "@tcp(", find: findGoSource}, {text: "@unix(", find: findGoSource},
		{text: "ey", find: findValueElement}, {text: "name", find: findValueElement},
	}
}

// A private key that a container prints is a record for each line, of which only the
// first says what it is. So a record that holds one full line of base64 and says
// nothing of a certificate is taken for one of a key.
const (
	pemLine     = 64  // RFC 7468 section 2
	opensshLine = 70  // as ssh-keygen writes it
	lineRecord  = 512 // a record with more than this holds more than a line
)

// ofKey reports whether the run s[from:to] of base64 is such a line.
func ofKey(s string, from, to int) bool {
	return len(s) <= lineRecord && (from == 0 || strings.IndexByte(" \t\n\"", s[from-1]) >= 0) && (to == len(s) || strings.IndexByte(" \r\n\"\\", s[to]) >= 0) &&
		looksMade(strings.ReplaceAll(s[from:to], "/", "")) && !strings.Contains(s, "CERTIFICATE")
}

// findWordPassword finds "password X" in a netrc, where a login stands before it,
// and in the words of a log, where X has small letters, capitals and digits as no
// word of a sentence has.
func findWordPassword(dst []Span, s string, i int) []Span {
	const near = 96
	start := skipSpaces(s, i+1+strings.IndexByte(s[i+1:], ' '))
	end := start
	for end < len(s) && s[end] > ' ' && strings.IndexByte("\"'`\\<>|;&,", s[end]) < 0 {
		end++
	}
	before, value := s[max(0, i-near):i], s[start:end]
	netrc := strings.Contains(before, "login ") && (strings.Contains(before, "machine ") || strings.Contains(before, "default "))
	if value == "" || Placeholder(value) || !netrc && !looksMade(value) {
		return dst
	}
	return found(dst, s, start, end, "password")
}

// looksMade reports whether a word is rather made than spoken: eight bytes or more,
// capitals, small letters and digits, and nothing of a path, a time or a name.
func looksMade(v string) bool {
	var digit, upper, small bool
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c >= '0' && c <= '9':
			digit = true
		case isUpper(c):
			upper = true
		case isLower(c):
			small = true
		case strings.IndexByte("/:.()[]{}", c) >= 0:
			return false
		}
	}
	return len(v) >= 8 && digit && upper && small
}

// findPgpass finds the passwords of lines host:port:database:user:password that are
// written to the file of that name (PostgreSQL, libpq: The Password File).
func findPgpass(dst []Span, s string, i int) []Span {
	from := max(0, i-lookBack)
	for j := from; j < i; {
		end := j
		for end < i && s[end] > ' ' && strings.IndexByte("\"'\\|;&<>", s[end]) < 0 {
			end++
		}
		if parts := strings.SplitN(s[j:end], ":", 5); len(parts) == 5 && parts[4] != "" && parts[0] != "" && parts[1] != "" && strings.Trim(parts[1], "0123456789*") == "" {
			dst = found(dst, s, end-len(parts[4]), end, "password")
		}
		j = end + 1
	}
	return dst
}

// findCookies finds the cookies behind the first of a Cookie header (RFC 6265
// section 4.2.1), which findNamed finds: each may be the session.
func findCookies(dst []Span, s string, i int) []Span {
	const longest = 8 << 10 // bytes, which is what servers take
	to := i + len("cookie")
	if i > 0 && isName(s[i-1]) || to >= len(s) || s[to] != ':' {
		return dst
	}
	start := skipSpaces(s, to+1)
	end := start
	for last := min(len(s), start+longest); end < last && s[end] >= ' ' && s[end] != '"' && s[end] != '\'' && s[end] != '\\'; {
		end++
	}
	for at := start; at < end; {
		next := end
		if n := strings.Index(s[at:end], "; "); n >= 0 {
			next = at + n
		}
		name, value, ok := strings.Cut(s[at:next], "=")
		if !ok || strings.ContainsAny(name, " \t") {
			break
		}
		if n := strings.IndexByte(value, ' '); n >= 0 { // what follows is no cookie any more
			value = value[:n]
		}
		if from := at + len(name) + 1; value != "" && !Placeholder(value) {
			dst = found(dst, s, from, from+len(value), "secret")
		}
		at = next + len("; ")
	}
	return dst
}

// findJoinToken finds the secret of a token with which nodes join a cluster of K3s
// and RKE2: K10<hash of the authority>::server:x.
func findJoinToken(dst []Span, s string, i int) []Span {
	const shortest = 8
	start := i + 2 + strings.IndexByte(s[i+2:], ':') + 1
	end := start
	for end < len(s) && (isWord(s[end]) || s[end] == '-') {
		end++
	}
	if end-start < shortest || !strings.Contains(s[max(0, i-70):i], "K10") {
		return dst
	}
	return found(dst, s, start, end, "token")
}

// findThin finds the password in jdbc:oracle:thin:user/password@host.
func findThin(dst []Span, s string, i int) []Span {
	start := i + len("oracle:thin:")
	end := start
	for end < min(len(s), start+lookBack) && s[end] > ' ' && strings.IndexByte("\"'\\;", s[end]) < 0 {
		end++
	}
	user, rest, ok := strings.Cut(s[start:end], "/")
	at := strings.LastIndexByte(rest, '@')
	if !ok || user == "" || strings.Contains(user, "@") || at < 1 || Placeholder(rest[:at]) {
		return dst
	}
	return found(dst, s, start+len(user)+1, start+len(user)+1+at, "password")
}

// findGoSource finds the password in the data source name of Go's MySQL driver:
// user:password@tcp(host)/database.
func findGoSource(dst []Span, s string, i int) []Span {
	from := i
	for from > max(0, i-lookBack) && s[from-1] > ' ' && strings.IndexByte("\"'\\=,;", s[from-1]) < 0 {
		from--
	}
	user, password, ok := strings.Cut(s[from:i], ":")
	if !ok || user == "" || strings.HasPrefix(password, "//") || Placeholder(password) {
		return dst
	}
	return found(dst, s, i-len(password), i, "password")
}

// findDumped finds the value of a variable as Go prints one, which kubelets do of containers
// that do not start: EnvVar{Name:DB_PASSWORD,Value:x,ValueFrom:nil,}.
func findDumped(dst []Span, s string, i int) []Span {
	const longest = 4096 // bytes of a value
	start := i + len("Value:")
	if i < 2 || s[i] != 'V' || s[i-1] != ',' && s[i-1] != ' ' || start == len(s) {
		return dst
	}
	from, to := nameAround(s, i-2)
	if !strings.HasSuffix(s[:from], "Name:") || to != i-1 || !IsName(s[from:to]) {
		return dst
	}
	rest := s[start:min(len(s), start+longest)]
	end := strings.Index(rest, s[i-1:i]+"ValueFrom:")
	if end < 0 {
		end = strings.IndexAny(rest, ",}\n")
	}
	if end < 0 || Placeholder(rest[:end]) {
		return dst
	}
	return found(dst, s, start, start+end, kindOf(s[from:to]))
}

// findCallPair finds the second text in auth=('user', 'password') and in the calls
// of HTTPBasicAuth, SetBasicAuth and db.auth.
func findCallPair(dst []Span, s string, i int) []Span {
	open := i + strings.IndexByte(s[i:], '(')
	q, start := openQuote(s, skipSpaces(s, open+1))
	if q.mark == 0 {
		return dst
	}
	a, _, ok := nextListed(s, quoteEnd(s, start, q))
	if !ok || Placeholder(s[a.from:a.to]) {
		return dst
	}
	return found(dst, s, a.from, a.to, "password")
}

// findDefinition finds the second text in define('DB_PASSWORD', 'x') and os.Setenv.
func findDefinition(dst []Span, s string, i int) []Span {
	q, start := openQuote(s, skipSpaces(s, i+strings.IndexByte(s[i:], '(')+1))
	if q.mark == 0 {
		return dst
	}
	end := quoteEnd(s, start, q)
	if !IsName(s[start:end]) {
		return dst
	}
	if a, _, ok := nextListed(s, end); ok && !Placeholder(s[a.from:a.to]) {
		return found(dst, s, a.from, a.to, kindOf(s[start:end]))
	}
	return dst
}

// findUnsealKey finds what vault operator init prints: Unseal Key 1: x.
func findUnsealKey(dst []Span, s string, i int) []Span {
	const shortest = 32
	colon := strings.IndexByte(s[i:min(len(s), i+len("unseal key 00:"))], ':')
	if colon < 0 {
		return dst
	}
	start := skipSpaces(s, i+colon+1)
	end := start
	for end < len(s) && isToken68(s[end]) {
		end++
	}
	if end-start < shortest {
		return dst
	}
	return found(dst, s, start, end, "key")
}

// findPathToken finds the secret in the path of a bot or a webhook: Telegram's
// bot<id>:<token>, Discord's <id>/<token>, all behind the host of Microsoft's.
func findPathToken(dst []Span, s string, i int) []Span {
	const shortest = 24
	from := i + strings.IndexByte(s[i:], '/') + 1
	telegram := hasFoldPrefix(s[i:], "api.t")
	switch {
	case telegram:
		from += len("bot")
	case s[i] == '/':
		from = i + len("/api/webhooks/")
	}
	end := from
	for end < len(s) && (isWord(s[end]) || strings.IndexByte("-@:%.", s[end]) >= 0 || s[end] == '/' && !telegram) {
		end++
	}
	if s[i] == '/' || telegram { // the id names it and stays
		id := strings.IndexAny(s[from:end], ":/")
		if id <= 0 || strings.Trim(s[from:from+id], "0123456789") != "" {
			return dst
		}
		from += id + 1
	}
	if end-from < shortest {
		return dst
	}
	return found(dst, s, from, end, "webhook")
}

// findKeyParameter finds the key of an API in a query, where it is too long and
// mixed for the key of anything else.
func findKeyParameter(dst []Span, s string, i int) []Span {
	start := i + len("?key=")
	end := start
	for end < len(s) && (isWord(s[end]) || s[end] == '-') {
		end++
	}
	if v := s[start:end]; len(v) < 16 || !looksMade(v) && (len(v) < 32 || strings.Trim(strings.ToLower(v), "0123456789abcdef") != "") {
		return dst
	}
	return found(dst, s, start, end, "key")
}

// findNTHash finds the NT hash behind the empty LM hash, with which one logs in to
// Windows as with the password.
func findNTHash(dst []Span, s string, i int) []Span {
	const size = 32
	start := i + len("aad3b435b51404eeaad3b435b51404ee:")
	end := start
	for end < len(s) && hexByte[s[end]] {
		end++
	}
	if end-start != size {
		return dst
	}
	return found(dst, s, start, end, "password-hash")
}

// findValueElement finds the value in XML's <add key="DbPassword" value="x"/>.
func findValueElement(dst []Span, s string, i int) []Span {
	from, to := nameAround(s, i)
	if name := s[from:to]; !strings.EqualFold(name, "key") && !strings.EqualFold(name, "name") {
		return dst
	}
	start, q, ok := afterAssign(s, to)
	if !ok || q.mark == 0 || s[to] != '=' {
		return dst
	}
	end := quoteEnd(s, start, q)
	if end >= len(s) || !IsName(s[start:end]) {
		return dst
	}
	rest := s[end+q.slashes+1:]
	rest = rest[:max(0, strings.IndexByte(rest, '>'))]
	at := strings.Index(strings.ToLower(rest), "value=")
	if at < 0 {
		return dst
	}
	at += end + q.slashes + 1 + len("value=")
	if vq, v := openQuote(s, at); vq.mark != 0 {
		if vend := quoteEnd(s, v, vq); vend > v && !Placeholder(s[v:vend]) {
			return found(dst, s, v, vend, kindOf(s[start:end]))
		}
	}
	return dst
}
