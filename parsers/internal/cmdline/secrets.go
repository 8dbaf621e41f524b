package cmdline

import "bytes"

// secretKinds are the spellings of the kind Secret that kubectl takes, without
// version and group behind a dot.
var secretKinds = set("secret secrets")

// Secrets appends the names of the Secrets that a command of kubectl, or of a
// client of the same language, is about: "get secret db tls", "get secret/db",
// "view-secret db". It is "*" where the Secrets are not named.
func (c *Command) Secrets(dst [][]byte) [][]byte {
	verb, words := c.kubectlWords()
	asked, from := false, len(dst)
	switch string(verb) {
	case "get", "describe", "extract", "delete":
		asked, dst = named(dst, words, len(words))
	case "edit", "patch", "label", "annotate": // one, and what is done to it
		asked, dst = named(dst, words, 2)
	case "view-secret", "modify-secret": // plugins: NAME [KEY]
		asked, dst = true, names(dst, words[:min(len(words), 1)])
	}
	if asked && len(dst) == from {
		return append(dst, everySecret)
	}
	if !asked {
		if p := c.secretPath(); p.found {
			return append(dst, p.name)
		}
	}
	return dst
}

// A secretPath is what the path of a Secret names: of the API server, as any
// client of HTTP is given it and kubectl behind --raw, or in etcd.
type secretPath struct {
	found           bool
	namespace, name []byte // name is "*" for all of them
}

// secretPath looks for one in the arguments, or within a script that is one.
func (c *Command) secretPath() (p secretPath) {
	for _, list := range [...][][]byte{c.Words, c.Flags} {
		for _, arg := range list {
			if p.read(arg); p.found {
				return p
			}
		}
	}
	return p
}

func (p *secretPath) read(arg []byte) {
	if _, rest, ok := bytes.Cut(arg, []byte("/api/v1/")); ok {
		if inside, ok := bytes.CutPrefix(rest, []byte("namespaces/")); ok {
			p.namespace, rest, _ = bytes.Cut(inside, []byte("/"))
		}
		kind, rest := segment(rest)
		p.name, _ = segment(rest)
		p.found = string(kind) == "secrets"
	} else if _, rest, ok := bytes.Cut(arg, []byte("/registry/secrets")); ok {
		if len(rest) > 0 && rest[0] == '/' {
			p.namespace, rest = segment(rest[1:])
			p.name, _ = segment(rest)
		}
		p.found = true
	}
	if len(names(nil, [][]byte{p.name})) == 0 {
		p.name = everySecret
	}
	if len(names(nil, [][]byte{p.namespace})) == 0 { // $NS
		p.namespace = nil
	}
}

// segment cuts what can be a name off a path, and the slash behind it.
func segment(path []byte) (name, rest []byte) {
	n := 0
	for n < len(path) && (path[n] == '-' || path[n] == '.' || '0' <= path[n] && path[n] <= '9' || 'a' <= path[n] && path[n] <= 'z') {
		n++
	}
	if n < len(path) && path[n] == '/' {
		return path[:n], path[n+1:]
	}
	return path[:n], nil
}

var everySecret = []byte("*")

// named appends the names of Secrets among the first n words: of "KIND/NAME ...",
// or of "KINDS NAME ...". It reports whether Secrets are among them at all.
func named(dst, words [][]byte, n int) (asked bool, _ [][]byte) {
	words = words[:min(len(words), n)]
	for i, w := range words {
		kind, name, slashed := bytes.Cut(w, []byte("/"))
		if !slashed && i == 0 {
			if hasSecretKind(w) {
				return true, names(dst, words[1:])
			}
			return false, dst
		}
		if slashed && isSecretKind(kind) {
			asked, dst = true, names(dst, [][]byte{name})
		}
	}
	return asked, dst
}

// names appends those of words that can be names of objects (RFC 1123).
func names(dst, words [][]byte) [][]byte {
	for _, w := range words {
		if len(w) > 0 && w[0] != '-' && w[0] != '.' && len(bytes.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789-.")) == 0 {
			dst = append(dst, w)
		}
	}
	return dst
}

// kubectlWords are the verb and what stands behind it, of a tool of that family:
// "k3s kubectl get x" is a get.
func (c *Command) kubectlWords() (verb []byte, words [][]byte) {
	if tools[string(c.Tool)] != kubectl {
		return nil, nil
	}
	words = c.Words
	if len(words) > 0 && string(words[0]) == "kubectl" {
		words = words[1:]
	}
	if len(words) == 0 {
		return nil, nil
	}
	return words[0], words[1:]
}

// hasSecretKind reports whether a list of kinds, "cm,secret", has Secrets in it.
func hasSecretKind(kinds []byte) bool {
	for len(kinds) > 0 {
		var kind []byte
		kind, kinds, _ = bytes.Cut(kinds, []byte(","))
		if isSecretKind(kind) {
			return true
		}
	}
	return false
}

// isSecretKind knows "secrets.v1." and "Secret", too.
func isSecretKind(kind []byte) bool {
	kind, _, _ = bytes.Cut(kind, []byte("."))
	return secretKinds[string(bytes.ToLower(kind))]
}

// Namespace appends the namespace that a command names, if it is about one. Those of
// container engines are none of a cluster.
func (c *Command) Namespace(dst [][]byte) [][]byte {
	switch tools[string(c.Tool)] {
	case nerdctl, ctr, podman:
		return dst
	}
	for _, f := range c.Flags {
		switch name, value, has := bytes.Cut(f, []byte("=")); {
		case string(name) == "-A", string(name) == "--all-namespaces" && string(value) != "false":
			return dst
		case has && (string(name) == "-n" || string(name) == "--namespace"):
			return append(dst, value)
		case len(f) > 2 && f[0] == '-' && f[1] == 'n' && !has: // -nprod
			return append(dst, f[2:])
		}
	}
	if p := c.secretPath(); p.namespace != nil {
		return append(dst, p.namespace)
	}
	if verb, words := c.kubectlWords(); string(verb) == "cp" { // NAMESPACE/POD:PATH
		for _, w := range words {
			if pod, _, ok := bytes.Cut(w, []byte(":")); ok && bytes.IndexByte(pod, '/') > 0 {
				return append(dst, pod[:bytes.IndexByte(pod, '/')])
			}
		}
	}
	return dst
}
