package kubeaudit

import (
	"bytes"
	"strings"

	"tideline/parsers"
)

// Azure names what is done to a Kubernetes object as an operation of Azure
// RBAC: PROVIDER/CLUSTERS/[API GROUP/]RESOURCE/WRITE. Public rules for the
// log source azure/activitylogs ask for those names, while the audit log of
// AKS has verb and object. An event that came out of a record of Azure Monitor
// therefore has a second view, in which operationName says the same as verb
// and objectRef do. Sources: Azure RBAC permissions of the providers
// Microsoft.ContainerService and Microsoft.Kubernetes (data actions).

// azureClusters are what operations begin with: clusters of AKS, and clusters
// that Azure Arc is connected to, whose names most public rules ask for.
var azureClusters = [...]string{"MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/", "MICROSOFT.KUBERNETES/CONNECTEDCLUSTERS/"}

// azureVerbs are the operations by the verb of a request.
var azureVerbs = map[string]string{
	"get": "READ", "list": "READ", "watch": "READ",
	"create": "WRITE", "update": "WRITE", "patch": "WRITE",
	"delete": "DELETE", "deletecollection": "DELETE",
}

// azureActions are subresources that are operations of their own.
var azureActions = map[string]bool{"exec": true, "attach": true, "portforward": true, "proxy": true}

// fromAzure reports whether the envelopes of an event are those of AKS.
func fromAzure(o *parsers.Origin) bool {
	return o.Envelope != "" && strings.Contains(o.Envelope, "aks-")
}

// azureOperations are the values of operationName: for both kinds of cluster
// the operation itself and, where the request was made under the name of
// another, the impersonation.
func (r *record) azureOperations(dst [][]byte) [][]byte {
	if !r.azure {
		return dst
	}
	for _, clusters := range azureClusters {
		if op := r.appendOperation(clusters); op != nil {
			dst = append(dst, op)
		}
		if as := r.text(slotAs); len(as) > 0 {
			dst = append(dst, []byte(clusters+impersonated(as)+"/IMPERSONATE/ACTION"))
		}
	}
	return dst
}

// appendOperation spells the operation out in the arena; nil: it has no name.
func (r *record) appendOperation(clusters string) []byte {
	resource, verb := r.text(slotResource), azureVerbs[string(r.text(slotVerb))]
	if len(resource) == 0 || verb == "" {
		return nil
	}
	from := len(r.arena)
	r.arena = append(r.arena, clusters...)
	sub := r.text(slotSubresource)
	for _, part := range [][]byte{r.group(), resource, sub} {
		if len(part) > 0 {
			r.arena = append(append(r.arena, bytes.ToUpper(part)...), '/')
		}
	}
	if azureActions[string(sub)] {
		verb = "ACTION"
	}
	r.arena = append(r.arena, verb...)
	return r.arena[from:len(r.arena):len(r.arena)]
}

// impersonated is the kind of principal that a user name is of.
func impersonated(name []byte) string {
	if bytes.HasPrefix(name, []byte("system:serviceaccount:")) {
		return "SERVICEACCOUNTS"
	}
	return "USERS"
}
