package kubeaudit

import (
	"bytes"
	"net/netip"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/apirequest"
	"tideline/parsers/internal/jsonfields"
	"tideline/parsers/internal/spelling"
)

// derived are the fields that no event spells out. They are computed when a
// rule asks. mapping.go has a table of them.
var derived = map[string]accessor{
	"k8s.ok":           (*record).ok,
	"k8s.scope":        (*record).scope,
	"k8s.actor":        (*record).effective,
	"k8s.onBehalf":     (*record).onBehalf,
	"k8s.ownNamespace": (*record).ownNamespace,
	"k8s.ownName":      (*record).ownName,
	"k8s.cmd":          (*record).commandValue,
	"k8s.path":         (*record).path,
	"k8s.kubeletPod":   (*record).kubeletPod,
	"k8s.src_public":   (*record).srcPublic,

	"k8s.annotations": (*record).annotations,

	"k8s.pod.images":         (*record).podImages,
	"k8s.pod.command":        (*record).podCommand,
	"k8s.pod.privileged":     (*record).podPrivileged,
	"k8s.pod.caps":           (*record).podCaps,
	"k8s.pod.hostPaths":      (*record).podHostPaths,
	"k8s.pod.hostPID":        podFlag("hostPID"),
	"k8s.pod.hostIPC":        podFlag("hostIPC"),
	"k8s.pod.hostNetwork":    podFlag("hostNetwork"),
	"k8s.pod.serviceAccount": (*record).podServiceAccount,
	"k8s.pod.secretRefs":     (*record).podSecretRefs,
	"k8s.pod.env":            (*record).podEnv,
	"k8s.pod.ownerKind":      (*record).podOwnerKind,

	"k8s.role.grants":   (*record).roleGrants,
	"k8s.role.wildcard": (*record).roleWildcard,
	"k8s.role.verbs":    (*record).roleVerbs,

	"k8s.csr.cn": (*record).csrNames,
	"k8s.csr.o":  (*record).csrOrganisations,

	"operationName": (*record).azureOperations,

	"k8s.webhook.url":       bodyField("webhooks.clientConfig.url"),
	"k8s.webhook.resources": bodyField("webhooks.rules.resources"),
}

// ok: the status is one of success, 101, or none although there is a status.
func (r *record) ok(dst [][]byte) [][]byte {
	switch code := r.code(); {
	case r.head.Has(slotCode):
		return append(dst, apirequest.Bool(code == 0 || apirequest.Succeeded(code)))
	case r.head.Has(slotStatus):
		return append(dst, apirequest.Bool(!r.is(slotStatus, "Failure")))
	}
	return dst
}

// scope: how much one request reaches.
func (r *record) scope(dst [][]byte) [][]byte {
	if reach := apirequest.Scope(r.text(slotName), r.text(slotNamespace), r.head.Has(slotResource)); reach != nil {
		dst = append(dst, reach)
	}
	return dst
}

// effective: whose rights were used.
func (r *record) effective(dst [][]byte) [][]byte {
	for _, slot := range []int{slotAs, slotUser} {
		if name := r.text(slot); len(name) > 0 {
			return append(dst, name)
		}
	}
	return dst
}

// onBehalf: for whom the caller asks, if that is nobody of the cluster itself: a
// person, as a rule, whose request a platform passes on.
func (r *record) onBehalf(dst [][]byte) [][]byte {
	if name := r.text(slotAs); len(name) > 0 && !bytes.HasPrefix(name, []byte("system:")) {
		dst = append(dst, name)
	}
	return dst
}

// ownNamespace: where the service account that calls lives. Its name holds the
// namespace, but other names as well.
func (r *record) ownNamespace(dst [][]byte) [][]byte {
	if namespace, _, ok := r.ownAccount(); ok {
		dst = append(dst, namespace)
	}
	return dst
}

// ownName: what the service account that calls is named there.
func (r *record) ownName(dst [][]byte) [][]byte {
	if _, name, ok := r.ownAccount(); ok {
		dst = append(dst, name)
	}
	return dst
}

func (r *record) ownAccount() (namespace, name []byte, ok bool) {
	account, ok := bytes.CutPrefix(r.text(slotUser), []byte("system:serviceaccount:"))
	namespace, name, parted := bytes.Cut(account, []byte(":"))
	return namespace, name, ok && parted
}

func (r *record) commandValue(dst [][]byte) [][]byte {
	c := r.commandOf(r.text(slotURI))
	if c == nil {
		return dst
	}
	dst = append(dst, c)
	if out, changed := spelling.Plain(r.arena, c); changed {
		c, r.arena = out[len(r.arena):len(out):len(out)], out
		dst = append(dst, c)
	}
	return dst
}

func (r *record) path(dst [][]byte) [][]byte {
	if !r.head.Has(slotURI) {
		return dst
	}
	from := len(r.arena)
	r.arena = apirequest.AppendPath(r.arena, r.text(slotURI))
	return append(dst, r.arena[from:len(r.arena):len(r.arena)])
}

// kubeletPod: the pod in which the kubelet runs a command or attaches, or of
// which it gives the output, for a request that goes through nodes/proxy.
func (r *record) kubeletPod(dst [][]byte) [][]byte {
	from := len(r.arena)
	r.arena = apirequest.AppendKubeletPod(r.arena, r.text(slotURI))
	if len(r.arena) == from {
		return dst
	}
	return append(dst, r.arena[from:len(r.arena):len(r.arena)])
}

// srcPublic: the address of the TCP peer, the last one, is routed on the
// internet. The others are what the client says of itself.
func (r *record) srcPublic(dst [][]byte) [][]byte {
	ips := r.head.List(slotIPs)
	if len(ips) == 0 {
		return dst
	}
	if public, ok := r.public.look(ips[len(ips)-1]); ok {
		dst = append(dst, apirequest.Bool(public))
	}
	return dst
}

// A publicCache remembers what was said of addresses, of which a log has few.
type publicCache [64]struct {
	addr          string
	known, public bool
}

// look reports whether an address is public; ok is false if it is none.
func (c *publicCache) look(addr []byte) (public, ok bool) {
	h := uint32(2166136261)
	for _, b := range addr {
		h = (h ^ uint32(b)) * 16777619
	}
	e := &c[h%uint32(len(c))]
	if e.addr != string(addr) || e.addr == "" {
		if len(addr) > 64 {
			return false, false
		}
		ip, err := netip.ParseAddr(string(addr))
		e.addr, e.known, e.public = string(addr), err == nil, err == nil && apirequest.IsPublic(ip.Unmap())
	}
	return e.public, e.known
}

// bodies appends the objects that a request sent; if it sent none (or none was
// logged), those that were answered.
func (r *record) bodies(dst []jsonfields.Value) []jsonfields.Value {
	if r.bodiless() {
		return dst
	}
	root := r.full().Root()
	for _, p := range []jsonfields.Path{pathRequest, pathResponse} {
		n := len(dst)
		dst = root.Find(dst, p)
		kept := dst[:n]
		for _, v := range dst[n:] {
			if v.Kind() == jsonfields.Object {
				kept = append(kept, v)
			}
		}
		if dst = kept; len(dst) > n {
			return dst
		}
	}
	return dst
}

var (
	pathRequest  = jsonfields.Compile("requestObject")
	pathResponse = jsonfields.Compile("responseObject")
	pathNotes    = jsonfields.Compile("metadata.annotations")
)

// bodyField is a field of the object that was sent, or answered; of a JSON patch, of what
// its operations bring.
func bodyField(name string) accessor {
	path, key, step := jsonfields.Compile(name), newNeedle(name), newStep(name)
	return func(r *record, dst [][]byte) [][]byte {
		if r.bodiless() || r.lacks(key) && r.lacks(step) {
			return dst
		}
		n := len(dst)
		root := r.full().Root()
		for _, p := range []jsonfields.Path{pathRequest, pathResponse} {
			r.found = root.Find(r.found[:0], p)
			if len(r.found) > 0 && isPatch(r.found[0]) {
				r.found = r.unpatch(r.found)
			}
			for _, v := range r.found {
				dst = v.Values(dst, path)
			}
			if len(dst) > n {
				return dst
			}
		}
		return dst
	}
}

// annotations: those of the object, as "key=value".
func (r *record) annotations(dst [][]byte) [][]byte {
	r.found = r.bodies(r.found[:0])
	for _, body := range r.found {
		dst = r.patchedAnnotations(dst, body)
		for _, notes := range body.Find(nil, pathNotes) {
			for k, v := range notes.Members {
				dst = append(dst, r.join(k, '=', v.Text()))
			}
		}
	}
	return dst
}

// patchedAnnotations are those that an operation of a JSON patch (RFC 6902)
// sets, whose path is a JSON pointer (RFC 6901).
func (r *record) patchedAnnotations(dst [][]byte, op jsonfields.Value) [][]byte {
	const top = "/metadata/annotations"
	path, value := string(op.Get("path").Text()), op.Get("value")
	switch {
	case !isPatch(op):
	case path == top:
		for k, v := range value.Members {
			dst = append(dst, r.join(k, '=', v.Text()))
		}
	case strings.HasPrefix(path, top+"/"):
		key := strings.NewReplacer("~1", "/", "~0", "~").Replace(path[len(top)+1:])
		dst = append(dst, r.join([]byte(key), '=', value.Text()))
	}
	return dst
}

// join makes "a<sep>b" in the arena.
func (r *record) join(a []byte, sep byte, b []byte) []byte {
	from := len(r.arena)
	r.arena = append(append(append(r.arena, a...), sep), b...)
	return r.arena[from:len(r.arena):len(r.arena)]
}

// needsOf is which details a field can come with: audit levels, and for the
// views of clouds what they come from. Nil: all.
func needsOf(kind int, field string) []string {
	name := canonical(field)
	switch {
	case below(name, "responseObject"):
		return []string{"RequestResponse"}
	case below(name, "requestObject"), below(name, "k8s.pod"), below(name, "k8s.role"), below(name, "k8s.csr"),
		below(name, "k8s.webhook"), name == "k8s.annotations":
		return []string{"Request", "RequestResponse"}
	case kind == kindAzure, name == "operationName":
		return []string{string(detailAzure)}
	case kind == kindGCP, isCloudField(name):
		return []string{string(detailGCP)}
	}
	return nil
}

func below(name, top string) bool {
	return name == top || len(name) > len(top) && name[:len(top)] == top && name[len(top)] == '.'
}

var _ parsers.Fields = (*record)(nil)
