package envelope

import (
	"bytes"

	"tideline/parsers"
)

// flat is an event of which a query selected fields, as an object with a member
// for each (user.username, objectRef.resource): what Logs Insights' console, Splunk
// and other stores export as JSON. It is told before the formats, which would know
// the event, but not its lists.
var flat = Envelope{Name: "json-flat", JSON: true, First: true, Open: openFlatEvent}

func openFlatEvent(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] == '{' && bytes.Contains(rec.Data, []byte(`"protoPayload.methodName"`)) && isEntryOfFields(rec.Data) {
		return openFlat(rec, "json-flat", emit)
	}
	if rec.Data[0] != '{' || !bytes.Contains(rec.Data, []byte(`"user.username"`)) && !bytes.Contains(rec.Data, []byte(`"objectRef.`)) {
		return false, nil
	}
	own := false // and not of an object in it
	members(rec.Data, func(key, _ []byte) bool {
		own = own || string(key) == "user.username" || bytes.HasPrefix(key, []byte("objectRef."))
		return !own
	})
	if !own {
		return false, nil
	}
	return openFlat(rec, "json-flat", emit)
}
