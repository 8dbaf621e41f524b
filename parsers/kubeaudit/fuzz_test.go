package kubeaudit

import (
	"maps"
	"slices"
	"testing"

	"tideline/parsers/parsertest"
)

// FuzzDecode asks whatever comes for everything: no panic, errors of the kinds
// that are allowed, and facts that agree with themselves.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{listSecrets, execShell, notAuthenticated, createPod, beta, legacyLine, cloudEntry, `[` + beta + `]`,
		role(`{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}`), body("pods", `[{"op":"add","path":"/spec","value":{"containers":[{}]}}]`),
		`{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[` + listSecrets + `]}`} {
		f.Add([]byte(s), false)
	}
	fields := append(slices.Sorted(maps.Keys(derived)), "verb", "requestObject.a", "gcp.audit.method_name", "responseStatus.code")
	f.Fuzz(func(t *testing.T, data []byte, cut bool) { parsertest.Fuzz(t, Format, fields, cut, data) })
}
