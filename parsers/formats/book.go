package formats

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/internal/frame"
	"tideline/parsers/journal"
)

// book books the bytes of a record.
func (l *lane) book(p *frame.Piece, taken bool) {
	if !taken {
		l.bookUnclaimed(p)
		return
	}
	r := parsers.Remark{Code: p.Code, Pos: p.Record.Pos, Reason: p.Reason}
	switch {
	case l.hand.fate == understood:
		l.account.bytes.Events += p.Size
		switch {
		case r.Code != "" || !l.hand.short:
		case l.goesOn(p):
			r.Code, r.Reason = "source.cut", "the line of a container goes on, but was not joined: its rest is in another file if the log was rotated; its head was read"
			r.Lift = "put the files of the container's log together, oldest first, and scan that"
		default:
			r.Code, r.Reason = "source.truncated", "whoever wrote the record cut it: its head was read"
		}
	case l.hand.worst.Code == "":
		r.Bytes = p.Size
		if r.Code == "" {
			r.Code, r.Reason = "env.empty", "an envelope without a record"
		}
	default:
		l.hand.worst.Bytes = p.Size
	}
	if l.hand.worst.Code != "" {
		l.account.remark(l.hand.worst, ofDecoder)
	}
	if r.Code != "" {
		r.Gap = r.Code == "line.broken" || p.Lost // what came behind the break may have been overwritten
		l.account.remark(r, l.framing(&r))
	}
}

// bookUnclaimed books the bytes of a record that no format took: a note where it is
// known to be no evidence, else a gap.
func (l *lane) bookUnclaimed(p *frame.Piece) {
	r := parsers.Remark{Code: p.Code, Pos: p.Record.Pos, Reason: p.Reason, Bytes: p.Size}
	other := otherEntry(p)
	switch {
	case p.Other != "":
		r.Code, r.Reason = "journal.other", p.Other
	case isJournalLine(p.Record.Data):
		r.Code, r.Reason = "journal.separator", "a line that journalctl puts around entries; it holds none"
	case ofKlog(p.Record.Data):
		r.Code, r.Reason = codeKlog, klogReason
	case isSeparator(p.Record.Data):
		r.Code, r.Reason = "text.separator", "a line that tail, grep, a chunked transfer or the AWS command line puts between others; it holds none"
	case other != "":
		r.Code, r.Reason = "journal.other", other
	default:
		r.Gap = true
		if l.hand.asked {
			l.account.unread.see(p)
		}
		if r.Code == "" {
			r.Code, r.Reason = codeUnknown, "no format recognises it, though others of the stream were understood"
			if l.hand.asked && l.account.remarks[remarkKey{codeUnknown, true, ofUnclaimed}] == nil {
				r.Reason = explained(r.Reason, l.formats, l.hand.said) // the first one is told of
			}
			r.Lift = "a format that knows it; --input-format names one"
			if ofStack(p.Record.Data) {
				r.Code = heldStack // settle knows whose
			}
		}
	}
	l.account.remark(r, ofUnclaimed)
}

// otherEntry says whose a sound entry of "journalctl -o json" is, if it is of a program of
// which no logs are read.
func otherEntry(p *frame.Piece) string {
	get := envelope.JournalEntry(p.Record.Data)
	if get == nil || p.Code != "" || p.Record.Cut {
		return ""
	}
	return journal.Other(get)
}

// isSeparator reports whether a line is one of those that are made when lines of logs
// are put together: "==> FILE <==" of tail, "--" of grep, the size of a chunk of HTTP
// (RFC 9112, section 7.1), which curl --raw and nc leave in, and what "aws logs --output
// text" prints of a page beside its events.
func isSeparator(line []byte) bool {
	line = bytes.TrimRight(line, "\r")
	if string(line) == "--" || bytes.HasPrefix(line, []byte("==> ")) && bytes.HasSuffix(line, []byte(" <==")) {
		return true
	}
	if bytes.IndexByte(line, '\t') > 0 {
		return pageOfAWS().Match(line)
	}
	for _, c := range line {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return 0 < len(line) && len(line) <= 8
}

// pageOfAWS are the lines of a page that are none of its events: the tokens of the pages
// before and behind it, and the streams that were searched.
var pageOfAWS = lazily(`^(?:b/[0-9]{9,}(?:/s)?\tf/[0-9]{9,}(?:/s)?|NEXTTOKEN\t\S+|SEARCHEDLOGSTREAMS\t\S+(?:\t\S+)?)$`)

// goesOn reports whether a record is a part of a container's line behind which another
// one was to come.
func (l *lane) goesOn(p *frame.Piece) bool {
	line, ok := envelope.ReadOutputLine(p.Record.Data, &l.joiner.room)
	return ok && line.Partial
}

// codeUnknown is of records that no format took.
const codeUnknown = "line.unknown"
