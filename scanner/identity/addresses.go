package identity

import (
	"strings"

	"tideline/parsers"
	"tideline/scanner/baseline"
	"tideline/scanner/principal"
	"tideline/scanner/tally"
)

// Addresses say something of an identity only if they belong to one somebody.
// sharedAddresses are those that do not, and why is known from all events, not
// only from those that a rule matched:
//
//   - one that carries more than half of all requests is a load balancer's, a
//     proxy's or konnectivity's. In an excerpt of a log who came with a stolen token may
//     be most of what there is, so there it must be that of more than two identities;
//   - one that the kubelets of several nodes use is the way out of a whole
//     network;
//   - one that several people use is an office's, or a jump host's. The
//     administrator of a kubeconfig is no person: who stole one uses it beside his
//     own name.
func sharedAddresses(a *tally.Aggregates) map[string]bool {
	byAddress, all := map[string]int64{}, int64(0)
	people, nodes, there := map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	for k, row := range a.Principals {
		name, ok := strings.CutPrefix(k.Actor, "k8s:")
		if !ok || k.Address == "" {
			continue
		}
		enlist(there, k.Address, name)
		n := row.Allowed + row.Denied + row.Other
		byAddress[k.Address] += n
		all += n
		switch {
		case strings.HasPrefix(name, "system:node:"):
			if baseline.Client(k.Agent) == "kubelet" {
				enlist(nodes, k.Address, name)
			}
		case !strings.HasPrefix(name, "system:") && !installed[name] && row.Allowed > 0:
			enlist(people, k.Address, name)
		}
	}
	shared := map[string]bool{}
	for address, n := range byAddress {
		most := 2*n > all && (all >= excerpt || len(there[address]) > 2)
		if most || len(people[address]) > 1 || len(nodes[address]) > 1 {
			shared[address] = true
		}
	}
	return shared
}

// excerpt is how many requests a log must hold for most of them to be those of a gateway.
const excerpt = 50

// installed are the administrators that kubeadm, minikube, kOps, AKS and kind put
// into a kubeconfig, for whoever has it.
var installed = map[string]bool{"kubernetes-admin": true, "kubernetes-super-admin": true, "minikube-user": true, "kubecfg": true, "masterclient": true, "clusterAdmin": true}

// Homes are those from which the cluster's own nodes come: for each node,
// the address of most of its kubelet's requests. Where the API server is reached
// over the Internet, that is the public address of a gateway, and pods share it.
// Who stole a node's credential does not make an address a home by using it
// elsewhere: a kubelet talks all day, and its own address stays ahead.
func Homes(a *tally.Aggregates) map[string]bool {
	counts := map[string]map[string]int64{} // by node, then address
	for k, row := range a.Principals {
		if !strings.HasPrefix(k.Actor, "k8s:system:node:") || k.Address == "" || row.Allowed == 0 || baseline.Client(k.Agent) != "kubelet" {
			continue
		}
		if counts[k.Actor] == nil {
			counts[k.Actor] = map[string]int64{}
		}
		counts[k.Actor][k.Address] += row.Allowed
	}
	homes := map[string]bool{}
	for _, of := range counts {
		most := ""
		for address, n := range of {
			if most == "" || n > of[most] || n == of[most] && address < most {
				most = address
			}
		}
		homes[most] = true
	}
	return homes
}

func enlist(m map[string]map[string]bool, key, name string) {
	if m[key] == nil {
		m[key] = map[string]bool{}
	}
	m[key][name] = true
}

// logins are the addresses from which login uids came to hosts, of all events.
type logins struct {
	from map[string]map[string]*login // by login uid, then address
	uids map[string]map[string]bool   // by address: the login uids that came from it
	of   map[string][]string          // by id of the identity: the addresses it came from, in order
}

// A login is the first host that a login uid came to from an address.
type login struct{ first facet }

// maxLogins bounds the addresses remembered of one login.
const maxLogins = 64

// newLogins gathers them. A host's own address, and none, say nothing.
func newLogins(a *tally.Aggregates) *logins {
	l := &logins{from: map[string]map[string]*login{}, uids: map[string]map[string]bool{}, of: map[string][]string{}}
	for _, r := range a.Sorted() {
		uid, ok := loginUID(r.Key.Actor)
		if !ok || r.Row.Allowed == 0 || !remote(r.Key.Address) || len(l.of[r.Key.Actor]) >= maxLogins {
			continue
		}
		l.of[r.Key.Actor] = append(l.of[r.Key.Actor], r.Key.Address)
		enlist(l.uids, r.Key.Address, uid)
		if l.from[uid] == nil {
			l.from[uid] = map[string]*login{}
		}
		who := facet{ID: r.Key.Actor, Name: "auid=" + uid + " on " + principal.PlaceOf(r.Key.Actor), Kind: string(parsers.LinuxUser), Address: r.Key.Address, At: r.Row.First}
		if have := l.from[uid][r.Key.Address]; have == nil || who.before(&have.first) {
			l.from[uid][r.Key.Address] = &login{who}
		}
	}
	return l
}

// loginUID is the login uid in the id of an actor on a host.
func loginUID(id string) (string, bool) {
	if !strings.HasPrefix(id, "linux:") {
		return "", false
	}
	_, uid, ok := strings.Cut(id, "/auid=")
	return uid, ok
}

// remote reports whether an address is one that somebody can come from.
func remote(address string) bool {
	switch address {
	case "", "?", "127.0.0.1", "::1", "0.0.0.0", "::":
		return false
	}
	return true
}

// same finds the first host that the login of who came to from one of the
// addresses that it came to its own host from.
func (l *logins) same(who *facet) (to facet, address string) {
	uid, ok := loginUID(who.ID)
	if !ok {
		return facet{}, ""
	}
	for _, a := range l.of[who.ID] {
		if first := l.from[uid][a]; first != nil && first.first.ID != who.ID && (address == "" || first.first.before(&to)) {
			to, address = first.first, a
		}
	}
	return to, address
}

// before orders facets by time, those without one last, then by id.
func (f *facet) before(o *facet) bool {
	switch {
	case f.At.IsZero() != o.At.IsZero():
		return o.At.IsZero()
	case !f.At.Equal(o.At.Time):
		return f.At.Before(o.At.Time)
	}
	return f.ID < o.ID
}
