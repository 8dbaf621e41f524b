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
		f := &finding.Finding{Raw: command, Summary: `ran curl -H "Authorization: Bearer ` + token[:cut] + "…"}
		if got := NewRedactor(Options{}).Finding(f).Summary; !strings.HasSuffix(got, strings.TrimPrefix(whole, "Bearer ")+"…") {
			t.Errorf("cut to %d: %s, want the fingerprint of %s", cut, got, whole)
		}
	}
}

// TestWhatIsLeftOfACutSecretIsMasked: though it is too short to look like one.
func TestWhatIsLeftOfACutSecretIsMasked(t *testing.T) {
	const key = "ghp_aB3dE6gH9jK2mN5pQ8sTaB3dE6gH9jK2mN5p"
	whole := NewRedactor(Options{}).Text(key)
	for cut := len(key) - 1; cut >= 4; cut-- {
		f := &finding.Finding{Raw: "curl https://x/" + key, Summary: "ran curl https://x/" + key[:cut] + "…"}
		if got := NewRedactor(Options{}).Finding(f).Summary; !strings.HasSuffix(got, "]…") || cut >= 8 && strings.TrimLeft(got[strings.LastIndexByte(got, ':'):], ":") != whole[strings.LastIndexByte(whole, ':')+1:]+"…" {
			t.Errorf("cut to %d: %s, want the fingerprint of %s", cut, got, whole)
		}
	}
}

// TestAPassphraseOfAnExecIsMaskedInItsSentence: all of its words, and by one fingerprint.
func TestAPassphraseOfAnExecIsMaskedInItsSentence(t *testing.T) {
	for _, words := range []string{"two+Secretwords", "two%20Secretwords"} {
		f := &finding.Finding{Raw: `{"requestURI":"/exec?command=sshpass&command=-p&command=` + words + `&container=x"}`, Command: "sshpass -p two Secretwords"}
		got := NewRedactor(Options{}).Finding(f)
		_, print, _ := strings.Cut(got.Raw, "[masked:")
		if strings.Contains(got.Command, "words") || !strings.HasSuffix(got.Command, print[len(print)-len("12345678]&container=x\"}"):][:9]) {
			t.Errorf("%s: %q; raw %q", words, got.Command, got.Raw)
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
