package kubehttp

import (
	"bytes"
	"strings"
)

// Without the user, what somebody does cannot be told from what controllers do all
// day but by the client. A controller names itself as client-go has it; what people
// and scripts use names itself otherwise, or is one of a few. Anybody can send any
// name, so this decides which rules are asked, and never whether a request is kept.

// hands are what the names of clients begin with that people and scripts use, in
// small letters; those of client-go's form are among them.
var hands = []string{"kubectl", "oc/", "k9s/", "curl/", "wget", "httpie", "postman", "python", "aiohttp", "httpx", "go-http-client", "perl", "libwww",
	"ruby", "php", "guzzle", "java/", "okhttp", "node", "axios", "undici", "bun/", "mozilla", "openapi-generator", "swagger-codegen", "pykube", "lightkube", "kr8s"}

// isProgram reports whether a client calls itself by a name that programs of the
// cluster have:
//
//	kube-controller-manager/v1.30.1 (linux/amd64) kubernetes/6911225/leader-election
//
// which is what client-go makes of the name of the executable
// (k8s.io/client-go, rest/config.go, DefaultKubernetesUserAgent), or by any name that
// people's clients do not have, and keeps a copy of what it works with, as informers do.
func isProgram(agent, query []byte) bool {
	if len(agent) == 0 || isHand(agent) {
		return false
	}
	return isClientGo(agent) || bytes.HasPrefix(agent, []byte("kube-probe/")) || isInformer(query)
}

func isHand(agent []byte) bool {
	for _, h := range hands {
		if len(agent) >= len(h) && strings.EqualFold(string(agent[:len(h)]), h) {
			return !strings.HasPrefix(h, "node") || !bytes.HasPrefix(agent, []byte("node-")) || bytes.HasPrefix(agent, []byte("node-fetch"))
		}
	}
	return false
}

func isClientGo(agent []byte) bool {
	name, rest, ok := bytes.Cut(agent, []byte(" ("))
	if !ok || bytes.IndexByte(name, '/') <= 0 {
		return false
	}
	end := bytes.Index(rest, []byte(") kubernetes/"))
	return end > 0 && bytes.IndexByte(rest[:end], '/') > 0
}

// isInformer reports whether the query is one of a list or watch out of the API
// server's cache (k8s.io/client-go, tools/cache, reflector.go).
func isInformer(query []byte) bool {
	return bytes.Contains(query, []byte("resourceVersion=")) || bytes.Contains(query, []byte("allowWatchBookmarks=true"))
}
