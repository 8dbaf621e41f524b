package kubeaudit

import (
	"bytes"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
)

// Rancher logs the requests to its own API, among which are those that it passes on
// to the API servers of its clusters (/k8s/clusters/ID/api/...). Up to 2.6 a request
// and its response are a line each, later there is one line for both. They are
// spelled out as events of audit.k8s.io/v1 and read like those. Source:
// rancher/rancher, pkg/auth/audit; Rancher's manual, "Enabling the API Audit Log".

// isRancher reports whether an event without kind and version is Rancher's: the verb
// is an HTTP method, or is called so, or is missing beside a response's code as text.
func (r *record) isRancher() bool {
	if !r.head.Has(slotAuditID) || r.head.Has(slotKind) || r.head.Has(slotAPIVersion) || r.head.Has(slotResource) || r.head.Has(slotUser) {
		return false
	}
	if verb := r.text(slotVerb); len(verb) > 0 {
		return 'A' <= verb[0] && verb[0] <= 'Z'
	}
	return hasText(r.data, `"method"`) && bytes.Contains(r.data, []byte(`"responseCode"`)) || hasText(r.data, `"responseStatus"`)
}

// hasText reports whether a key, in its quotes, stands in JSON with a text behind it,
// on whatever line.
func hasText(data []byte, key string) bool {
	for {
		at := bytes.Index(data, []byte(key))
		if at < 0 {
			return false
		}
		data = data[at+len(key):]
		value, ok := bytes.CutPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte(":"))
		if value = bytes.TrimLeft(value, " \t\r\n"); ok && len(value) > 0 && value[0] == '"' {
			return true
		}
	}
}

// rancher takes a line of Rancher's log.
func (d *decoder) rancher(data []byte) error {
	entry, damage := d.outer.Parse(data)
	root := entry.Root()
	w := writer{buf: d.r.synth[:0]}
	cluster := rancherEvent(&w, root)
	d.r.synth = w.buf
	d.r.reset(d.r.synth)
	if !d.r.readCheap() {
		d.r.readFull()
	}
	d.r.short = damage != nil || d.rec.Cut
	d.fill(kindAudit)
	if d.event.Origin.Cluster == "" {
		d.event.Origin.Cluster = cluster
	}
	if err := d.emit(&d.event); err != nil {
		return err
	}
	if damage != nil {
		return &parsers.RecordError{Code: d.damageCode(), Kept: true, Reason: "the line of Rancher was kept as far as it could be read: " + damage.Error()}
	}
	return docRemark(entry)
}

// rancherEvent spells a line out, and returns the id of the cluster that the request
// was passed on to.
func rancherEvent(w *writer, root jsonfields.Value) (cluster string) {
	uri := firstText(root, "requestURI")
	path := uri
	if rest, ok := strings.CutPrefix(uri, "/k8s/clusters/"); ok {
		cluster, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	w.open('{')
	level := "Metadata"
	if root.Get("requestBody").Kind() == jsonfields.Object {
		level = "Request"
	}
	w.text("level", level)
	w.text("auditID", firstText(root, "auditID"))
	stage := firstText(root, "stage")
	if stage == "" {
		stage = "ResponseComplete"
	}
	w.text("stage", stage)
	w.text("requestURI", uri)
	w.text("verb", verbOf(map[string]string{"method": firstText(root, "verb", "method"), "uri": path}))
	rancherClient(w, root)
	w.object("objectRef", objectOf(path))
	w.status(firstText(root, "responseStatus", "responseCode"))
	if level == "Request" {
		w.raw("requestObject", root.Get("requestBody").Text())
	}
	if body := root.Get("responseBody"); body.Kind() == jsonfields.Object {
		w.raw("responseObject", body.Text())
	}
	if at := firstText(root, "requestTimestamp"); at != "" {
		w.text("requestReceivedTimestamp", at)
		w.text("stageTimestamp", firstText(root, "responseTimestamp"))
	} else {
		w.text("stageTimestamp", firstText(root, "stageTimestamp", "responseTimestamp"))
	}
	w.close('}')
	return cluster
}

// rancherClient spells out who asked, from where and with what.
func rancherClient(w *writer, root jsonfields.Value) {
	user := root.Get("user")
	w.key("user")
	w.open('{')
	w.text("username", string(user.Get("name").Text()))
	if groups := user.Get("group"); groups.Kind() == jsonfields.Array {
		w.raw("groups", groups.Text())
	}
	w.close('}')
	if ips := root.Get("sourceIPs"); ips.Kind() == jsonfields.Array {
		w.raw("sourceIPs", ips.Text())
	} else if ip := firstText(root, "remoteAddr"); ip != "" {
		if i := strings.LastIndexByte(ip, ':'); i > strings.LastIndexByte(ip, ']') {
			ip = ip[:i]
		}
		w.texts("sourceIPs", []string{strings.Trim(ip, "[]")})
	}
	for agent := range root.Get("requestHeader").Get("User-Agent").Items {
		w.text("userAgent", string(agent.Text()))
		break
	}
}

// firstText is the first member of those names that is not empty.
func firstText(root jsonfields.Value, names ...string) string {
	for _, name := range names {
		if s := root.Get(name).Text(); len(s) > 0 {
			return string(s)
		}
	}
	return ""
}
