package secret

import (
	"strings"
	"testing"
)

// TestTypedPasswords: what su and its like read from a terminal is masked in each form
// of a TTY record, and what is typed into a shell is not.
func TestTypedPasswords(t *testing.T) {
	const head = "type=TTY msg=audit(1700000000.123:7): tty pid=5 uid=0 auid=1000 ses=1 major=136 minor=0 comm="
	for in, want := range map[string]string{
		head + `"su" data=416E6F746865723121 0A`:                       head + `"su" data=416E6F746865723121 0A`,
		head + `"su" data=4F70656E53337333210A`:                        head + `"su" data=[masked:password]0A`,
		head + `"passwd" data=6F6C640A6E65773132330A6E65773132330A`:    head + `"passwd" data=[masked:password]0A[masked:password]0A[masked:password]0A`,
		head + `"sudo" data=6C730D6964 0D`:                             head + `"sudo" data=6C730D6964 0D`,
		head + `"sudo" data=6C730D69640D`:                              head + `"sudo" data=6C730D69640D`,
		head + `"bash" data=7375206A616E650A`:                          head + `"bash" data=7375206A616E650A`,
		head + `"ssh" data=7965730A`:                                   head + `"ssh" data=7965730A`,
		head + `su data="Open S3s3!",<nl>`:                             head + `su data="[masked:password]",<nl>`,
		head + `sh data="su jane",<nl>`:                                head + `sh data="su jane",<nl>`,
		`{"TTY":[{"auid":1000,"comm":"su","data":"OpenS3s3!\n"}]}`:     `{"TTY":[{"auid":1000,"comm":"su","data":"[masked:password]\n"}]}`,
		`{"m":"{\"comm\":\"su\",\"data\":\"4F70656E53337333210A\"}"}`:  `{"m":"{\"comm\":\"su\",\"data\":\"[masked:password]0A\"}"}`,
		`type=AVC msg=audit(1.2:3): pid=4 comm="su" name="data" dev=x`: `type=AVC msg=audit(1.2:3): pid=4 comm="su" name="data" dev=x`,
	} {
		var b strings.Builder
		from := 0
		for _, sp := range Find(in, []string{"OpenS3s3!"}) { // known or not, it keeps its name
			b.WriteString(in[from:sp.From] + "[masked:" + sp.Kind + "]")
			from = sp.To
		}
		if got := b.String() + in[from:]; got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", in, got, want)
		}
	}
}
