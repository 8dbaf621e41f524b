package report

import (
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// TestCutSecretKeepsItsFingerprint: a sentence that is cut within a secret names
// it like the record that has it whole, and still says that it was cut.
func TestCutSecretKeepsItsFingerprint(t *testing.T) {
	const token = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
	command := `curl -H "Authorization: Bearer ` + token + `" https://kubernetes/api/v1/secrets`
	whole := NewRedactor(Options{}).Text("Bearer " + token)
	for cut := len(token) - 1; cut >= 8; cut-- {
		f := &finding.Finding{Command: command, Summary: `ran curl -H "Authorization: Bearer ` + token[:cut] + "…"}
		if got := NewRedactor(Options{}).Finding(f).Summary; !strings.HasSuffix(got, strings.TrimPrefix(whole, "Bearer ")+"…") {
			t.Errorf("cut to %d: %s, want the fingerprint of %s", cut, got, whole)
		}
	}
}
