package kubeaudit

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers"
)

// TestCorpusCounts: how many events whole files give, each file as one record,
// and what is remarked.
func TestCorpusCounts(t *testing.T) {
	dir := corpus()
	if dir == "" {
		t.Skip("no corpus beside the checkout")
	}
	for _, c := range []struct {
		glob   string
		events int
		remark string
	}{
		{"k8s-audit/openshift+*/hack/logsamples/raw_audit_*.json", 1, ""},
		{"k8s-audit/openshift+*/test/functional/filters/apiaudit/vrl/log5607_sample.json", 1, ""},
		{"k8s-audit/timescale+*/crates/*/tests/fixtures/schema-classification/k8s_audit/test_event.json", 1, ""},
		{"k8s-audit/falcosecurity+falco/test/trace_files/psp/*.json", 1, ""},
		{"k8s-audit/liggitt+audit2rbac/testdata/demo.log", 37, ""},
		{"k8s-audit-eks/splunk+*/example_logs/kubernetes_audit.log", 1, ""},
		{"k8s-audit-gke/GoogleCloudPlatform+khi/test/logs/k8s_audit/*.json", 1, ""},
	} {
		files, err := filepath.Glob(filepath.Join(dir, c.glob))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: no such file, error %v", c.glob, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			n, remark := 0, ""
			var re *parsers.RecordError
			if err := Format.NewDecoder(parsers.Options{}).Decode(&parsers.Record{Data: data}, func(*parsers.Event) error { n++; return nil }); errors.As(err, &re) {
				remark = re.Code
			} else if err != nil {
				remark = err.Error()
			}
			if n != c.events || remark != c.remark {
				t.Errorf("%s: %d events and %q, want %d and %q", filepath.Base(file), n, remark, c.events, c.remark)
			}
		}
	}
}

// TestAgainstJq compares the values of fields with what jq finds, over all real
// events on one line.
func TestAgainstJq(t *testing.T) {
	jq, err := exec.LookPath("jq")
	if err != nil {
		t.Skip("no jq on this machine")
	}
	fields := []string{"verb", "user.username", "user.groups", "sourceIPs", "objectRef.resource", "requestURI", "userAgent",
		"requestObject.spec.containers.image", "requestObject.metadata.labels", "annotations.authorization.k8s.io/reason"}
	const filter = `[[.verb], [.user.username], [.user.groups[]?], [.sourceIPs[]?], [.objectRef.resource], [.requestURI], [.userAgent],
		[.requestObject | objects | .spec.containers[]?.image], [.requestObject | objects | .metadata.labels],
		[.annotations["authorization.k8s.io/reason"]]] | map(map(select(. != null) | if type == "string" then . else tojson end))`
	var events bytes.Buffer
	var ours [][][]string
	d := Format.NewDecoder(parsers.Options{Fields: fields})
	realEvents(t, func(_ string, line []byte) {
		if !bytes.Contains(line, []byte(`"auditID"`)) || !json.Valid(line) || line[0] != '{' {
			return
		}
		emitErr := d.Decode(&parsers.Record{Data: line}, func(ev *parsers.Event) error {
			row := make([][]string, len(fields))
			for i := range fields {
				row[i] = []string{}
				for _, v := range ev.Views[0].Fields.Values(nil, i) {
					if v != nil {
						row[i] = append(row[i], string(v))
					}
				}
			}
			ours = append(ours, row)
			events.Write(append(bytes.TrimSpace(line), '\n'))
			return nil
		})
		if emitErr != nil && !errors.Is(emitErr, parsers.ErrForeign) && !kept(emitErr) {
			t.Fatal(emitErr)
		}
	})
	cmd := exec.Command(jq, "-c", filter)
	cmd.Stdin = &events
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("jq: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(ours) {
		t.Fatalf("jq has %d events, we have %d", len(lines), len(ours))
	}
	for i, line := range lines {
		want, err := json.Marshal(ours[i])
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		if json.Unmarshal([]byte(line), &a) != nil || json.Unmarshal(want, &b) != nil {
			t.Fatal("unreadable answer")
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			t.Errorf("event %d:\n\tjq   %.600s\n\tours %.600s", i, x, y)
		}
	}
	t.Logf("%d events compared", len(lines))
}
