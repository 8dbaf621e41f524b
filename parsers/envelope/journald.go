package envelope

import (
	"bytes"

	"tideline/parsers"
)

// journaldJSON is an entry of "journalctl -o json". A message that is not text
// is given as an array of its bytes.
var journaldJSON = Envelope{Name: "journald-json", JSON: true, Words: []string{`"MESSAGE"`}, Open: openJournal}

// BinaryJournal is the envelope of the entries of a binary journal, which are
// read as if journalctl had printed them.
const BinaryJournal = "systemd-journal"

// ExportedJournal is that of the entries that "journalctl -o export" printed.
const ExportedJournal = "journald-export"

func openJournal(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"MESSAGE"`)) {
		return false, nil
	}
	in := enter(rec, "journald-json")
	if e := rec.Origin.Envelope; e == BinaryJournal || e == ExportedJournal {
		in.Origin.Envelope = e // the JSON is ours
	}
	var message []byte
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "MESSAGE":
			message = value
		case "_SOURCE_REALTIME_TIMESTAMP":
			in.Origin.Time = epoch(value)
		case "__REALTIME_TIMESTAMP":
			if in.Origin.Time.IsZero() {
				in.Origin.Time = epoch(value)
			}
		case "_HOSTNAME":
			in.Origin.Host = keep(last(rec).Host, value)
		case "CONTAINER_ID_FULL":
			in.Origin.ID = keep(last(rec).ID, value)
		case "CONTAINER_NAME":
			in.Origin.Name = keep(last(rec).Name, value)
		}
		return true
	})
	if data, ok := textIn(rec.Room, message); ok {
		return payload(in, data, emit)
	}
	if data := byteArray(message); data != nil {
		return payload(in, data, emit)
	}
	return messages(in, message, emit)
}

// JournalEntry returns the texts of an object that is an entry of "journalctl -o json", by
// the names of its fields; nil if it is none.
func JournalEntry(object []byte) func(name string) []byte {
	if len(object) == 0 || object[0] != '{' || !bytes.Contains(object, []byte(`"__REALTIME_TIMESTAMP"`)) || !bytes.Contains(object, []byte(`"MESSAGE"`)) {
		return nil
	}
	return func(name string) []byte {
		value := get(object, name)
		if s, ok := text(value); ok {
			return s
		}
		return value
	}
}

// messages opens an entry that has several messages, as any program may send.
func messages(in *parsers.Record, list []byte, emit func(*parsers.Record) error) (found bool, err error) {
	elements(list, func(v []byte) bool {
		data, ok := text(v)
		if !ok {
			data = byteArray(v)
		}
		if data == nil {
			return true
		}
		found = true
		one := *in
		_, err = payload(&one, data, emit)
		return err == nil
	})
	return found, err
}

// byteArray reads an array of numbers below 256.
func byteArray(value []byte) []byte {
	var out []byte
	ok := elements(value, func(v []byte) bool {
		n := 0
		for _, c := range v {
			if c < '0' || c > '9' || n > 255 {
				return false
			}
			n = n*10 + int(c-'0')
		}
		out = append(out, byte(n))
		return true
	})
	if !ok {
		return nil
	}
	return out
}
