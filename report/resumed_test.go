package report

import (
	"strings"
	"testing"

	"tideline/scanner/finding"
)

const longToken = "eyJhbGciOiJSUzI1NiIsImtpZCI6IkFiQ2RFZkdoIn0.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OnByb2Q6d2ViIn0.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl"

// TestWhatATokenWasUsedForIsTold: the token fills the sentence, and what was done with
// it comes behind.
func TestWhatATokenWasUsedForIsTold(t *testing.T) {
	for _, c := range []struct{ name, command, before, after string }{
		{"at the end", "kubectl --token " + longToken + " get secrets -A", "auid=1000 ran ", ""},
		{"in quotes", "curl -H Authorization: Bearer " + longToken + " https://10.96.0.1/api/v1/secrets", `eve ran "`, `" in pod prod/pay-1`},
		{"a secret before it too", "mysql -p" + longToken + " -h db", "password=Sup3rS3cret: ", ""},
	} {
		f := &finding.Finding{Command: c.command, Summary: c.before + c.command[:120] + "…" + c.after}
		r := NewRedactor(Options{})
		got := r.Finding(f)
		if strings.Contains(got.Summary, "…") || !strings.HasSuffix(got.Summary, c.command[strings.Index(c.command, longToken)+len(longToken):]+c.after) {
			t.Errorf("%s: %s", c.name, got.Summary)
		}
		if strings.Contains(got.Summary, longToken[:20]) || strings.Contains(got.Summary, "Sup3rS3cret") {
			t.Errorf("%s: a secret is told: %s", c.name, got.Summary)
		}
		o := NewRedactor(Options{}).Overview(&finding.Overview{Actors: []finding.Actor{{ID: "k8s:eve", Story: []finding.Step{{Summary: f.Summary, Command: f.Command}}}}})
		if step := o.Actors[0].Story[0].Summary; step != got.Summary && !strings.HasSuffix(step, c.after) {
			t.Errorf("%s: the step says %s", c.name, step)
		}
	}
}

// TestASentenceStaysAsLongAsItWas: a masked command that is still too long is cut where
// the other was, and never within the mark of a secret.
func TestASentenceStaysAsLongAsItWas(t *testing.T) {
	command := "kubectl --token " + longToken + " get secrets " + strings.Repeat("name ", 100)
	f := &finding.Finding{Command: command, Summary: "eve ran " + command[:120] + "…"}
	got := NewRedactor(Options{}).Finding(f).Summary
	if n := len([]rune(got)); n != len([]rune(f.Summary)) || !strings.HasSuffix(got, "…") || !strings.Contains(got, "get secrets name") {
		t.Errorf("%d: %s", n, got)
	}
	command = strings.Repeat("x ", 50) + "--token " + longToken + " get secrets"
	f = &finding.Finding{Command: command, Summary: "eve ran " + command[:112] + "…"}
	if got := NewRedactor(Options{}).Finding(f).Summary; !strings.HasSuffix(got, "]…") {
		t.Errorf("cut within a mark: %s", got)
	}
}

// TestASentenceWithoutASecretIsLeftAlone, and so is one whose command is not known.
func TestASentenceWithoutASecretIsLeftAlone(t *testing.T) {
	command := "kubectl get secrets " + strings.Repeat("name ", 100)
	for _, f := range []*finding.Finding{
		{Command: command, Summary: "eve ran " + command[:120] + "…"},
		{Command: "", Summary: "eve ran kubectl --token " + longToken[:100] + "…"},
		{Command: "something else that is long enough", Summary: "eve ran kubectl --token " + longToken[:100] + "…"},
	} {
		got := NewRedactor(Options{}).Finding(f).Summary
		if !strings.HasSuffix(got, "…") || strings.Contains(got, "something") {
			t.Errorf("%s", got)
		}
	}
}
