package envelope

import (
	"bytes"

	"tideline/parsers"
)

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
