package exposure

import (
	"reflect"
	"testing"

	"tideline/scanner/finding"
)

// TestASecretOfARegistryIsOneLine: two rules speak of one Secret by two kinds, and it is
// rotated once.
func TestASecretOfARegistryIsOneLine(t *testing.T) {
	as := func(f *finding.Finding, kind, action string, offset int64) *finding.Finding {
		f.Exposed[0].Kind, f.Action, f.Source.Offset = kind, action, offset
		return f
	}
	findings := []*finding.Finding{
		as(read("a", "prod", "regcred", finding.Obtained, 1), "secret", "get", 0),
		as(read("b", "prod", "regcred", finding.Obtained, 1), finding.RegistryCredential, "get", 0), // the same record
		as(read("c", "prod", "regcred", finding.Possible, 9), "secret", "create", 70),
		as(read("d", "prod", "regcred", finding.Obtained, 5), "secret", "list", 90),
		as(read("e", "dev", "regcred", finding.Obtained, 5), "secret", "get", 120),                // another one
		as(read("f", "", "*", finding.Obtained, 6), finding.RegistryCredential, "list", 150),      // no single one
		as(read("g", "", "*", finding.Obtained, 6), "secret", "list", 150),                        // nor this
		as(read("h", "dev", "pull", finding.Obtained, 7), finding.RegistryCredential, "get", 180), // by one kind
		as(read("i", "", "regcred", finding.Obtained, 8), finding.RegistryCredential, "get", 210), // of no namespace
		as(read("j", "", "regcred", finding.Obtained, 8), "secret", "get", 240),                   // so who knows which
		as(read("k", "prod", "regcred", finding.Obtained, 8), "service-account-token", "", 9),     // another thing
		as(read("l", "prod", "pod web-0", finding.Obtained, 8), "secret", "get", 270),             // where it is, and not which
		as(read("m", "prod", "pod web-0", finding.Obtained, 8), finding.RegistryCredential, "get", 300),
	}
	scores := map[string]int{"k8s:eve": 80, "k8s:bob": 70}
	var forward, backward List
	for i, f := range findings {
		forward.Add(f, []string{"k8s:eve", "k8s:bob"}[i/3%2])
		j := len(findings) - 1 - i
		backward.Add(findings[j], []string{"k8s:eve", "k8s:bob"}[j/3%2])
	}
	lines := forward.Lines(scores)
	if again := backward.Lines(scores); !reflect.DeepEqual(lines, again) {
		t.Errorf("the order of findings matters:\n%+v\n%+v", lines, again)
	}
	if len(lines) != 10 {
		t.Errorf("%d lines, want 10: %+v", len(lines), lines)
	}
	for _, e := range lines {
		if e.Namespace != "prod" || e.Name != "regcred" || e.Kind == "service-account-token" {
			continue
		}
		if e.Kind != finding.RegistryCredential || e.Count != 2 || !reflect.DeepEqual(e.How, []string{"get", "list"}) ||
			!reflect.DeepEqual(e.Actors, []string{"k8s:eve", "k8s:bob"}) || !reflect.DeepEqual(e.Findings, []string{"a", "b", "d"}) {
			t.Errorf("not all that is known of it in one line: %+v", e)
		}
	}
}
