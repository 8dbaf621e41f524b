package secret

import (
	"strings"
	"testing"
)

// TestNameOfAnAccountIsNoKey: a service account may be called after secrets, and
// what a sentence says behind its name is what it did.
func TestNameOfAnAccountIsNoKey(t *testing.T) {
	for _, c := range []struct {
		text   string
		masked bool
	}{
		{"system:serviceaccount:ops:secret-ages: get of Secrets in tenants", false},
		{"service account system:serviceaccount:ci:token-minter: create of Secrets", false},
		{"grants serviceaccounts/token:create, secrets:get, rolebindings:create", false},
		{"serviceaccounts/token:create1", true},
		{"Failed to watch *v1.Secret: secrets is forbidden", false},
		{"*password: hunter2hunter2", true},
		{"secret-ages: get of Secrets", true}, // by itself it may be a key
		{"serviceaccount: secret: hunter2hunter2", true},
		{"system:serviceaccount:ops:web said password: hunter2hunter2", true},
		{"eve ran a command in pod prod/api-token-0: cat /etc/hostname", false},
		{`eve printed environment variables of pod prod/password-reset-7c9d: "printenv"`, false},
		{"eve ran a command in pod prod/api-token-0: psql postgres://app:hunter2hunter2@db/x", true},
		{"pod api-token-0: hunter2hunter2", true}, // no namespace: it may be anything
		{"pod a/b/api-token: hunter2hunter2", true},
		{"system:serviceaccount:" + "a b:secret: hunter2hunter2", true},
	} {
		if got := masked(c.text); (got != c.text) != c.masked {
			t.Errorf("%q becomes %q", c.text, got)
		}
	}
}

// TestQuotationMarksWithinQuotes: shells write one within single quotes in two ways.
func TestQuotationMarksWithinQuotes(t *testing.T) {
	for _, text := range []string{`mysql -p'Pa55'"'"'wo"rd' db`, `PGPASSWORD='Pa55'\''wo"rd' db`, `["sh","-c","mysql -p'Pa55'\"'\"'wo\"rd' db"]`, `["sh","-c","app --password 'Pa55'\\''wo\"rd' db"]`} {
		if got := masked(text); strings.Contains(got, "rd'") || !strings.Contains(got, " db") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
