package secret

import "strings"

// What stands behind a secret's name is not always the secret: it may say where that
// is, or which one it is. Both are evidence that a responder needs: the key that was
// read, the credential that is to be rotated.

// harmless reports whether value, which stands at start behind the name s[from:to],
// names or points to what is secret.
func harmless(s string, from, to, start int, value string) bool {
	return isPath(value, kindOf(s[from:to]) == "key") || isKeyID(value) || isFingerprint(s[from:to], value) || isTag(s, from, to, start, value) || isPort(s, from, to, value) || namesSecret(s, from, to, value) || closesName(s, from, to, start)
}

// isFingerprint reports whether value is the fingerprint or id of an OpenPGP key, which
// images of Docker's library hold as GPG_KEY: it is public.
func isFingerprint(name, value string) bool {
	if n := len(value); n != 16 && n != 32 && n != 40 {
		return false
	}
	name = strings.ToLower(name)
	return (strings.Contains(name, "gpg") || strings.Contains(name, "pgp")) && strings.Trim(value, "0123456789ABCDEFabcdef") == ""
}

// isTag reports whether what has the name is an image, and the value its tag or the way
// in which a folder is mounted: r.io/token-proxy:v2, /etc/shadow:/x/passwd:ro.
func isTag(s string, from, to, start int, value string) bool {
	name := s[from:to]
	image := strings.HasSuffix(s[:from], "/") && !strings.HasSuffix(s[:from], "//") || strings.Contains(name, "-") && !hasFoldPrefix(name, "x-")
	if start != to+1 || s[to] != ':' || !image || strings.ToLower(name) != name {
		return false
	}
	value = strings.TrimRight(value, ",)")
	word, _, _ := strings.Cut(value, "-")
	switch word {
	case "latest", "main", "master", "stable", "edge", "nightly", "ro", "rw":
		return true
	}
	return isVersion(value)
}

// isVersion reports whether a tag is the number of a version: 1.2.3, v2, 1.36-alpine. A
// file's name and what stands in it look like an image, too, as grep prints them.
func isVersion(tag string) bool {
	const longest, plain = 32, 3 // bytes; of a number alone
	number := strings.TrimLeft(strings.TrimPrefix(tag, "v"), "0123456789.")
	digits := strings.TrimSuffix(tag, number)
	if strings.TrimLeft(digits, "v.") == "" || len(tag) > longest {
		return false
	}
	return number == "" && len(digits) <= plain || (number == "" || number[0] == '-') && (tag[0] == 'v' || strings.Contains(digits, "."))
}

// topFolders are where credentials lie. A password may begin with a slash, too.
var topFolders = []string{"~/", "/etc/", "/root/", "/home/", "/var/", "/run/", "/tmp/", "/opt/", "/usr/", "/proc/", "/srv/", "/mnt/", "/dev/", "/host/"}

// isPath reports whether v is the path of a file: --client-key=/etc/kubernetes/pki/x.key.
// That of a key may be one without a folder.
func isPath(v string, key bool) bool {
	v = strings.TrimSuffix(strings.TrimSuffix(v, ":ro"), ":rw") // of a mount
	named := key && hasAnySuffix(v, []string{".pem", ".key", ".crt"})
	for _, top := range topFolders {
		named = named || strings.HasPrefix(v, top)
	}
	return named && strings.IndexFunc(v, func(r rune) bool { return r > 127 || !isWord(byte(r)) && !strings.ContainsRune("~/.-", r) }) < 0
}

// isKeyID reports whether v is an AWS access key id, also as X-Amz-Credential has it,
// with a date and a region behind it. It names the credential and does not give it.
func isKeyID(v string) bool {
	const size = 20
	if len(v) < size || !strings.HasPrefix(v, "AKIA") && !strings.HasPrefix(v, "ASIA") {
		return false
	}
	for i := range size {
		if !isUpper(v[i]) && (v[i] < '0' || v[i] > '9') {
			return false
		}
	}
	return len(v) == size || v[size] == '/' || hasFoldPrefix(v[size:], "%2f")
}

// isPort reports whether the name at from is that of a host in a URL or of a service, and
// its value begins with the port: http://token-service:8080/x, token-service.prod.svc:8080.
func isPort(s string, from, to int, value string) bool {
	if !strings.HasSuffix(s[:from], "://") && !strings.HasSuffix(s[:from], "@") && !strings.Contains(s[from:to], ".svc") {
		return false
	}
	port := value[:len(value)-len(strings.TrimLeft(value, "0123456789"))]
	rest := value[len(port):]
	return port != "" && len(port) <= 5 && (rest == "" || strings.IndexByte("/?#", rest[0]) >= 0)
}

// namesSecret reports whether the option is --secret of a program that takes the name
// of one there.
func namesSecret(s string, from, to int, value string) bool {
	if s[from:to] != "--secret" {
		return false
	}
	command := commandAt(s, from)
	for _, p := range []string{"docker", "podman", "nerdctl", "buildah", "buildctl", "gcloud"} {
		if command.is(p) {
			return true
		}
	}
	return strings.HasPrefix(value, "id=")
}

// closesName reports whether the quotation mark before start closes the one before
// the name, so that there is no value: grep -r 'password=' /app.
func closesName(s string, from, to, start int) bool {
	mark := s[start-1]
	if from == 0 || mark != '"' && mark != '\'' || s[from-1] != mark || strings.IndexByte(s[to:start-1], mark) >= 0 {
		return false
	}
	return strings.IndexByte(" ;,)]}|&\\", s[start]) >= 0
}
