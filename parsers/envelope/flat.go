package envelope

import (
	"bytes"

	"tideline/parsers"
)

// flat is an event of which a query selected fields, as an object with a member
// for each (user.username, objectRef.resource): what Logs Insights' console and
// other stores export as JSON.
var flat = Envelope{Name: "json-flat", JSON: true, Open: openFlatEvent}

func openFlatEvent(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '{' || !bytes.Contains(rec.Data, []byte(`"user.username"`)) && !bytes.Contains(rec.Data, []byte(`"objectRef.`)) {
		return false, nil
	}
	return openFlat(rec, "json-flat", emit)
}
