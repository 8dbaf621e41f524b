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
	i := space(rec.Data, 0)
	if i == len(rec.Data) || rec.Data[i] != '{' {
		return false, nil
	}
	var category, resource, when []byte
	var inner aksProperties
	object(rec.Data, i, func(key []byte, at int) (end int) {
		if string(key) == "properties" && at < len(rec.Data) && rec.Data[at] == '{' {
			return inner.read(rec.Data, at)
		}
		end = skipValue(rec.Data, at)
		switch value := rec.Data[at:end]; string(key) {
		case "properties": // some pipelines give the object as text
			if s, ok := text(value); ok {
				inner.read(s, space(s, 0))
			}
		case "category", "Category":
			category = value
		case "resourceId":
			resource = value
		case "time":
			when = value
		}
		return end
	})
	if category == nil {
		return false, nil
	}
	in := enter(rec, "aks-diagnostic")
	in.Origin.Time = stamp(when)
	id, _ := text(resource)
	setResource(&in.Origin, last(rec), id)
	inner.setPod(&in.Origin, last(rec))
	if s, ok := textIn(rec.Room, inner.log); ok {
		return payload(in, s, emit)
	}
	if len(inner.log) > 0 && inner.log[0] == '{' {
		return payload(in, inner.log, emit)
	}
	return false, nil
}

// aksProperties are the members of "properties" as spelled: what was logged, and the
// control plane's pod that logged it, which is not the one that an event is about.
type aksProperties struct{ log, pod, container, stream []byte }

// read reads the object that begins at b[i], if one does, and returns the index behind it.
func (p *aksProperties) read(b []byte, i int) (end int) {
	if i == len(b) || b[i] != '{' {
		return i
	}
	return object(b, i, func(key []byte, at int) (end int) {
		end = skipValue(b, at)
		switch value := b[at:end]; string(key) {
		case "log":
			p.log = value
		case "pod":
			p.pod = value
		case "containerID":
			p.container = value
		case "stream":
			p.stream = value
		}
		return end
	})
}

func (p *aksProperties) setPod(o, last *parsers.Origin) {
	for _, part := range [...]struct {
		to     *string
		before string
		value  []byte
	}{{&o.Pod, last.Pod, p.pod}, {&o.ID, last.ID, p.container}, {&o.Stream, last.Stream, p.stream}} {
		if part.value != nil {
			*part.to = keep(part.before, part.value)
		}
	}
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
