package envelope

import (
	"strings"

	"tideline/parsers"
)

// flat is an event of which a query selected fields, as an object with a member
// for each (user.username, objectRef.resource): what Logs Insights' console, Splunk
// and other stores export as JSON. It is told before the formats, which would know
// the event, but not its lists.
var flat = Envelope{Name: "json-flat", JSON: true, First: true, Words: flatMarks[:], Open: openFlatEvent}

func openFlatEvent(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '{' || !hasAny(rec.Data, flatMarks[:]) {
		return false, nil
	}
	own := false // and not of an object in it
	members(rec.Data, func(key, _ []byte) bool {
		for _, m := range flatMarks {
			own = own || strings.HasPrefix(string(key), m[1:])
		}
		return !own
	})
	if !own {
		return false, nil
	}
	return openFlat(rec, "json-flat", emit)
}

// flatMarks are how the keys begin, behind their quotes, by which such an object is
// known: paths with dots or underscores, and those of Cloud Logging.
var flatMarks = [...]string{`"user.username`, `"objectRef.`, `"user_username`, `"objectRef_`, `"protoPayload.methodName`}
