package auditd

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/words"
)

// journald's text has the type and the body of a record, and before them when,
// where, and, if the record names one, which process:
//
//	Mar 01 10:00:00 host audit[1234]: SYSCALL arch=c000003e ... pid=1234 ...
//	Mar 01 10:00:00 host audit: EXECVE argc=3 a0="kubectl" ...
//	Mar 01 10:00:00 host audit: PROCTITLE proctitle=6B7562...
//
// The stamp is lost. Records of one process in one second (or whatever the time
// is told in) are taken together; those that the kernel writes behind SYSCALL
// name no process and are taken for the last event's, if that was told within a
// second, since the kernel hands out the records of an event one after another.

// A journalTail is the last event in journald's text that others may belong to.
type journalTail struct {
	host     uint64    // fingerprint of it
	clock    time.Time // as told before its tag
	stamp    stamp
	known    bool
	last     rectype // of its records
	backward bool    // the last record of an event comes first
	alone    uint64  // how many events were told apart by their number
}

var markJournal = []byte("audit")

// wordAudit is in whatever has a header, but for what begins with markType or markNode.
var wordAudit = words.NewText("audit")

// journalHeader reads the text form of journald.
func journalHeader(line []byte) (h header, ok bool) {
	head := line[:min(len(line), headLen)]
	for from := 0; ; {
		n := bytes.Index(head[from:], markJournal)
		if n < 0 {
			return h, false
		}
		at := from + n
		from = at + len(markJournal)
		if end := tagEnd(line, from); end > 0 && (at == 0 || line[at-1] == ' ') {
			return journalRecord(line, at, from, end)
		}
	}
}

// tagEnd is where the record behind a tag begins whose name ends at i: behind
// "[1234]: " or ": ". 0: there is no tag.
func tagEnd(line []byte, i int) int {
	if rest := line[i:]; bytes.HasPrefix(rest, []byte("[")) {
		_, digits := digitsAt(rest, 1, 10)
		if digits == 1 || !bytes.HasPrefix(rest[digits:], []byte("]: ")) {
			return 0
		}
		return i + digits + len("]: ")
	}
	if bytes.HasPrefix(line[i:], []byte(": ")) {
		return i + len(": ")
	}
	return 0
}

// journalRecord reads the record at end, whose tag stands at at and its name
// ends at name.
func journalRecord(line []byte, at, name, end int) (h header, ok bool) {
	h.kind, h.body = word(line[end:])
	number, _ := lookupType(h.kind)
	if number == 0 {
		return header{}, false
	}
	h.before, h.unnumbered = line[:at], line[name] == ':'
	when, clock, host := journalPrefix(h.before)
	if h.unnumbered && (host == nil || bytes.IndexByte(h.body, '=') < 0 && number != typeEOE) {
		return header{}, false // any program may say "audit: "
	}
	h.node, h.clock = host, clock
	h.stamp = stamp{serial: fingerprint(undelta(line[:end])), has: guessed}
	if !when.IsZero() {
		h.stamp.set(when)
	}
	return h, true
}

// undelta is what stands before a record without the time since the line before it, which
// short-delta adds and which tells records of one event apart.
func undelta(before []byte) []byte {
	from, to := bytes.Index(before, []byte(" <")), bytes.Index(before, []byte(" >]"))
	if before[0] != '[' || from < 0 || to < from {
		return before
	}
	return slices.Concat(before[:from], before[to:])
}

// journalPrefix reads what stands before a tag: a time in one of the forms of
// journalctl, and the host. A time that lacks its year, or is of a zone told by
// an abbreviation other than UTC, is none; clock is the time as far as it goes.
func journalPrefix(before []byte) (when, clock time.Time, host []byte) {
	text := bytes.TrimRight(before, " ")
	if i := bytes.IndexByte(text, '>'); i >= 0 && i < 5 && text[0] == '<' {
		text = text[i+1:]
	}
	if bytes.HasSuffix(text, []byte(":")) {
		return when, clock, nil
	}
	if i := bytes.LastIndexByte(text, ' '); i >= 0 {
		if when, clock, ok := journalTime(string(bytes.TrimRight(text[:i], " "))); ok {
			return when, clock, text[i+1:]
		}
	}
	when, clock, _ = journalTime(string(text)) // --no-hostname
	return when, clock, nil
}

// journalTime reads such a time.
func journalTime(at string) (when, clock time.Time, ok bool) {
	for _, layout := range [...]string{"Jan _2 15:04:05", "Jan _2 15:04:05.999999"} {
		if t, err := time.Parse(layout, at); err == nil {
			return when, t, true
		}
	}
	for _, layout := range journalLayouts {
		if t, err := time.Parse(layout, at); err == nil {
			return t.UTC(), t.UTC(), true
		}
	}
	if st, local := parseStamp([]byte(at)); !local && st.has == hasTime {
		return st.time(), st.time(), true // short-unix
	}
	clock, ok = otherTime(at)
	return when, clock, ok
}

// journalLayouts are the times of "journalctl -o short-iso", short-iso-precise
// and short-full with --utc, and that of RFC 3339, as rsyslog writes it.
var journalLayouts = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "Mon 2006-01-02 15:04:05 UTC", "Mon 2006-01-02 15:04:05 GMT"}

// otherTime reads a time that tells no instant: seconds since the machine started,
// or a clock of a zone that is not known here.
func otherTime(text string) (clock time.Time, ok bool) {
	if n := len(text); n > 2 && text[0] == '[' && text[n-1] == ']' {
		since, _, _ := strings.Cut(text[1:n-1], " <") // short-delta: and since the line before
		st, local := parseStamp(bytes.TrimLeft([]byte(since), " "))
		return st.time(), !local && st.has == hasTime
	}
	i := strings.LastIndexByte(text, ' ')
	if i < 0 {
		return clock, false
	}
	clock, err := time.Parse("Mon 2006-01-02 15:04:05", text[:i])
	return clock, err == nil
}

// place says which event a record of journald's text belongs to.
func (d *decoder) place(h *header) {
	t, _ := lookupType(h.kind)
	tail := &d.journal
	same := tail.known && tail.host == fingerprint(h.node) && h.clock.Sub(tail.clock).Abs() <= maxJournalApart
	if same && tail.last == typeProctitle && t != typeProctitle && t != typeEOE && t.companion() {
		tail.backward = true // nothing else comes behind it: journalctl --reverse
	}
	switch {
	case t.companion() && h.unnumbered:
		if starts := t == typeEOE || t == typeProctitle && tail.last != typeEOE; !same || tail.backward && starts {
			tail.begin(h, tail.apart(h.stamp))
		}
		h.stamp, tail.last = tail.stamp, t
	case t.single() || h.unnumbered:
		h.stamp = tail.apart(h.stamp) // it comes alone
	case tail.backward && same && t == typeSyscall:
		h.stamp, tail.known = tail.stamp, false
	case !tail.backward:
		tail.begin(h, h.stamp)
		tail.last = t
	}
}

// maxJournalApart is how far the times of two records of an event may be told to be
// apart: what forwards them may tell when each of them came.
const maxJournalApart = time.Second

func (j *journalTail) begin(h *header, s stamp) {
	j.host, j.clock, j.stamp, j.known = fingerprint(h.node), h.clock, s, true
}

// apart is a stamp that no other record has.
func (j *journalTail) apart(s stamp) stamp {
	j.alone++
	s.serial ^= j.alone * mixer
	return s
}

// takes reports whether an event that was told by its process and second may
// have one more record of a type: that process may make many calls in a second.
func (g *group) takes(t rectype) bool {
	switch {
	case t == typeEOE:
		return true
	case t == typeSyscall && g.record(typeSyscall) != nil:
		return false
	}
	return g.record(typeProctitle) == nil && g.record(typeEOE) == nil
}

// bareHeader reads what is left of a journald record when an envelope has been
// taken off it: "SYSCALL arch=c000003e ...". Its time is the envelope's.
func bareHeader(rec *parsers.Record) (h header, ok bool) {
	if rec.Origin.Envelope == "" || rec.Origin.Time.IsZero() {
		return h, false
	}
	h.kind, h.body = word(rec.Data)
	if _, known := byTypeName[string(h.kind)]; !known || bytes.IndexByte(h.body, '=') < 0 {
		return h, false
	}
	h.stamp.serial = uint64(hash([]byte(rec.Origin.Host)))
	h.stamp.has = guessed
	h.stamp.set(rec.Origin.Time)
	return h, true
}
