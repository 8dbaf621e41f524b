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
	"Line": true, "Message": true, "Content": true, "event.original": true, "user.username": true, // Grafana, Datadog (twice), Elastic, Insights
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
	if n := f.title(); n > 0 {
		f.announce("csv.header", "what stands above the header of a table", f.win.skip(n))
	}
	b := f.win.data()
	end := f.win.eolIn(b[:min(len(b), maxHeader)])
	if end < 0 || !isHeader(bytes.TrimRight(b[:end], "\r"), bytes.HasPrefix(b[end+1:], []byte{'"'})) {
		f.rows = f.bareTable()
		return
	}
	f.rows = true
	f.ctx = append(f.ctx, bytes.TrimRight(b[:end], "\r")...)
	f.header = len(f.ctx)
	at, line := f.win.off, f.win.line
	size := f.win.skip(end + 1)
	f.announce("csv.header", "the header of a table", size)
	f.waiting[len(f.waiting)-1].Record.Pos = parsers.Pos{Line: line, Offset: at, Length: int64(end)}
}

// maxTitle is how many lines may stand above a header, and maxTitleLine how long one may be.
const (
	maxTitle     = 3
	maxTitleLine = 256
)

// title is how long the lines are that consoles and spreadsheets put above the header of
// a table, its name and blank ones, or what separates its columns ("sep=;"); zero if
// there are none. What has an object or a pair in it is no title.
func (f *Framer) title() int {
	b := f.win.data()
	b = b[:min(len(b), maxHeader)]
	at := 0
	for range maxTitle {
		end := f.win.eolIn(b[at:])
		if end < 0 {
			return 0
		}
		line := bytes.Trim(b[at:at+end], "\r\" ,;\t")
		separator := bytes.HasPrefix(line, []byte("sep="))
		if len(line) > maxTitleLine || !separator && bytes.ContainsAny(line, "{=:") || isHeader(line, false) {
			return 0
		}
		at += end + 1
		next := f.win.eolIn(b[at:])
		if next < 0 {
			return 0
		}
		if header := bytes.TrimRight(b[at:at+next], "\r"); isHeader(header, false) && bytes.Count(header, []byte{Separator(header)}) > 0 {
			return at
		}
	}
	return 0
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
			if at >= 0 && (at == 0 || IsSeparator(line[at-1])) &&
				bytes.Contains(line[at:], []byte(`""`)) && !bytes.Contains(line[:at], []byte(": ")) {
				return true
			}
		}
	}
	return false
}

// Separator is what stands between the columns of a table with this header: a comma
// (RFC 4180), a semicolon, as spreadsheets write it where the comma is in numbers, a bar,
// as databases do, or a tab.
func Separator(header []byte) byte {
	for _, c := range []byte(",;|") {
		if bytes.IndexByte(header, c) >= 0 {
			return c
		}
	}
	return '\t'
}

// IsSeparator reports whether c may part the columns of a table.
func IsSeparator(c byte) bool { return c == ',' || c == ';' || c == '|' || c == '\t' }

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
	if f.ruled(p, at) {
		return true
	}
	quotes, first := 0, 0
	var count func(line []byte) int
	for from := at; ; {
		end, ok := f.win.lineEnd(from, at+f.max)
		b := f.win.data()
		if first == 0 {
			first = end
			count = quoting(b[at:end])
		}
		quotes += count(b[from:end])
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

// maxRuled is how long a line may be that is a rule or a count.
const maxRuled = 4 << 10

// ruled frames what stands at data[at] if it is a line that printers of tables put
// between rows and behind them: Markdown "|---|:--|", databases "----+----" and "(7 rows)".
func (f *Framer) ruled(p *Piece, at int) bool {
	b := f.win.data()[at:]
	if len(b) == 0 || !bytes.ContainsRune([]byte("|+-=:("), rune(b[0])) && (b[0] < '0' || b[0] > '9') {
		return false
	}
	end, ok := f.win.lineEnd(at, at+maxRuled)
	if !ok && f.win.err == nil {
		return false
	}
	line := bytes.TrimRight(f.win.data()[at:end], " \r")
	if !isRule(line) && !isRowCount(line) {
		return false
	}
	return f.note(p, f.trail(end), "csv.header", "what a table has between and behind its rows")
}

// isRule reports whether a line is drawn between rows.
func isRule(line []byte) bool {
	dashes := 0
	for _, c := range line {
		switch c {
		case '-', '=':
			dashes++
		case '|', '+', ':', ' ', '\t':
		default:
			return false
		}
	}
	return dashes > 1
}

// isRowCount reports whether a line says how many rows a table has: "(7 rows)" of
// PostgreSQL, "(7 rows affected)" of SQL Server, "7 rows in set (0.00 sec)" of MySQL.
func isRowCount(line []byte) bool {
	count, rest, _ := bytes.Cut(bytes.TrimPrefix(line, []byte("(")), []byte(" row"))
	for _, c := range count {
		if c < '0' || c > '9' {
			return false
		}
	}
	rest = bytes.TrimPrefix(rest, []byte("s"))
	return len(count) > 0 && (string(rest) == ")" || string(rest) == " affected)" ||
		bytes.HasPrefix(rest, []byte(" in set")) && len(rest) < len(" in set (99999 min 59.99 sec)"))
}

// quoting returns what counts the quotes of a row between which fields stand, by how the
// objects in it are spelled: their quotes are doubled (RFC 4180), or have slants before
// them, as Spark and MySQL write them; or nothing is quoted, as where tabs part the fields.
func quoting(line []byte) func([]byte) int {
	parted := byte('\t') // what stands before a cell, blanks aside; the first is as good as one behind a tab
	for i, c := range line[:max(0, len(line)-len(`"{\"k`))] {
		cell := line[i:]
		switch {
		case c == ' ':
			continue
		case c == '"' && IsSeparator(parted) && cell[1] == '{' && cell[2] == '\\' && cell[3] == '"' && cell[4] != '"':
			return countUnescaped
		case c == '{' && (parted == '\t' || parted == '|') && cell[1] == '"' && cell[2] != '"':
			return countNone
		}
		parted = c
	}
	return countAll
}

func countAll(line []byte) int { return bytes.Count(line, []byte{'"'}) }

func countNone([]byte) int { return 0 }

func countUnescaped(line []byte) (n int) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			n++
		}
	}
	return n
}
