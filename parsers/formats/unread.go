package formats

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
	"tideline/parsers/internal/words"
)

// What people and programs do to logs has no end: blanks become commas, quotes become
// curly, objects are printed as Python or Go print them. A file of such lines is of no
// known format, which is a note, and a scan with a note is complete. But lines that have
// in them what no other program writes are evidence that was not read: they are a gap,
// code file.unread.

// A sign is what stays of a record whatever was done to the line around it.
type sign struct {
	word string // is looked for first
	in   lazy   // is in a line that is evidence; rules, mappings and manuals have the word too
	what string
	lift string // Optional.
}

// A lazy is a regular expression that is compiled when it is first needed: most scans need
// none of them.
type lazy func() *regexp.Regexp

func lazily(expr string) lazy {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

var signs = []sign{
	{"msg=audit(", lazily(`msg=audit\([0-9]`), "what auditd writes", ""},
	{`msg\=audit(`, lazily(`msg\\=audit\([0-9]`), "what auditd writes, in a field of CEF", ""},
	{"=3Daudit(", lazily(`=3Daudit\([0-9]`), "what auditd writes, as quoted-printable of a mail", "decoding it by hand (perl -MMIME::QuotedPrint)"},
	{"audit%28", lazily(`(?:=|%3D)audit%28[0-9]`), "what auditd writes, with percent signs", "decoding it by hand"},
	{"Calling ", lazily(`level.{1,99}Calling (?:GET|HEAD|POST|PUT|DELETE) /v[0-9]+\.[0-9]`), "what Docker's daemon traces", ""},
	{"requestReceivedTimestamp", lazily(`requestReceivedTimestamp.{1,200}20[0-9][0-9]-`), "what audit events of Kubernetes have", ""},
	{"timeNano", lazily(`timeNano(?:&quot;|[^0-9a-zA-Z]){1,8}[0-9]{19}`), "what Docker's events have", ""},
	{"io.k8s.", lazily(`methodName(?:&quot;|[^0-9a-zA-Z:= ])(?:&quot;|[^0-9a-zA-Z]){1,12}io\.k8s\.`), "what log entries of GKE have", ""},
	{"httplog.go:", lazily(`httplog\.go:[0-9].{1,80}verb(?:&quot;|[^0-9a-zA-Z]){1,12}[A-Z]{3}`), "what components of Kubernetes write of requests", ""},
	{"exec_create: ", lazily(`[0-9a-f]{64}.*exec_create: .|exec_create: .*[0-9a-f]{64}`), "what Docker's events have", "docker events --format '{{json .}}', or without --format"},
	{"dHlwZT1", lazily(`dHlwZT1[0-9A-Za-z+/]{40}`), "what auditd writes, as base64", "decoding it by hand (base64 -d)"},
	{"eyJraW5kIjoiRXZlbnQiLCJhcGlWZXJzaW9uIjoiYXVkaXQ", lazily(`.`), "what audit events of Kubernetes have, as base64", "decoding it by hand (base64 -d)"},
	inUTF32("msg=audit(", "what auditd writes"),
	inUTF32("requestReceivedTimestamp", "what audit events of Kubernetes have"),
	inUTF32("timeNano", "what Docker's events have"),
	{"H4sI", lazily(`^H4sI[0-9A-Za-z+/]{40,}={0,2}\r?$`), "what gzip writes, as base64", "decoding it by hand (base64 -d)"},
}

// inUTF32 is the sign of a word in UTF-32, in either order of bytes: three zeros stand
// between its letters. A number is near, as in records and not in a text about them.
func inUTF32(word, what string) sign {
	letters := strings.Join(strings.Split(word, ""), "\x00\x00\x00")
	return sign{letters, lazily(regexp.QuoteMeta(letters) + `(?:\x00{3}[^0-9A-Za-z]){0,4}\x00{3}[0-9]`), what + ", in UTF-32", "iconv -f UTF-32 -t UTF-8"}
}

var signWords = func() *words.Set {
	all := make([]string, len(signs))
	for i, s := range signs {
		all[i] = s.word
	}
	return words.New(all...)
}()

// signIn is the first of signs that a line has; nil if it has none.
func signIn(line []byte) *sign {
	found := signWords.Find(line)
	for i := range signs {
		if found&(1<<i) != 0 && signs[i].in().Match(line) {
			return &signs[i]
		}
	}
	return nil
}

// An unread is what lines of a stream, which no format took, have of evidence. It is
// asked for where nothing of the stream was recognised; such a one is of one lane.
type unread struct {
	count, bytes int64
	first        parsers.Pos
	sign         *sign // of the first
}

// see looks at a line that no format took.
func (u *unread) see(p *frame.Piece) {
	s := signIn(p.Record.Data)
	if s == nil {
		return
	}
	if u.count == 0 {
		u.first, u.sign = p.Record.Pos, s
	}
	u.count, u.bytes = u.count+1, u.bytes+p.Size
}

// Streams that have such lines and are none.
const (
	elf = "binary (ELF)"
	pe  = "binary (PE)"
)

// gap is that of a stream of which nothing was recognised; its count is 0 if there is
// none. A program that reads or writes records has their words.
func (u *unread) gap(looks string) parsers.Remark {
	r := parsers.Remark{Code: "file.unread", Gap: true}
	if u.count == 0 || looks == elf || looks == pe {
		return r
	}
	r.Count, r.Bytes, r.Pos = u.count, u.bytes, u.first
	r.Reason = fmt.Sprintf("no format reads it, though it has %s (%.24q): evidence in a form that is not read", u.sign.what, strings.ReplaceAll(u.sign.word, "\x00", ""))
	r.Lift = cmp.Or(u.sign.lift, "the log as it was written, before something else was made of it")
	return r
}
