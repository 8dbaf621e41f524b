package kubeaudit

import (
	"slices"
	"strings"

	"tideline/parsers/internal/apirequest"
	"tideline/parsers/internal/jsonfields"
)

var (
	pathRules     = jsonfields.Compile("rules")
	pathVerbs     = jsonfields.Compile("verbs")
	pathResources = jsonfields.Compile("resources")
	pathGroups    = jsonfields.Compile("apiGroups")

	pathPatchValue = jsonfields.Compile("value")
)

// allVerbs is what the verb "*" grants.
var allVerbs = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "escalate", "bind",
	"impersonate", "approve", "sign", "use"}

// loneVerbs are rights over rights, and the resources over which they are: of
// others the authoriser never asks for them (kubernetes.io/docs/reference/access-
// authn-authz/rbac, authentication), so that "*" on some custom resource is none.
var loneVerbs = map[string][]string{
	"escalate":    {"roles", "clusterroles"},
	"bind":        {"roles", "clusterroles"},
	"impersonate": {"users", "groups", "serviceaccounts", "uids"},
}

// overRights reports whether verb is a right over rights, if it is granted on
// resources; it may be if those were not logged. A "*" over the objects of one maker,
// as charts of operators ask for, is over no resource that is known here.
func overRights(verb string, resources []string, unlogged bool) bool {
	over := loneVerbs[verb]
	return over != nil && (unlogged || slices.ContainsFunc(resources, func(name string) bool {
		return slices.Contains(over, name) || verb == "impersonate" && strings.HasPrefix(name, "userextras")
	}))
}

// knownResources are the resources that rules about roles name, and their API
// groups: what a "*" stands for, and what a resource of the same name in
// another group is not.
var knownResources = []struct{ name, group string }{
	{"configmaps", ""}, {"secrets", ""}, {"pods", ""}, {"pods/exec", ""}, {"pods/attach", ""}, {"pods/portforward", ""},
	{"pods/ephemeralcontainers", ""}, {"pods/log", ""}, {"nodes", ""}, {"nodes/proxy", ""}, {"serviceaccounts", ""},
	{"serviceaccounts/token", ""}, {"users", ""}, {"groups", ""}, {"services/proxy", ""}, {"pods/proxy", ""},
	{"persistentvolumes", ""}, {"namespaces", ""}, {"daemonsets", "apps"}, {"deployments", "apps"}, {"statefulsets", "apps"},
	{"jobs", "batch"}, {"cronjobs", "batch"}, {"roles", "rbac.authorization.k8s.io"}, {"clusterroles", "rbac.authorization.k8s.io"},
	{"rolebindings", "rbac.authorization.k8s.io"}, {"clusterrolebindings", "rbac.authorization.k8s.io"},
	{"certificatesigningrequests", "certificates.k8s.io"}, {"certificatesigningrequests/approval", "certificates.k8s.io"},
	{"mutatingwebhookconfigurations", "admissionregistration.k8s.io"},
	{"validatingwebhookconfigurations", "admissionregistration.k8s.io"},
}

// rules are the entries of the roles that are written.
func (r *record) rules() (entries []jsonfields.Value, role bool) {
	if !r.is(slotResource, "roles") && !r.is(slotResource, "clusterroles") {
		return nil, false
	}
	r.seen |= twoBodies
	for _, body := range r.bodies(nil) {
		if isPatch(body) {
			for _, v := range body.Find(nil, pathPatchValue) {
				if v.Get("verbs").Kind() == jsonfields.Array {
					entries, role = append(entries, v), true
				}
			}
			continue
		}
		if body.Get("rules").Kind() != jsonfields.Absent {
			entries, role = body.Find(entries, pathRules), true
		}
	}
	return entries, role
}

// Limits of what one role is spelled out to, so that a role of a few megabytes
// does not become gigabytes. Verbs and resources that rules know are always
// kept.
const (
	maxOtherVerbs     = 16   // per entry, beyond allVerbs
	maxOtherResources = 1000 // per entry, beyond knownResources
)

// roleGrants: what a role allows, entry by entry, as "resource:verb", and the
// verb alone for rights over rights. A "*" is spelled out as what rules ask
// for, because "*" in a rule would match anything.
func (r *record) roleGrants(dst [][]byte) [][]byte {
	entries, _ := r.rules()
	for _, e := range entries {
		patterns := given(e, pathResources)
		verbs, names := granted(given(e, pathVerbs)), resources(patterns, given(e, pathGroups))
		for _, verb := range verbs {
			if overRights(verb, names, len(patterns) == 0) {
				dst = append(dst, []byte(verb))
			}
		}
		for _, name := range names {
			for _, verb := range verbs {
				dst = append(dst, r.join([]byte(name), ':', []byte(verb)))
			}
		}
	}
	return dst
}

// granted spells out the verbs of an entry, each once.
func granted(verbs [][]byte) []string {
	var out []string
	others := 0
	for _, v := range verbs {
		verb := string(v)
		if verb == "*" {
			return allVerbs
		}
		if slices.Contains(out, verb) {
			continue
		}
		if !slices.Contains(allVerbs, verb) {
			if others == maxOtherVerbs {
				continue
			}
			others++
		}
		out = append(out, verb)
	}
	return out
}

// resources spells out the resources of an entry, each once: "secrets", "*",
// "pods/*", "*/scale".
func resources(patterns, groups [][]byte) []string {
	var out []string
	seen, tried := map[string]bool{}, map[string]bool{}
	others := 0
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	for _, p := range patterns {
		pattern := string(p)
		if tried[pattern] {
			continue // nothing new: said before
		}
		known := false
		for _, k := range knownResources {
			known = known || k.name == pattern
			if matchesResource(pattern, k.name) && hasGroup(groups, k.group) {
				add(k.name)
			}
		}
		if known || strings.Contains(pattern, "*") {
			tried[pattern] = true
		} else if others++; others <= maxOtherResources {
			add(pattern)
		}
	}
	return out
}

// matchesResource follows the authoriser: "*" is everything, "*/sub" that
// subresource of everything. "pods/*" is not known to it, but written often.
func matchesResource(pattern, name string) bool {
	base, sub, _ := strings.Cut(name, "/")
	switch {
	case pattern == "*" || pattern == name:
		return true
	case strings.HasPrefix(pattern, "*/"):
		return sub != "" && pattern[2:] == sub
	case strings.HasSuffix(pattern, "/*"):
		return sub != "" && pattern[:len(pattern)-2] == base
	}
	return false
}

// hasGroup reports whether an entry is about a group. An entry without groups
// grants nothing, but is as likely one that was logged in part.
func hasGroup(groups [][]byte, want string) bool {
	for _, g := range groups {
		if string(g) == "*" || string(g) == want {
			return true
		}
	}
	return len(groups) == 0
}

// roleWildcard: some entry has "*" for verbs or resources.
func (r *record) roleWildcard(dst [][]byte) [][]byte {
	entries, role := r.rules()
	if !role {
		return dst
	}
	for _, e := range entries {
		for _, v := range e.Values(e.Values(nil, pathVerbs), pathResources) {
			if string(v) == "*" {
				return append(dst, apirequest.Bool(true))
			}
		}
	}
	return append(dst, apirequest.Bool(false))
}

func (r *record) roleVerbs(dst [][]byte) [][]byte {
	entries, _ := r.rules()
	return values(dst, entries, pathVerbs)
}
