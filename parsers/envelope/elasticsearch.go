package envelope

import (
	"bytes"

	"tideline/parsers"
)

// elasticsearch is a hit of a search, or a line of elasticdump: the document
// under _source.
var elasticsearch = Envelope{Name: "elasticsearch", JSON: true, Open: openHit}

func openHit(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"_source"`)) {
		return false, nil
	}
	source := get(rec.Data, "_source")
	if len(source) == 0 || source[0] != '{' {
		return false, nil
	}
	return payload(enter(rec, "elasticsearch"), source, emit)
}
