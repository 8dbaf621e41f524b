package envelope

import (
	"bytes"
	"cmp"

	"tideline/parsers"
)

// loki is a stream of an answer of Grafana Loki's query_range, or of what is
// pushed to it: labels, and lines with their time in nanoseconds (Loki HTTP API,
// "Query logs within a range of time", "Ingest logs").
var loki = Envelope{Name: "loki", JSON: true, Words: []string{`"values"`}, Open: openLoki}

func openLoki(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"values"`)) || !bytes.Contains(rec.Data, []byte(`"stream"`)) {
		return false, nil
	}
	labels, values := get(rec.Data, "stream"), get(rec.Data, "values")
	if len(labels) == 0 || labels[0] != '{' || len(values) == 0 || values[0] != '[' {
		return false, nil
	}
	var origin parsers.Origin
	members(labels, func(key, value []byte) bool {
		setLabel(&origin, string(key), str(value))
		return true
	})
	opened := false
	var err error
	elements(values, func(entry []byte) bool {
		var when, line []byte
		n := 0
		elements(entry, func(cell []byte) bool {
			if n++; n == 1 {
				when = cell
			} else {
				line = cell
			}
			return n < 2 // a third member is structured metadata
		})
		data, ok := textIn(rec.Room, line)
		if !ok {
			return true
		}
		in := enter(rec, "loki")
		setOrigin(&in.Origin, &origin)
		in.Origin.Time = epoch(when)
		var took bool
		took, err = payload(in, data, emit)
		opened = opened || took
		return err == nil
	})
	return opened, err
}

// setLabel reads the labels that promtail, Alloy and their like give to lines.
func setLabel(o *parsers.Origin, key, value string) {
	switch key {
	case "hostname", "host", "node", "node_name", "nodename":
		o.Host = value
	case "cluster", "cluster_name":
		o.Cluster = value
	case "namespace":
		o.Container.Namespace = value
	case "pod":
		o.Container.Pod = value
	case "container":
		o.Container.Name = value
	}
}

// setOrigin adds what from tells to what is known of o.
func setOrigin(o, from *parsers.Origin) {
	o.Host, o.Cluster = cmp.Or(from.Host, o.Host), cmp.Or(from.Cluster, o.Cluster)
	c := &o.Container
	c.Namespace, c.Pod, c.Name = cmp.Or(from.Container.Namespace, c.Namespace), cmp.Or(from.Container.Pod, c.Pod), cmp.Or(from.Container.Name, c.Name)
}
