package kubeaudit

import (
	"strconv"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/apirequest"
	"tideline/parsers/internal/words"
)

var legacyMark = words.NewText(` AUDIT: id="`)

// isLegacy reports whether text is a line of --audit-log-format=legacy.
func isLegacy(text []byte) bool {
	at := legacyMark.Index(text[:min(len(text), 96)])
	if at < 0 {
		return false
	}
	_, ok := stamp(text[:at])
	return ok
}

// legacy reads a line of the text format (EventString in
// k8s.io/apiserver/pkg/audit): a time, then key="value" with Go quoting. It is
// spelled out as an event of today and read like one.
func (d *decoder) legacy(text []byte) error {
	at := legacyMark.Index(text)
	pairs, whole := legacyPairs(string(text[at+len(" AUDIT: "):]))
	w := writer{buf: d.r.synth[:0]}
	w.open('{')
	w.text("auditID", pairs["id"])
	w.text("stage", stageOf(pairs))
	w.text("level", "Metadata")
	w.text("requestURI", pairs["uri"])
	w.text("verb", verbOf(pairs))
	w.user("user", pairs["user"], pairs["groups"])
	if as := pairs["as"]; as != "" && as != "<self>" {
		w.user("impersonatedUser", as, pairs["asgroups"])
	}
	if ip := pairs["ip"]; ip != "" && ip != "<unknown>" {
		w.texts("sourceIPs", []string{ip})
	}
	w.text("userAgent", pairs["user-agent"])
	w.object("objectRef", objectOf(pairs["uri"]))
	w.status(pairs["response"])
	if pairs["stage"] == "" && pairs["response"] != "" {
		w.text("stageTimestamp", string(text[:at])) // when the request came in stands in the line of the request
	} else {
		w.text("requestReceivedTimestamp", string(text[:at]))
	}
	w.close('}')
	d.r.synth = w.buf
	d.r.reset(d.r.synth)
	if !d.r.readCheap() {
		d.r.readFull()
	}
	d.r.short = !whole || d.rec.Cut
	d.fill(kindAudit)
	if err := d.emit(&d.event); err != nil {
		return err
	}
	if !whole {
		return &parsers.RecordError{Code: d.damageCode(), Kept: true, Reason: "a legacy audit line whose last value has no end"}
	}
	return nil
}

// legacyPairs reads key="value" pairs; whole is false if the line ends, or
// stops being pairs, before its end.
func legacyPairs(line string) (pairs map[string]string, whole bool) {
	pairs = map[string]string{}
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		key, rest, ok := strings.Cut(line, "=")
		if !ok {
			return pairs, false
		}
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return pairs, false
		}
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return pairs, false
		}
		pairs[key] = value
		line = rest[len(quoted):]
	}
	return pairs, true
}

// stageOf is the stage; before 1.7 a request was logged as two lines, without.
func stageOf(pairs map[string]string) string {
	switch {
	case pairs["stage"] != "":
		return pairs["stage"]
	case pairs["response"] != "":
		return "ResponseComplete"
	}
	return "RequestReceived"
}

// verbOf is the verb. Lines from before 1.7 have the HTTP method.
func verbOf(pairs map[string]string) string {
	method := pairs["method"]
	if method != strings.ToUpper(method) || method == "" {
		return method
	}
	if o := objectOf(pairs["uri"]); o.resource != "" {
		switch {
		case method == "POST":
			return "create"
		case method == "PUT":
			return "update"
		case method == "GET" && o.name == "":
			return "list"
		case method == "DELETE" && o.name == "":
			return "deletecollection"
		}
	}
	return strings.ToLower(method)
}

// objectOf takes the object apart that a URI names, as the API server does
// (RequestInfoFactory in k8s.io/apiserver).
func objectOf(uri string) object {
	path, query, _ := strings.Cut(uri, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	var o object
	switch {
	case len(parts) >= 3 && parts[0] == "api":
		o.version, parts = parts[1], parts[2:]
	case len(parts) >= 4 && parts[0] == "apis":
		o.group, o.version, parts = parts[1], parts[2], parts[3:]
	default:
		return o
	}
	if len(parts) > 1 && (parts[0] == "watch" || parts[0] == "proxy") {
		parts = parts[1:]
	}
	o.place(parts)
	if o.name == "" {
		for _, param := range strings.Split(query, "&") {
			if v, ok := strings.CutPrefix(param, "fieldSelector=metadata.name%3D"); ok {
				o.name = string(apirequest.AppendDecoded(nil, []byte(v), true))
			}
		}
	}
	return o
}
