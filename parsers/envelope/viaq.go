package envelope

import (
	"bytes"
	"cmp"

	"tideline/parsers"
)

// viaq is a record of OpenShift's collector in its ViaQ model. Of an audit event
// it keeps the members among its own, and the audit level under another name
// since "level" is the severity; of other logs it has the line as "message".
var viaq = Envelope{Name: "viaq", JSON: true, First: true, Words: []string{`"openshift"`}, Open: openViaQ}

func openViaQ(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"log_type"`)) || !bytes.Contains(rec.Data, []byte(`"openshift"`)) {
		return false, nil
	}
	in := enter(rec, "viaq")
	event := []byte{'{'}
	var level, message []byte
	audit := false
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "@timestamp":
			in.Origin.Time = stamp(value)
		case "hostname":
			in.Origin.Host = keep(last(rec).Host, value)
		case "openshift":
			in.Origin.Cluster = keep(last(rec).Cluster, get(value, "cluster_id"))
		case "k8s_audit_level", "openshift_audit_level":
			level = value
		case "message":
			message = value
		case "kubernetes":
			setKubernetes(&in.Origin, last(rec), value)
		case "level", "timestamp", "log_type", "log_source", "source_type", "tag", "file", "viaq_index_name", "viaq_msg_id":
		default:
			audit = audit || string(key) == "auditID"
			event = appendMember(event, key, value)
		}
		return true
	})
	if audit {
		if level != nil {
			event = appendMember(event, []byte("level"), level)
		}
		return payload(in, append(event, '}'), emit)
	}
	data, ok := textIn(rec.Room, message)
	if !ok {
		return false, nil
	}
	return payload(in, data, emit)
}

func appendMember(b, key, value []byte) []byte {
	if len(b) > 1 {
		b = append(b, ',')
	}
	b = append(append(append(b, '"'), key...), '"', ':')
	return append(b, value...)
}

// setKubernetes takes the container out of the metadata that Fluentd, Fluent
// Bit, Vector and ViaQ add.
func setKubernetes(o, last *parsers.Origin, meta []byte) {
	members(meta, func(key, value []byte) bool {
		switch string(key) {
		case "pod_name":
			o.Pod = keep(last.Pod, value)
		case "namespace_name", "namespace", "pod_namespace":
			if s := keep(last.Namespace, value); s != "" {
				o.Namespace = s
			}
		case "container_name":
			o.Name = keep(last.Name, value)
		case "container_id", "docker_id":
			id, _ := text(value)
			id = id[bytes.LastIndexByte(id, '/')+1:] // cri-o://<id>
			o.ID = same(last.ID, id)
		case "container_image":
			o.Image = keep(last.Image, value)
		case "host", "pod_node_name":
			if o.Host == "" {
				o.Host = keep(last.Host, value)
			}
		case "pod": // by ECS an object, as are the two below
			o.Pod = cmp.Or(keep(last.Pod, get(value, "name")), o.Pod)
		case "container":
			o.Name = cmp.Or(keep(last.Name, get(value, "name")), o.Name)
		case "node":
			o.Host = cmp.Or(o.Host, keep(last.Host, get(value, "name")))
		}
		return true
	})
}
