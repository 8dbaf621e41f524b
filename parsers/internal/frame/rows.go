package frame

import (
	"bytes"

	"tideline/parsers"
)

// columns are the names by which the header of a table of records is known:
// a comma in the first line of a text does not make it a table.
var columns = map[string]bool{
	"@message": true, "@timestamp": true, "_raw": true, "_time": true, "log_s": true, "properties_log": true,
	"AuditId": true, "RequestUri": true, "TimeGenerated": true, "TimeGenerated [UTC]": true,
	"auditID": true, "requestURI": true, "verb": true, "message": true, "_source": true,
	"kubernetes.audit.auditID": true, "kubernetes.audit.verb": true, "protoPayload": true, "protoPayload.methodName": true, "jsonPayload": true, "textPayload": true,
	"value": true, "payload": true, "raw": true, "log": true, "event": true, "body": true, // of topics and tables of others
	"Line": true, "Message": true, "event.original": true, "user.username": true, // Grafana, Datadog, Elastic, Insights
	"SyslogMessage": true, "RawData": true, "@rawstring": true, "full_log": true, "line": true, "msg": true, // Log Analytics, LogScale, Wazuh
}

// alone are columns that a query may have asked for and no other; none is a word that
// a text could begin with. A column of another name is one if what is below it stands
// in quotes.
var alone = map[string]bool{"@message": true, "_raw": true, "log_s": true, "properties_log": true, "textPayload": true, "event.original": true}

// maxHeader is how many bytes the header of a table may have.
const maxHeader = 16 << 10

// maxColumn is how many bytes the name of a column may have: a path of members,
// as kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id.
const maxColumn = 256

// tableHeader recognises a CSV file (RFC 4180) by its header, which becomes
// the context of the rows; and one without, as databases export it, by its first row.
func (f *Framer) tableHeader() {
	b := f.win.data()
	end := f.win.eolIn(b[:min(len(b), maxHeader)])
	if end < 0 || !isHeader(bytes.TrimRight(b[:end], "\r"), bytes.HasPrefix(b[end+1:], []byte{'"'})) {
		f.rows = f.bareTable()
		return
	}
	f.rows = true
	f.ctx = append(f.ctx, bytes.TrimRight(b[:end], "\r")...)
	f.header = len(f.ctx)
	at := f.win.off
	size := f.win.skip(end + 1)
	f.announce("csv.header", "the header of a table", size)
	f.waiting[len(f.waiting)-1].Record.Pos = parsers.Pos{Line: 1, Offset: at, Length: int64(end)}
}

// cellHeads are how cells begin that hold records, as a table spells them.
var cellHeads = [][]byte{[]byte(`"type=`), []byte(`"node=`), []byte(`"{""`)}

// bareTable recognises a table whose header is missing, or names no column that is
// known, by one of its first two lines: a cell in it begins like a record, and has the
// quotes of that doubled. A line of syslog is none: its sender must not make a table of
// the lines of others.
func (f *Framer) bareTable() bool {
	b := f.win.data()
	b = b[:min(len(b), maxHeader)]
	for range 2 {
		line := b
		if end := f.win.eolIn(b); end >= 0 {
			line, b = b[:end], b[end+1:]
		}
		for _, head := range cellHeads {
			at := bytes.Index(line, head)
			if at >= 0 && (at == 0 || bytes.IndexByte([]byte(",;\t"), line[at-1]) >= 0) &&
				bytes.Contains(line[at:], []byte(`""`)) && !bytes.Contains(line[:at], []byte(": ")) {
				return true
			}
		}
	}
	return false
}

// Separator is what stands between the columns of a table with this header: a comma
// (RFC 4180), a semicolon, as spreadsheets write it where the comma is in numbers, or
// a tab.
func Separator(header []byte) byte {
	for _, c := range []byte(",;") {
		if bytes.IndexByte(header, c) >= 0 {
			return c
		}
	}
	return '\t'
}

// isHeader reports whether a line names columns. quoted: what is below the first of
// them stands in quotes.
func isHeader(line []byte, quoted bool) bool {
	known, fields := false, bytes.Split(line, []byte{Separator(line)})
	for _, name := range fields {
		name = bytes.TrimSuffix(bytes.Trim(name, `" `), []byte("{}")) // Splunk's mark of a list
		if len(name) > maxColumn || bytes.ContainsAny(name, `{}=;"\`) {
			return false
		}
		known = known || columns[string(name)]
	}
	return known && (quoted || len(fields) > 1 || alone[string(bytes.Trim(line, `" `))])
}

// row frames the row of a table that begins at data[at]: lines, until the
// quotes are even.
func (f *Framer) row(p *Piece, at int) bool {
	quotes, first := 0, 0
	for from := at; ; {
		end, ok := f.win.lineEnd(from, at+f.max)
		b := f.win.data()
		quotes += bytes.Count(b[from:end], []byte{'"'})
		if first == 0 {
			first = end
		}
		switch {
		case quotes%2 == 0:
			return f.line(p, at, end, ok)
		case !ok && first < end && isEOL(b[first]): // a quote that none closes: one line is lost, not the file
			return f.cut(p, at, trimEnd(b, at, first), first+1, codeBroken, "a quoted field that does not end")
		case !ok || !isEOL(b[end]):
			return f.line(p, at, end, ok)
		}
		from = end + 1
	}
}
