package envelope

import (
	"bytes"

	"tideline/parsers"
)

// aksTable is a row of Log Analytics, as an object with a member per column
// ("az monitor log-analytics query") or as an array beside the columns that the
// query API names before it. Rows of its CSV export are csvRow's.
var aksTable = Envelope{Name: "aks-log-analytics", JSON: true, Open: openTable}

func openTable(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] == '[' {
		return openTableRow(rec, emit)
	}
	if !bytes.Contains(rec.Data, []byte(`"log_s"`)) && !bytes.Contains(rec.Data, []byte(`"AuditId"`)) {
		return false, nil
	}
	var row row
	members(rec.Data, func(key, value []byte) bool {
		s, ok := text(value)
		if !ok {
			s = value
		}
		row.add(string(key), s)
		return true
	})
	return row.open(rec, "aks-log-analytics", emit)
}

func openTableRow(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Context, []byte(`"columns"`)) {
		return false, nil
	}
	var names []string
	head := rec.Context[bytes.LastIndex(rec.Context, []byte(`"columns"`))+len(`"columns"`):]
	head = bytes.TrimLeft(head, ": \t\r\n")
	elements(head, func(column []byte) bool {
		names = append(names, str(get(column, "name")))
		return true
	})
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
	return row.open(rec, "aks-log-analytics", emit)
}
