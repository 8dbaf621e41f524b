package envelope

import (
	"bytes"

	"tideline/parsers"
)

// jsonString is a record as a JSON string that stands alone on its line, or is the
// member of an array: what jq prints without -r, and the AWS command line of
// --query 'events[].message'. It is told before the formats, some of which take a
// line for theirs wherever in it their words are, and would read its escapes.
var jsonString = Envelope{Name: "json-string", Open: openString}

func openString(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if isTableRow(rec) {
		return false, nil
	}
	data := bytes.Trim(rec.Data, " \t\r,")
	if len(data) < 2 || data[0] != '"' || !rec.Cut && (skipString(data, 0) != len(data) || !endsQuoted(data)) {
		return false, nil
	}
	s, ok := textIn(rec.Room, data)
	if !ok {
		return false, nil
	}
	return payload(enter(rec, "json-string"), s, emit)
}

// isTableRow reports whether rec is a row of a CSV table, whose quotes are doubled
// and not escaped.
func isTableRow(rec *parsers.Record) bool {
	return len(rec.Context) > 0 && rec.Context[0] != '{' && rec.Context[0] != '['
}

// jsonRow is an array of values one of which is a record, as text or as an object:
// a row of a query (OpenSearch, ClickHouse), a pair of --query
// 'events[].[timestamp,message]'. An array of several records is a list of them, and
// no row.
var jsonRow = Envelope{Name: "json-row", JSON: true, First: true, Open: openValues}

// maxValues is how many values an array may have that is taken for a row.
const maxValues = 64

func openValues(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '[' || !hasMark(rec.Data) {
		return false, nil
	}
	in := enter(rec, "json-row")
	var event []byte
	n, is := 0, true
	elements(rec.Data, func(value []byte) bool {
		n++
		marked := hasMark(value)
		switch {
		case marked && event == nil:
			event = value
		case marked || value[0] == '{' || value[0] == '[':
			is = false
		case in.Origin.Time.Equal(rec.Origin.Time):
			if t := stamp(value); !t.IsZero() {
				in.Origin.Time = t
			}
		}
		is = is && n <= maxValues
		return is
	})
	if !is || n < 2 || event == nil {
		return false, nil
	}
	return openValue(in, event, emit)
}
