package envelope

import (
	"bytes"
	"strconv"

	"tideline/parsers"
)

// logrus is a line of a program in Go that prints the audit events it was sent as its
// messages: time="..." level=info msg="{\"kind\":...}".
var logrus = Envelope{Name: "logrus", Words: []string{logrusMark}, Open: openLogrus}

// logrusMark is how a message begins that is an object.
const logrusMark = ` msg="{`

func openLogrus(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	i := bytes.Index(rec.Data[:min(len(rec.Data), maxPrefix)], []byte(logrusMark))
	if i < 0 || !hasMark(rec.Data[i:]) {
		return false, nil
	}
	value := rec.Data[i+len(logrusMark)-2:]
	message, err := strconv.Unquote(string(value[:skipString(value, 0)]))
	if err != nil {
		return false, nil
	}
	in := enter(rec, "logrus")
	if _, when, ok := bytes.Cut(rec.Data[:i], []byte(`time="`)); ok {
		when, _, _ = bytes.Cut(when, []byte(`"`))
		in.Origin.Time = stamp(when)
	}
	return payload(in, []byte(message), emit)
}
