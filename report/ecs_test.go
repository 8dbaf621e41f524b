package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"tideline/scanner/finding"
)

// ecsTypes are the event types that ECS 8.17 expects of the categories that we use.
var ecsTypes = map[string][]string{
	"api":     {"access", "admin", "allowed", "change", "creation", "deletion", "denied", "end", "info", "start", "user"},
	"process": {"access", "change", "end", "info", "start"},
	"file":    {"access", "change", "creation", "deletion", "info"},
	"network": {"access", "allowed", "connection", "denied", "end", "info", "protocol", "start"},
	"host":    {"access", "change", "end", "info", "start"},
}

// TestECSCategories: each category has one of its types.
func TestECSCategories(t *testing.T) {
	for _, format := range []string{"kubernetes-audit", "docker-events", "dockerd", "auditd", "container-log"} {
		for _, outcome := range []string{"allowed", "denied", "failed", "unknown"} {
			for _, target := range []string{"secrets", "socket", "file", "command"} {
				for _, command := range []string{"", "cat /etc/shadow"} {
					f := sampleFindings()[0]
					f.Source.Format, f.Outcome, f.Target.Kind, f.Command = format, outcome, target, command
					e := ecsEventOf(&f)
					if len(e.Category) != 1 || len(e.Type) != 1 || !slices.Contains(ecsTypes[e.Category[0]], e.Type[0]) {
						t.Errorf("%s %s of %s, command %q: category %v, type %v", format, outcome, target, command, e.Category, e.Type)
					}
				}
			}
		}
	}
}

// TestECSFieldsOfTypeIP: an index refuses a document whose ip is none.
func TestECSFieldsOfTypeIP(t *testing.T) {
	for _, c := range []struct {
		addresses []string
		ip        string
		related   int
	}{
		{[]string{"10.0.0.1", "2001:db8::7"}, "2001:db8::7", 2},
		{[]string{"10.0.0.1", "10.0.0.1:443"}, "", 1},
		{[]string{"localhost", "fe80::1%eth0", "999.1.1.1", "\x1b[31m"}, "", 0},
	} {
		f := sampleFindings()[0]
		f.Actor.Addresses, f.Attack = c.addresses, []string{"T1552.007", "T1552.001", "T1613"}
		var d struct {
			Source  struct{ IP, Address string }
			Related struct{ IP []string }
			Threat  struct {
				Technique struct {
					ID           []string
					Subtechnique struct{ ID []string }
				}
			}
		}
		if err := json.Unmarshal(bytes.TrimSpace(ecsOf(t, &f)), &d); err != nil {
			t.Fatal(err)
		}
		if d.Source.IP != c.ip || len(d.Related.IP) != c.related || d.Source.Address != c.addresses[len(c.addresses)-1] {
			t.Errorf("%q: source %+v, related %v", c.addresses, d.Source, d.Related.IP)
		}
		if !slices.Equal(d.Threat.Technique.ID, []string{"T1552", "T1613"}) || !slices.Equal(d.Threat.Technique.Subtechnique.ID, f.Attack[:2]) {
			t.Errorf("techniques %v, sub-techniques %v", d.Threat.Technique.ID, d.Threat.Technique.Subtechnique.ID)
		}
	}
}

// TestECSTime: no document is without a time.
func TestECSTime(t *testing.T) {
	f := sampleFindings()[0]
	f.Time, f.LastTime = finding.Time{}, finding.Time{}
	if doc := ecsOf(t, &f); !bytes.HasPrefix(doc, []byte(`{"@timestamp":"1970-01-01T00:00:00Z"`)) || bytes.Contains(doc, []byte(`"start"`)) {
		t.Errorf("%.300s", doc)
	}
}

func ecsOf(t *testing.T, f *finding.Finding) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := newECS(&b, Options{}).Write(NewMasker(Options{}).Show(f)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
