package secret

import "testing"

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
		{"system:serviceaccount:" + "a b:secret: hunter2hunter2", true},
	} {
		if got := masked(c.text); (got != c.text) != c.masked {
			t.Errorf("%q becomes %q", c.text, got)
		}
	}
}
