package formats

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"tideline/parsers"
	"tideline/parsers/envelope"
)

// slowly is a decoder that can only be given one record after the other.
type slowly struct{ parsers.Decoder }

// lineByLine is the reader of all formats, none of which reads on by itself.
func lineByLine() *reader {
	var all []*parsers.Format
	for _, f := range All() {
		own := *f
		own.NewDecoder = func(o parsers.Options) parsers.Decoder { return slowly{f.NewDecoder(o)} }
		all = append(all, &own)
	}
	return newReader(all, envelope.All())
}

// TestWhoReadsOnAccountsForTheSame: events, remarks, places and the account are those
// of reading line by line, whatever stands between the lines.
func TestWhoReadsOnAccountsForTheSame(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	other := []string{"", " ", "----", "no record of any format", "type=CWD msg=audit(", "type=PATH msg=audit(1740823200.1:7): name=\"/x\" item=0\r", "\x00\x00\x00\x00\x00\x00\x00\x00\x00", "{\"log\":\"x\"}", "[",
		"2026-03-01T10:00:00Z stdout P type=CWD", "type=CWD msg=audit(1740823200.2:9): cwd=\"" + strings.Repeat("/long", 9000) + "\"", "audit: backlog limit exceeded", "<6>audit: audit_lost=1 audit_rate_limit=0",
		"Mar  1 10:00:00 host audispd: type=USER_ACCT msg=audit(1740823200.3:11): pid=1 uid=0 msg='op=x res=success'", `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseComplete","verb":"get"}`}
	for n := range 60 {
		var b strings.Builder
		serial := 100
		for range 40 + r.Intn(400) {
			if serial++; r.Intn(40) == 0 {
				serial += 3 // some are missing
			}
			id := fmt.Sprintf("msg=audit(%d.%03d:%d):", 1740823200+serial/90, serial%1000, serial)
			fmt.Fprintf(&b, "type=SYSCALL %s arch=c000003e syscall=59 success=yes exit=0 a0=%x ppid=1 pid=%d uid=0 exe=\"/bin/x\"\n", id, r.Uint32(), serial)
			fmt.Fprintf(&b, "type=CWD %s cwd=\"/\"\n", id)
			if r.Intn(12) == 0 {
				b.WriteString(other[r.Intn(len(other))] + "\n")
			}
			fmt.Fprintf(&b, "type=PROCTITLE %s proctitle=\"x\"\n", id)
		}
		stream := b.String()[:b.Len()-r.Intn(30)]
		want, account := read(t, lineByLine(), strings.NewReader(stream), parsers.ReadOptions{})
		for name, in := range map[string]func() (*notepad, parsers.Account){
			"whole": func() (*notepad, parsers.Account) {
				return read(t, NewReader(), strings.NewReader(stream), parsers.ReadOptions{})
			},
			"halves": func() (*notepad, parsers.Account) {
				return read(t, NewReader(), iotest.HalfReader(strings.NewReader(stream)), parsers.ReadOptions{})
			},
		} {
			got, a := in()
			if !slices.Equal(got.lines, want.lines) || !slices.EqualFunc(got.remarks, want.remarks, func(a, b parsers.Remark) bool { return a == b }) {
				t.Fatalf("%d, %s: got\n%s\nwant\n%s", n, name, strings.Join(got.lines, "\n"), strings.Join(want.lines, "\n"))
			}
			if a.Bytes != account.Bytes || a.Records != account.Records || a.Events != account.Events || a.Recognised != account.Recognised || a.Format != account.Format {
				t.Fatalf("%d, %s: %+v, want %+v", n, name, a, account)
			}
		}
	}
}
