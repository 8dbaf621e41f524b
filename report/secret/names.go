package secret

import (
	"slices"
	"strings"
)

// Names give secrets away: DB_PASSWORD=x, "clientSecret":"x", --api-key x,
// X-Vault-Token: x. A name is cut into its words; the last word says whether
// the value is the secret itself or something about it.

// secretWords make a name secret, wherever they stand in it.
var secretWords = []string{"password", "passwd", "passphrase", "passwort", "passcode", "secret", "token", "apikey", "credential", "credentials", "cookie",
	"authtoken", "identitytoken", "registrytoken", "accesstoken", "sessiontoken", "secretkey", "privatekey", "accesskey", "accountkey", "sharedaccesskey",
	"connectionstring", "dockerconfigjson", "dockercfg", "requirepass", "masterauth", "pgpass", "mypass", "userpass", "sshpass", "pgpassword", "mysqlpwd", "rootpw",
	"adminpass", "authkey", "dbpass", "dbpassword", "storepass", "keypass", "authorization", "jsessionid", "phpsessid", "bindpw"}

// secretLast make a name secret only as its last word.
var secretLast = []string{"pass", "mnemonic", "bearer", "pwd", "pw", "psk", "pin", "dsn", "auth", "signature", "sig", "otp", "jwt"}

// secretPairs make a name secret when they stand in it one after the other.
var secretPairs = [][2]string{{"access", "key"}, {"api", "key"}, {"private", "key"}, {"account", "key"}, {"signing", "key"}, {"encryption", "key"},
	{"client", "key"}, {"master", "key"}, {"storage", "key"}, {"ssh", "key"}, {"deploy", "key"}, {"session", "key"}, {"unlock", "key"}, {"shared", "key"}, {"preshared", "key"},
	{"connection", "string"}, {"registry", "auth"}, {"auth", "key"}, {"license", "key"}, {"docker", "auth"}, {"certificate", "key"}, {"subscription", "key"}, {"functions", "key"}, {"saml", "response"}, {"seed", "phrase"}}

// plainKeys before "key" in the name of a variable say that it is one of a table, a cache or
// a queue, or one that everybody may know.
var plainKeys = []string{"cache", "partition", "primary", "foreign", "sort", "routing", "idempotency", "public", "pub"}

// secretEnds make a word secret that is written in one, as in rootpassword.
var secretEnds = []string{"password", "passwd", "passphrase", "apikey", "secretkey", "privatekey", "token", "clientsecret", "appsecret", "accountkey"}

func hasAnySuffix(word string, ends []string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(word, end) })
}

// aboutWords as the last word of a name say that the value names or describes
// a secret and is none.
var aboutWords = []string{"id", "ids", "name", "names", "uid", "type", "path", "paths", "file", "files", "dir", "ref", "refs", "version", "count", "ttl", "expiry", "expires",
	"expiration", "seconds", "minutes", "url", "uri", "endpoint", "length", "len", "enabled", "disabled", "policy", "namespace", "size", "limit", "lifetime", "issuer",
	"audience", "audiences", "kind", "class", "status", "label", "format", "max", "min", "timeout", "time", "at", "mode", "resource", "ns", "io", "com", "stdin",
	"required", "rotation", "age", "store", "provider", "engine", "header", "mount", "config", "controller", "manager", "operator", "driver", "env", "selector", "keys",
	"reviews", "review", "requests", "request", "used", "method", "host", "port", "user", "username", "algorithm", "alg", "hint", "prompt", "in", "source", "verb", "list",
	"txt", "go", "py", "java", "js"}

// IsName reports whether the value of something so called is a secret: that of
// DB_PASSWORD or clientSecret is, that of secretName or token_ttl is not.
func IsName(name string) bool {
	if len(name) > 200 {
		name = name[len(name)-200:]
	}
	words := nameWords(name)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	switch {
	case strings.HasSuffix(strings.Join(words, " "), "root token id"), // of Vault's dev server, which takes it for the token
		strings.HasSuffix(strings.Join(words, " "), "vault secret id"), // of an AppRole: what others call so is a name
		strings.HasSuffix(strings.Join(words, " "), "approle secret id"),
		strings.HasPrefix(name, "TF_TOKEN_"), // and a host, whatever its last word
		strings.HasSuffix(name, "_PAT"):      // personal access token
		return true
	}
	if slices.Contains(words, "existing") || slices.Contains(aboutWords, last) || last == "hash" && len(words) > 1 && words[len(words)-2] == "cert" { // kubeadm's --discovery-token-ca-cert-hash
		return false
	}
	for i, w := range words {
		w = strings.TrimRight(w, "0123456789") // PASSWORD2
		if slices.Contains(secretWords, w) || hasAnySuffix(w, secretEnds) {
			return true
		}
		if i > 0 && slices.ContainsFunc(secretPairs, func(p [2]string) bool { return p[0] == words[i-1] && p[1] == w }) {
			return true
		}
	}
	if strings.EqualFold(name, "pwd") || strings.EqualFold(name, "oldpwd") { // the working directory
		return false
	}
	return slices.Contains(secretLast, last) || last == "key" && len(words) > 1 && name == strings.ToUpper(name) && !slices.Contains(plainKeys, words[len(words)-2])
}

// nameWords cuts a name at punctuation and before capitals, in lower case.
func nameWords(name string) []string {
	var words []string
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
		start = -1
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		alnum := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		switch {
		case !alnum:
			flush(i)
			continue
		case start >= 0 && isUpper(c) && (!isUpper(name[i-1]) || i+1 < len(name) && isLower(name[i+1])):
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(name))
	return words
}

// Placeholder reports whether v stands for a value: nothing, a reference to a
// variable, or a value that somebody masked before us.
func Placeholder(v string) bool {
	switch strings.ToLower(v[:min(len(v), 16)]) { // longer than each of these
	case "", "null", "nil", "none", "true", "false", "<nil>", "(null)", "undefined", "yes", "no", "yes)", "no)", "?", "-", "\\", "<redacted>", "[redacted]", "<none>", "<<<", "%s", "%v", "%q":
		return true
	}
	for _, p := range []string{"$(", "${", "[masked:", "{{", "$$(", "`", "file:///", "fileb:///"} {
		if strings.HasPrefix(v, p) {
			return true
		}
	}
	if len(v) > 1 && v[0] == '$' && isUpper(v[1]) {
		return strings.ToUpper(v) == v
	}
	return strings.Trim(v, "*x•.") == "" && len(v) > 2
}
