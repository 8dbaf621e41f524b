package envelope

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"tideline/parsers"
)

// ocsf is an event of the Open Cybersecurity Schema Framework, class 6003 (API
// Activity), as which Amazon Security Lake and others keep the audit log of
// Kubernetes (ocsf/examples, EKS). The event is put together again as far as the
// schema kept it: bodies were flattened beyond repair and are left out. Where the
// raw event was kept beside it (raw_data), that is taken.
var ocsf = Envelope{Name: "ocsf", JSON: true, Words: []string{`"class_uid"`}, Open: openOCSF}

func openOCSF(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"class_uid"`)) || string(get(rec.Data, "class_uid")) != "6003" {
		return false, nil
	}
	in := enter(rec, "ocsf")
	in.Origin.Time = epoch(get(rec.Data, "time"))
	if raw, ok := text(get(rec.Data, "raw_data")); ok && isWrapped(raw) {
		return payload(in, raw, emit)
	}
	if !strings.HasPrefix(str(get(rec.Data, "metadata", "product", "version")), "audit.k8s.io/") {
		return false, nil
	}
	if name, ok := strings.CutPrefix(str(get(rec.Data, "metadata", "log_name")), "/aws/eks/"); ok {
		in.Origin.Cluster, _, _ = strings.Cut(name, "/")
	}
	return payload(in, ocsfEvent(rec.Data), emit)
}

// ocsfEvent is the event of audit.k8s.io/v1 that an API Activity was made of.
func ocsfEvent(data []byte) []byte {
	root := &node{}
	set := func(field string, value []byte) {
		if len(value) > 0 && string(value) != "null" {
			root.set(strings.Split(field, "."), value)
		}
	}
	set("kind", []byte(`"Event"`))
	set("apiVersion", []byte(`"audit.k8s.io/v1"`))
	set("level", get(data, "metadata", "log_level"))
	set("auditID", get(data, "api", "request", "uid"))
	set("stage", get(data, "message"))
	set("requestURI", get(data, "http_request", "url", "path"))
	set("verb", get(data, "api", "operation"))
	set("user.username", get(data, "actor", "user", "name"))
	set("user.uid", get(data, "actor", "user", "uid"))
	set("user.groups", ocsfNames(get(data, "actor", "user", "groups")))
	if ip := get(data, "src_endpoint", "ip"); len(ip) > 0 {
		set("sourceIPs", append(append([]byte{'['}, ip...), ']'))
	}
	set("userAgent", get(data, "http_request", "user_agent"))
	elements(get(data, "resources"), func(r []byte) bool {
		set("objectRef.resource", get(r, "type"))
		set("objectRef.namespace", get(r, "namespace"))
		set("objectRef.name", get(r, "name"))
		return false // the first is the object
	})
	set("objectRef.apiVersion", get(data, "api", "version"))
	set("responseStatus.code", get(data, "api", "response", "code"))
	set("responseStatus.message", get(data, "api", "response", "message"))
	set("requestReceivedTimestamp", ocsfTime(data, "start_time", "start_time_dt"))
	set("stageTimestamp", ocsfTime(data, "time", "time_dt"))
	members(get(data, "unmapped"), func(key, value []byte) bool {
		if name, ok := strings.CutPrefix(string(key), "annotations."); ok {
			root.set([]string{"annotations", name}, value)
		}
		return true
	})
	return root.append(nil)
}

// ocsfNames is the array of the names of an array of objects.
func ocsfNames(list []byte) []byte {
	out := []byte{'['}
	elements(list, func(v []byte) bool {
		if name := get(v, "name"); len(name) > 0 {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(out, name...)
		}
		return true
	})
	return append(out, ']')
}

// ocsfTime is the first of several members that is a time, as audit events
// spell one.
func ocsfTime(data []byte, names ...string) []byte {
	for _, name := range names {
		value := get(data, name)
		t := stamp(value)
		if t.IsZero() {
			t = epoch(value)
		}
		if !t.IsZero() {
			return strconv.AppendQuote(nil, t.Format(time.RFC3339Nano))
		}
	}
	return nil
}
