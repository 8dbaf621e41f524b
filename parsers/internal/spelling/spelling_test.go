package spelling

import (
	"bytes"
	"testing"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"cat /var/run/secrets/token", ""},
		{"cat /var/run//secrets/token", "cat /var/run/secrets/token"},
		{"cat //var///run/token", "cat /var/run/token"},
		{"cat /var/run/./secrets/././token", "cat /var/run/secrets/token"},
		{"cat /etc/x/../kubernetes/admin.conf", "cat /etc/kubernetes/admin.conf"},
		{"cat /etc/x/y/../../kubernetes/admin.conf", "cat /etc/kubernetes/admin.conf"},
		{"cat ../../etc/shadow", ""},
		{"cat a/../../etc/shadow", ""},
		{"cat /../etc/shadow", ""},
		{"curl http://10.0.0.1/api", ""},
		{"curl http://10.0.0.1//api/../v1/secrets", "curl http://10.0.0.1/v1/secrets"},
		{"curl http://host/../x", ""},
		{"docker run -v //:/host x", "docker run -v /:/host x"},
		{"ssh x:/a/./b", "ssh x:/a/b"},
		{`sh -c cat /run/sec''rets/x`, "sh -c cat /run/secrets/x"},
		{`sh -c c\at /run/s""ecrets`, "sh -c cat /run/secrets"},
		{`printf "" ''`, ""},
		{`grep \bword x`, ""},
		{"cat /etc/.hidden", ""},
		{"ls /tmp/..", ""},
		{"", ""},
		{"/", ""},
		{"a//", "a/"},
	} {
		got, changed := Plain(nil, []byte(c.line))
		if string(got) != c.want || changed != (c.want != "") {
			t.Errorf("Plain(%q) = %q, want %q", c.line, got, c.want)
		}
	}
}

// What is plain stays, nothing grows, and what stood in dst is left alone.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"cat /a//b/./c/../d", "http://x//y/../z", `s\h ''a""/..//../b`, "/..//../", "://../"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		before := bytes.Clone(line)
		dst := append(make([]byte, 0, 8+2*len(line)), "kept/.."...)
		out, changed := Plain(dst, line)
		if !bytes.Equal(before, line) || string(out[:7]) != "kept/.." {
			t.Fatal("changed what it was given")
		}
		if got := out[7:]; len(got) > len(line) || changed && bytes.Equal(got, line) || !changed && len(got) > 0 {
			t.Fatalf("%q became %q, %t", line, got, changed)
		}
	})
}
