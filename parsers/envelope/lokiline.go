package envelope

import (
	"bytes"

	"tideline/parsers"
)

// lokiLine is a line as logcli, the client of Grafana Loki, prints it: a time, the
// labels of the stream in braces, and the line ("logcli query", output default).
var lokiLine = Envelope{Name: "logcli", Open: openLokiLine}

func openLokiLine(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	word, rest := cutWord(rec.Data)
	if len(rest) < 2 || rest[0] != '{' {
		return false, nil
	}
	when := exportTime(word)
	if when.IsZero() {
		return false, nil
	}
	var origin parsers.Origin
	line, ok := cutLabels(rest, &origin)
	if !ok {
		return false, nil
	}
	in := enter(rec, "logcli")
	setOrigin(&in.Origin, &origin)
	in.Origin.Time = when
	return payload(in, line, emit)
}

// cutLabels reads {name="value", ...}, of which there may be none, and returns
// what follows.
func cutLabels(b []byte, o *parsers.Origin) (rest []byte, ok bool) {
	for b = b[1:]; ; {
		b = bytes.TrimLeft(b, ", ")
		if len(b) > 0 && b[0] == '}' {
			return bytes.TrimLeft(b[1:], " \t"), len(b) > 1
		}
		name, value, found := bytes.Cut(b, []byte("="))
		if !found || !isLabel(name) || len(value) == 0 || value[0] != '"' {
			return nil, false
		}
		end := skipString(value, 0)
		setLabel(o, string(name), str(value[:end]))
		b = value[end:]
	}
}

// isLabel reports whether b could be the name of a label.
func isLabel(b []byte) bool {
	for _, c := range b {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(b) > 0 && len(b) <= 128
}
