package envelope

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// csvRow is a row of a CSV export (RFC 4180) whose header is the Context:
// Logs Insights, Log Analytics, Splunk, Kibana.
var csvRow = Envelope{Name: "csv", Open: openRow}

func openRow(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !isTableRow(rec) {
		return false, nil
	}
	separator := frame.Separator(rec.Context)
	names, values := cells(rec.Context, separator), cells(rec.Data, separator)
	var row row
	for i := 0; i < min(len(names), len(values)); i++ {
		row.add(string(bytes.TrimSpace(names[i])), values[i])
	}
	return row.open(rec, "csv", emit)
}

// csvTorn is a row of a CSV export whose header was cut off, or says nothing: the
// event is in the field that begins like one, with its quotes doubled.
var csvTorn = Envelope{Name: "csv-headless", Words: slices.Concat([]string{tornStart}, lineCells[:], stageCells[:]), Open: openCell}

// tornStart is how a cell begins that holds an object; lineCells are of those that hold
// a line of auditd or of a daemon; stageCells are what cells of the stage of an event are.
const tornStart = `"{""`

var lineCells = [...]string{"audit(", `=""`}

var stageCells = [...]string{",ResponseComplete,", ",ResponseStarted,", ",RequestReceived,", ",Panic,"}

func openCell(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if line := auditRow(rec.Data); line != nil {
		in := enter(rec, "csv-headless")
		in.Data = line
		return true, emit(in)
	}
	event, at := quotedRecord(rec.Data)
	if event == nil {
		return false, nil
	}
	in := enter(rec, "csv-headless")
	if at > 0 {
		for _, before := range cells(rec.Data[:at-1], rec.Data[at-1]) {
			if t := stamp(before); in.Origin.Time.IsZero() && !t.IsZero() {
				in.Origin.Time = t
			}
		}
	}
	return payload(in, event, emit)
}

// quotedRecord is what the first field of a row says that is in quotes and a record by
// its words, and where it begins. A line whose quotes are doubled would be taken for a
// record as it is, in which every value is empty.
func quotedRecord(row []byte) (record []byte, at int) {
	if row[0] == '{' || row[0] == '[' {
		return nil, 0
	}
	for {
		n := bytes.IndexByte(row[at:min(len(row), maxPrefix)], '"')
		if n < 0 {
			return nil, 0
		}
		if at += n; at == 0 || frame.IsSeparator(row[at-1]) {
			field, rest := quoted(row[at:], separatorAt(row, at))
			isLine := (carries(field) || hasMark(field)) && hasAny(row[at:len(row)-len(rest)], lineCells[:])
			if (isLine || bytes.HasPrefix(row[at:], []byte(tornStart))) && !hasMark(row[:at]) {
				return field, at
			}
			at = len(row) - len(rest)
		}
		if at++; at >= min(len(row), maxPrefix) {
			return nil, 0
		}
	}
}

// separatorAt is what parts the fields of a row, of which a quoted one begins at row[at]:
// what stands before it, or behind the first.
func separatorAt(row []byte, at int) byte {
	if at > 0 {
		return row[at-1]
	}
	for i := 1; i+1 < len(row); i++ {
		if row[i] == '"' && frame.IsSeparator(row[i+1]) {
			return row[i+1]
		}
	}
	return ','
}

// auditRow recognises a row of columns that somebody took out of audit events,
// by what its cells are: a time, a verb with the user before it, a path, a stage
// with the code behind it. It returns the row as a line of the legacy audit log,
// from whose path the object is told; nil if it is none.
func auditRow(data []byte) []byte {
	if data[0] == '{' || !hasAny(data, stageCells[:]) {
		return nil
	}
	var when time.Time
	var user, verb, uri, id, stage, code []byte
	row := cells(data, ',')
	for i, c := range row {
		switch {
		case when.IsZero() && len(c) > 10 && c[4] == '-':
			when = stamp(c)
		case verb == nil && i > 0 && auditVerbs[string(c)]:
			verb, user = c, row[i-1]
		case uri == nil && len(c) > 0 && c[0] == '/':
			uri = c
		case len(c) == 36 && bytes.Count(c, []byte("-")) == 4:
			id = c
		case uri != nil && stage == nil && auditStages[string(c)]:
			stage = c
			if i+1 < len(row) {
				code = row[i+1]
			}
		}
	}
	if when.IsZero() || verb == nil || uri == nil || stage == nil {
		return nil
	}
	b := when.AppendFormat(nil, time.RFC3339Nano)
	for _, pair := range [...]struct {
		key   string
		value []byte
	}{{" AUDIT: id", id}, {" stage", stage}, {" method", verb}, {" user", user}, {" uri", uri}, {" response", code}} {
		b = append(append(b, pair.key...), '=')
		b = strconv.AppendQuote(b, string(pair.value))
	}
	return b
}

var auditVerbs = map[string]bool{"get": true, "list": true, "watch": true, "create": true, "update": true, "patch": true,
	"delete": true, "deletecollection": true, "proxy": true, "post": true, "put": true, "head": true, "options": true}

var auditStages = map[string]bool{"RequestReceived": true, "ResponseStarted": true, "ResponseComplete": true, "Panic": true}

// cells cuts a row into its fields, between which there are separators.
func cells(b []byte, separator byte) [][]byte {
	var out [][]byte
	for {
		if len(b) > 0 && b[0] == '"' {
			field, rest := quoted(b, separator)
			out, b = append(out, field), rest
		} else if i := bytes.IndexByte(b, separator); i >= 0 {
			out, b = append(out, b[:i]), b[i:]
		} else {
			return append(out, b)
		}
		if len(b) == 0 {
			return out
		}
		b = b[1:]
	}
}

// isSlashed reports whether the quoted field that b begins with has slants before its
// quotes, which are not doubled: as Spark and loggers write them.
func isSlashed(b []byte) bool {
	i := 1 + bytes.IndexByte(b[1:], '"')
	return i > 1 && b[i-1] == '\\' && i+1 < len(b) && b[i+1] != '"'
}

// quoted returns what the quoted field that b begins with says, and the rest
// of b, which is empty or begins with a separator.
func quoted(b []byte, separator byte) (field, rest []byte) {
	if isSlashed(b) {
		end := skipString(b, 0)
		field, _ = text(b[:end])
		if n := bytes.IndexByte(b[end:], separator); n >= 0 {
			rest = b[end+n:]
		}
		return field, rest
	}
	doubled := false
	for i := 1; ; {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			field, rest = b[1:], nil
			break
		}
		i += n
		if i+1 < len(b) && b[i+1] == '"' {
			doubled = true
			i += 2
			continue
		}
		field, rest = b[1:i], b[i+1:]
		if n := bytes.IndexByte(rest, separator); n >= 0 {
			rest = rest[n:]
		} else {
			rest = nil
		}
		break
	}
	if doubled {
		field = bytes.ReplaceAll(field, []byte(`""`), []byte(`"`))
	}
	return field, rest
}
