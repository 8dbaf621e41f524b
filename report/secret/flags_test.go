package secret

import "testing"

// TestUserPairs: behind --user stands a password for some programs, a group for
// others.
func TestUserPairs(t *testing.T) {
	for _, c := range []struct {
		text   string
		masked bool
	}{
		{"etcdctl --user root:Tr0ub4dor3 get /registry/secrets --prefix", true},
		{"etcdctl --user=root:Tr0ub4dor3 get /", true},
		{`a0="curl" a1="--user" a2="admin:Tr0ub4dor3"`, true},
		{"etcdctl\x00--user\x00root:Tr0ub4dor3\x00get", true},
		{"curl --proxy-user p:Tr0ub4dor3 https://example.com", true},
		{"docker run --user 1000:1000 alpine", false},
		{"docker run --user www-data:www-data nginx", false},
		{"etcdctl --user root get /", false},
		{"curl --user-agent a:b https://example.com", false},
	} {
		if got := masked(c.text); (got != c.text) != c.masked {
			t.Errorf("%q becomes %q", c.text, got)
		}
	}
}
