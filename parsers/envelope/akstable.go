package envelope

import (
	"bytes"
	"slices"

	"tideline/parsers"
)

// aksTable is a row of Log Analytics, as an object with a member per column
// ("az monitor log-analytics query") or as an array beside the columns that the
// query API names before it. Rows of its CSV export are csvRow's.
var aksTable = Envelope{Name: "aks-log-analytics", JSON: true, Words: tableWords, Open: openTable}

// tableWords are columns of the tables that are known, by which one is.
var tableWords = []string{`"log_s"`, `"AuditId"`, `"SyslogMessage"`, `"LogMessage"`, `"LogEntrySource"`}

// aksRow is a row that the query API names the columns of before it. An event
// in one of its cells does not make the row a list of events.
var aksRow = Envelope{Name: "aks-query", JSON: true, First: true, Open: openTableRow}

func openTable(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] == '[' {
		return false, nil
	}
	if !slices.ContainsFunc(tableWords, func(w string) bool { return bytes.Contains(rec.Data, []byte(w)) }) {
		return false, nil
	}
	return openFlat(rec, "aks-log-analytics", emit)
}

// openFlat opens an object with a member for each column.
func openFlat(rec *parsers.Record, name string, emit func(*parsers.Record) error) (bool, error) {
	var row row
	members(rec.Data, func(key, value []byte) bool {
		s, ok := text(value)
		if !ok {
			s = value
		}
		row.add(string(key), s)
		return len(row.names) < maxColumns
	})
	return row.open(rec, name, emit)
}

func openTableRow(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '[' || !bytes.Contains(rec.Context, []byte(`"columns"`)) {
		return false, nil
	}
	var names []string
	named := true
	head := rec.Context[bytes.LastIndex(rec.Context, []byte(`"columns"`))+len(`"columns"`):]
	head = bytes.TrimLeft(head, ": \t\r\n")
	elements(head, func(column []byte) bool {
		if named = column[0] == '{'; named {
			names = append(names, str(get(column, "name")))
		}
		return named
	})
	if !named { // columns of values, as Splunk has them (json_cols): see member
		return false, nil
	}
	var row row
	elements(rec.Data, func(value []byte) bool {
		if len(row.names) == len(names) {
			return false
		}
		s, ok := text(value)
		if !ok {
			s = value
		}
		row.add(names[len(row.names)], s)
		return true
	})
	return row.open(rec, "aks-query", emit)
}
