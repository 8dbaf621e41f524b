package scanner

import (
	"fmt"
	"testing"

	"tideline/scanner/finding"
)

func TestAResponseNamesWhatItBrought(t *testing.T) {
	fields := map[string][]string{fieldItemName: {"db", "", "tls"}, fieldItemNamespace: {"prod", "prod", "dev"}}
	look := func(name string) []string { return fields[name] }
	all := finding.Exposed{Kind: "secret", Name: "*", Certainty: finding.Obtained}
	if got := fmt.Sprint(returned([]finding.Exposed{all}, look)); got != "[{secret prod db obtained} {secret dev tls obtained}]" {
		t.Errorf("got %s", got)
	}
	fields[fieldItemNamespace] = nil
	all.Namespace = "prod"
	if got := fmt.Sprint(returned([]finding.Exposed{all}, look)); got != "[{secret prod db obtained} {secret prod tls obtained}]" {
		t.Errorf("items without namespace: got %s", got)
	}
	for _, e := range []finding.Exposed{{Kind: "secret", Name: "*", Certainty: finding.Attempted},
		{Kind: "secret", Name: "db", Certainty: finding.Obtained}, {Kind: "log-line", Name: "*", Certainty: finding.Obtained}} {
		if got := returned([]finding.Exposed{e}, look); got != nil {
			t.Errorf("%+v: got %v", e, got)
		}
	}
}
