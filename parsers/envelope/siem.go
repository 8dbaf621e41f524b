package envelope

import (
	"bytes"

	"tideline/parsers"
)

// splunk is a result of a Splunk export: the record as text under _raw.
var splunk = Envelope{Name: "splunk", JSON: true, Open: openSplunk}

func openSplunk(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"_raw"`)) {
		return false, nil
	}
	result := rec.Data
	if inside := get(rec.Data, "result"); inside != nil {
		result = inside
	}
	in := enter(rec, "splunk")
	var raw []byte
	members(result, func(key, value []byte) bool {
		switch string(key) {
		case "_raw":
			raw = value
		case "_time":
			in.Origin.Time = stamp(value)
		case "host":
			in.Origin.Host = str(value)
		}
		return true
	})
	if s, ok := text(raw); ok {
		return payload(in, s, emit)
	}
	if len(raw) > 0 && raw[0] == '{' {
		return payload(in, raw, emit)
	}
	return false, nil
}

// elasticsearch is a hit of a search, or a line of elasticdump: the document
// under _source.
var elasticsearch = Envelope{Name: "elasticsearch", JSON: true, Open: openHit}

func openHit(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"_source"`)) {
		return false, nil
	}
	source := get(rec.Data, "_source")
	if len(source) == 0 || source[0] != '{' {
		return false, nil
	}
	return payload(enter(rec, "elasticsearch"), source, emit)
}

// otlp is a log record of OpenTelemetry in its JSON form: the line is the body.
// The resource, which names node and cluster, is in the wrapper's head.
var otlp = Envelope{Name: "otlp", JSON: true, Open: openOTLP}

func openOTLP(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"body"`)) {
		return false, nil
	}
	var body []byte
	in := enter(rec, "otlp")
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "body":
			body = value
		case "timeUnixNano":
			in.Origin.Time = epoch(value)
		}
		return true
	})
	line, ok := text(get(body, "stringValue"))
	if !ok {
		return false, nil
	}
	setResourceAttributes(&in.Origin, rec.Context)
	return payload(in, line, emit)
}

// setResourceAttributes reads the attributes of the resource, the last of which
// in the head is that of the records.
func setResourceAttributes(o *parsers.Origin, head []byte) {
	i := bytes.LastIndex(head, []byte(`"attributes"`))
	if i < 0 {
		return
	}
	list := bytes.TrimLeft(head[i+len(`"attributes"`):], ": \t\r\n")
	elements(list, func(attribute []byte) bool {
		value := str(get(attribute, "value", "stringValue"))
		switch str(get(attribute, "key")) {
		case "k8s.node.name", "host.name":
			o.Host = value
		case "openshift.cluster_id", "openshift.cluster.uid", "k8s.cluster.name":
			o.Cluster = value
		case "k8s.pod.name":
			o.Pod = value
		case "k8s.namespace.name":
			o.Namespace = value
		case "k8s.container.name":
			o.Name = value
		case "container.id", "k8s.container.id":
			o.ID = value
		}
		return true
	})
}

// pubsub is a message of Google Pub/Sub: the record in base64.
var pubsub = Envelope{Name: "gke-pubsub", JSON: true, Open: openPubSub}

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
