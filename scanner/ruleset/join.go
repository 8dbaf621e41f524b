package ruleset

import (
	"cmp"
	"slices"

	"tideline/scanner/finding"
	"tideline/scanner/identity"
)

// Names that correlations may group by and count beside the fields of their
// rules: what a hit says in the same way whatever log it is from, so that an
// act on a host, in Docker and at the Kubernetes API can be joined.
const (
	joinHost   = "finding.host"       // where it was recorded; "unnamed" where no record says
	joinToken  = "finding.jti"        // id (jti) of the token that was used, printed, or stood in a command
	joinIssued = "finding.issued-jti" // id of the token that a TokenRequest gave out
)

// withJoins adds the fields behind joinToken, if it is asked for.
func withJoins(fields []string) []string {
	if slices.Contains(fields, joinToken) {
		fields = append(fields, identity.FieldCredential, identity.FieldTokenID)
	}
	return fields
}

// JoinField returns the values of a name for the correlations. Of sourceIPs
// only the last counts: all others are claims of the client.
func JoinField(h *finding.Hit, name string) []string {
	switch name {
	case "sourceIPs":
		if ips := h.Fields[name]; len(ips) > 1 {
			return ips[len(ips)-1:]
		}
	case joinHost:
		return []string{cmp.Or(h.Host, "unnamed")}
	case joinToken:
		return identity.TokenIDs(h)
	case joinIssued:
		return identity.IssuedIDs(h)
	}
	return h.Fields[name]
}
