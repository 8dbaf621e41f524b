package kubeaudit

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/internal/words"
)

// formatName is Format.Name.
const formatName = "kubernetes-audit"

// Format reads the audit log of a Kubernetes API server.
var Format = &parsers.Format{
	Name:  formatName,
	Title: "Kubernetes API server audit events (audit.k8s.io v1, v1beta1, v1alpha1, legacy text, GKE log entries)",
	Kinds: []parsers.Kind{
		kindAudit: {Name: "kubernetes-audit", Sources: []parsers.LogSource{
			{Product: "kubernetes", Service: "audit"},
			{Category: "application", Product: "kubernetes", Service: "audit"},
		}},
		kindGCP:   {Name: "gcp-audit", Sources: []parsers.LogSource{{Product: "gcp", Service: "gcp.audit"}}},
		kindAzure: {Name: "azure-operations", Sources: []parsers.LogSource{{Product: "azure", Service: "activitylogs"}}},
	},
	Sniff:      sniff,
	NewDecoder: newDecoder,
	Mapping:    mapping,
	Needs:      needsOf,
}

// marks are what tells audit events apart, in the order in which they are
// looked for. All of all must occur.
var marks = []struct {
	all        []string
	confidence parsers.Confidence
}{
	{[]string{`"audit.k8s.io/`, `"auditID"`}, parsers.Certain},
	{[]string{`"protoPayload"`, `"k8s.io"`}, parsers.Certain},
	{[]string{`"protoPayload"`, `k8s_cluster`}, parsers.Certain},
	{[]string{`"auditID"`, `"stage"`}, parsers.Likely + 20},
	{[]string{`"protoPayload"`, `cloudaudit.googleapis.com`}, parsers.Likely},
	{[]string{`"protoPayload"`, `"methodName"`}, parsers.Likely},
	{[]string{`"audit.k8s.io/`}, parsers.Likely},
	{[]string{`"auditID"`, `"responseCode"`, `"method"`}, parsers.Likely}, // Rancher's
	{[]string{`"objectRef"`, `"verb"`, `"responseStatus"`}, parsers.Likely},
}

// anyMark is what one of is among all of each.
var anyMark = words.New(`"audit.k8s.io/`, `"auditID"`, `"protoPayload"`, `"objectRef"`)

func sniff(prefix []byte, _ string) parsers.Verdict {
	text := words.TrimLeft(bytes.TrimPrefix(prefix, []byte("\xef\xbb\xbf")), " \t\r\n\x00")
	if len(text) == 0 {
		return parsers.Verdict{Why: "empty"}
	}
	if isLegacy(text) {
		return parsers.Verdict{Confidence: parsers.Certain}
	}
	if text[0] != '{' && text[0] != '[' {
		return parsers.Verdict{Why: `neither JSON nor "AUDIT: id="`}
	}
	if anyMark.In(text) {
		for _, m := range marks {
			if containsAll(text, m.all) {
				return parsers.Verdict{Confidence: m.confidence}
			}
		}
	}
	return parsers.Verdict{Why: "JSON without audit.k8s.io, auditID and stage, or protoPayload"}
}

func containsAll(text []byte, words []string) bool {
	for _, w := range words {
		if !bytes.Contains(text, []byte(w)) {
			return false
		}
	}
	return true
}
