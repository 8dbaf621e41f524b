package identity

import (
	"fmt"
	"slices"
	"strings"

	"tideline/parsers"
	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/principal"
	"tideline/scanner/tally"
	"tideline/scanner/text"
)

// Fields by which identities of one actor are recognised. They are asked of
// events that a rule matched; logs that know none of them answer nothing.
const (
	FieldIssued = "annotations.authentication.kubernetes.io/issued-credential-id" // of the token that a TokenRequest gave out
	FieldPod    = "user.extra.authentication.kubernetes.io/pod-name"              // that the caller's token is bound to
	FieldCSR    = "k8s.csr.cn"                                                    // the user that a certificate was asked for
)

// Fields are all of them.
var Fields = []string{FieldIssued, FieldPod, FieldCSR}

// maxIdentities bounds each of the tables of identities.
const maxIdentities = 50_000

// identities knows which principals are one actor under several names, the
// strongest key first:
//
//   - a credential id that a TokenRequest gave to somebody (certain);
//   - a token that stood in a command of somebody who was logged in to a host, used
//     by the program that was run (likely: the pod that it belongs to uses it too);
//   - a name for which somebody asked a token or a certificate, or made a Secret with one, used
//     afterwards from the same address (likely);
//   - an account of the namespace of a pod whose token somebody read by a command
//     there, used afterwards from that somebody's address (likely);
//   - a node, with whose kubelet's credential somebody ran a program there (likely);
//   - the terminal of a container on which somebody had a shell opened (likely);
//   - the pod: what runs in it holds the token that is bound to it (likely);
//   - one login uid on several hosts, come from the same address (likely, or
//     possible where others come from there too); never the uid alone;
//   - a public address that workloads' identities are used from, where no
//     workload is at home (likely with the same program, else possible; with a
//     person only by the same program), or that somebody logged in from who is
//     nobody else's neighbour there (likely).
//
// A shared address (sharedAddresses) says nothing, nor does one from which an
// identity is used as a matter of course. People are never merged by address:
// offices share one. Kubelets ask for tokens all day on behalf of pods; they do
// not count. Everything is remembered before anything is resolved, so the order
// of the evidence does not matter.
type identities struct {
	issued    map[string]facet   // by credential id
	held      map[string]facet   // who ran a command with the token in it, by its id
	granted   map[string][]grant // by id of the identity that was taken on
	taken     map[string][]grant // tokens of pods that were read there, by namespace
	pods      map[string]facet   // by namespace and name
	addresses map[string][]facet // by public address, each identity once, in order of appearance
	shared    map[string]bool    // addresses that say nothing
	terminals terminals
	nodes     nodes
	logins    *logins
	habits    *baseline.Index
}

// A facet is an identity as one act showed it. Its keys, and those of what has facets,
// are for Saved.
type facet struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Kind    string       `json:"kind"`
	Session string       `json:"session,omitempty"`
	Address string       `json:"address,omitempty"`
	Agent   string       `json:"agent,omitempty"`
	At      finding.Time `json:"at"`
}

// A grant is a token or certificate that somebody asked for, in another name, or
// the token of a pod that somebody read.
type grant struct {
	To   facet  `json:"to"`
	What string `json:"what"` // or which pod
}

func facetOf(ref *finding.ActorRef, at finding.Time) facet {
	return facet{ID: ref.ID, Name: ref.Name, Kind: ref.Kind, Session: ref.Session,
		Address: ref.Address(), Agent: baseline.Client(ref.Agent), At: at}
}

func newIdentities(a *tally.Aggregates, habits *baseline.Index) *identities {
	return &identities{issued: map[string]facet{}, held: map[string]facet{}, granted: map[string][]grant{}, taken: map[string][]grant{}, pods: map[string]facet{}, terminals: terminals{}, nodes: nodes{},
		addresses: map[string][]facet{}, shared: sharedAddresses(a), logins: newLogins(a), habits: habits}
}

// remember notes what h tells of identities. Hits come in event-time order.
func (x *identities) remember(h *finding.Hit) {
	kind := parsers.ActorKind(h.Actor.Kind)
	if kind == parsers.LinuxUser && strings.Contains(h.Command, "eyJ") && LoggedIn(h) && len(x.held) < maxIdentities {
		for _, id := range TokenIDs(h) {
			keepFirst(x.held, id, facetOf(&h.Actor, h.Time))
		}
	}
	if kind == parsers.LinuxUser && LoggedIn(h) {
		x.nodes.remember(h)
	}
	if !kind.Kubernetes() {
		return
	}
	who := facetOf(&h.Actor, h.Time)
	if pod := first(h.Fields[FieldPod]); pod != "" && kind == parsers.KubernetesServiceAccount && len(x.pods) < maxIdentities {
		keepFirst(x.pods, accountNamespace(h.Actor.Name)+"/"+pod, who)
	}
	if address := who.Address; finding.Public(address) && (len(x.addresses) < maxIdentities || x.addresses[address] != nil) {
		x.addresses[address] = addFacet(x.addresses[address], who)
	}
	if kind == parsers.KubernetesNode || finding.NotDone(h.Outcome) {
		return
	}
	if h.Target.Kind == "pods/exec" && slices.ContainsFunc(h.Exposed, func(e finding.Exposed) bool { return e.Kind == "service-account-token" }) {
		grantOf(x.taken, h.Target.Namespace, who, h.Target.Name)
	}
	if h.Action != "create" {
		return
	}
	switch h.Target.Kind {
	case "serviceaccounts/token":
		if id := first(h.Fields[FieldIssued]); id != "" && len(x.issued) < maxIdentities {
			keepFirst(x.issued, id, who)
		}
		grantOf(x.granted, "k8s:system:serviceaccount:"+h.Target.Namespace+":"+h.Target.Name, who, "token")
	case "secrets": // the token of an account in an object of its own, without an end
		for _, e := range h.Exposed {
			if e.Kind == "service-account-token" && e.Namespace != "" && e.Name != "" && !strings.ContainsAny(e.Name, "* ") {
				grantOf(x.granted, "k8s:system:serviceaccount:"+e.Namespace+":"+e.Name, who, "token")
			}
		}
	case "certificatesigningrequests":
		if cn := first(h.Fields[FieldCSR]); cn != "" {
			grantOf(x.granted, "k8s:"+cn, who, "certificate")
		}
	}
}

// maxGrants bounds the grants of one identity: one for each asker and address.
const maxGrants = 16

func grantOf(m map[string][]grant, key string, to facet, what string) {
	list := m[key]
	if to.Address == "" || len(list) >= maxGrants || list == nil && len(m) >= maxIdentities {
		return
	}
	for _, g := range list {
		if g.To.ID == to.ID && g.To.Address == to.Address {
			return
		}
	}
	m[key] = append(list, grant{to, what})
}

// resolve says whose identity who is: the id of the actor, and a link for each
// step on the way; the identity's own id if it is nobody else's.
func (x *identities) resolve(who facet, c parsers.Container) (string, []finding.Link) {
	seen := map[string]bool{who.ID: true}
	var links []finding.Link
	for {
		next, why, certainty := x.step(who, c)
		if why == "" || seen[next.ID] {
			return who.ID, links
		}
		links = append(links, finding.Link{Actor: who.ID, Why: why, Certainty: certainty})
		seen[next.ID] = true
		who, c = next, parsers.Container{}
	}
}

// step finds who is behind an identity by its strongest key; why is "" if
// nobody else is.
func (x *identities) step(who facet, c parsers.Container) (to facet, why, certainty string) {
	if to, ok := x.issued[strings.TrimSpace(who.Session)]; ok && who.Session != "" && to.ID != who.ID {
		return to, fmt.Sprintf("it used the token %s, which %s had asked for at %s", text.Shorten(who.Session, 60), to.Name, to.At), "certain"
	}
	for _, id := range bare([]string{who.Session}) {
		if to, ok := x.held[id]; ok && to.Agent == who.Agent && !who.At.Before(to.At.Time) {
			return to, fmt.Sprintf("it used the token %s, which stood in a command of %s at %s, with the same program, %s",
				text.Shorten(id, 60), to.Name, to.At, who.Agent), "likely"
		}
	}
	if g := x.sameAddress(x.granted[who.ID], &who); g != nil {
		return g.To, fmt.Sprintf("%s asked for a %s in its name at %s, and it was then used from the same address, %s",
			g.To.Name, g.What, g.To.At, who.Address), "likely"
	}
	if parsers.ActorKind(who.Kind) == parsers.KubernetesServiceAccount {
		if g := x.sameAddress(x.taken[accountNamespace(who.Name)], &who); g != nil {
			return g.To, fmt.Sprintf("%s read the token of pod %s/%s at %s, and it was then used from the same address, %s",
				g.To.Name, accountNamespace(who.Name), g.What, g.To.At, who.Address), "likely"
		}
	}
	if to, why := x.nodes.behind(&who); why != "" {
		return to, why, "likely"
	}
	if to, why := x.terminals.behind(&who); why != "" {
		return to, why, "likely"
	}
	if to, ok := x.pods[c.Namespace+"/"+c.Pod]; ok && parsers.ActorKind(who.Kind) == parsers.ContainerProcess {
		return to, fmt.Sprintf("it ran in pod %s/%s, whose token %s used", c.Namespace, c.Pod, to.Name), "likely"
	}
	if to, address := x.logins.same(&who); address != "" {
		certainty = "likely"
		if len(x.logins.uids[address]) > 1 {
			certainty = "possible" // a jump host
		}
		return to, fmt.Sprintf("the same login uid came to %s and to %s from %s", principal.PlaceOf(to.ID), principal.PlaceOf(who.ID), address), certainty
	}
	if to := x.visitor(&who); to.ID != "" {
		return to, fmt.Sprintf("it logged in from %s, a public address that %s used too", to.Address, to.Name), "likely"
	}
	return x.neighbour(who)
}

// sameAddress is the one of list, nil if none, to which who belongs, because it came
// from the same address later.
func (x *identities) sameAddress(list []grant, who *facet) *grant {
	if who.Address == "" || x.shared[who.Address] {
		return nil
	}
	for i := range list {
		if to := &list[i].To; to.ID != who.ID && to.Address == who.Address && !who.At.Before(to.At.Time) {
			return &list[i]
		}
	}
	return nil
}

// visitor finds the workload's identity that was used from the public address
// which a login came from, if nobody else's login came from there.
func (x *identities) visitor(who *facet) facet {
	for _, address := range x.logins.of[who.ID] {
		if len(x.logins.uids[address]) > 1 || x.shared[address] {
			continue
		}
		if owner := x.owner(address); owner.ID != "" && unlikelyThere(owner.Kind) && !x.atHome(&owner) {
			return owner
		}
	}
	return facet{}
}

// owner is the first identity at a public address that has a name.
func (x *identities) owner(address string) facet {
	list := x.addresses[address]
	for _, f := range list {
		if parsers.ActorKind(f.Kind) != parsers.KubernetesAnonymous {
			return f
		}
	}
	if len(list) == 0 {
		return facet{}
	}
	return list[0]
}

// atHome reports whether an identity was learned to be used from where it is.
func (x *identities) atHome(f *facet) bool {
	return x.habits != nil && x.habits.Uses(f.ID, baseline.Network(f.Address))
}

// neighbour finds the identity that a public address belongs to: the first one
// there that has a name.
func (x *identities) neighbour(who facet) (to facet, why, certainty string) {
	if !unlikelyThere(who.Kind) || x.shared[who.Address] || len(x.addresses[who.Address]) < 2 {
		return facet{}, "", ""
	}
	list, owner := x.addresses[who.Address], x.owner(who.Address)
	if owner.ID == who.ID || x.atHome(&who) {
		return facet{}, "", ""
	}
	certainty = "possible"
	for _, f := range list {
		if f.ID == owner.ID && f.Agent == who.Agent {
			certainty = "likely"
		}
	}
	if certainty == "possible" && !unlikelyThere(owner.Kind) {
		return facet{}, "", "" // somebody's office, perhaps
	}
	return owner, fmt.Sprintf("it was used from %s, a public address that %s used too", who.Address, owner.Name), certainty
}

// unlikelyThere reports whether an identity of a kind has no business at a
// public address.
func unlikelyThere(kind string) bool {
	switch parsers.ActorKind(kind) {
	case parsers.KubernetesServiceAccount, parsers.KubernetesNode, parsers.KubernetesAnonymous:
		return true
	}
	return false
}

// maxNeighbours bounds the identities remembered of one address.
const maxNeighbours = 256

func addFacet(list []facet, f facet) []facet {
	for _, have := range list {
		if have.ID == f.ID && have.Agent == f.Agent {
			return list
		}
	}
	if len(list) >= maxNeighbours {
		return list
	}
	return append(list, f)
}

func keepFirst(m map[string]facet, key string, f facet) {
	if _, ok := m[key]; !ok {
		m[key] = f
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// accountNamespace is the namespace in "system:serviceaccount:NAMESPACE:NAME".
func accountNamespace(name string) string {
	rest, _ := strings.CutPrefix(name, "system:serviceaccount:")
	namespace, _, _ := strings.Cut(rest, ":")
	return namespace
}
