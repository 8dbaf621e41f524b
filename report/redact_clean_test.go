package report

import (
	"fmt"
	"testing"

	"tideline/scanner/finding"
)

// TestCleanTextsAreRememberedAsTheyAre: that a text held no secret in one finding says
// nothing of a finding where what it holds is known for one; and what is remembered is
// bounded.
func TestCleanTextsAreRememberedAsTheyAre(t *testing.T) {
	const word = "correct-horse-battery"
	quiet := finding.Finding{Summary: "bob ran " + word, Raw: `{"verb":"get"}`}
	loud := finding.Finding{Summary: "bob ran " + word, Raw: `{"password":"` + word + `"}`}
	r := NewRedactor(Options{})
	for range 2 {
		if got := r.Finding(&quiet); got.Summary != quiet.Summary || got.Raw != quiet.Raw || got.Masked != 0 {
			t.Errorf("masked without need: %q, %q", got.Summary, got.Raw)
		}
		if got := r.Finding(&loud); got.Summary == loud.Summary || got.Raw == loud.Raw || got.Masked != 1 {
			t.Errorf("told: %q, %q", got.Summary, got.Raw)
		}
	}
	for i := range 3 * maxCleanTexts {
		r.Text(fmt.Sprintf("a plain sentence, number %d", i))
	}
	if len(r.clean) > maxCleanTexts {
		t.Errorf("%d texts are remembered, want %d at most", len(r.clean), maxCleanTexts)
	}
}
