package secret

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

// TestCluesThatAreRepeatedHideNothing: what is not looked at again was looked at
// before, and a token behind others is one of its own.
func TestCluesThatAreRepeatedHideNothing(t *testing.T) {
	b64 := base64.RawURLEncoding.EncodeToString
	token := b64([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + b64([]byte(`{"sub":"eve"}`)) + ".c2lnbmF0dXJl"
	piece := b64([]byte(`{"a":1}`))
	hash := "$6$salt$" + strings.Repeat("aB3.", 21)
	for text, left := range map[string]string{
		"t=" + token:                                       "t=",
		strings.Repeat(piece+" ", 6) + token:               strings.Repeat(piece+" ", 6),
		strings.Repeat(piece+",", 3) + token:               strings.Repeat(piece+",", 3),
		token + " " + token:                                "",
		"x:" + hash + ":1":                                 "x:",
		"root:" + hash + ":1 eve:" + hash + ":2":           "root:",
		strings.Repeat("$6$", 30) + hash:                   "",
		"$5$" + hash:                                       "",
		"$6$ " + hash:                                      "$6$ ",
		strings.Repeat("$1$ $6$,", 9) + "pw " + hash + " ": "",
	} {
		got := masked(text)
		if !strings.HasPrefix(got, left+"[masked:") && left != "" || strings.Contains(got, token) || strings.Contains(got, hash[8:]) {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// TestNestedSecretsAreFoundOnce: a record of 120 kB took a gigabyte, since each object
// gave the secrets of all in it.
func TestNestedSecretsAreFoundOnce(t *testing.T) {
	const depth = 5000
	for _, unit := range []string{`"data":{"k":"vx",`, "cookie:k=vx; "} {
		var x search
		x.text(`{"kind":"Secret",`+strings.Repeat(unit, depth), 0)
		if n := len(x.found); n < depth || n > 3*depth {
			t.Errorf("%s: %d secrets of %d", unit, n, depth)
		}
		if got := masked(`{"kind":"Secret",` + strings.Repeat(unit, depth)); strings.Contains(got, "vx") {
			t.Errorf("%s: one is shown", unit)
		}
	}
	inner := base64.StdEncoding.EncodeToString([]byte(`x{"kind":"Secret","data":{"n":{}}} and more`)) // the end of an object is no secret
	if got := masked(inner); got != inner {
		t.Errorf("%q", got)
	}
}

// TestRepeatedCluesAreReadOnce: each of these took seconds of a record, when all of it
// behind each was read. It takes a few milliseconds now.
func TestRepeatedCluesAreReadOnce(t *testing.T) {
	for _, clue := range []string{"eyJ", "eyJ.", "$6$", "$argon2", "-p ", "mysql -p", "://a:", "password='", "-----BEGIN PRIVATE KEY-----", "oracle:thin:a/", "sudo -S <<<", "value:\n", "@token:", "'password=",
		`{"kind":"Secret","data":{"k":"v",`, `"data":{"kind":"Secret","data":`, "cookie:a=b; ", "cookie:", "ghp_", `{"resource":"secrets","path":"/data","value":{"k":"v",`, "password is ", "a:b@tcp("} {
		text := strings.Repeat(clue, 100_000/len(clue))
		began := time.Now()
		Find(text, nil)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%q again and again: %v", clue, took)
		}
	}
}
