package main

import (
	"slices"
	"testing"

	"tideline/parsers"
	"tideline/parsers/kubeaudit"
)

// TestWhatCostsAParseIsDear: what the ledger tells of a full parse must not depend on
// how rules are found, and so none of them is found by a field that costs one.
func TestWhatCostsAParseIsDear(t *testing.T) {
	const event = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"1","stage":"ResponseComplete",` +
		`"requestURI":"/api/v1/namespaces/a/pods","verb":"create","user":{"username":"u"},"objectRef":{"resource":"pods","namespace":"a","apiVersion":"v1"},` +
		`"requestObject":{"metadata":{},"spec":{"hostPath":1,"capabilities":1,"privileged":1,"image":1},"webhooks":[{"clientConfig":{"url":"x"}}],"rules":1},` +
		`"responseObject":{"twice":1,"twice":2}}`
	for _, field := range append([]string{
		"verb", "objectRef.name", "name", "objectRef.uid", "objectRef.resourceVersion", "objectRef.apiVersion", "impersonatedUser.username",
		"impersonatedUser.uid", "responseStatus.code", "responseStatus.details.name", "user.uid", "user.groups", "user.extra.accessKeyId", "user.extra.scopes",
		"user.extra.authentication.kubernetes.io/pod-uid", "user.extra.authentication.kubernetes.io/pod-name", "annotations.authorization.k8s.io/decision",
		"annotations.authorization_k8s_io/decision", "annotations.k8s.io/deprecated", "hostPath", "capabilities", "privileged",
		"requestObject.spec.hostPath", "kubernetes.audit.requestObject.spec.image", "kubernetes.audit.verb",
	}, builtinSet(t).Set.Fields()...) {
		ours := parsedInFull(field) || slices.ContainsFunc([]string{"verb", "objectRef.", "user.", "impersonatedUser.", "responseStatus.", "annotations."},
			func(p string) bool { return len(field) >= len(p) && field[:len(p)] == p })
		if !ours {
			continue // of other formats, or both
		}
		d := kubeaudit.Format.NewDecoder(parsers.Options{Fields: []string{field}})
		err := d.Decode(&parsers.Record{Data: []byte(event), Raw: []byte(event)}, func(ev *parsers.Event) error {
			ev.Views[0].Fields.Values(nil, 0)
			return nil
		})
		if parsed := err != nil; parsed && !parsedInFull(field) {
			t.Errorf("%s costs a parse, and passes for a cheap one", field)
		} else if !parsed && parsedInFull(field) && slices.Contains([]string{"verb", "objectRef.apiVersion", "user.uid"}, field) {
			t.Errorf("%s passes for a dear one", field)
		}
	}
}

// TestBuiltinRulesDecideByWhatRepeats: a field that has another value in every
// record makes no two records alike, and so each is read and judged in full. One
// rule that decided by a0 cost 40 per cent of the scan of an audit.log.
func TestBuiltinRulesDecideByWhatRepeats(t *testing.T) {
	set := builtinSet(t).Set
	asked := set.Fields()[:set.Asked()]
	if len(asked) < 100 {
		t.Fatalf("rules decide by %d fields", len(asked))
	}
	for _, field := range []string{
		"a0", "a1", "a2", "a3", "pid", "ppid", "inode", "ProcessId", "ParentProcessId",
		"auditID", "requestReceivedTimestamp", "stageTimestamp", "objectRef.resourceVersion", "objectRef.uid",
	} {
		if slices.Contains(asked, field) {
			t.Errorf("a rule decides by %s: have the parser work out what it means", field)
		}
	}
}
