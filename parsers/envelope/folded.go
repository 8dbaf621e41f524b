package envelope

import (
	"bytes"

	"tideline/parsers"
)

// folded is an event whose keys are spelled in another way than the API server's: in
// small letters (tables of Hive and Athena), beginning with capital ones (.NET), or
// like_this, as stores have them that know names of columns in one way only.
var folded = Envelope{Name: "json-folded", JSON: true, Words: foldedMarks[:], Open: openFolded}

// foldedMarks are the spellings of a key that every event has, but for its own.
var foldedMarks = [...]string{`"requesturi"`, `"RequestURI"`, `"RequestUri"`, `"request_uri"`}

func openFolded(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '{' || !hasAny(rec.Data, foldedMarks[:]) {
		return false, nil
	}
	own := false // and not of an object in it
	members(rec.Data, func(key, _ []byte) bool {
		own = own || foldedName(key) == "requestURI"
		return !own
	})
	if !own {
		return false, nil
	}
	return payload(enter(rec, "json-folded"), unfolded(rec.Data, 0), emit)
}

// unfolded is an object with the keys that the API server would write; of requests and
// answers, annotations and the extra of a user the keys are those of others.
func unfolded(object []byte, depth int) []byte {
	out := []byte{'{'}
	members(object, func(key, value []byte) bool {
		if name := foldedName(key); name != "" {
			key = []byte(name)
		}
		switch string(key) {
		case "user", "impersonatedUser", "objectRef", "responseStatus":
			if depth == 0 && len(value) > 0 && value[0] == '{' {
				value = unfolded(value, depth+1)
			}
		}
		out = appendMember(out, key, value)
		return true
	})
	return append(out, '}')
}

// foldedName is the name of a member of an Event that a key stands for; empty if it is
// none.
func foldedName(key []byte) string {
	return foldedNames[string(bytes.ToLower(bytes.ReplaceAll(key, []byte("_"), nil)))]
}

// foldedNames are the members of an Event and of the objects in it, by their names in
// small letters (audit.k8s.io/v1).
var foldedNames = func() map[string]string {
	names := map[string]string{}
	for _, name := range []string{"kind", "apiVersion", "level", "auditID", "stage", "requestURI", "verb", "user", "impersonatedUser", "sourceIPs", "userAgent",
		"objectRef", "responseStatus", "requestObject", "responseObject", "requestReceivedTimestamp", "stageTimestamp", "annotations",
		"username", "uid", "groups", "extra", "resource", "namespace", "name", "apiGroup", "resourceVersion", "subresource",
		"metadata", "status", "message", "reason", "details", "code", "timestamp"} {
		names[string(bytes.ToLower([]byte(name)))] = name
	}
	return names
}()

func hasAny(data []byte, marks []string) bool {
	for _, m := range marks {
		if bytes.Contains(data, []byte(m)) {
			return true
		}
	}
	return false
}
