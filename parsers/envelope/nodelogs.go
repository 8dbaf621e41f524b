package envelope

import (
	"tideline/parsers"
)

// openshiftNodeLogs is a line of "oc adm node-logs" of more than one node: the
// name of the node, a space, the event.
var openshiftNodeLogs = Envelope{Name: "openshift-node-logs", Open: openNodeLogs}

func openNodeLogs(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	word, rest := cutWord(rec.Data)
	if len(rest) == 0 || rest[0] != '{' || !isHostName(word) || !stamp(word).IsZero() {
		return false, nil
	}
	in := enter(rec, "openshift-node-logs")
	in.Origin.Host = string(word)
	return payload(in, rest, emit)
}

// isHostName reports whether b could be a DNS name (RFC 1123).
func isHostName(b []byte) bool {
	for _, c := range b {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.':
		default:
			return false
		}
	}
	return len(b) > 0 && len(b) <= 253
}
