package formats

import (
	"strings"
	"testing"

	"tideline/parsers"
)

// An originsSink keeps out of which envelope and of which cluster events are, and
// what they can tell.
type originsSink struct{ origins []string }

func (s *originsSink) Event(_ *parsers.Format, ev *parsers.Event) error {
	details := ""
	for _, d := range ev.Facts.Details {
		details += " " + string(d)
	}
	s.origins = append(s.origins, ev.Origin.Envelope+" "+ev.Origin.Cluster+details)
	return nil
}

func (*originsSink) Remark(parsers.Remark) {}

// TestWhatCameBeforeChangesNothing: an envelope that knows a record is asked, though
// the record before was of an event as it is, or in a wrapper that nobody knows.
func TestWhatCameBeforeChangesNothing(t *testing.T) {
	line := quoted(t, variantEvent)
	records := map[string]string{
		"json-member ": `{"ts":"2025-03-01T10:00:00Z","x":` + line + "}",
		"json ":        `{"topic":"t","payload":` + line + "}",
		"text ":        `audit! ` + variantEvent,
		" ":            variantEvent,
	}
	known := map[string]string{
		"aks-diagnostic C":      `{"category":"kube-audit","properties":{"log":` + line + `},"resourceId":"/SUBSCRIPTIONS/S/MANAGEDCLUSTERS/C"}`,
		"eks-cloudwatch c":      `{"messageType":"DATA_MESSAGE","logGroup":"/aws/eks/c/cluster","logEvents":[{"id":"1","timestamp":1740823200123,"message":` + line + `}]}`,
		"elasticsearch ":        `{"_index":"i","_source":` + variantEvent + `}`,
		"eks-s3-export ":        `2025-03-01T10:00:00.123Z ` + variantEvent,
		"viaq id":               `{"@timestamp":"2025-03-01T10:00:00Z","log_type":"audit","openshift":{"cluster_id":"id"},"k8s_audit_level":"Metadata",` + strings.Replace(variantEvent[1:], `"level":"Metadata"`, `"level":"default"`, 1),
		"elasticsearch>viaq id": `{"_index":"i","_source":{"log_type":"audit","openshift":{"cluster_id":"id"},"k8s_audit_level":"Metadata",` + strings.Replace(variantEvent[1:], `"level":"Metadata"`, `"level":"default"`, 1) + `}`,
	}
	for before, first := range records {
		for want, record := range known {
			s := &originsSink{}
			in := first + "\n" + `{"_index":"i","_source":` + variantEvent + "}\n" + first + "\n" + record + "\n"
			if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
				t.Fatal(err)
			}
			want += " Metadata"
			if strings.HasPrefix(want, "aks") {
				want += " an Azure Monitor record"
			}
			if len(s.origins) != 4 || s.origins[0] != before+" Metadata" || s.origins[3] != want {
				t.Errorf("behind %q: %q, want %q", before, s.origins, want)
			}
		}
	}
}

// TestDamageDoesNotHideTheEnvelopeOfTheNext: what opens anything opens a record of a
// known wrapper that is damaged, and is not asked first about the next one for that.
func TestDamageDoesNotHideTheEnvelopeOfTheNext(t *testing.T) {
	for want, record := range map[string]string{
		"elasticsearch  Metadata":                           `{"_index":"i","_source":` + variantEvent + "}",
		"aks-diagnostic C Metadata an Azure Monitor record": `{"category":"kube-audit","properties":{"log":` + quoted(t, variantEvent) + `},"resourceId":"/SUBSCRIPTIONS/S/MANAGEDCLUSTERS/C"}`,
	} {
		damaged := strings.NewReplacer("_source", "_soarce", "properties", "propertias").Replace(record)
		s := &originsSink{}
		in := strings.Join([]string{damaged, record, record, damaged, record}, "\n")
		if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
			t.Fatal(err)
		}
		if len(s.origins) != 5 || !strings.HasPrefix(s.origins[0], "json-member") || s.origins[1] != want || s.origins[2] != want || s.origins[4] != want {
			t.Errorf("%q, want %q", s.origins, want)
		}
	}
}
