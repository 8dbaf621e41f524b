package auditd

import (
	"bytes"
	"time"
)

// A header is what stands before the body of a record. All bytes are borrowed.
type header struct {
	node  []byte
	kind  []byte // the type as spelled; empty if the record gives none
	stamp stamp
	body  []byte
	// spelled is the body as it stands, if an escape was undone in it: see unescaped.
	spelled []byte
	// interpreted: values are as "ausearch -i" prints them, decoded and
	// without quotes.
	interpreted bool
	// local: the time was printed in a zone that is not told.
	local bool
	// before: of a record in journald's text, what stands before its tag; clock is
	// the time in it, as far as it goes.
	before []byte
	clock  time.Time
	// unnumbered: that tag has no process id.
	unnumbered bool
}

// A stamp is the identity of an event: audit(SECONDS.MILLISECONDS:SERIAL).
type stamp struct {
	sec    int64
	nsec   int32
	has    stampParts
	serial uint64
}

// stampParts says which parts of a stamp a record had.
type stampParts uint8

const (
	hasTime stampParts = 1 << iota
	hasSerial
	// guessed: the record has no serial number, and serial is made of what
	// stands before it.
	guessed
)

func (s stamp) time() time.Time {
	if s.has&hasTime == 0 {
		return time.Time{}
	}
	return time.Unix(s.sec, int64(s.nsec)).UTC()
}

// headLen is how far into a line the mark of a record is looked for: host
// names, tags and stamps of syslog stand before it.
const headLen = 512

var (
	markType  = []byte("type=")
	markNode  = []byte("node=")
	markMsg   = []byte("msg=")
	markAudit = []byte("audit(")
)

// parseHeader reads the head of a line; ok is false if it is no audit record.
//
//	type=SYSCALL msg=audit(1740823200.123:42): ...
//	node=h type=SYSCALL msg=audit(03/01/2025 10:00:00.123:42) : ...
//	Mar  1 10:00:00 host kernel: [12.3] audit: type=1300 audit(1740823200.123:42): ...
//	Mar  1 10:00:00 host audit[1234]: SYSCALL arch=c000003e ...
//	Mar  1 10:00:00 host audit: EXECVE argc=3 ...
//
// known remembers the stamp of the record before: most have the same.
func parseHeader(line []byte, known *stampMemo) (h header, ok bool) {
	if h, ok = plainHeader(line, known); ok {
		return h, true
	}
	return thoroughHeader(line, known)
}

// thoroughHeader is parseHeader for a head that is not plain.
func thoroughHeader(line []byte, known *stampMemo) (h header, ok bool) {
	rest, before := line, 0
	if !bytes.HasPrefix(rest, markType) && !bytes.HasPrefix(rest, markNode) {
		if wordAudit.Index(line[:min(len(line), headLen)]) < 0 {
			return h, false
		}
		if rest, ok = afterPrefix(line); !ok {
			return journalHeader(line)
		}
		if isSpelledAnew(line[:len(line)-len(rest)], rest) {
			return h, false
		}
		before = len(line) - len(rest)
		h.node = syslogHost(line[:before])
	}
	if bytes.HasPrefix(rest, markNode) {
		h.node, rest = word(rest[len(markNode):])
	}
	if bytes.HasPrefix(rest, markType) {
		h.kind, rest = word(rest[len(markType):])
	}
	rest = bytes.TrimPrefix(rest, markMsg)
	if !bytes.HasPrefix(rest, markAudit) {
		return h, false
	}
	rest = rest[len(markAudit):]
	end := known.n
	if end > 0 && end < len(rest) && rest[end] == ')' && string(rest[:end]) == string(known.text[:end]) {
		h.stamp = known.stamp
	} else {
		if end = bytes.IndexByte(rest[:min(len(rest), headLen)], ')'); end < 0 {
			return h, false
		}
		h.stamp, h.local = known.read(rest[:end])
		known.keep(rest[:end], &h)
	}
	if len(h.kind)+len(h.node) == 0 && h.stamp.has&hasSerial == 0 {
		return h, false // a call of a function: sys.audit("open", path), or the manual page rtld-audit(7)
	}
	h.body = rest[end+1:]
	if before > 0 {
		h.body = withoutCloser(line[:before], h.body)
	}
	if bytes.HasPrefix(h.body, []byte(" :")) {
		h.interpreted, h.body = true, h.body[1:]
	}
	h.interpreted = h.interpreted || h.local
	h.body = bytes.TrimPrefix(h.body, []byte(":"))
	return h, true
}

// A stampMemo is a stamp as it was written and as it was read.
type stampMemo struct {
	text     [40]byte
	n        int
	stamp    stamp
	dayFirst bool // a date was met whose second part is no month
}

// read is parseStamp, for a log whose dates may have the day first.
func (m *stampMemo) read(s []byte) (st stamp, local bool) {
	st, local = parseStamp(s)
	if st.has&hasTime != 0 && (!local || !m.dayFirst) {
		return st, local
	}
	at := bytes.LastIndexByte(s, ':')
	if at < 0 || st.has&hasSerial == 0 {
		at = len(s)
	}
	if t, ok := parseDate(s[:at], dayFirstLayouts); ok {
		st.set(t)
		m.dayFirst = true
		return st, true
	}
	return st, local
}

// keep remembers the stamp of h, unless it was printed in a local zone.
func (m *stampMemo) keep(text []byte, h *header) {
	if m.n = 0; !h.local && len(text) <= len(m.text) { // it holds no closing parenthesis
		m.n, m.stamp = copy(m.text[:], text), h.stamp
	}
}

// afterPrefix finds a record behind the prefix of a syslog line.
func afterPrefix(line []byte) ([]byte, bool) {
	head := line[:min(len(line), headLen)]
	at := bytes.Index(head, markAudit)
	if at < 0 {
		return nil, false
	}
	start := at - len(markMsg)
	if start < 0 || !bytes.Equal(line[start:at], markMsg) {
		start = at
	}
	for _, mark := range [][]byte{markType, markNode} {
		if i := bytes.LastIndex(line[:start], mark); i >= 0 && (i == 0 || !isWordByte(line[i-1])) {
			start = i // behind a blank, or "audit.log.1:" or "audit.log-" of grep
		}
	}
	return line[start:], true
}

// isSpelledAnew reports whether a record behind a prefix stands in something that spells
// its signs in another way: between quotes, where its own are doubled or have slants
// before them, in a field of CEF, in XML, or behind a colour. Read as it stands every
// value of it would be empty or another one: it is for an envelope to take it out.
func isSpelledAnew(prefix, record []byte) bool {
	switch {
	case len(prefix) == 0:
		return false
	case prefix[0] == '\x1b', bytes.Count(prefix, []byte{'"'})%2 == 1, bytes.HasSuffix(prefix, []byte(`msg\=`)):
		return true
	}
	return prefix[len(prefix)-1] == '>' && bytes.Contains(record, []byte("=&quot;"))
}

// withoutCloser is a body without what closes that in which its record stands: the quote
// and brackets of a statement of SQL, the tag of XML. It would be taken for the end of
// the last value, which is most often an address.
func withoutCloser(prefix, body []byte) []byte {
	if prefix[len(prefix)-1] == '\'' {
		if inner := bytes.TrimRight(body, "); ,"); bytes.HasSuffix(inner, []byte{'\''}) {
			return inner[:len(inner)-1]
		}
	}
	open := bytes.LastIndexByte(prefix, '<')
	if prefix[len(prefix)-1] != '>' || open < 0 {
		return body
	}
	name, _ := word(prefix[open+1 : len(prefix)-1])
	if inner, ok := bytes.CutSuffix(body, []byte("</"+string(name)+">")); ok {
		return inner
	}
	return body
}

// isForEnvelopes reports whether a line has such a record.
func isForEnvelopes(line []byte) bool {
	rest, ok := afterPrefix(line)
	return ok && isSpelledAnew(line[:len(line)-len(rest)], rest)
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

// syslogHost is the host of a prefix "Mar  1 10:00:00 host tag: " or
// "2025-03-01T10:00:00Z host tag: "; nil if it has neither form.
func syslogHost(prefix []byte) []byte {
	if i := bytes.IndexByte(prefix, '>'); i >= 0 && i < 5 && prefix[0] == '<' {
		prefix = prefix[i+1:]
	}
	first, rest := word(prefix)
	if len(first) == 3 {
		_, rest = word(rest) // day
		if first, rest = word(rest); len(first) != 8 || first[2] != ':' {
			return nil
		}
	} else if len(first) < len("2025-03-01T10:00:00") || first[4] != '-' {
		return nil
	}
	host, rest := word(rest)
	if len(rest) == 0 || bytes.HasSuffix(host, []byte(":")) {
		return nil
	}
	return host
}

func (s *stamp) set(t time.Time) {
	s.sec, s.nsec = t.Unix(), int32(t.Nanosecond())
	s.has |= hasTime
}

// fingerprint is FNV-1a of 64 bits.
func fingerprint(s []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range s {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// word cuts off the first word and the blanks behind it.
func word(s []byte) (first, rest []byte) {
	i := 0
	for i < len(s) && s[i] != ' ' && s[i] != '\t' {
		i++
	}
	first = s[:i]
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return first, s[i:]
}

// parseStamp reads SECONDS.MILLISECONDS:SERIAL, or a date and a clock in place
// of the seconds; local then. What cannot be read is left out of has.
func parseStamp(s []byte) (st stamp, local bool) {
	clock := s
	if i := bytes.LastIndexByte(s, ':'); i >= 0 {
		if n, ok := decimal(s[i+1:]); ok && (bytes.IndexByte(s[:i], ' ') < 0 || bytes.IndexByte(s[:i], ':') >= 0) {
			st.serial, clock = n, s[:i]
			st.has |= hasSerial
		}
	}
	seconds, fraction, _ := bytes.Cut(clock, []byte("."))
	if n, ok := decimal(seconds); ok && n < 1<<40 && bytes.IndexByte(clock, ' ') < 0 {
		if nsec, ok := fractionOf(fraction); ok {
			st.sec, st.nsec = int64(n), nsec
			st.has |= hasTime
		}
		return st, false
	}
	if t, ok := parseLocal(clock); ok {
		st.set(t)
		return st, true
	}
	return st, false
}

// fractionOf reads up to nine digits as a part of a second, in nanoseconds.
func fractionOf(s []byte) (int32, bool) {
	if len(s) > 9 {
		return 0, false
	}
	n, scale := int32(0), int32(100_000_000)
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n += int32(c-'0') * scale
		scale /= 10
	}
	return n, true
}

// decimal reads an unsigned number of at most 19 digits.
func decimal(s []byte) (uint64, bool) {
	if len(s) == 0 || len(s) > 19 {
		return 0, false
	}
	n := uint64(0)
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// localLayouts are the dates of "ausearch -i" in the locales met in practice
// (strftime %x %T): C and en_US, German and most others, ISO, Chinese and Japanese.
var localLayouts = []string{"01/02/2006 15:04:05", "01/02/06 15:04:05", "02.01.2006 15:04:05", "02.01.06 15:04:05", "2006-01-02 15:04:05",
	"2006/01/02 15:04:05", "2006年01月02日 15:04:05", "02-01-2006 15:04:05", "02-01-06 15:04:05"}

// dayFirstLayouts are those of en_GB, fr_FR and others, which look like the first two
// above. A log is taken to have them from the first date on that can be no other.
var dayFirstLayouts = []string{"02/01/2006 15:04:05", "02/01/06 15:04:05"}

// parseLocal reads a date of "ausearch -i". Its zone is not told: it is taken
// for UTC, and the decoder says so.
func parseLocal(s []byte) (time.Time, bool) { return parseDate(s, localLayouts) }

func parseDate(s []byte, layouts []string) (time.Time, bool) {
	if len(s) < len("01/02/06 15:04:05") || len(s) > 40 {
		return time.Time{}, false
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, string(s)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
