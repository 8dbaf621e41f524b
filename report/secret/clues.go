package secret

import "strings"

// A clue is a text that stands where a secret begins or is named. find looks
// at its occurrence at i in s and appends the secret, if there is one.
type clue struct {
	text  string // lower case, at least two bytes
	find  func(dst []Span, s string, i int) []Span
	whole whole
}

// A whole is what some clues lead to all of, to the end of the last secret in it, or
// to an empty one that stands for its end. A clue of the same whole within that finds
// nothing else, and is not looked at: objects nested in one another would give each of
// their secrets once for each object.
type whole uint8

const (
	none       whole = iota
	token            // a token that its beginning gives away
	privateKey       // to its end, or to that of the text
	secretData       // the members of a Secret
	cookies          // a Cookie header
	wholes
)

// clues is the list of all clues. Shapes of tokens are those that their makers
// document; the names and flags are those that clients and container images
// use.
var clues = append(append([]clue{
	{text: "eyj", find: findJWT},
	{"-----begin", findPrivateKey, privateKey}, {"private-lines:", findPuttyKey, privateKey},
	{text: "bearer ", find: findBearer},
	{text: "basic ", find: findBasic},
	{text: "://", find: findUserinfo},
	{text: "akia", find: findAWSSecret}, {text: "asia", find: findAWSSecret},
	{text: "$1$", find: findHash}, {text: "$5$", find: findHash}, {text: "$6$", find: findHash}, {text: "$y$", find: findHash}, {text: "$2a$", find: findHash}, {text: "$2b$", find: findHash}, {text: "$2y$", find: findHash},
	{text: "$apr1$", find: findHash}, {text: "$argon2", find: findHash},
	{text: "hooks.slack.com/", find: findSlackHook},
	{"data", findSecretData, secretData},
	{text: "value", find: findValuePair}, {"value", findPatchedData, secretData},
	{text: "--from-literal", find: findLiteral},
	{text: "--user", find: findUserPair}, {text: "--proxy-user", find: findUserPair},
	{text: "s.", find: findVaultToken},
	{text: "creds", find: findCreds},
	{text: "pass:", find: findPassPhrase},
	{text: " by", find: findIdentified}, {text: "password", find: findIdentified}, {text: "password ", find: findSaid}, {text: "password", find: findAnswer}, {text: "passphrase", find: findAnswer},
	{text: "--password-stdin", find: findPiped}, {text: "chpasswd", find: findPiped}, {text: "sudo", find: findPiped}, {text: "passwd", find: findPiped}, {text: "secret create", find: findPiped}, {text: "create secret", find: findPiped},
	{text: "kinit", find: findPiped}, {text: "--with-token", find: findPiped}, {text: "--passphrase-fd", find: findPiped}, {text: "cryptsetup", find: findPiped}, {text: "vault login -", find: findPiped}, {text: "| su ", find: findPiped},
	{text: "impacket-", find: findImpacket}, {text: "secretsdump.py", find: findImpacket}, {text: "psexec.py", find: findImpacket}, {text: "wmiexec.py", find: findImpacket}, {text: "smbexec.py", find: findImpacket}, {text: "mssqlclient.py", find: findImpacket},
	{text: "comm", find: findTyped},
	{text: "/p:", find: findSlashPassword}, {text: "-pw", find: findDashPassword},
}, shapeClues()...), append(wordClues(), append(flagClues(), append(commandClues(), append(formClues(), foreignClues()...)...)...)...)...)

// A shape is a token that tells by its beginning what it is.
type shape struct {
	prefix string // as it is written
	kind   string
	min    int // bytes that follow the prefix, at least
}

var shapes = []shape{
	{"ghp_", "github-token", 20}, {"gho_", "github-token", 20}, {"ghu_", "github-token", 20}, {"ghs_", "github-token", 20}, {"ghr_", "github-token", 20},
	{"github_pat_", "github-token", 20},
	{"glpat-", "gitlab-token", 16}, {"gldt-", "gitlab-token", 16}, {"glrt-", "gitlab-token", 16}, {"glcbt-", "gitlab-token", 16}, {"gloas-", "gitlab-token", 16},
	{"glptt-", "gitlab-token", 16},
	{"xoxb-", "slack-token", 10}, {"xoxp-", "slack-token", 10}, {"xoxa-", "slack-token", 10}, {"xoxr-", "slack-token", 10}, {"xoxs-", "slack-token", 10},
	{"xoxe-", "slack-token", 10}, {"xoxe.", "slack-token", 10}, {"xapp-", "slack-token", 10},
	{"sk_live_", "stripe-key", 10}, {"sk_test_", "stripe-key", 10}, {"rk_live_", "stripe-key", 10}, {"rk_test_", "stripe-key", 10}, {"whsec_", "stripe-key", 16},
	{"npm_", "npm-token", 30},
	{"dckr_pat_", "docker-token", 16}, {"dckr_oat_", "docker-token", 16},
	{"SWMTKN-", "swarm-token", 16}, {"SWMKEY-", "swarm-key", 16},
	{"AIza", "gcp-key", 30}, {"ya29.", "gcp-token", 20}, {"GOCSPX-", "gcp-secret", 16},
	{"IQoJb3JpZ2lu", "aws-session-token", 40}, {"FwoGZXIvYXdz", "aws-session-token", 40},
	{"hvs.", "vault-token", 20}, {"hvb.", "vault-token", 20},
	{"pypi-AgE", "pypi-token", 30}, {"SG.", "sendgrid-key", 40}, {"hf_", "huggingface-token", 30},
	{"sk-proj-", "api-key", 20}, {"sk-ant-", "api-key", 20}, {"dop_v1_", "digitalocean-token", 30}, {"glsa_", "grafana-token", 30},
	{"k8s-aws-v1.", "eks-token", 40}, {"tskey-", "tailscale-key", 16}, {"pul-", "pulumi-token", 40}, {"ATATT3xFf", "atlassian-token", 30}, {"dp.pt.", "doppler-token", 30},
	{"rubygems_", "rubygems-key", 40}, {"xkeysib-", "brevo-key", 40}, {"PMAK-", "postman-key", 30}, {"NRAK-", "newrelic-key", 20}, {"lin_api_", "linear-key", 30},
	{"gsk_", "api-key", 40}, {"ops_eyJ", "onepassword-token", 40}, {"AKCp", "artifactory-key", 60}, {"cmVmdGtu", "artifactory-token", 50},
	{"shpat_", "shopify-token", 20}, {"AGE-SECRET-KEY-1", "age-key", 30}, {"sha256~", "openshift-token", 30},
	{"sqp_", "sonar-token", 40}, {"squ_", "sonar-token", 40}, {"sqa_", "sonar-token", 40},
}

func shapeClues() []clue {
	out := make([]clue, 0, len(shapes))
	for _, sh := range shapes {
		out = append(out, clue{strings.ToLower(sh.prefix), func(dst []Span, s string, i int) []Span {
			if !strings.HasPrefix(s[i:], sh.prefix) {
				return dst
			}
			end := i + len(sh.prefix)
			for end < len(s) && (isWord(s[end]) || strings.IndexByte("-.+/=", s[end]) >= 0) {
				end++
			}
			if end-i-len(sh.prefix) < sh.min {
				return dst
			}
			return found(dst, s, i, end, sh.kind)
		}, token})
	}
	return out
}

func found(dst []Span, s string, from, to int, kind string) []Span {
	return append(dst, Span{From: from, To: to, Kind: kind, Value: s[from:to]})
}

// findJWT finds a JSON web token (RFC 7519), also one that was cut: "eyJ" is
// how base64 of a JSON object begins. The header alone must look like one of
// a token; other base64 of JSON is looked into as base64.
func findJWT(dst []Span, s string, i int) []Span {
	if !strings.HasPrefix(s[i:], "eyJ") {
		return dst
	}
	from := i
	for from > max(0, i-clueBack) && isJWT(s[from-1]) {
		from--
	}
	if strings.Count(s[from:i], "eyJ") >= clueTimes {
		return dst
	}
	end := i
	for end < len(s) && isJWT(s[end]) {
		end++
	}
	token := strings.TrimRight(s[i:end], ".=")
	head, _, dotted := strings.Cut(s[i:end], ".")
	plain, ok := decodeBase64(strings.TrimRight(head[:min(len(head), maxHeader)], "="))
	if !ok || !strings.Contains(plain, `"alg"`) && !strings.Contains(plain, `"typ"`) && !strings.Contains(plain, `"kid"`) && !(dotted && strings.Contains(token, ".eyJ")) {
		return dst
	}
	return found(dst, s, i, end, "jwt")
}

func isJWT(c byte) bool { return isWord(c) || c == '-' || c == '.' || c == '=' }

func isToken68(c byte) bool { return isWord(c) || strings.IndexByte("-._~+/=", c) >= 0 }

// findBearer finds a bearer token (RFC 6750 section 2.1). What follows the word
// in prose has no digit and no capital.
func findBearer(dst []Span, s string, i int) []Span {
	from := i + len("bearer ")
	for from < len(s) && s[from] == ' ' {
		from++
	}
	end, mixed := from, false
	for end < len(s) && isToken68(s[end]) {
		mixed = mixed || s[end] < 'a' && s[end] != '.' && s[end] != '-'
		end++
	}
	if end-from < 8 || !mixed {
		return dst
	}
	return found(dst, s, from, end, "bearer")
}

// findBasic finds basic credentials (RFC 7617): base64 of user and password.
func findBasic(dst []Span, s string, i int) []Span {
	from := i + len("basic ")
	end := from
	for end < len(s) && (base64Byte[s[end]] || s[end] == '=') {
		end++
	}
	plain, ok := decodeBase64(strings.TrimRight(s[from:end], "="))
	if !ok || !strings.Contains(plain, ":") {
		return dst
	}
	dst = found(dst, s, from, end, "basic")
	_, dst[len(dst)-1].Value, _ = strings.Cut(plain, ":")
	return dst
}

// findUserinfo finds the password in a URL (RFC 3986 section 3.2.1), or a
// token in place of the user.
func findUserinfo(dst []Span, s string, i int) []Span {
	from := i + len("://")
	end := from
	for end < len(s) && s[end] > ' ' && strings.IndexByte(`/?#"'<>\`, s[end]) < 0 {
		end++
	}
	at := strings.LastIndexByte(s[from:end], '@')
	if at < 0 {
		return dst
	}
	user, _, hasPassword := strings.Cut(s[from:from+at], ":")
	start := from + len(user) + 1
	switch {
	case hasPassword && start < from+at && !Placeholder(s[start:from+at]):
		return found(dst, s, start, from+at, "url-password")
	case !hasPassword && len(user) >= 20:
		return found(dst, s, from, from+at, "url-token")
	}
	return dst
}

// findAWSSecret finds the secret access key beside an access key id: 40 bytes
// of base64. The id itself names the credential and stays.
func findAWSSecret(dst []Span, s string, i int) []Span {
	const near, size = 300, 40
	if s[i] != 'A' || len(s) < i+20 {
		return dst
	}
	lo, hi := max(0, i-near), min(len(s), i+near)
	for j := lo; j < hi; j++ {
		if !base64Byte[s[j]] {
			continue
		}
		end := j
		var digit, upper, small bool
		for end < len(s) && (base64Byte[s[end]] && s[end] != '-' && s[end] != '_') {
			c := s[end]
			digit, upper, small = digit || c >= '0' && c <= '9', upper || c >= 'A' && c <= 'Z', small || c >= 'a' && c <= 'z'
			end++
		}
		if end-j == size && digit && upper && small {
			dst = found(dst, s, j, end, "aws-secret-key")
		}
		j = max(end, j)
	}
	return dst
}

// findHash finds a hashed password in the forms of crypt(5) and argon2.
func findHash(dst []Span, s string, i int) []Span {
	for from := i - 1; from >= max(0, i-clueBack) && isHash(s[from]); from-- {
		if s[from] == '$' && hasFoldPrefix(s[from:], s[i:i+3]) {
			return dst // of the hash that begins there
		}
	}
	end := i
	for end < len(s) && isHash(s[end]) {
		end++
	}
	if end-i < 20 {
		return dst
	}
	return found(dst, s, i, end, "password-hash")
}

func isHash(c byte) bool { return isWord(c) || strings.IndexByte("$./=,+-", c) >= 0 }

// Bounds for what is made to be looked at over and over: a clue that is repeated
// without an end of what it begins.
const (
	clueBack  = 64   // bytes before a clue in which it may have stood already
	clueTimes = 4    // how often a token may begin in them
	maxHeader = 4096 // bytes of the header of a token
)

// findVaultToken finds a service token of Vault before 1.10: "s." and 24 letters
// and digits.
func findVaultToken(dst []Span, s string, i int) []Span {
	const size = 24
	from := i + len("s.")
	end := from
	var digit, upper, small bool
	for end < len(s) && isWord(s[end]) && s[end] != '_' {
		c := s[end]
		digit, upper, small = digit || c <= '9', upper || isUpper(c), small || isLower(c)
		end++
	}
	if s[i] != 's' || i > 0 && isName(s[i-1]) || end-from != size || !digit || !upper || !small {
		return dst
	}
	return found(dst, s, i, end, "vault-token")
}

func findSlackHook(dst []Span, s string, i int) []Span {
	from := i + len("hooks.slack.com/")
	end := from
	for end < len(s) && (isWord(s[end]) || s[end] == '/') {
		end++
	}
	if end-from < 20 {
		return dst
	}
	return found(dst, s, from, end, "slack-webhook")
}
