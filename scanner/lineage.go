package scanner

import (
	"fmt"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// maxMints bounds the token requests that are remembered.
const maxMints = 20_000

// A lineage knows who asked for tokens of which service accounts (Kubernetes
// TokenRequest, the subresource serviceaccounts/token). When such an account is
// then used from the address of the one who asked, it is the same actor under
// another name. Kubelets ask for tokens all day on behalf of pods; they do not
// count. Acts come in event-time order.
type lineage struct {
	mints map[string]mint // by id of the service account
}

type mint struct {
	actor   finding.ActorRef
	address string
	at      finding.Time
}

// resolve returns the actor that the service account of h is used by, and why;
// nil if it is nobody else.
func (l *lineage) resolve(h *finding.Hit) (*finding.ActorRef, *finding.Link) {
	address := lastOf(h.Actor.Addresses)
	m, ok := l.mints[h.Actor.ID]
	if !ok || address == "" || address != m.address || h.Actor.ID == m.actor.ID {
		return nil, nil
	}
	actor := h.Actor // what the log says stays; only whose it is changes
	actor.ID = m.actor.ID
	return &actor, &finding.Link{Actor: h.Actor.ID, Certainty: "likely",
		Why: fmt.Sprintf("%s asked for a token of it at %s, and it was then used from the same address, %s", m.actor.Name, m.at, address)}
}

// remember notes a token request, with the actor it was resolved to.
func (l *lineage) remember(h *finding.Hit) {
	kind := parsers.ActorKind(h.Actor.Kind)
	address := lastOf(h.Actor.Addresses)
	if h.Target.Kind != "serviceaccounts/token" || h.Action != "create" || h.Outcome == "denied" || h.Outcome == "failed" ||
		!kind.Kubernetes() || kind == parsers.KubernetesNode || address == "" {
		return
	}
	if l.mints == nil {
		l.mints = map[string]mint{}
	}
	id := "k8s:system:serviceaccount:" + h.Target.Namespace + ":" + h.Target.Name
	if _, known := l.mints[id]; known || len(l.mints) < maxMints {
		l.mints[id] = mint{h.Actor, address, h.Time}
	}
}
