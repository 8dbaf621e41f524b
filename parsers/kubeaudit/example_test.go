package kubeaudit_test

import (
	"fmt"

	"tideline/parsers"
	"tideline/parsers/kubeaudit"
)

// A decoder is told once which fields rules ask for, and is asked for them by
// index.
func Example() {
	line := []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseStarted",` +
		`"requestURI":"/api/v1/namespaces/prod/pods/db-0/exec?command=cat\u0026command=%2Fetc%2Fshadow","verb":"get",` +
		`"user":{"username":"ann"},"objectRef":{"resource":"pods","namespace":"prod","name":"db-0","subresource":"exec"},` +
		`"responseStatus":{"code":101},"requestReceivedTimestamp":"2026-03-01T10:00:00.000000Z"}`)
	fields := []string{"k8s.cmd", "k8s.ok", "requestObject.spec"}
	dec := kubeaudit.Format.NewDecoder(parsers.Options{Fields: fields})
	err := dec.Decode(&parsers.Record{Data: line}, func(ev *parsers.Event) error {
		fmt.Printf("%s: %s %s %s/%s: %s\n", ev.Facts.Name, ev.Facts.Action, ev.Facts.Kind, ev.Facts.Namespace, ev.Facts.Target, ev.Facts.Outcome)
		for i, name := range fields {
			fmt.Printf("%s = %q\n", name, ev.Views[0].Fields.Values(nil, i))
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// ann: get pods/exec prod/db-0: allowed
	// k8s.cmd = ["cat /etc/shadow"]
	// k8s.ok = ["true"]
	// requestObject.spec = []
	// <nil>
}
