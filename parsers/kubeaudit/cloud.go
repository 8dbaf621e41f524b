package kubeaudit

import (
	"bytes"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
)

// Google Cloud does not hand out the events of the API servers it runs, but
// entries of Cloud Logging with an AuditLog (google.cloud.audit) inside. They
// are spelled out as events of audit.k8s.io/v1 and read like those; the entry
// itself is the second view.

// cloud takes a Cloud Logging entry.
func (d *decoder) cloud(data []byte) error {
	entry, damage := d.outer.Parse(data)
	root := entry.Root()
	proto := root.Get("protoPayload")
	method := string(proto.Get("methodName").Text())
	service := string(proto.Get("serviceName").Text())
	if method == "" && service == "" {
		return parsers.ErrForeign
	}
	w := writer{buf: d.synth[:0]}
	kind := kindAudit
	if !isKubernetes(root, service, method) {
		kind = kindGCP
	}
	cloudEvent(&w, root, proto, kind == kindAudit, damage != nil)
	d.synth = w.buf
	d.r.reset(d.synth)
	if !d.r.readCheap() {
		d.r.readFull()
	}
	d.r.entry, d.r.short = entry, damage != nil || d.rec.Cut
	d.fill(kind)
	if at, ok := stamp(root.Get("timestamp").Text()); ok {
		d.event.Time = at
	} else if at, ok := stamp(root.Get("receiveTimestamp").Text()); ok && !d.r.short { // when it arrived, a little later
		d.event.Time = at
	}
	if cluster := string(jsonText(root, "resource", "labels", "cluster_name")); cluster != "" && d.event.Origin.Cluster == "" {
		d.event.Origin.Cluster = cluster
	}
	if err := d.emit(&d.event); err != nil {
		return err
	}
	if damage != nil {
		return &parsers.RecordError{Code: d.damageCode(), Kept: true, Reason: "the entry was kept as far as it could be read: " + damage.Error()}
	}
	if err := docRemark(entry); err != nil {
		return err
	}
	return d.remark()
}

// isKubernetes tells entries of an API server from those of Google's own APIs.
func isKubernetes(root jsonfields.Value, service, method string) bool {
	return service == "k8s.io" || strings.HasPrefix(method, "io.k8s.") ||
		service == "" && string(jsonText(root, "resource", "type")) == "k8s_cluster"
}

// jsonText follows keys down and gives the text found there, or nil.
func jsonText(v jsonfields.Value, keys ...string) []byte {
	for _, k := range keys {
		v = v.Get(k)
	}
	return v.Text()
}

// cloudEvent spells an entry out as an audit event (log-formats section 1.9).
func cloudEvent(w *writer, root, proto jsonfields.Value, kubernetes, cut bool) {
	method := string(proto.Get("methodName").Text())
	resource := string(proto.Get("resourceName").Text())
	o := cloudObject(resource)
	verb := method
	if kubernetes {
		verb = method[strings.LastIndexByte(method, '.')+1:]
	} else {
		o = object{}
	}
	w.open('{')
	w.text("level", cloudLevel(proto))
	id := string(jsonText(root, "operation", "id"))
	if id == "" {
		id = string(root.Get("insertId").Text())
	}
	w.text("auditID", id)
	stage := "ResponseComplete"
	if o.subresource == "exec" || o.subresource == "attach" {
		stage = "ResponseStarted"
	}
	w.text("stage", stage)
	w.text("requestURI", cloudURI(resource, kubernetes))
	w.text("verb", verb)
	cloudUser(w, proto)
	meta := proto.Get("requestMetadata")
	for _, key := range []string{"callerIp", "callerIP"} {
		if ip := meta.Get(key).Text(); len(ip) > 0 {
			w.texts("sourceIPs", []string{string(ip)})
			break
		}
	}
	w.text("userAgent", string(meta.Get("callerSuppliedUserAgent").Text()))
	w.object("objectRef", o)
	cloudStatus(w, root, proto, cut)
	cloudBody(w, "requestObject", proto.Get("request"))
	cloudBody(w, "responseObject", proto.Get("response"))
	w.text("requestReceivedTimestamp", string(root.Get("timestamp").Text()))
	cloudNotes(w, root.Get("labels"))
	w.close('}')
}

// cloudLevel is the audit level that an entry has as much of.
func cloudLevel(proto jsonfields.Value) string {
	switch {
	case proto.Get("response").Kind() == jsonfields.Object:
		return "RequestResponse"
	case proto.Get("request").Kind() == jsonfields.Object:
		return "Request"
	}
	return "Metadata"
}

// cloudObject reads a resourceName: GROUP/VERSION/[namespaces/NS/]RESOURCE...
func cloudObject(name string) object {
	parts := strings.Split(strings.Trim(name, "/"), "/")
	if len(parts) < 3 || parts[0] == "api" || parts[0] == "apis" {
		return object{}
	}
	o := object{group: parts[0], version: parts[1]}
	if o.group == "core" {
		o.group = ""
	}
	o.place(parts[2:])
	return o
}

// cloudURI is the path that the request must have had; its query is lost.
func cloudURI(name string, kubernetes bool) string {
	group, rest, ok := strings.Cut(name, "/")
	switch {
	case name == "" || !kubernetes:
		return ""
	case !ok || group == "api" || group == "apis" || strings.Count(name, "/") < 2:
		return "/" + name
	case group == "core":
		return "/api/" + rest
	}
	return "/apis/" + name
}

func cloudUser(w *writer, proto jsonfields.Value) {
	who := proto.Get("authenticationInfo")
	name := who.Get("principalEmail").Text()
	if len(name) == 0 {
		name = who.Get("principalSubject").Text()
	}
	if len(name) == 0 {
		return
	}
	w.key("user")
	w.open('{')
	w.text("username", string(name))
	w.close('}')
}

// grpcStatus is the HTTP status of a google.rpc.Code.
var grpcStatus = map[string]string{
	"": "200", "0": "200", "1": "499", "2": "500", "3": "400", "4": "504", "5": "404", "6": "409", "7": "403", "8": "429",
	"9": "412", "10": "409", "11": "400", "12": "501", "13": "500", "14": "503", "15": "500", "16": "401",
}

// cloudStatus: protoPayload.status has a gRPC code, which is absent on
// success; a Status that was answered has the HTTP code itself.
func cloudStatus(w *writer, root, proto jsonfields.Value, cut bool) {
	status, answer := proto.Get("status"), proto.Get("response")
	code := string(answer.Get("code").Text())
	if string(answer.Get("kind").Text()) != "Status" || number([]byte(code)) < 100 {
		known := false
		if code, known = grpcStatus[string(status.Get("code").Text())]; !known || (cut && status.Kind() == jsonfields.Absent) {
			code = ""
		}
	}
	if code == "200" && denied(root, proto) {
		code = "403"
	}
	w.key("responseStatus")
	w.open('{')
	w.text("message", string(status.Get("message").Text()))
	if code != "" {
		w.raw("code", []byte(code))
	}
	w.close('}')
}

var pathGranted = jsonfields.Compile("granted")

// denied: the authoriser said no, or there are permissions that were asked for
// (authorizationInfo) and none was granted, which is how false is spelled.
func denied(root, proto jsonfields.Value) bool {
	if d := jsonText(root, "labels", "authorization.k8s.io/decision"); len(d) > 0 {
		return string(d) == "forbid"
	}
	asked := 0
	for info := range proto.Get("authorizationInfo").Items {
		asked++
		if string(anyTrue(info.Values(nil, pathGranted))) == "true" {
			return false
		}
	}
	return asked > 0
}

// cloudBody writes a request or response, which the audit level of the entry's
// log decides about, as it is.
func cloudBody(w *writer, name string, body jsonfields.Value) {
	if body.Kind() == jsonfields.Object {
		w.raw(name, body.Text())
	}
}

// cloudNotes writes the labels that were annotations.
func cloudNotes(w *writer, labels jsonfields.Value) {
	w.key("annotations")
	w.open('{')
	for k, v := range labels.Members {
		if bytes.Contains(k, []byte("k8s.io/")) && v.Kind() == jsonfields.String {
			w.key(string(k))
			w.value(string(v.Text()))
		}
	}
	w.close('}')
}
