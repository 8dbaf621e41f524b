package cmdline

import "bytes"

// A client that was brought along is called after anything, and so are its arguments, but
// for what it is to do: `/dev/shm/.x get secrets -A` says of itself what it is. A program
// that is no tool is taken for kubectl where verb and kind are those of credentials and a
// flag says that it is about a cluster. Programs that keep passwords have words like these
// (`vault-cli get secrets -o json`), and no namespaces.

// inCluster are flags that only clients of a cluster have beside a verb and a kind.
var inCluster = [][]byte{[]byte("-n="), []byte("--namespace="), []byte("--kubeconfig="), []byte("--as="), []byte("--bound-object-kind=")}

// readDisguised reads args, which are those of a program that is no tool, as kubectl would,
// and reports whether they are for it; else nothing is read.
func (c *Command) readDisguised(args [][]byte) bool {
	if !mayBeDisguised(args) {
		return false
	}
	if c.readWords(args, kubectl); c.asksForCredentials() {
		c.Tool = nameOfKubectl
		return true
	}
	c.Words, c.Flags, c.joined = c.Words[:0], c.Flags[:0], c.joined[:0]
	return false
}

// mayBeDisguised reports whether a word begins like a kind that is looked for: nearly no
// command has one.
func mayBeDisguised(args [][]byte) bool {
	for i, a := range args {
		if i > 0 && (len(a) >= len(wordSecret) && bytes.EqualFold(a[:len(wordSecret)], wordSecret) || string(a) == "token") {
			return true
		}
	}
	return false
}

var wordSecret = []byte("secret")

// asksForCredentials reports whether the words are "get secrets", of a namespace or all
// of them, or "create token" for a service account of one.
func (c *Command) asksForCredentials() bool {
	if len(c.Words) < 2 {
		return false
	}
	kind, _, _ := bytes.Cut(c.Words[1], []byte("/"))
	everywhere := false
	switch verb := string(c.Words[0]); {
	case (verb == "get" || verb == "describe" || verb == "edit") && isSecretKind(kind):
		everywhere = true
	case verb == "create" && string(kind) == "token" && len(c.Words) == 3:
	default:
		return false
	}
	for _, f := range c.Flags {
		if everywhere && (string(f) == "-A" || string(f) == "--all-namespaces") {
			return true
		}
		for _, flag := range inCluster {
			if bytes.HasPrefix(f, flag) {
				return true
			}
		}
	}
	return false
}
