package kubehttp

import (
	"net/netip"
	"strconv"
	"strings"

	"tideline/parsers/internal/apirequest"
	"tideline/parsers/internal/spelling"
)

// A lookup is where a field comes from.
type lookup uint8

const (
	byKey lookup = iota // a key of the line itself
	byVerb
	byMethod
	byURI
	byPath
	byAgent
	byPeer
	byStatus
	byAuditID
	byStage
	byResource
	bySubresource
	byNamespace
	byName
	byGroup
	byVersion
	byOK
	byScope
	byCommand
	byPod
	byPublic
	byEndpoint
	byContainer
	byProgram
	byHost
)

// lookups are the fields that rules can ask for besides the keys of the line.
var lookups = map[string]lookup{
	"verb": byVerb, "http.verb": byMethod, "requestURI": byURI, "URI": byURI, "userAgent": byAgent, "sourceIPs": byPeer, "responseStatus.code": byStatus,
	"auditID": byAuditID, "stage": byStage,
	"objectRef.resource": byResource, "resource": byResource, "objectRef.subresource": bySubresource, "subresource": bySubresource,
	"objectRef.namespace": byNamespace, "namespace": byNamespace, "objectRef.name": byName, "name": byName,
	"objectRef.apiGroup": byGroup, "apiGroup": byGroup, "objectRef.apiVersion": byVersion,
	"k8s.ok": byOK, "k8s.scope": byScope, "k8s.cmd": byCommand, "k8s.path": byPath, "k8s.kubeletPod": byPod, "k8s.src_public": byPublic,
	"kubelet.endpoint": byEndpoint, "kubelet.pod": byPod, "kubelet.container": byContainer, "http.program": byProgram, "host": byHost,
}

// A field is one of Options.Fields, compiled.
type field struct {
	from lookup
	name []byte
}

func compile(names []string) []field {
	out := make([]field, len(names))
	for i, name := range names {
		name = strings.TrimPrefix(name, "kubernetes.audit.")
		out[i] = field{from: lookups[name], name: []byte(name)}
	}
	return out
}

// A view is a request as rules see it. Both views of an event are the same one.
type view struct {
	d     *decoder
	plain []byte // spellings that were undone
	code  [3]byte
}

// Values implements parsers.Fields.
func (v *view) Values(dst [][]byte, i int) [][]byte {
	if i < 0 || i >= len(v.d.fields) {
		return dst
	}
	f := &v.d.fields[i]
	switch f.from {
	case byKey:
		for _, p := range v.d.read.pairs {
			if string(p.key) == string(f.name) {
				dst = append(dst, p.value)
			}
		}
		return dst
	case byCommand:
		return v.command(dst)
	}
	if b := v.one(f.from); b != nil {
		dst = append(dst, b)
	}
	return dst
}

// one is the value of a field that has one at most.
func (v *view) one(from lookup) []byte {
	a, r := &v.d.read.access, &v.d.req
	switch from {
	case byVerb:
		return r.info.Verb
	case byMethod:
		return a.verb
	case byURI:
		return a.uri
	case byPath:
		return r.path
	case byAgent:
		return a.agent
	case byPeer:
		return a.address()
	case byStatus:
		return v.status()
	case byAuditID:
		return apirequest.Filled(a.auditID)
	case byStage:
		return complete
	case byProgram:
		return apirequest.Bool(r.program)
	case byHost:
		return apirequest.Filled([]byte(v.d.event.Origin.Host))
	}
	if r.call.Endpoint != nil && from != byOK && from != byPublic {
		return v.ofKubelet(from)
	}
	return v.ofObject(from)
}

// status is that of the answer; 101 where the connection switched protocols.
func (v *view) status() []byte {
	switch a := &v.d.read.access; {
	case a.hijacked:
		return strconv.AppendInt(v.code[:0], 101, 10)
	default:
		return apirequest.Filled(a.status)
	}
}

// ofKubelet is about a call of the kubelet's own interface.
func (v *view) ofKubelet(from lookup) []byte {
	call := &v.d.req.call
	switch from {
	case byEndpoint:
		return call.Endpoint
	case byContainer:
		return call.Container
	case byPod:
		if call.Pod == nil {
			return nil
		}
		return v.d.req.take(append(append(append(v.d.req.arena, call.Namespace...), '/'), call.Pod...))
	}
	return nil
}

// ofObject is about a request to the API server.
func (v *view) ofObject(from lookup) []byte {
	i := &v.d.req.info
	switch from {
	case byResource:
		return i.Resource
	case bySubresource:
		return i.Subresource
	case byNamespace:
		return i.Namespace
	case byName:
		return i.Name
	case byGroup:
		return apirequest.Filled(i.Group) // that of the core group is left out, as in audit events
	case byVersion:
		return i.Version
	case byOK:
		if code := v.d.read.code(); code != 0 {
			return apirequest.Bool(apirequest.Succeeded(code))
		}
	case byScope:
		return apirequest.Scope(i.Name, i.Namespace, i.IsResource())
	case byPublic:
		if ip, err := netip.ParseAddr(string(v.d.read.address())); err == nil {
			return apirequest.Bool(apirequest.IsPublic(ip.Unmap()))
		}
	case byPod:
		if out := apirequest.AppendKubeletPod(v.d.req.arena, v.d.read.uri); len(out) > len(v.d.req.arena) {
			return v.d.req.take(out)
		}
	}
	return nil
}

// command is the decoded command, and its plain spelling if it is spelled oddly.
func (v *view) command(dst [][]byte) [][]byte {
	c := v.d.req.command
	if c == nil {
		return dst
	}
	dst = append(dst, c)
	from := len(v.plain)
	if out, changed := spelling.Plain(v.plain, c); changed {
		v.plain = out
		dst = append(dst, out[from:len(out):len(out)])
	}
	return dst
}

// Keywords implements parsers.Fields: all values of the line, and the decoded path
// and command, which can be spelled in more than one way in it.
func (v *view) Keywords(dst [][]byte) [][]byte {
	for _, p := range v.d.read.pairs {
		dst = append(dst, p.value)
	}
	if r := &v.d.req; len(r.path) > 0 {
		dst = append(dst, r.path)
	}
	return v.command(dst)
}
