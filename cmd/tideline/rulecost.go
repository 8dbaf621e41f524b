package main

import (
	"slices"
	"strings"
)

// fieldCost tells the compiler what fields cost beyond what a format's cheap
// pass reads: parsing the record in full is dear, putting a value together is
// not.
func fieldCost(field string) int {
	if parsedInFull(field) {
		return 2000
	}
	for _, prefix := range [...]string{"k8s.", "container.", "cli.", "Actor.Attributes"} {
		if strings.HasPrefix(field, prefix) {
			return 20
		}
	}
	switch field {
	case "objectRef.name", "requestURI":
		return 4 // not to look up, but of events whose names nobody asked for one stands for all
	}
	return 1
}

// parsedInFull reports whether a field costs a Kubernetes audit event a full parse, by
// any of the names that rules have for it: it is in a body, or a member that the pass
// over all events leaves out. The parse is for those that the other fields leave open.
func parsedInFull(field string) bool {
	field = strings.TrimPrefix(field, "kubernetes.audit.")
	for _, prefix := range [...]string{"requestObject", "responseObject", "k8s.pod.", "k8s.role.", "k8s.csr.", "k8s.webhook.", "k8s.annotations"} {
		if strings.HasPrefix(field, prefix) {
			return true
		}
	}
	switch field {
	case "hostPath", "capabilities", "privileged":
		return true
	}
	for object, read := range headMembers {
		if name, ok := strings.CutPrefix(field, object); ok {
			return !slices.Contains(read, name)
		}
	}
	return false
}

// headMembers are the members of parts of an audit event that are read of all events.
var headMembers = map[string][]string{
	"objectRef.":        {"resource", "namespace", "name", "subresource", "apiGroup", "apiVersion"},
	"impersonatedUser.": {"username", "groups"},
	"responseStatus.":   {"code", "status", "message", "reason"},
	"user.extra.":       {"accessKeyId", authentication + "credential-id", authentication + "node-name", authentication + "pod-name"},
	"annotations.": {"authorization.k8s.io/decision", "authorization.k8s.io/reason", "authorization_k8s_io/decision", "authorization_k8s_io/reason",
		"audit.k8s.io/truncated", "authentication.k8s.io/legacy-token", "authentication.k8s.io/legacy-token-invalidated",
		"authentication.k8s.io/stale-token", authentication + "issued-credential-id", "pod-security.kubernetes.io/audit-violations"},
}

const authentication = "authentication.kubernetes.io/"

// commonValues is what most events of a busy system have, per field, with how
// little it tells. It decides in what order rules ask, and nothing else.
var commonValues = map[string]map[string]int{
	"verb":                {"get": 200, "list": 100, "watch": 100, "create": 100, "update": 200, "patch": 150},
	"responseStatus.code": {"200": 600, "201": 200}, "k8s.ok": {"true": 700, "false": 50}, "k8s.scope": {"namespace": 200, "object": 400, "cluster": 100},
	"user.username":       {"system:serviceaccount:*": 300, "system:serviceaccount:kube-system:*": 200, "system:node:*": 300},
	"k8s.actor":           {"system:serviceaccount:*": 300, "system:node:*": 300},
	"user.groups":         {"system:authenticated": 700, "system:serviceaccounts": 300, "system:nodes": 300},
	"objectRef.resource":  {"pods": 60, "configmaps": 40, "leases": 200, "endpointslices": 40, "events": 40, "nodes": 30},
	"objectRef.namespace": {"kube-system": 200, "default": 40}, "objectRef.subresource": {"status": 100},
	"annotations.authorization.k8s.io/decision": {"allow": 700}, "stage": {"ResponseComplete": 700}, "level": {"Metadata": 500},
	"Type": {"container": 500}, "success": {"yes": 500}, "auid": {"4294967295": 300, "unset": 300}, "uid": {"0": 400, "root": 400},
	"cli.tool": {"cat": 40, "grep": 40, "find": 20, "sh": 60, "bash": 60, "python3": 40, "runc": 40, "systemctl": 20},
	"log": {"get": 400, "\"get": 400, "post": 300, "\"post": 300, "put": 200, "head": 100, "://": 300, "\" 3": 100, "\" 4": 100, "\" 5": 50,
		"path": 200, "url": 200, "uri": 100, "target": 100, "dest": 50, "src": 50},
	"exe.base": {"cat": 40, "grep": 40, "find": 20, "sh": 60, "bash": 60, "dash": 60, "python*": 40, "runc": 40},
}

func common(field, value string) int { return commonValues[field][value] }
