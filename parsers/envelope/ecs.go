package envelope

import (
	"bytes"

	"tideline/parsers"
)

// ecs is a document of Elastic's agents: the event as the object
// kubernetes.audit, or the line as "message" or event.original.
var ecs = Envelope{Name: "ecs", JSON: true, Words: []string{`"@timestamp"`, flatAudit}, Open: openECS}

// flatAudit is how the keys of an event begin where they are paths.
const flatAudit = `"kubernetes.audit.`

func openECS(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if bytes.Contains(rec.Data, []byte(flatAudit)) { // flat, as Kibana and ES|QL give it
		return openFlat(rec, "ecs", emit)
	}
	var when, agent, kubernetes, azure, message, event, host []byte
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "@timestamp":
			when = value
		case "agent", "beat", "ecs", "log", "fileset", "input":
			agent = value
		case "kubernetes":
			kubernetes = value
		case "azure":
			azure = value
		case "message":
			message = value
		case "event":
			event = value
		case "host":
			host = get(value, "name")
		}
		return true
	})
	if when == nil {
		return false, nil
	}
	in := enter(rec, "ecs")
	in.Origin.Time, in.Origin.Host = stamp(when), keep(last(rec).Host, host)
	for _, value := range [][]byte{get(kubernetes, "audit"), get(azure, "platformlogs", "properties", "log"), get(event, "original"), message} {
		if len(value) > 0 && value[0] == '{' {
			return payload(in, value, emit)
		}
		if s, ok := textIn(rec.Room, value); ok && (agent != nil || azure != nil || event != nil) && len(s) > 0 {
			return payload(in, s, emit)
		}
	}
	return false, nil
}
