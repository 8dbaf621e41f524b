package scanner

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

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

// Fields that hold the id of a token: of the one the caller of the Kubernetes
// API showed, and of one in the output of a container.
const (
	fieldCredential = "user.extra.authentication.kubernetes.io/credential-id"
	fieldTokenID    = "jwt.jti"
)

// withJoins adds the fields behind joinToken, if it is asked for.
func withJoins(fields []string) []string {
	if slices.Contains(fields, joinToken) {
		fields = append(fields, fieldCredential, fieldTokenID)
	}
	return fields
}

// joinField returns the values of a name for the correlations. Of sourceIPs
// only the last counts: all others are claims of the client.
func joinField(h *finding.Hit, name string) []string {
	switch name {
	case "sourceIPs":
		if ips := h.Fields[name]; len(ips) > 1 {
			return ips[len(ips)-1:]
		}
	case joinHost:
		return []string{cmp.Or(h.Host, "unnamed")}
	case joinToken:
		return tokenIDs(h)
	case joinIssued:
		return bare(h.Fields[identity.FieldIssued])
	}
	return h.Fields[name]
}

// bare takes the prefix off that the API server gives to ids of tokens.
func bare(ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if rest, ok := strings.CutPrefix(id, "JTI="); ok {
			out = append(out, rest)
		}
	}
	return out
}

func tokenIDs(h *finding.Hit) []string {
	if ids := bare(h.Fields[fieldCredential]); len(ids) > 0 {
		return ids
	}
	if ids := h.Fields[fieldTokenID]; len(ids) > 0 {
		return ids
	}
	var out []string
	for _, m := range webToken.FindAllStringSubmatch(h.Command, 8) {
		if id := tokenID(m[1]); id != "" {
			out = append(out, id)
		}
	}
	return out
}

// webToken finds JSON web tokens (RFC 7519, compact form); the payload is the
// part in parentheses.
var webToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.(eyJ[A-Za-z0-9_-]{10,})\.`)

// tokenID is the claim jti of a payload; "" if there is none.
func tokenID(payload string) string {
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return ""
	}
	var claims struct {
		ID string `json:"jti"`
	}
	if json.Unmarshal(raw, &claims) != nil {
		return "" // no token, or one without an id
	}
	return claims.ID
}
