package ruleset

import (
	"encoding/base64"
	"strings"
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/identity"
)

// webTokenOf is a token with a claim; it has no signature that could be one.
func webTokenOf(claims string) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"RS256","kid":"x"}`)) + "." + part([]byte(claims)) + ".c2lnbmF0dXJl"
}

func TestJoinFields(t *testing.T) {
	typed := webTokenOf(`{"iss":"kubernetes/serviceaccount","jti":"id-3"}`)
	for name, c := range map[string]struct {
		hit   finding.Hit
		field string
		want  string
	}{
		"a field of the rule":           {finding.Hit{Fields: map[string][]string{"verb": {"get"}}}, "verb", "get"},
		"the last address":              {finding.Hit{Fields: map[string][]string{"sourceIPs": {"1.1.1.1", "10.0.0.1"}}}, "sourceIPs", "10.0.0.1"},
		"the host":                      {finding.Hit{Host: "node1"}, joinHost, "node1"},
		"a host without a name":         {finding.Hit{}, joinHost, "unnamed"},
		"the token of a caller":         {finding.Hit{Fields: map[string][]string{identity.FieldCredential: {"JTI=id-1"}}}, joinToken, "id-1"},
		"a certificate is no token":     {finding.Hit{Fields: map[string][]string{identity.FieldCredential: {"X509SHA256=ab"}}}, joinToken, ""},
		"the token that was given out":  {finding.Hit{Fields: map[string][]string{identity.FieldIssued: {"JTI=id-2"}}}, joinIssued, "id-2"},
		"a token in the output":         {finding.Hit{Fields: map[string][]string{identity.FieldTokenID: {"id-4"}}}, joinToken, "id-4"},
		"a token in a command":          {finding.Hit{Command: "curl -H Authorization: Bearer " + typed + " https://10.0.0.1"}, joinToken, "id-3"},
		"a token without an id":         {finding.Hit{Command: "curl " + webTokenOf(`{"iss":"kubernetes"}`)}, joinToken, ""},
		"what only looks like a token":  {finding.Hit{Command: "eyJhbGciOiJIUzI1NiJ9.eyJhbGciOiJIUzI1NiJ.x"}, joinToken, ""},
		"a name that nobody knows of":   {finding.Hit{}, "finding.colour", ""},
		"the claim must be one of text": {finding.Hit{Command: webTokenOf(`{"jti":7,"padding":"0123456789"}`)}, joinToken, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(JoinField(&c.hit, c.field), ","); got != c.want {
				t.Errorf("%s is %q, want %q", c.field, got, c.want)
			}
		})
	}
}
