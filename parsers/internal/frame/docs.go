package frame

import (
	"bytes"

	"tideline/parsers"
)

// documentKeys are the keys with which YAML documents of records begin, as
// "gcloud logging read" prints them. Manifests of clusters are YAML as well, and
// are no logs.
var documentKeys = []string{"insertId:", "logName:", "protoPayload:", "jsonPayload:", "textPayload:", "httpRequest:", "auditID:", "apiVersion: audit.k8s.io/"}

// eventMarks are what YAML of records has in it, where it begins with none of
// documentKeys: keys are sorted, or the records are the items of a list.
var eventMarks = [][]byte{[]byte("auditID:"), []byte("audit.k8s.io/"), []byte("protoPayload:")}

// documents recognises a stream of YAML documents by its first line that is no
// comment, or by its first line and a mark of events further on.
func (f *Framer) documents() {
	b := f.win.data()
	b = b[:min(len(b), parsers.SniffLen)]
	var line []byte
	for rest := b; len(rest) > 0; {
		line, rest, _ = bytes.Cut(rest, []byte{f.win.eol})
		if len(bytes.TrimSpace(line)) == 0 || isSeparator(line) {
			continue
		}
		for _, key := range documentKeys {
			f.docs = f.docs || bytes.HasPrefix(line, []byte(key))
		}
		f.items = isItem(line) || isLoneKey(line) && isItem(rest)
		if f.docs = f.docs || (f.items || isEventKey(line)) && hasEventMark(b); !f.docs {
			f.items = false
		}
		return
	}
}

// isEventKey reports whether a line is the first of an audit event, in the order of
// the API server or sorted.
func isEventKey(line []byte) bool {
	line = bytes.TrimRight(line, " \r")
	return string(line) == "annotations:" || string(line) == "kind: Event" || string(line) == `kind: "Event"`
}

func hasEventMark(b []byte) bool {
	for _, m := range eventMarks {
		if bytes.Contains(b, m) {
			return true
		}
	}
	return false
}

// isItem reports whether a line begins an item of a list that is the document, or the
// value of a key of it.
func isItem(line []byte) bool { return bytes.HasPrefix(line, []byte("- ")) }

// isLoneKey reports whether a line is a key, alone or with a word for its value: what
// stands before and behind a list of events, as the AWS command line prints it.
func isLoneKey(line []byte) bool {
	key, value, ok := bytes.Cut(bytes.TrimRight(line, " \r"), []byte(":"))
	if !ok || len(key) == 0 || len(key) > 32 {
		return false
	}
	for _, c := range key {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	value = bytes.TrimPrefix(value, []byte(" "))
	return len(value) <= 128 && !bytes.ContainsAny(value, " \t=\"'(")
}

// isSeparator reports whether a line belongs to no document: "---", "...", a
// comment.
func isSeparator(line []byte) bool {
	return bytes.HasPrefix(line, []byte("---")) || bytes.HasPrefix(line, []byte("...")) || bytes.HasPrefix(line, []byte("#"))
}

// document frames the YAML document, item, or separator, that begins at data[at].
func (f *Framer) document(p *Piece, at int) bool {
	end, ok := f.win.lineEnd(at, at+f.max)
	if line := f.win.data()[at:end]; (isSeparator(line) || f.items && isLoneKey(line)) && (ok || f.win.err != nil) {
		return f.note(p, f.trail(end), "yaml.separator", "what stands between documents")
	}
	for ok && isEOL(f.win.data()[end]) && f.win.need(end+2) {
		f.win.need(end + 4)
		if rest := f.win.data()[end+1:]; isSeparator(rest) || f.items && !isIndented(rest[0]) {
			break
		}
		end, ok = f.win.lineEnd(end+1, at+f.max)
	}
	return f.line(p, at, end, ok)
}

// isIndented reports whether a line of an item begins with c: it is indented, or blank.
func isIndented(c byte) bool { return c == ' ' || isEOL(c) }
