package envelope

import (
	"bytes"

	"tideline/parsers"
)

// ecs is a document of Elastic's agents: the event as the object
// kubernetes.audit, or the line as "message" or event.original.
var ecs = Envelope{Name: "ecs", JSON: true, Open: openECS}

func openECS(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
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
	in.Origin.Time, in.Origin.Host = stamp(when), str(host)
	for _, value := range [][]byte{get(kubernetes, "audit"), get(azure, "platformlogs", "properties", "log"), get(event, "original"), message} {
		if len(value) > 0 && value[0] == '{' {
			return payload(in, value, emit)
		}
		if s, ok := text(value); ok && (agent != nil || azure != nil || event != nil) && len(s) > 0 {
			return payload(in, s, emit)
		}
	}
	return false, nil
}

// fluent is a record of Fluentd, Fluent Bit or Vector: the line as "log" or
// "message" beside what the shipper knows of it.
var fluent = Envelope{Name: "fluent", JSON: true, Open: openFluent}

func openFluent(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	in := enter(rec, "fluent")
	var line []byte
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "log", "message":
			if line == nil || len(value) > len(line) {
				line = value
			}
		case "kubernetes":
			setKubernetes(&in.Origin, value)
		case "stream":
			in.Origin.Stream = str(value)
		case "host", "hostname":
			in.Origin.Host = str(value)
		case "time", "timestamp", "@timestamp", "date":
			in.Origin.Time = stamp(value)
		}
		return true
	})
	if data, ok := text(line); ok && (carries(data) || in.Origin.Container != rec.Origin.Container) {
		return payload(in, data, emit)
	}
	return false, nil
}

// fluentText is a line of Fluentd's or Fluent Bit's file output: a tag, a time
// and the record as JSON.
var fluentText = Envelope{Name: "fluent-file", Open: openFluentText}

func openFluentText(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] == '[' {
		return openFluentStdout(rec, emit)
	}
	head := rec.Data[:min(len(rec.Data), 512)]
	brace := bytes.IndexByte(head, '{')
	if brace < 0 {
		return false, nil
	}
	in := enter(rec, "fluent-file")
	data := rec.Data[brace:]
	switch columns := bytes.Split(head[:brace], []byte("\t")); {
	case len(columns) == 3 && len(columns[2]) == 0: // time TAB tag TAB record
		in.Origin.Time = stamp(columns[0])
	case bytes.HasSuffix(head[:brace], []byte(", ")): // tag: [time, record]
		_, when, ok := bytes.Cut(head[:brace-2], []byte(": ["))
		if !ok || !bytes.HasSuffix(data, []byte("]")) {
			return false, nil
		}
		in.Origin.Time, data = epoch(when), data[:len(data)-1]
	default:
		return false, nil
	}
	return payload(in, data, emit)
}

// openFluentStdout opens what Fluent Bit prints: [0] tag: [[time, {}],
// {"log"=>"..."}], of which the text is escaped as in JSON.
func openFluentStdout(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	for _, key := range []string{`"log"=>`, `"message"=>`} {
		_, value, ok := bytes.Cut(rec.Data, []byte(key))
		if !ok || len(value) == 0 || value[0] != '"' {
			continue
		}
		line, _ := text(value[:skipString(value, 0)])
		if !carries(line) {
			return false, nil
		}
		in := enter(rec, "fluent-file")
		if _, when, ok := bytes.Cut(rec.Data[:min(len(rec.Data), 256)], []byte(": [")); ok {
			when, _, _ = bytes.Cut(bytes.TrimLeft(when, "["), []byte(","))
			in.Origin.Time = epoch(when)
		}
		return payload(in, line, emit)
	}
	return false, nil
}
