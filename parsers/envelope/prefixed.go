package envelope

import (
	"bytes"

	"tideline/parsers"
)

// prefixed is a line that ends in a JSON object, whatever stands before it. It
// is tried last.
var prefixed = Envelope{Name: "text", Open: openPrefixed}

// maxPrefix is how far into a line an object is looked for.
const maxPrefix = 512

func openPrefixed(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	i := bytes.Index(rec.Data[:min(len(rec.Data), maxPrefix)], []byte(`{"`))
	if i <= 0 || (!rec.Cut && !bytes.HasSuffix(rec.Data, []byte("}")) && !bytes.HasSuffix(rec.Data, truncated)) {
		return false, nil
	}
	return payload(enter(rec, "text"), rec.Data[i:], emit)
}
