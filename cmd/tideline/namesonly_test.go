package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestATableOfSecretsGivesNothingAway: kubectl get secrets prints names, and asks for no
// more. Where answers are logged, it is not said that the Secrets were obtained; a list
// of them in full by the same person a moment later was, whichever came first.
func TestATableOfSecretsGivesNothingAway(t *testing.T) {
	const event = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"a-%[1]d","stage":%[2]q,"requestURI":"/api/v1/secrets?limit=500%[3]s","verb":"list",` +
		`"user":{"username":"eve","groups":["system:authenticated"]},"sourceIPs":["10.0.0.9"],"userAgent":"kubectl/v1.31.2 (linux/amd64) kubernetes/5864a46","objectRef":{"resource":"secrets","apiVersion":"v1"},` +
		`"responseStatus":{"metadata":{},"code":200},%[4]s"requestReceivedTimestamp":"2026-03-01T10:00:0%[1]d.000000Z","stageTimestamp":"2026-03-01T10:00:0%[1]d.100000Z"}` + "\n"
	const (
		table = `"responseObject":{"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[{"cells":["db","Opaque",1,"5d"]}]},`
		names = `"responseObject":{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","items":[{"metadata":{"name":"db","namespace":"prod"}}]},`
		full  = `"responseObject":{"kind":"SecretList","apiVersion":"v1","items":[]},`
	)
	late := func(n int, query, body string) string {
		return fmt.Sprintf(event, n, "ResponseComplete", query, body)
	}
	for name, c := range map[string]struct{ log, want string }{
		"table":                 {late(1, "", table), "possible"},
		"names":                 {late(1, "", names), "possible"},
		"table with objects":    {late(1, "&includeObject=Object", table), "obtained"},
		"all":                   {late(1, "", full), "obtained"},
		"not logged":            {late(1, "", ""), "obtained"},
		"table, then all":       {late(1, "", table) + late(2, "", full), "obtained"},
		"all, then a table":     {late(1, "", full) + late(2, "", table), "obtained"},
		"both stages, in order": {fmt.Sprintf(event, 1, "RequestReceived", "", "") + late(1, "", table), "possible"},
	} {
		path := filepath.Join(t.TempDir(), "audit.log")
		if err := os.WriteFile(path, []byte(c.log), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, errs := tideline("exposure", "-q", "-f", "json", path)
		var got []struct{ Kind, Name, Certainty string }
		if err := json.Unmarshal([]byte(out), &got); status != exitOK || err != nil {
			t.Fatalf("%s: status %d, %v: %s%s", name, status, err, out, errs)
		}
		i := slices.IndexFunc(got, func(x struct{ Kind, Name, Certainty string }) bool {
			return x.Kind == "secret" && strings.HasPrefix(x.Name, "*")
		})
		if i < 0 || got[i].Certainty != c.want {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
}
