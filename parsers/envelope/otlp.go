package envelope

import (
	"bytes"

	"tideline/parsers"
)

// otlp is a log record of OpenTelemetry in its JSON form: the line is the body.
// The resource, which names node and cluster, is in the wrapper's head. The wrapper
// is opened, too, where it is a text in something else: a line that a collector
// printed, a message of a queue.
var otlp = Envelope{Name: "otlp", JSON: true, Words: []string{`"body"`}, Open: openOTLP}

func openOTLP(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"body"`)) {
		return false, nil
	}
	if bytes.HasPrefix(rec.Data[space(rec.Data, 1):], []byte(`"resourceLogs"`)) {
		return openResourceLogs(rec, emit)
	}
	return openLogRecord(rec, emit)
}

// openResourceLogs opens the log records of a wrapper (opentelemetry-proto,
// ExportLogsServiceRequest), each with its resource for a head.
func openResourceLogs(rec *parsers.Record, emit func(*parsers.Record) error) (opened bool, err error) {
	elements(get(rec.Data, "resourceLogs"), func(logs []byte) bool {
		one := *rec
		one.Context = get(logs, "resource")
		elements(get(logs, "scopeLogs"), func(scope []byte) bool {
			elements(get(scope, "logRecords"), func(record []byte) bool {
				one.Data = record
				var is bool
				is, err = openLogRecord(&one, emit)
				opened = opened || is
				return err == nil
			})
			return err == nil
		})
		return err == nil
	})
	return opened, err
}

func openLogRecord(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
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
	if !ok && get(body, "kvlistValue") != nil { // the collector parsed it
		line, ok = otlpJSON(nil, body, 0), true
	}
	if !ok {
		return false, nil
	}
	setResourceAttributes(&in.Origin, rec.Context)
	return payload(in, line, emit)
}

// maxOTLP bounds the nesting of a value, which is recursed into.
const maxOTLP = 100

// otlpJSON appends what an AnyValue of OpenTelemetry stands for.
func otlpJSON(out, value []byte, depth int) []byte {
	var kind, inside []byte
	members(value, func(key, v []byte) bool {
		kind, inside = key, v
		return false // there is one
	})
	switch list := get(inside, "values"); {
	case depth == maxOTLP || len(inside) == 0:
		return append(out, "null"...)
	case string(kind) == "kvlistValue":
		object := []byte{'{'}
		elements(list, func(v []byte) bool {
			if key := get(v, "key"); len(key) > 1 && key[0] == '"' {
				object = appendMember(object, key[1:len(key)-1], otlpJSON(nil, get(v, "value"), depth+1))
			}
			return true
		})
		return append(append(out, object...), '}')
	case string(kind) == "arrayValue":
		array := []byte{'['}
		elements(list, func(v []byte) bool {
			if len(array) > 1 {
				array = append(array, ',')
			}
			array = otlpJSON(array, v, depth+1)
			return true
		})
		return append(append(out, array...), ']')
	case string(kind) == "intValue": // a text, since numbers of JavaScript have no 64 bits
		if n, ok := text(inside); ok && len(n) > 0 && len(bytes.Trim(n, "-0123456789")) == 0 {
			return append(out, n...)
		}
	}
	return append(out, inside...)
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
