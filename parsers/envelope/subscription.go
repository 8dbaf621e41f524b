package envelope

import (
	"bytes"

	"tideline/parsers"
)

// eksWrapper is what stands around a subscription's message in Firehose,
// Kinesis and Lambda: base64, mostly of gzip.
var eksWrapper = Envelope{Name: "eks-subscription", JSON: true, Words: []string{`"messageType"`, `ata"`}, Open: openSubscription}

func openSubscription(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if bytes.Contains(rec.Data, []byte(`"messageType"`)) {
		return openMessage(rec, emit)
	}
	if !bytes.Contains(rec.Data, []byte(`ata"`)) { // of the keys below
		return false, nil
	}
	for _, path := range [][]string{{"data"}, {"Data"}, {"kinesis", "data"}, {"awslogs", "data"}} {
		data, ok := text(get(rec.Data, path...))
		if !ok || !isBase64(data) {
			continue
		}
		in := enter(rec, "eks-subscription")
		if t := epoch(get(rec.Data, "kinesis", "approximateArrivalTimestamp")); !t.IsZero() {
			in.Origin.Time = t
		}
		return true, unpack(in, data, emit)
	}
	return false, nil
}

// openMessage opens a subscription's message that was not taken apart before:
// a control message, which says only that the subscription works, or one whose
// events did not come last.
func openMessage(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	kind := str(get(rec.Data, "messageType"))
	events := get(rec.Data, "logEvents")
	if (kind != "DATA_MESSAGE" && kind != "CONTROL_MESSAGE") || events == nil {
		return false, nil
	}
	if kind == "CONTROL_MESSAGE" {
		return true, nil
	}
	var err error
	elements(events, func(one []byte) bool {
		in := enter(rec, "eks-subscription")
		in.Data, in.Context = one, rec.Data
		err = emit(in)
		return err == nil
	})
	return true, err
}
