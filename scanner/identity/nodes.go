package identity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// nodes are the hosts on which somebody who was logged in ran a program with the
// credential of the kubelet, by the first part of their name. The API server knows the
// node and the program, and not the person. Hits come in event-time order.
type nodes map[string][]facet

const (
	// maxNodeUses bounds what is remembered of one host.
	maxNodeUses = 256
	// nodeUse is how long after the command a request of the same program is taken to
	// be of it: a watch, or a shell in which the variable is set, goes on.
	nodeUse = 10 * time.Minute
	// clockSkew is by how much the clocks of two hosts may differ.
	clockSkew = 2 * time.Second
)

// kubeletCredentials are parts of the names of files that hold one: kubeadm's, and those
// of EKS and of older set-ups.
var kubeletCredentials = []string{"/etc/kubernetes/kubelet.conf", "/var/lib/kubelet/kubeconfig", "/var/lib/kubelet/pki/kubelet-client"}

// remember notes a command of a login that names such a file.
func (n nodes) remember(h *finding.Hit) {
	if !slices.ContainsFunc(kubeletCredentials, func(f string) bool { return strings.Contains(h.Command, f) }) {
		return
	}
	host := label(hostOf(h))
	if list := n[host]; host != "" && len(list) < maxNodeUses && (list != nil || len(n) < maxIdentities) {
		n[host] = append(list, facetOf(&h.Actor, h.Time))
	}
}

// behind is the one login that used a node's identity; why is "" if there is none, or
// more than one.
func (n nodes) behind(who *facet) (to facet, why string) {
	host, ok := strings.CutPrefix(who.Name, "system:node:")
	if !ok || parsers.ActorKind(who.Kind) != parsers.KubernetesNode || who.Agent == "kubelet" {
		return facet{}, ""
	}
	for _, f := range n[label(host)] {
		if since := who.At.Sub(f.At.Time); f.Agent != who.Agent || since < -clockSkew || since > nodeUse {
			continue
		}
		if to.ID != "" && to.ID != f.ID {
			return facet{}, ""
		}
		to = f
	}
	if to.ID == "" {
		return facet{}, ""
	}
	return to, fmt.Sprintf("%s ran %s with the kubelet's credential on that node at %s", to.Name, to.Agent, to.At)
}

// label is a host's name without its domain.
func label(host string) string {
	name, _, _ := strings.Cut(host, ".")
	return strings.ToLower(name)
}
