package secret

import "strings"

// wordClues are the parts of names that say "secret"; the whole name around
// them decides.
func wordClues() []clue {
	var out []clue
	for _, w := range []string{"passw", "passphrase", "passcode", "pwd", "_pass", "-pass", "pass = ", "dbpass", "pgpass", "sshpass", "userpass", "requirepass", "storepass", "rootpw", "_pw", "pw=", "pw:", `pw":`, "pw = ", "secret", "token",
		"apikey", "credential", "cookie", "auth", "key", "signature", "sig=", "dsn", "connectionstring", "connection_string", "dockercfg", "dockerconfigjson", "psk", "_pin", "otp", "jwt", "pass=", "pass: ", "jsessionid", "phpsessid", `pass":`, "pass':", "samlresponse", "mnemonic", "seed_phrase", "_pat=", "_pat\"", "_pat:"} {
		out = append(out, clue{text: w, find: findNamed})
	}
	return out
}

// findNamed finds the value of a name, of which the clue at i is a part.
func findNamed(dst []Span, s string, i int) []Span {
	from, to := nameAround(s, i)
	start, quote, ok := behindName(s, from, to)
	if !ok {
		return dst // asked first: few names have a value behind them
	}
	name := strings.TrimPrefix(s[from:to], "-D") // java -Dpassword=x
	if !IsName(name) && !ofAppRole(s, from, to, name) && !isPassword(s[start:], name) {
		return dst
	}
	if quote.mark == 0 && withinValue(s, from) || ofAccount(s, from) || ofPod(s, from) || isGoType(s, from, name) || strings.HasSuffix(s[:from], "[masked:") {
		return dst
	}
	if quote.mark == 0 && s[start] == '[' { // a header in JSON: "X-Api-Key":["x"]
		if q, first := openQuote(s, skipSpaces(s, start+1)); q.mark != 0 && first < len(s) {
			start, quote = first, q
		}
	}
	if first, last, ok := yamlBlock(s, from, start); ok && quote.mark == 0 {
		if first == last {
			return dst
		}
		return found(dst, s, first, last, kindOf(name))
	}
	start = skipScheme(s, start, name)
	end := valueEnd(s, from, start, quote)
	if s[to] == '>' {
		end = start + strings.IndexByte(s[start:], '<')
	}
	if at := strings.LastIndexByte(s[start:end], '@'); at > 0 && strings.HasSuffix(s[:from], "://") { // https://x-access-token:x@host
		end = start + at
	}
	value := s[start:end]
	if Placeholder(value) || harmless(s, from, to, start, value) || value[0] == '{' || value[0] == '[' || !ownLength(name, value) || isGrant(s[to:start], value) || isVerdict(name, s[to:start], value) {
		return dst
	}
	if name, rest, ok := strings.Cut(value, "."); ok && len(name) == 6 && len(rest) == 16 { // bootstrap token: its id stays
		start += 7
	}
	return found(dst, s, start, end, kindOf(name))
}

// withinValue reports whether nothing has ended a value for so long before s[i] that
// this is a part of one, in which names repeat without an end.
func withinValue(s string, i int) bool {
	const long = 2048 // bytes
	return i > long && strings.LastIndexAny(s[i-long:i], " \t\n\r\"'&;\x00") < 0
}

// behindName finds where the value of the name s[from:to] begins, in each way in which
// one is given to a name.
func behindName(s string, from, to int) (start int, q quoting, ok bool) {
	name := s[from:to]
	if start, q, ok = afterAssign(s, to); ok {
		return start, q, ok
	}
	if strings.HasPrefix(name, "-") {
		if start, q, ok = afterFlag(s, to); ok {
			return start, q, ok
		}
	}
	if start, ok = afterTag(s, from, to); ok {
		return start, quoting{}, ok
	}
	if hasFoldPrefix(strings.TrimPrefix(name, "-D"), "aws_s") || name == "requirepass" || name == "masterauth" { // aws configure set aws_secret_access_key VALUE; redis.conf
		return afterSpace(s, to)
	}
	return 0, quoting{}, false
}

// ofAppRole reports whether the name is that of the secret with which a role logs
// in to Vault, or of a token of Consul and Nomad. Elsewhere a secret's id is its name.
func ofAppRole(s string, from, to int, name string) bool {
	near := s[max(0, from-lookBack):min(len(s), to+lookBack)]
	return name == "secret_id" && strings.Contains(near, "role_id") || name == "SecretID" && strings.Contains(near, "AccessorID")
}

// isPassword reports whether a name that means the working directory in an
// environment is a password, as in a connection string: its value is no path.
func isPassword(value, name string) bool {
	return strings.EqualFold(name, "pwd") && strings.IndexAny(value, `/~.\$`) != 0 && !strings.HasPrefix(value[min(1, len(value)):], ":")
}

// ofAccount reports whether the name at from is that of a service account in its
// full form: what stands behind its colon says what it did.
func ofAccount(s string, from int) bool { return isIn(s, from, "serviceaccount:", ":") }

// ofPod reports whether the name at from is that of a pod, behind its namespace:
// what stands behind its colon was run there.
func ofPod(s string, from int) bool { return isIn(s, from, "pod ", "/") }

// isIn reports whether what stands before from is a word, a namespace and a mark.
func isIn(s string, from int, word, mark string) bool {
	head := s[max(0, from-len(word)-64):from]
	i := strings.LastIndex(head, word)
	if i < 0 {
		return false
	}
	namespace, ok := strings.CutSuffix(head[i+len(word):], mark)
	return ok && namespace != "" && strings.IndexFunc(namespace, func(r rune) bool { return r > 127 || !isName(byte(r)) }) < 0
}

// isGoType reports whether the name at from is a type of Go's, as in "Failed to
// watch *v1.Secret: secrets is forbidden".
func isGoType(s string, from int, name string) bool {
	return from > 0 && s[from-1] == '*' && strings.Contains(name, ".")
}

// isGrant reports whether what follows a name is what a role allows on it, as
// in "serviceaccounts/token:create".
func isGrant(between, value string) bool {
	if between != ":" {
		return false
	}
	switch strings.TrimSuffix(value, ",") {
	case "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection":
		return true
	}
	return false
}

// isVerdict reports whether "pass: x" says how a test ended, or how many did, as in
// "pass: yes" and "pass: 12/12", and not "user: ci, pass: x".
func isVerdict(name, between, value string) bool {
	if !strings.EqualFold(name, "pass") || between != ": " {
		return false
	}
	if name == "PASS" { // --- PASS: TestLogin2 (0.00s)
		return true
	}
	letter := strings.ContainsFunc(value, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' })
	return len(value) < 6 || !letter || !strings.ContainsAny(value, "0123456789!#$%^&*")
}

// ownLength asks more of values whose name often means something else.
func ownLength(name, value string) bool {
	words := nameWords(name)
	switch words[len(words)-1] {
	case "sig", "signature":
		return len(value) >= 20
	case "auth", "pin", "otp", "psk":
		return len(value) >= 4
	}
	return true
}

func kindOf(name string) string {
	name = strings.ToLower(name)
	switch {
	case strings.Contains(name, "pass") || strings.Contains(name, "pwd"):
		return "password"
	case strings.Contains(name, "token") || strings.Contains(name, "jwt"):
		return "token"
	case strings.Contains(name, "key"):
		return "key"
	}
	return "secret"
}
