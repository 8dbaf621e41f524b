package secret

import (
	"slices"
	"strings"
)

// Some commands take a secret as an argument that nothing names: vault login
// TOKEN. What they are is told by their words, with flags left out.

// A command takes secrets as arguments.
type command struct {
	program string
	words   string // the arguments that it begins with, flags left out
	pick    func(dst []Span, s string, args []argument) []Span
}

var commands = []command{
	{"vault", "login", nth(0, "token")}, {"vault", "operator unseal", nth(0, "key")}, {"vault", "unwrap", nth(0, "token")},
	{"vault", "token lookup", nth(0, "token")}, {"vault", "token renew", nth(0, "token")}, {"vault", "token revoke", nth(0, "token")},
	{"vault", "kv put", assigned}, {"vault", "kv patch", assigned}, {"vault", "write secret", assigned}, {"vault", "write kv", assigned},
	{"redis-cli", "auth", last}, {"redis-cli", "config set", pairs(0)},
	{"rabbitmqctl", "add_user", nth(1, "password")}, {"rabbitmqctl", "change_password", nth(1, "password")}, {"rabbitmqctl", "authenticate_user", nth(1, "password")},
	{"mc", "alias set", nth(3, "key")}, {"mc", "config host add", nth(3, "key")},
	{"npm", "config set", pairs(0)}, {"npm", "set", pairs(0)}, {"pip", "config set", pairs(0)}, {"aws", "configure set", pairs(0)}, {"kubectl", "config set", pairs(0)},
	{"rclone", "config create", pairs(2)}, {"rclone", "config update", pairs(1)}, {"rclone", "obscure", nth(0, "password")},
	{"nmcli", "", pairs(0)}, {"consul", "acl set-agent-token", nth(1, "token")}, {"consul", "kv put", pairs(0)}, {"etcdctl", "put", pairs(0)},
	{"yarn", "config set", pairs(0)}, {"cargo", "login", nth(0, "token")}, {"openssl", "passwd", ofPasswd},
	{"k3s", "agent", behind("-t", "token")}, {"k3s", "server", behind("-t", "token")}, {"rke2", "agent", behind("-t", "token")}, {"rke2", "server", behind("-t", "token")},
	{"gitlab-runner", "register", behind("-r", "token")}, {"glab", "auth login", behind("-t", "token")}, {"nuget", "push", behind("-k", "key")},
	{"mysqladmin", "password", nth(0, "password")}, {"ngrok", "authtoken", nth(0, "token")}, {"ngrok", "config add-authtoken", nth(0, "token")}, {"snyk", "auth", nth(0, "token")},
	{"pulumi", "config set", ofPulumi}, {"setenv", "", pairs(0)}, {"setx", "", pairs(0)}, {"convertto-securestring", "", nth(0, "password")},
	{"vault", "token create", behindAssigned("-id", "token")}, {"kubeadm", "token create", ofBootstrap}, {"grafana-cli", "admin reset-admin-password", nth(0, "password")},
	{"net", "use", ofNetUse}, {"net", "user", ofNetUser}, {"schtasks", "", behind("/rp", "password")}, {"etcdctl", "user add", pairOf(0)},
	{"ansible-vault", "encrypt_string", nth(0, "secret")}, {"openssl", "enc", behind("-K", "key")}, {"openssl", "dgst", behind("-hmac", "key")}, {"ldappasswd", "", behind("-s", "password")},
	{"htpasswd", "", ofHtpasswd}, {"aws", "ssm put-parameter", ofParameter}, {"curl", "", ofCurl},
	{"keyvault", "secret set", behind("--value", "secret")}, {"wpa_passphrase", "", nth(1, "password")}, {"samba-tool", "user create", nth(1, "password")}, {"samba-tool", "user add", nth(1, "password")},
}

// commandClues are the programs of commands.
func commandClues() []clue {
	var out []clue
	seen := map[string]bool{}
	for _, c := range commands {
		if !seen[c.program] {
			seen[c.program] = true
			out = append(out, clue{text: c.program, find: func(dst []Span, s string, i int) []Span { return findArgument(dst, s, i, c.program) }})
		}
	}
	return out
}

// findArgument finds the secret arguments of the program that is named at i.
func findArgument(dst []Span, s string, i int, program string) []Span {
	to := i + len(program)
	if i > 0 && (isWord(s[i-1]) || s[i-1] == '-') || to < len(s) && isName(s[to]) {
		return dst
	}
	args := arguments(s, to)
	if len(args) == 0 {
		return dst
	}
	for _, c := range commands {
		if c.program != program {
			continue
		}
		if rest, ok := behindWords(s, args, c.words); ok {
			dst = c.pick(dst, s, rest)
		}
	}
	return dst
}

// behindWords are the arguments behind words, with the flags between them. The
// last word may be the first part of a path.
func behindWords(s string, args []argument, words string) ([]argument, bool) {
	want := strings.Fields(words)
	for i, a := range args {
		if len(want) == 0 {
			return args[i:], true
		}
		text := strings.ToLower(s[a.from:a.to])
		if strings.HasPrefix(text, "-") {
			continue
		}
		if head, _, _ := strings.Cut(text, "/"); text != want[0] && (len(want) > 1 || head != want[0]) {
			if len(want) == len(strings.Fields(words)) { // the value of a flag
				continue
			}
			return nil, false
		}
		want = want[1:]
	}
	return nil, false
}

// operands are the arguments that are no flags, nor the value of a flag that is
// known to have one.
func operands(s string, args []argument) []argument {
	var out []argument
	for i := 0; i < len(args); i++ {
		text := s[args[i].from:args[i].to]
		if strings.HasPrefix(text, "-") && text != "-" {
			switch strings.TrimLeft(text, "-") {
			case "address", "method", "path", "namespace", "format", "field", "ca-cert", "accessor", "mount", "vhost", "kubeconfig", "profile", "region", "h", "n":
				i++
			}
			continue
		}
		out = append(out, args[i])
	}
	return out
}

// nth picks an operand. In a sentence it must not be a word that may follow there.
func nth(n int, kind string) func([]Span, string, []argument) []Span {
	return func(dst []Span, s string, args []argument) []Span {
		list := operands(s, args)
		if len(list) <= n {
			return dst
		}
		a := list[n]
		value := s[a.from:a.to]
		if Placeholder(value) || strings.Contains(strings.TrimRight(value, "="), "=") || a.prose && slices.Contains(prose, strings.TrimRight(value, ".,:;")) {
			return dst
		}
		return found(dst, s, a.from, a.to, kind)
	}
}

// prose are words that follow the name of a command where somebody speaks of it, as
// in "vault login failed".
var prose = []string{"a", "and", "as", "at", "attempt", "attempts", "by", "command", "denied", "did", "error", "failed", "failure", "for", "from", "has", "in", "is", "key",
	"keys", "not", "ok", "on", "or", "page", "process", "request", "requests", "succeeded", "success", "successful", "timed", "timeout", "to", "token", "tokens", "using", "via",
	"was", "will", "with"}

// last picks the last of one or two operands: AUTH [user] password.
func last(dst []Span, s string, args []argument) []Span {
	if list := operands(s, args); len(list) > 0 {
		return nth(min(len(list), 2)-1, "password")(dst, s, args)
	}
	return dst
}

// pairs picks the operands behind those whose name is that of a secret.
func pairs(skip int) func([]Span, string, []argument) []Span {
	return func(dst []Span, s string, args []argument) []Span {
		list := operands(s, args)
		for i := skip; i+1 < len(list); i++ {
			name, value := list[i], list[i+1]
			if text := s[name.from:name.to]; strings.IndexByte(text, '=') < 0 && IsName(text) && !Placeholder(s[value.from:value.to]) {
				dst = found(dst, s, value.from, value.to, kindOf(text))
				i++
			}
		}
		return dst
	}
}

// assigned picks the values of name=value.
func assigned(dst []Span, s string, args []argument) []Span {
	for _, a := range operands(s, args) {
		_, value, ok := strings.Cut(s[a.from:a.to], "=")
		if ok && !Placeholder(value) && value[0] != '@' { // @ names a file
			dst = found(dst, s, a.to-len(value), a.to, "secret-data")
		}
	}
	return dst
}

// behind picks what follows a flag.
func behind(flag, kind string) func([]Span, string, []argument) []Span {
	return func(dst []Span, s string, args []argument) []Span {
		for i, a := range args {
			if s[a.from:a.to] == flag && i+1 < len(args) && !Placeholder(s[args[i+1].from:args[i+1].to]) {
				dst = found(dst, s, args[i+1].from, args[i+1].to, kind)
			}
		}
		return dst
	}
}

// pairOf picks the password of an operand user:password.
func pairOf(n int) func([]Span, string, []argument) []Span {
	return func(dst []Span, s string, args []argument) []Span {
		if list := operands(s, args); len(list) > n {
			dst = foundPair(dst, s, list[n].from, list[n].to, ":")
		}
		return dst
	}
}

// ofNetUse picks the password of Windows' net use: what stands behind the share.
func ofNetUse(dst []Span, s string, args []argument) []Span {
	share := false
	for _, a := range args {
		switch text := s[a.from:a.to]; {
		case strings.HasPrefix(text, `\\`):
			share = true
		case share && text != "*" && !strings.HasPrefix(text, "/") && !Placeholder(text):
			return found(dst, s, a.from, a.to, "password")
		}
	}
	return dst
}

// ofNetUser picks the password of net user NAME PASSWORD [/add].
func ofNetUser(dst []Span, s string, args []argument) []Span {
	if len(args) < 2 || strings.HasPrefix(s[args[0].from:args[0].to], "/") {
		return dst
	}
	if text := s[args[1].from:args[1].to]; text == "*" || strings.HasPrefix(text, "/") {
		return dst
	}
	return nth(1, "password")(dst, s, args)
}

// behindAssigned picks what is given to a flag with an equals sign.
func behindAssigned(flag, kind string) func([]Span, string, []argument) []Span {
	return func(dst []Span, s string, args []argument) []Span {
		for _, a := range args {
			if value, ok := strings.CutPrefix(s[a.from:a.to], flag+"="); ok && !Placeholder(value) {
				dst = found(dst, s, a.to-len(value), a.to, kind)
			}
		}
		return dst
	}
}

// ofBootstrap picks the secret of a bootstrap token, and leaves its id.
func ofBootstrap(dst []Span, s string, args []argument) []Span {
	for _, a := range args {
		if id, rest, ok := strings.Cut(s[a.from:a.to], "."); ok && len(id) == 6 && len(rest) == 16 {
			dst = found(dst, s, a.to-len(rest), a.to, "token")
		}
	}
	return dst
}

// ofPasswd picks what openssl is to hash: the last argument, but for the value of a flag.
func ofPasswd(dst []Span, s string, args []argument) []Span {
	a := args[len(args)-1]
	if text := s[a.from:a.to]; strings.HasPrefix(text, "-") || Placeholder(text) {
		return dst
	}
	if len(args) > 1 {
		if b := args[len(args)-2]; slices.Contains([]string{"-salt", "-in"}, s[b.from:b.to]) {
			return dst
		}
	}
	return found(dst, s, a.from, a.to, "password")
}

// ofPulumi picks the value that is set with --secret.
func ofPulumi(dst []Span, s string, args []argument) []Span {
	for _, a := range args {
		if s[a.from:a.to] == "--secret" {
			return nth(1, "secret")(dst, s, args)
		}
	}
	return dst
}

// ofHtpasswd picks the password behind the user, which is given with -b.
func ofHtpasswd(dst []Span, s string, args []argument) []Span {
	batch, n := false, 2 // file, user, password
	for _, a := range args {
		if text := s[a.from:a.to]; len(text) > 1 && text[0] == '-' && text[1] != '-' {
			batch = batch || strings.Contains(text, "b")
			if strings.Contains(text, "n") { // to standard output
				n = 1
			}
		}
	}
	if !batch {
		return dst
	}
	return nth(n, "password")(dst, s, args)
}

// ofParameter picks the value of a parameter of type SecureString.
func ofParameter(dst []Span, s string, args []argument) []Span {
	secure := false
	for _, a := range args {
		secure = secure || strings.Contains(s[a.from:a.to], "SecureString")
	}
	for i, a := range args {
		value, ok := strings.CutPrefix(s[a.from:a.to], "--value")
		switch {
		case !ok || !secure:
		case value == "" && i+1 < len(args):
			dst = found(dst, s, args[i+1].from, args[i+1].to, "secret")
		case strings.HasPrefix(value, "="):
			dst = found(dst, s, a.to-len(value)+1, a.to, "secret")
		}
	}
	return dst
}

// ofCurl picks the password behind -u at the end of a cluster of flags, as -sku, and
// that of a certificate's key.
func ofCurl(dst []Span, s string, args []argument) []Span {
	for i, a := range args[:len(args)-1] {
		text := s[a.from:a.to]
		if text == "--cert" || text == "-E" {
			dst = foundPair(dst, s, args[i+1].from, args[i+1].to, ":")
		}
		if len(text) > 2 && text[0] == '-' && strings.ToLower(text[len(text)-1:]) == "u" && strings.Trim(text[1:len(text)-1], "sSkfLivgINOJjqRn46#aGl0123Z") == "" {
			dst = foundPair(dst, s, args[i+1].from, args[i+1].to, ":")
		}
	}
	return dst
}

// findSqlplus finds the password in sqlplus user/password[@database].
func findSqlplus(dst []Span, s string, i int) []Span {
	to := i + len("sqlplus")
	if i > 0 && isName(s[i-1]) {
		return dst
	}
	for _, a := range arguments(s, to) {
		text := s[a.from:a.to]
		user, rest, ok := strings.Cut(text, "/")
		if !ok || user == "" || text[0] == '-' || text[0] == '@' || strings.Contains(user, ":") {
			continue
		}
		if n := strings.LastIndexByte(rest, '@'); n >= 0 {
			rest = rest[:n]
		}
		if rest != "" && !Placeholder(rest) {
			dst = found(dst, s, a.from+len(user)+1, a.from+len(user)+1+len(rest), "password")
		}
		break
	}
	return dst
}
