package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// FuzzFind plants a secret in the ways that secrets are written and looks for it in
// what is left when the spans are taken out.
func FuzzFind(f *testing.F) {
	f.Add("hunter2hunter2", uint8(0))
	f.Add("Pa55w0rdPa55", uint8(7))
	f.Fuzz(func(t *testing.T, word string, way uint8) {
		if len(word) < 10 || len(word) > 200 || strings.IndexFunc(word, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }) >= 0 {
			return
		}
		if strings.Trim(word, "xX") == "" {
			return
		}
		for _, form := range plantedForms(word) {
			for _, code := range encodings() {
				text := code(form)
				got := masked(text)
				if strings.Contains(got, word) || strings.Contains(decoded(got), word) {
					t.Errorf("survives:\n %s\n %s\nin %s", text, got, form)
				}
			}
		}
	})
}

func plantedForms(w string) []string {
	return []string{
		"mysql -uroot -p" + w + " db", "PASSWORD=" + w, `{"password": "` + w + `"}`, `{"Env":["A=b","DB_PASSWORD=` + w + `"]}`, "https://bob:" + w + "@example.org/x",
		"app --token " + w + " run", "app --password=" + w, `["app","--client-secret","` + w + `"]`, `{"name":"API_KEY","value":"` + w + `"}`,
		"Authorization: Bearer " + w, `{"kind":"Secret","data":{"x":"` + base64.StdEncoding.EncodeToString([]byte(w)) + `"}}`, "curl -u bob:" + w + " https://x",
		`type=EXECVE a0="app" a1="--password" a2="` + w + `"`, "app\x00--password\x00" + w + "\x00x", "docker login -u bob -p " + w, "etcdctl --user bob:" + w + " get /", "kubectl create secret generic x --from-literal=k=" + w,
	}
}

func encodings() []func(string) string {
	same := func(s string) string { return s }
	quoted := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	base := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return []func(string) string{same, quoted, func(s string) string { return quoted(quoted(s)) }, func(s string) string { return hex.EncodeToString([]byte(s)) },
		url.QueryEscape, url.PathEscape, base, func(s string) string { return `echo ` + base(s) + ` | base64 -d` }, func(s string) string { return hex.EncodeToString([]byte(base(s))) }}
}

// decoded takes off whatever encoding the text may be in.
func decoded(s string) string {
	out := ""
	if v, err := url.QueryUnescape(s); err == nil {
		out += v
	}
	for _, run := range strings.FieldsFunc(s, func(r rune) bool { return r > 127 || !base64Byte[byte(r)] }) {
		if b, err := hex.DecodeString(run[:len(run)/2*2]); err == nil {
			out += string(b)
		}
		if v, ok := decodeBase64(run); ok {
			out += v
		}
	}
	return out
}
