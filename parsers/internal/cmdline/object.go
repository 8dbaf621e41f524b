package cmdline

import (
	"bytes"
	"slices"
)

// Objects appends what a command names of that which the tool keeps: the container
// of "docker exec web env" and both of "docker inspect web db", the file of "docker
// cp web:/etc/x .", "pod api-0" and "pods of deploy/api" of kubectl exec, the account
// of "kubectl create token", and for any other program the container in a path of an
// engine's API. It appends nothing where the command names none, or its
// verb is none of these.
func (c *Command) Objects(dst [][]byte) [][]byte {
	switch t := tools[string(c.Tool)]; t {
	case nil:
		return c.containerPath(dst)
	case helm, etcdctl, ctr:
		return dst
	case kubectl:
		return c.kubectlObjects(dst)
	default:
		if len(c.Words) < 2 {
			return dst
		}
		return c.engineObjects(dst, c.Words[c.verbAt(t)+1:])
	}
}

// maxNamed is how many are told one by one. "docker inspect $(docker ps -q)" names all
// there are, and nothing says so better than no name: a list that is cut off says less.
const maxNamed = 100

// filledIn is where xargs and parallel put a name that stands in no record of theirs.
const filledIn = "{}"

// latest reports whether podman is to take the container made last, so that none is named.
func (c *Command) latest() bool {
	return string(c.Tool) == "podman" && slices.ContainsFunc(c.Flags, func(f []byte) bool { return string(f) == "-l" || string(f) == "--latest" })
}

// engineObjects are those of Docker, its kin and the runtimes below them.
func (c *Command) engineObjects(dst, words [][]byte) [][]byte {
	switch string(c.Verb) {
	case "exec", "attach", "export", "commit", "top", "diff": // what else is named is no container
		if len(words) > 0 && !c.latest() && string(words[0]) != filledIn {
			dst = append(dst, words[0])
		}
		return dst
	case "logs", "inspect", "inspectp", "inspecti", "save", "mount":
		if len(words) <= maxNamed && (len(words) == 0 || string(words[0]) != filledIn) {
			return append(dst, words...)
		}
	case "generate", "kube": // of podman
		if len(words) > 1 && (string(words[0]) == "kube" || string(words[0]) == "generate") {
			return append(dst, words[1:]...)
		}
	case "cp":
		for _, w := range words {
			if bytes.IndexByte(w, ':') > 0 {
				return append(dst, w)
			}
		}
	}
	return dst
}

// containerPath appends the container of "curl --unix-socket /run/docker.sock
// http://x/containers/web/json" (Docker Engine API), and of the engine's own files,
// /var/lib/docker/containers/ID/config.v2.json. What podman keeps lies below
// /var/lib/containers/storage, which is none.
func (c *Command) containerPath(dst [][]byte) [][]byte {
	for _, list := range [...][][]byte{c.Words, c.Flags} {
		for _, arg := range list {
			_, rest, _ := bytes.Cut(arg, []byte("/containers/"))
			if name, _, below := bytes.Cut(rest, []byte("/")); below && isContainer(name) && string(name) != "storage" {
				return append(dst, name)
			}
		}
	}
	return dst
}

// isContainer reports whether a word can be the name or id of a container.
func isContainer(name []byte) bool {
	for _, c := range name {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.') {
			return false
		}
	}
	return len(name) > 0
}

// kubectlObjects are those of kubectl and oc.
func (c *Command) kubectlObjects(dst [][]byte) [][]byte {
	verb, words := c.kubectlWords()
	switch string(verb) {
	case "create":
		if len(words) > 1 && string(words[0]) == "token" {
			return names(dst, words[1:2])
		}
	case "exec", "logs", "attach", "debug", "rsh":
		if len(words) > 0 {
			return c.pod(dst, words[0])
		}
		return c.selected(dst)
	case "get", "describe":
		return c.shown(dst, words)
	case "cp":
		for _, w := range words {
			if pod, _, ok := bytes.Cut(w, []byte(":")); ok {
				return c.pod(dst, pod[bytes.IndexByte(pod, '/')+1:])
			}
		}
	}
	return dst
}

// workloads are the kinds that have pods, by all that kubectl calls them.
var workloads = set(`pod pods po deployment deployments deploy statefulset statefulsets sts daemonset daemonsets ds
	replicaset replicasets rs job jobs cronjob cronjobs cj deploymentconfig deploymentconfigs dc`)

// shown appends the pods of "get pods api-0 api-1", "get deploy web", "get pod/api-0",
// and those that a selector picks.
func (c *Command) shown(dst, words [][]byte) [][]byte {
	from := len(dst)
	if len(words) > maxNamed {
		return dst
	}
	for i, w := range words {
		kind, _, slashed := bytes.Cut(w, []byte("/"))
		switch {
		case slashed && workloads[string(kind)]:
			dst = c.pod(dst, w)
		case slashed || i == 0:
		case !workloads[string(words[0])]:
			return dst
		case bytes.HasPrefix(words[0], []byte("po")):
			dst = c.pod(dst, w)
		default:
			dst = append(dst, c.join("pods of ", bytes.Join([][]byte{words[0], w}, []byte("/"))))
		}
	}
	if len(dst) == from && len(words) == 1 && workloads[string(words[0])] {
		return c.selected(dst)
	}
	return dst
}

// selected appends the pods that -l picks.
func (c *Command) selected(dst [][]byte) [][]byte {
	for _, f := range c.Flags {
		if name, value, _ := bytes.Cut(f, []byte("=")); len(value) > 0 && (string(name) == "-l" || string(name) == "--selector") {
			return append(dst, c.join("pods with ", value))
		}
	}
	return dst
}

// pod appends the pod that a word names: "api-0", "pod/api-0", or one of "deploy/api".
func (c *Command) pod(dst [][]byte, word []byte) [][]byte {
	kind, name, slashed := bytes.Cut(word, []byte("/"))
	switch {
	case !slashed:
		name = word
	case string(kind) != "pod" && string(kind) != "pods" && string(kind) != "po":
		return append(dst, c.join("pods of ", word))
	}
	return append(dst, c.join("pod ", name))
}

func (c *Command) join(head string, tail []byte) []byte {
	at := len(c.joined)
	c.joined = append(append(c.joined, head...), tail...)
	return c.joined[at:len(c.joined):len(c.joined)]
}
