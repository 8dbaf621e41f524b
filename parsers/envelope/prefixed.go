package envelope

import (
	"bytes"

	"tideline/parsers"
)

// prefixed is a line that ends in a JSON object, whatever stands before it, or that
// has an object with a record's words in it, whatever stands behind it: YAML that is
// not taken apart, a statement of SQL, a cell of a table. It is tried last.
var prefixed = Envelope{Name: "text", Any: true, Open: openPrefixed}

// maxPrefix is how far into a line an object is looked for.
const maxPrefix = 512

func openPrefixed(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	i := bytes.Index(rec.Data[:min(len(rec.Data), maxPrefix)], []byte(`{"`))
	if i <= 0 {
		return false, nil
	}
	data := uncoloured(rec.Data)
	if i >= len(data) {
		return false, nil // it is a part of the colour
	}
	if !rec.Cut && !bytes.HasSuffix(data, []byte("}")) && !bytes.HasSuffix(data, truncated) {
		end := skipNested(data, i)
		if data[end-1] != '}' || !hasMark(data[i:end]) {
			return false, nil
		}
		data = data[:end]
	}
	return payload(enter(rec, "text"), data[i:], emit)
}

// uncoloured is a line without the sequence that ends its colour, as tools for
// people print it (ECMA-48, SGR and EL).
func uncoloured(line []byte) []byte {
	i := bytes.LastIndexByte(line[max(0, len(line)-8):], '\x1b') + max(0, len(line)-8)
	if n := len(line); n == 0 || i < 0 || line[i] != '\x1b' || line[n-1] != 'm' && line[n-1] != 'K' {
		return line
	}
	return bytes.TrimRight(line[:i], " ")
}
