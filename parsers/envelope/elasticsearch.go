package envelope

import (
	"bytes"

	"tideline/parsers"
)

// elasticsearch is a hit of a search, or a line of elasticdump: the document
// under _source.
var elasticsearch = Envelope{Name: "elasticsearch", JSON: true, Words: []string{`"_source"`, `"index"`, `"create"`}, Open: openHit}

func openHit(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"_source"`)) {
		return isBulkAction(rec), nil
	}
	source := get(rec.Data, "_source")
	if len(source) == 0 || source[0] != '{' {
		return false, nil
	}
	return payload(enter(rec, "elasticsearch"), source, emit)
}

// maxAction is how long the line of an action may be, in bytes.
const maxAction = 512

// isBulkAction reports whether rec is the line that stands before a document in the
// body of a bulk request, {"index":{"_index":"x"}}, in which there is nothing else.
func isBulkAction(rec *parsers.Record) bool {
	if len(rec.Data) > maxAction || rec.Data[0] != '{' || rec.Origin.Container != (parsers.Container{}) {
		return false
	}
	n, only := 0, true
	members(rec.Data, func(key, value []byte) bool {
		n++
		only = only && (string(key) == "index" || string(key) == "create") && value[0] == '{'
		members(value, func(key, value []byte) bool {
			only = only && key[0] == '_' && value[0] != '{' && value[0] != '['
			return only
		})
		return only
	})
	return n == 1 && only
}
