package envelope

import (
	"bytes"
	"strings"

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
	setResource(&in.Origin, str(resource))
	setPod(&in.Origin, properties)
	log := get(properties, "log")
	if s, ok := text(log); ok {
		return payload(in, s, emit)
	}
	if len(log) > 0 && log[0] == '{' {
		return payload(in, log, emit)
	}
	return false, nil
}

// setPod takes the control plane's pod out of an AKS record. It is the pod
// that logged, which is not the one that an event is about.
func setPod(o *parsers.Origin, properties []byte) {
	members(properties, func(key, value []byte) bool {
		switch string(key) {
		case "pod":
			o.Pod = str(value)
		case "containerID":
			o.ID = str(value)
		case "stream":
			o.Stream = str(value)
		}
		return true
	})
}

// setResource takes the name of the cluster out of an Azure resource id.
func setResource(o *parsers.Origin, id string) {
	const kind = "/MANAGEDCLUSTERS/"
	if i := strings.Index(strings.ToUpper(id), kind); i >= 0 {
		o.Cluster, _, _ = strings.Cut(id[i+len(kind):], "/")
	}
}
