package frame

import (
	"bytes"

	"tideline/parsers"
)

// documentKeys are the keys with which YAML documents of records begin, as
// "gcloud logging read" prints them. Manifests of clusters are YAML as well, and
// are no logs.
var documentKeys = []string{"insertId:", "logName:", "protoPayload:", "jsonPayload:", "textPayload:", "httpRequest:", "auditID:", "apiVersion: audit.k8s.io/"}

// documents recognises a stream of YAML documents by its first line that is no
// comment.
func (f *Framer) documents() {
	b := f.win.data()
	b = b[:min(len(b), parsers.SniffLen)]
	for line := range bytes.SplitSeq(b, []byte{f.win.eol}) {
		if len(bytes.TrimSpace(line)) == 0 || isSeparator(line) {
			continue
		}
		for _, key := range documentKeys {
			f.docs = f.docs || bytes.HasPrefix(line, []byte(key))
		}
		return
	}
}

// isSeparator reports whether a line belongs to no document: "---", "...", a
// comment.
func isSeparator(line []byte) bool {
	return bytes.HasPrefix(line, []byte("---")) || bytes.HasPrefix(line, []byte("...")) || bytes.HasPrefix(line, []byte("#"))
}

// document frames the YAML document, or the separator, that begins at data[at].
func (f *Framer) document(p *Piece, at int) bool {
	end, ok := f.win.lineEnd(at, at+f.max)
	if isSeparator(f.win.data()[at:end]) && (ok || f.win.err != nil) {
		return f.remark(p, Note, f.trail(end), "yaml.separator", "what stands between documents")
	}
	for ok && isEOL(f.win.data()[end]) && f.win.need(end+2) {
		f.win.need(end + 4)
		if rest := f.win.data()[end+1:]; isSeparator(rest) {
			break
		}
		end, ok = f.win.lineEnd(end+1, at+f.max)
	}
	return f.line(p, at, end, ok)
}
