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

// A sentence that goes on behind a secret does not make another secret of it.
func TestSecretBeforePunctuationKeepsItsFingerprint(t *testing.T) {
	f := finding.Finding{Raw: `{"username":"bob password=Sup3rS3cret"}`, Summary: "bob password=Sup3rS3cret: get of Secrets"}
	got := NewRedactor(Options{}).Finding(&f)
	_, print, _ := strings.Cut(got.Raw, "[masked:password:")
	if want := "bob password=[masked:password:" + print[:8] + "]: get of Secrets"; got.Summary != want || got.Masked != 1 {
		t.Errorf("%q, masked %d; want %q; raw %q", got.Summary, got.Masked, want, got.Raw)
	}
}
