package envelope

import (
	"bytes"

	"tideline/parsers"
)

// splunk is a result of a Splunk export: the record as text under _raw.
var splunk = Envelope{Name: "splunk", JSON: true, Words: []string{`"_raw"`, `"lastrow"`}, Open: openSplunk}

func openSplunk(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"_raw"`)) {
		return isLastRow(rec), nil
	}
	result := rec.Data
	if inside := get(rec.Data, "result"); inside != nil {
		result = inside
	}
	in := enter(rec, "splunk")
	var raw []byte
	members(result, func(key, value []byte) bool {
		switch string(key) {
		case "_raw":
			raw = value
		case "_time":
			in.Origin.Time = stamp(value)
		case "host":
			in.Origin.Host = keep(last(rec).Host, value)
		}
		return true
	})
	if s, ok := textIn(rec.Room, raw); ok {
		return payload(in, s, emit)
	}
	if len(raw) > 0 && raw[0] == '{' {
		return payload(in, raw, emit)
	}
	return false, nil
}

// isLastRow reports whether rec is what an export puts behind its results:
// {"preview":false,"lastrow":true}.
func isLastRow(rec *parsers.Record) bool {
	if !bytes.Contains(rec.Data, []byte(`"lastrow"`)) || rec.Origin.Container != (parsers.Container{}) {
		return false
	}
	only := true
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "preview", "offset", "lastrow":
			only = value[0] != '{' && value[0] != '[' && value[0] != '"'
		default:
			only = false
		}
		return only
	})
	return only
}
