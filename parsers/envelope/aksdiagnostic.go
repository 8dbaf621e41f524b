package envelope

import (
	"bytes"

	"tideline/parsers"
)

// aksDiagnostic is a resource log of Azure Monitor (storage account blobs,
// Event Hubs): the event is the text, or the object, under properties.log.
var aksDiagnostic = Envelope{Name: "aks-diagnostic", JSON: true, Words: []string{`"properties"`}, Open: openAKS}

func openAKS(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"properties"`)) {
		return false, nil
	}
	var properties, category, resource, when []byte
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "properties":
			properties = value
		case "category", "Category":
			category = value
		case "resourceId":
			resource = value
		case "time":
			when = value
		}
		return true
	})
	if category == nil {
		return false, nil
	}
	if s, ok := text(properties); ok { // some pipelines give the object as text
		properties = s
	}
	in := enter(rec, "aks-diagnostic")
	in.Origin.Time = stamp(when)
	id, _ := text(resource)
	setResource(&in.Origin, last(rec), id)
	log := openProperties(properties, &in.Origin, last(rec))
	if s, ok := textIn(rec.Room, log); ok {
		return payload(in, s, emit)
	}
	if len(log) > 0 && log[0] == '{' {
		return payload(in, log, emit)
	}
	return false, nil
}

// openProperties returns what was logged, and takes the control plane's pod out of an AKS
// record. It is the pod that logged, which is not the one that an event is about.
func openProperties(properties []byte, o, last *parsers.Origin) (log []byte) {
	members(properties, func(key, value []byte) bool {
		switch string(key) {
		case "log":
			log = value
		case "pod":
			o.Pod = keep(last.Pod, value)
		case "containerID":
			o.ID = keep(last.ID, value)
		case "stream":
			o.Stream = keep(last.Stream, value)
		}
		return true
	})
	return log
}

// setResource takes the name of the cluster out of an Azure resource id.
func setResource(o, last *parsers.Origin, id []byte) {
	for len(id) > 0 {
		var kind []byte
		kind, id, _ = bytes.Cut(id, []byte("/"))
		name, _, _ := bytes.Cut(id, []byte("/"))
		if bytes.EqualFold(kind, []byte("managedClusters")) && len(name) > 0 {
			o.Cluster = same(last.Cluster, name)
			return
		}
	}
}
