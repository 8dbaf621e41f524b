package envelope

import (
	"tideline/parsers"
)

// pubsub is a message of Google Pub/Sub: the record in base64.
var pubsub = Envelope{Name: "gke-pubsub", JSON: true, Words: []string{`"data"`}, Open: openPubSub}

func openPubSub(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	message := get(rec.Data, "message")
	data, ok := text(get(message, "data"))
	if !ok || !isBase64(data) {
		return false, nil
	}
	in := enter(rec, "gke-pubsub")
	in.Origin.Time = stamp(get(message, "publishTime"))
	return true, unpack(in, data, emit)
}
