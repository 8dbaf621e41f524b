package secret

import (
	"encoding/hex"
	"strings"
)

// What is typed where no echo shows it: pam_tty_audit with log_passwd writes the keys
// that programs read from a terminal, those of a password too.

// askers are the programs that read a line from a terminal for a password; comm has at
// most 15 bytes of a name. One that hands all else over to another program, as sudo and
// ssh do, first takes the terminal out of line mode, where Return is no newline.
var askers = words("su sudo sudoedit doas passwd chpasswd login sulogin newgrp runuser ssh scp sftp ssh-add ssh-keygen ssh-copy-id kinit kpasswd " +
	"mysql mysqldump mysqladmin mariadb psql pg_dump mongo mongosh redis-cli sqlplus cryptsetup gpg gpg-agent pinentry pinentry-curses openssl keytool htpasswd " +
	"docker podman nerdctl buildah skopeo helm oc vault ansible-vault smbclient ldapsearch ldapmodify ldapadd realm adcli pkexec pkttyagent polkit-agent-he systemd-tty-ask")

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// findTyped finds the lines of a TTY record that such a program read: comm="su" data=6869330A,
// comm=su data="hi3",<nl> as ausearch prints it, and "comm":"su","data":"hi3\n".
func findTyped(dst []Span, s string, i int) []Span {
	from := skipAny(s, i+len("comm"), `=": `)
	to := from
	for to < len(s) && (isWord(s[to]) || s[to] == '-') {
		to++
	}
	if !askers[s[from:to]] {
		return dst
	}
	at := skipAny(s, to, `", `)
	if !strings.HasPrefix(s[at:], "data") {
		return dst
	}
	at = skipAny(s, at+len("data"), `=": `)
	end := at
	for end < len(s) && hexByte[s[end]] {
		end++
	}
	if typed, err := hex.DecodeString(s[at:end]); err == nil && strings.HasSuffix(string(typed), "\n") {
		return foundLines(dst, string(typed), func(from, to int) (int, int) { return at + 2*from, at + 2*to })
	}
	for _, enter := range []string{`",<nl>`, "\n", `\n"`} {
		if n := strings.Index(s[at:min(len(s), at+lookBack)], enter); n > 0 {
			return foundLines(dst, s[at:at+n]+"\n", func(from, to int) (int, int) { return at + from, at + to })
		}
	}
	return dst
}

// foundLines appends the lines of typed, which stand in the text where place says. A
// Return within one was typed into another program.
func foundLines(dst []Span, typed string, place func(from, to int) (int, int)) []Span {
	from := 0
	for line := range strings.SplitSeq(strings.TrimSuffix(typed, "\n"), "\n") {
		if line != "" && line != "yes" && line != "no" && strings.IndexByte(line, '\r') < 0 {
			a, b := place(from, from+len(line))
			dst = append(dst, Span{From: a, To: b, Kind: "password", Value: line})
		}
		from += len(line) + 1
	}
	return dst
}

// skipAny is the place behind the bytes of set that stand at i.
func skipAny(s string, i int, set string) int {
	for i < len(s) && strings.IndexByte(set, s[i]) >= 0 {
		i++
	}
	return i
}
