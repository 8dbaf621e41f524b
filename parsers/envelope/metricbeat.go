package envelope

import (
	"bytes"

	"tideline/parsers"
)

// metricbeat is an event of a Docker engine as Elastic's Metricbeat keeps it: below
// docker.event, in small letters, and with the time in @timestamp (module docker,
// metric set event). It is spelled as the engine does again; labels have lost the
// dots in their names.
var metricbeat = Envelope{Name: "metricbeat", JSON: true, Words: []string{`"docker"`}, Open: openMetricbeat}

func openMetricbeat(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"docker"`)) || !bytes.Contains(rec.Data, []byte(`"event"`)) {
		return false, nil
	}
	in := enter(rec, "metricbeat")
	var event, when []byte
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "docker":
			event = get(value, "event")
		case "@timestamp":
			when, in.Origin.Time = value, stamp(value)
		case "host":
			in.Origin.Host = str(get(value, "name"))
		}
		return true
	})
	if get(event, "action") == nil || get(event, "type") == nil {
		return false, nil
	}
	out := []byte{'{'}
	members(event, func(key, value []byte) bool {
		switch string(key) {
		case "type":
			key = []byte("Type")
		case "action":
			key = []byte("Action")
		case "actor":
			actor := []byte{'{'}
			if id := get(value, "id"); id != nil {
				actor = appendMember(actor, []byte("ID"), id)
			}
			if attributes := get(value, "attributes"); attributes != nil {
				actor = appendMember(actor, []byte("Attributes"), attributes)
			}
			key, value = []byte("Actor"), append(actor, '}')
		}
		out = appendMember(out, key, value)
		return true
	})
	if when != nil {
		out = appendMember(out, []byte("time"), when)
	}
	return payload(in, append(out, '}'), emit)
}
