package frame

import "testing"

// TestIsHeader: a column of Kibana's export bears the whole path of a member.
func TestIsHeader(t *testing.T) {
	for line, want := range map[string]bool{
		"@timestamp,kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id,kubernetes.audit.verb": true,
		"hello, world":    false,
		`{"verb":1},verb`: false,
	} {
		if got := isHeader([]byte(line), false); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}
