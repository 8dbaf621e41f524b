package report

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"tideline/report/secret"
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

// TestSecretInTwoPartsOfAnArgument: the kernel cuts a long argument in hex, in one record
// or two, and does not ask what it holds.
func TestSecretInTwoPartsOfAnArgument(t *testing.T) {
	const token = "Zk3Lq9XwPqRt8vNm"
	script := "export DB_PASSWORD=" + token + "; run"
	digits, at := strings.ToUpper(hex.EncodeToString([]byte(script))), 2*strings.Index(script, token)
	tail := strings.ToUpper(hex.EncodeToString([]byte("; run")))
	for cut := at + 2*secret.MinKnown; cut <= at+2*(len(token)-secret.MinKnown); cut++ {
		for _, between := range []string{" ", "\ntype=EXECVE msg=audit(1700000000.000:7): "} {
			f := finding.Finding{
				Raw:     fmt.Sprintf("type=SYSCALL msg=audit(1700000000.000:7): pid=1\ntype=EXECVE msg=audit(1700000000.000:7): argc=3 a0=\"sh\" a1=\"-c\" a2_len=%d a2[0]=%s%sa2[1]=%s", len(digits), digits[:cut], between, digits[cut:]),
				Command: "sh -c " + script,
			}
			got := NewRedactor(Options{}).Finding(&f)
			if strings.Contains(got.Raw, digits[at:cut]) || strings.Contains(got.Raw, digits[cut:at+2*len(token)]) || !strings.HasSuffix(got.Raw, "]"+tail) {
				t.Fatalf("cut at %d: %q", cut-at, got.Raw)
			}
		}
	}
}
