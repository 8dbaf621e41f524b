package kubehttp

import (
	"bytes"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
	"tideline/parsers/internal/klog"
	"tideline/parsers/internal/words"
)

// formatName is Format.Name.
const formatName = "kubernetes-http"

// The views, as indices into Format.Kinds.
const (
	kindHTTP  = 0
	kindAudit = 1
)

// Format is the access lines of kube-apiserver, kubelet and their like.
var Format = &parsers.Format{
	Name:  formatName,
	Title: "HTTP access lines of kube-apiserver, kubelet and other components (klog of all releases, text and JSON)",
	Kinds: []parsers.Kind{
		kindHTTP: {Name: "kubernetes-http", Sources: []parsers.LogSource{{Product: "kubernetes", Service: "httplog"}}},
		kindAudit: {Name: "kubernetes-http-as-audit", Sources: []parsers.LogSource{
			{Product: "kubernetes", Service: "audit"},
			{Category: "application", Product: "kubernetes", Service: "audit"},
		}},
	},
	Sniff:      sniff,
	NewDecoder: newDecoder,
	Mapping:    mapping,
	Needs:      needs,
}

// auditEvent is a detail that no event of this format has.
var auditEvent = []string{"an audit event"}

// needs tells what only an audit event has: who it was, with which rights, and what
// was sent and answered.
func needs(_ int, field string) []string {
	field = strings.TrimPrefix(field, "kubernetes.audit.")
	switch field {
	case "username", "hostPath", "capabilities", "privileged", "level", "k8s.actor", "k8s.onBehalf", "k8s.ownNamespace", "k8s.ownName", "k8s.annotations":
		return auditEvent
	}
	for _, head := range []string{"user.", "impersonatedUser.", "requestObject", "responseObject", "annotations.", "responseStatus.reason", "responseStatus.message",
		"k8s.pod.", "k8s.role.", "k8s.csr.", "k8s.webhook."} {
		if strings.HasPrefix(field, head) {
			return auditEvent
		}
	}
	return nil
}

// sniffLines is how many lines of a stream are tried.
const sniffLines = 20

const why = `no klog line of an HTTP request ("HTTP" verb=...)`

// sniff is sure of a line that has the shape.
func sniff(prefix []byte, _ string) parsers.Verdict {
	lines := 0
	for rest := prefix; len(rest) > 0 && lines < sniffLines; {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if line = words.Trim(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")), " \t\r\x00"); len(line) == 0 {
			continue
		}
		if lines++; klog.IsAccess(line) || isJSON(line) && bytes.Contains(line, []byte(`"msg"`)) {
			return parsers.Verdict{Confidence: parsers.Likely + 20}
		}
	}
	if pretty(prefix) {
		return parsers.Verdict{Confidence: parsers.Likely + 20}
	}
	return parsers.Verdict{Why: why}
}

// pretty reports whether prefix begins with one line in JSON that was spread over
// several.
func pretty(prefix []byte) bool {
	text, ok := frame.Spread(prefix)
	if !ok || !isJSON(text) {
		return false
	}
	d := newDecoder(parsers.Options{}).(*decoder)
	ok, _ = d.readJSON(text)
	return ok
}
