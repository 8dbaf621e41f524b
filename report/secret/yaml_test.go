package secret

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestBlocksOfYAML: a secret may be a block of lines, in a file that a command writes or a
// ConfigMap has.
func TestBlocksOfYAML(t *testing.T) {
	const pw = "Sup3rS3cret"
	for _, text := range []string{
		"user: bob\npassword: |\n  " + pw + "\nhost: db", "user: bob\npassword: >-\n  first " + pw + "\n\n  " + pw + " last\nhost: db\n", "db:\n    - token: |2-\r\n          " + pw + "\r\n      host: db",
	} {
		quoted, err := json.Marshal(map[string]string{"app.yml": text})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{text, string(quoted)} {
			if got := masked(s); strings.Contains(got, pw) || strings.Contains(got, "first") || strings.Contains(got, "last") || !strings.Contains(got, "host: db") || !strings.Contains(got, "password: ") && !strings.Contains(got, "token: ") {
				t.Errorf("%q becomes %q", s, got)
			}
		}
	}
	for text, want := range map[string]string{"password: |x7yQ2 a": "password: [masked:", "password: >\nhost: db": "password: [masked:", "password: | tee log": "password: [masked:"} {
		if got := masked(text); !strings.HasPrefix(got, want) {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
