package report

import (
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// TestSecretInTwoRecords: what a runtime cut in two is masked in both records,
// with the fingerprint of the whole; words that only look like an end of it stay.
func TestSecretInTwoRecords(t *testing.T) {
	const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6c2hvcDpjYXJ0In0.c2lnbmF0dXJlX3NpZ25hdHVyZV9zaWduYXR1cmU"
	print := strings.TrimPrefix(NewRedactor(Options{}).Text(token), "[masked:jwt")
	for cut := 30; cut < len(token)-12; cut++ {
		f := finding.Finding{
			Raw:     "stdout P token " + token[:cut] + "\nstdout F " + token[cut:] + " end\n",
			Matched: []finding.Match{{Field: "log", Value: "token " + token + " end"}},
		}
		got := NewRedactor(Options{}).Finding(&f)
		if strings.Contains(got.Raw, token[cut:]) || strings.Contains(got.Raw, token[:cut]) {
			t.Fatalf("cut at %d: %q", cut, got.Raw)
		}
		if got.Masked != 1 || strings.Count(got.Raw, print) != 2 || !strings.HasSuffix(got.Raw, " end\n") {
			t.Fatalf("cut at %d: %d masked, %q, want %q twice", cut, got.Masked, got.Raw, print)
		}
	}
	f := finding.Finding{Raw: "a first record\nand a second\n", Matched: []finding.Match{{Field: "log", Value: "token " + token}}}
	if got := NewRedactor(Options{}).Finding(&f); got.Raw != f.Raw {
		t.Errorf("%q", got.Raw)
	}
}
