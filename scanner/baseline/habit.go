package baseline

import (
	"cmp"
	"net/netip"
	"strings"
)

// A Habit is what a principal does, coarsely.
type Habit struct {
	Actor   string `json:"actor"`   // id, "k8s:alice"
	Class   string `json:"class"`   // of verbs; see Class
	Kind    string `json:"kind"`    // of the object: "secrets"
	Client  string `json:"client"`  // program without version; see Client
	Network string `json:"network"` // see Network
}

// NewHabit makes a habit of what an event tells.
func NewHabit(actor, action, kind, agent, address string) Habit {
	return Habit{Actor: capped(actor), Class: Class(action, kind), Kind: capped(kind), Client: Client(agent), Network: Network(address)}
}

func (h Habit) compare(o Habit) int {
	return cmp.Or(strings.Compare(h.Actor, o.Actor), strings.Compare(h.Class, o.Class), strings.Compare(h.Kind, o.Kind),
		strings.Compare(h.Client, o.Client), strings.Compare(h.Network, o.Network))
}

// Class is the class of an action on a kind of object: read, write, connect
// (into a container or through a proxy), run (a command), or, for what is none
// of them, the action without its arguments.
func Class(action, kind string) string {
	if _, sub, ok := strings.Cut(kind, "/"); ok {
		switch sub {
		case "exec", "attach", "portforward", "proxy":
			return "connect"
		case "log":
			return "read"
		}
	}
	verb, _, _ := strings.Cut(strings.ToLower(action), ":")
	switch verb = strings.TrimSpace(verb); verb {
	case "get", "list", "watch", "head":
		return "read"
	case "create", "update", "patch", "post", "put", "delete", "deletecollection":
		return "write"
	case "exec_create", "exec_start", "attach":
		return "connect"
	case "execve", "execveat":
		return "run"
	}
	return capped(verb)
}

// Client is the name of a program without its version and platform:
// "kubectl/v1.29.1 (linux/amd64) ..." and "/usr/bin/kubectl" are "kubectl".
func Client(agent string) string {
	agent = strings.TrimSpace(agent)
	if strings.HasPrefix(agent, "/") {
		agent = agent[strings.LastIndexByte(agent, '/')+1:]
	}
	if i := strings.IndexAny(agent, "/ ("); i >= 0 {
		agent = agent[:i]
	}
	return capped(strings.ToLower(agent))
}

// Network is the neighbourhood of an address: the /24 of an IPv4 address, the
// /64 of an IPv6 address, and "" for what is none.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	bits := 24
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "" // not reached: both lengths are valid
	}
	return p.String()
}

// maxText bounds each part of a habit, in bytes: evidence decides them.
const maxText = 200

func capped(s string) string {
	if len(s) > maxText {
		return strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}
