package envelope

import (
	"bytes"

	"tideline/parsers"
)

// member is any object one of whose members, whatever it is called, holds records:
// a text, an object, or an array. There are more tools that ship logs than anyone
// knows, and each has a name of its own for the line. It is tried when no other
// envelope held anything, and only of members that have a record's words in them.
var member = Envelope{Name: "json-member", JSON: true, Any: true, Open: openMember}

// memberMarks are words of records that stay what they are however often the text
// around them was escaped.
var memberMarks = [...][]byte{
	[]byte("auditID"), []byte("protoPayload"), []byte("protopayload_auditlog"), []byte("AUDIT: id="), // Kubernetes
	[]byte("msg=audit("), []byte("timeNano"), []byte("level=debug msg="), // auditd, Docker
}

// ownKeys are keys of records themselves, whose members are no records.
var ownKeys = map[string]bool{"auditID": true, "protoPayload": true, "protopayload_auditlog": true, "timeNano": true}

func openMember(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '{' || !hasMark(rec.Data) {
		return false, nil
	}
	var longest []byte // where a line is there twice, one of them is an extract
	in := enter(rec, "json-member")
	own := false
	members(rec.Data, func(key, value []byte) bool {
		own = own || ownKeys[string(key)]
		switch string(key) {
		case "time", "timestamp", "@timestamp", "date", "ts":
			if t := stamp(value); !t.IsZero() {
				in.Origin.Time = t
			}
		case "host", "hostname":
			if s := str(value); s != "" {
				in.Origin.Host = s
			}
		}
		if len(value) > len(longest) && (value[0] == '"' || value[0] == '{' || value[0] == '[') && hasMark(value) {
			longest = value
		}
		return !own
	})
	switch {
	case own || longest == nil:
		return false, nil
	case longest[0] != '[':
		return openValue(in, longest, emit)
	}
	opened := false
	var err error
	elements(longest, func(value []byte) bool {
		one := *in
		one.Context = rec.Data // the head of a wrapper, as if it had been taken apart
		var is bool
		is, err = openValue(&one, value, emit)
		opened = opened || is
		return err == nil
	})
	return opened, err
}

// openValue emits what a text says, or an object or array as it is.
func openValue(in *parsers.Record, value []byte, emit func(*parsers.Record) error) (bool, error) {
	if s, ok := text(value); ok {
		return payload(in, s, emit)
	}
	if len(value) > 0 && (value[0] == '{' || value[0] == '[') {
		return payload(in, value, emit)
	}
	return false, nil
}

func hasMark(b []byte) bool {
	for _, m := range memberMarks {
		if bytes.Contains(b, m) {
			return true
		}
	}
	return false
}
