package kubeaudit

import (
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
	e := &d.entry
	if !e.readCheap(data) {
		e.readFull()
	}
	if d.cloudy = e.named(); !d.cloudy {
		return parsers.ErrForeign
	}
	return d.spelled(data)
}

// spelled emits the event that the entry at hand is.
func (d *decoder) spelled(data []byte) error {
	e := &d.entry
	if t := d.findEntry(); t != nil {
		if done, err := d.again(t, data); done {
			return err
		}
	}
	kind := kindGCP
	if e.isKubernetes() {
		kind = kindAudit
	}
	r := &d.r
	r.reset(data)
	r.entry = e
	if r.read(); !r.cheap {
		r.readFull()
	}
	r.short = e.damage != nil || d.rec.Cut
	d.fill(kind)
	if at, ok := e.time(r.short); ok {
		d.event.Time = at
	}
	e.nameCluster(&d.event.Origin)
	if kind == kindAudit {
		d.learn()
	}
	if err := d.emit(&d.event); err != nil {
		return err
	}
	d.keep()
	if err := d.entryRemark(); err != nil {
		return err
	}
	return d.remark()
}

// entryRemark is what has to be said of an entry that was parsed in full.
func (d *decoder) entryRemark() error {
	switch e := &d.entry; {
	case e.doc == nil:
		return nil
	case e.damage != nil:
		return &parsers.RecordError{Code: d.damageCode(), Kept: true, Reason: "the entry was kept as far as it could be read: " + e.damage.Error()}
	default:
		return docRemark(e.doc)
	}
}

// nameCluster puts the cluster that an entry names into an origin that names none.
func (e *entry) nameCluster(o *parsers.Origin) {
	if cluster := e.text(entryCluster); o.Cluster == "" && len(cluster) > 0 {
		o.Cluster = string(cluster)
	}
}

// spell appends to dst the audit event that an entry is (log-formats section 1.9).
func (e *entry) spell(dst []byte, cut bool) []byte {
	w := writer{buf: dst}
	kubernetes := e.isKubernetes()
	resource, verb := string(e.text(entryResource)), string(e.text(entryMethod))
	var o object
	if kubernetes {
		o = cloudObject(resource)
		verb = verb[strings.LastIndexByte(verb, '.')+1:]
	}
	w.open('{')
	w.text("level", e.level())
	w.text("auditID", string(e.id()))
	stage := "ResponseComplete"
	if o.subresource == "exec" || o.subresource == "attach" {
		stage = "ResponseStarted"
	}
	w.text("stage", stage)
	w.text("requestURI", cloudURI(resource, kubernetes))
	w.text("verb", verb)
	if user := e.user(); len(user) > 0 {
		w.key("user")
		w.open('{')
		w.text("username", string(user))
		w.close('}')
	}
	if ip := e.address(); len(ip) > 0 {
		w.texts("sourceIPs", []string{string(ip)})
	}
	w.text("userAgent", string(e.text(entryAgent)))
	w.object("objectRef", o)
	e.spellStatus(&w, cut)
	for _, body := range [...]struct {
		name string
		slot int
	}{{"requestObject", entryRequest}, {"responseObject", entryResponse}} {
		if json := e.object(body.slot); json != nil {
			w.raw(body.name, json)
		}
	}
	w.text("requestReceivedTimestamp", string(e.text(entryTime)))
	if labels := e.object(entryLabels); labels != nil {
		w.raw("annotations", labels)
	}
	w.close('}')
	return w.buf
}

// id is that of the request.
func (e *entry) id() []byte {
	if id := e.text(entryOperation); len(id) > 0 {
		return id
	}
	return e.text(entryInsertID)
}

func (e *entry) user() []byte {
	if name := e.text(entryEmail); len(name) > 0 {
		return name
	}
	return e.text(entrySubject)
}

func (e *entry) address() []byte {
	if ip := e.text(entryIP); len(ip) > 0 {
		return ip
	}
	return e.text(entryIPToo)
}

// level is the audit level that an entry has as much of.
func (e *entry) level() string {
	switch {
	case e.object(entryResponse) != nil:
		return "RequestResponse"
	case e.object(entryRequest) != nil:
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

// grpcStatus is the HTTP status of a google.rpc.Code.
var grpcStatus = map[string]string{
	"": "200", "0": "200", "1": "499", "2": "500", "3": "400", "4": "504", "5": "404", "6": "409", "7": "403", "8": "429",
	"9": "412", "10": "409", "11": "400", "12": "501", "13": "500", "14": "503", "15": "500", "16": "401",
}

// spellStatus: protoPayload.status has a gRPC code, which is absent on success; a
// Status that was answered has the HTTP code itself.
func (e *entry) spellStatus(w *writer, cut bool) {
	code := string(e.answered())
	if code == "" {
		known := false
		if code, known = grpcStatus[string(e.text(entryCode))]; !known || cut && e.payload("status").Kind() == jsonfields.Absent {
			code = ""
		}
	}
	if code == "200" && e.denied() {
		code = "403"
	}
	w.key("responseStatus")
	w.open('{')
	w.text("message", string(e.text(entryMessage)))
	if code != "" {
		w.raw("code", []byte(code))
	}
	w.close('}')
}
