package envelope

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/internal/klog"
)

// wrapped is any object that holds a record as text or as an object under one
// of the keys that shippers use. It is tried last.
var wrapped = Envelope{Name: "json", JSON: true, Any: true, Open: openWrapped}

// textKeys are asked first, in this order, for a text that is JSON, or begins like a line
// of a format.
var textKeys = [...]string{"message", "log", "_raw", "log_s", "@message", "MESSAGE", "textPayload", "data", "value", "line", "body", "msg", "original", "raw_data", "payload", "Body", "Value", "data_base64", "event"}

// objectKeys are asked then, for an object.
var objectKeys = [...]string{"jsonPayload", "structured", "result", "event", "fields", "record", "audit", "properties", "payload", "detail"}

func openWrapped(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '{' {
		return false, nil
	}
	var texts [len(textKeys)][]byte
	var objects [len(objectKeys)][]byte
	members(rec.Data, func(key, value []byte) bool {
		switch {
		case len(value) == 0:
		case value[0] == '"':
			pick(texts[:], textKeys[:], key, value)
		case value[0] == '{':
			pick(objects[:], objectKeys[:], key, value)
		}
		return true
	})
	for _, value := range texts {
		data, ok := textIn(rec.Room, value)
		switch {
		case !ok:
		case isWrapped(data) || carries(data):
			return payload(enter(rec, "json"), data, emit)
		case isBase64(data) && bytes.IndexByte(data, '.') < 0: // those with dots are tokens
			return true, unpack(enter(rec, "json"), data, emit)
		}
	}
	for _, value := range objects {
		if value != nil {
			return payload(enter(rec, "json"), value, emit)
		}
	}
	return false, nil
}

func pick(found [][]byte, names []string, key, value []byte) {
	for i, name := range names {
		if string(key) == name {
			found[i] = value
		}
	}
}

func isWrapped(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && (data[0] == '{' || bytes.HasPrefix(data, gzipBase64) || klog.IsAccess(data))
}
