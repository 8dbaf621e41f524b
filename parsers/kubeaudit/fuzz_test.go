package kubeaudit

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"tideline/parsers"
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
	f.Fuzz(func(t *testing.T, data []byte, cut bool) {
		d := Format.NewDecoder(parsers.Options{Fields: fields})
		var vals [][]byte
		err := d.Decode(&parsers.Record{Data: data, Cut: cut}, func(ev *parsers.Event) error {
			for _, v := range ev.Views {
				for i := range fields {
					vals = v.Fields.Values(vals[:0], i)
				}
				vals = v.Fields.Keywords(vals[:0])
			}
			if ev.Facts.Actor == "" || len(ev.Views) == 0 {
				t.Error("an event without actor or view")
			}
			return nil
		})
		var re *parsers.RecordError
		switch {
		case err == nil, errors.Is(err, parsers.ErrForeign):
		case !errors.As(err, &re) || re.Code == "" || len(err.Error()) > 1000:
			t.Errorf("error of %d bytes: %.200q", len(err.Error()), err)
		}
	})
}
