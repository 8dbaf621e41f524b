package identity

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"

	"tideline/scanner/finding"
)

// Fields that hold the id of a token: of the one the caller of the Kubernetes
// API showed, and of one in the output of a container.
const (
	FieldCredential = "user.extra.authentication.kubernetes.io/credential-id"
	FieldTokenID    = "jwt.jti"
)

// IssuedIDs are those of the tokens that a TokenRequest gave out.
func IssuedIDs(h *finding.Hit) []string { return bare(h.Fields[FieldIssued]) }

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

// TokenIDs are the ids of the tokens that a hit tells of: of the one that was used, printed,
// or stood in a command.
func TokenIDs(h *finding.Hit) []string {
	if ids := bare(h.Fields[FieldCredential]); len(ids) > 0 {
		return ids
	}
	if ids := h.Fields[FieldTokenID]; len(ids) > 0 {
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
