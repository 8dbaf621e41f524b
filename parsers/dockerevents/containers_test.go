package dockerevents

import (
	"fmt"
	"strings"
	"testing"

	"tideline/parsers"
)

// TestContainersAreRememberedAsTold: what an event says of its container counts,
// whatever was said of it before, and what is remembered is bounded.
func TestContainersAreRememberedAsTold(t *testing.T) {
	d := newDecoder(parsers.Options{}).(*decoder)
	var got parsers.Container
	read := func(line string) {
		t.Helper()
		if err := d.Decode(&parsers.Record{Data: []byte(line), Raw: []byte(line)}, func(ev *parsers.Event) error { got = ev.Origin.Container; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	line := func(id, name, image, more string) string {
		return fmt.Sprintf(`{"Type":"container","Action":"start","Actor":{"ID":%q,"Attributes":{"image":%q,"name":%q%s}},"time":1773014400}`, id, image, name, more)
	}
	pod := `,"io.kubernetes.pod.name":"p","io.kubernetes.pod.namespace":"n","io.kubernetes.container.name":"c"`
	for _, c := range []struct {
		line string
		want parsers.Container
	}{
		{line("a1", "web", "nginx", ""), parsers.Container{ID: "a1", Name: "web", Image: "nginx"}},
		{line("a1", "web", "nginx", ""), parsers.Container{ID: "a1", Name: "web", Image: "nginx"}},
		{line("a1", "web", "nginx:2", ""), parsers.Container{ID: "a1", Name: "web", Image: "nginx:2"}},
		{line("a1", "renamed", "nginx:2", ""), parsers.Container{ID: "a1", Name: "renamed", Image: "nginx:2"}},
		{line("a1", "k8s_c", "nginx:2", pod), parsers.Container{ID: "a1", Name: "c", Image: "nginx:2", Pod: "p", Namespace: "n"}},
		{line("a1", "web", "nginx", ""), parsers.Container{ID: "a1", Name: "web", Image: "nginx"}},
		{line("", "web", "nginx", ""), parsers.Container{Name: "web", Image: "nginx"}},
		{line(strings.Repeat("f", 2000), "web", "nginx", ""), parsers.Container{ID: strings.Repeat("f", 2000), Name: "web", Image: "nginx"}},
	} {
		if read(c.line); got != c.want {
			t.Errorf("%.120s: %+v, want %+v", c.line, got, c.want)
		}
	}
	for i := range 2 * maxContainers {
		read(line(fmt.Sprint("id", i), "web", "nginx", ""))
	}
	if n := len(d.known.byID); n > maxContainers || n == 0 {
		t.Errorf("%d containers are remembered", n)
	}
}

// TestKnownContainersCostNoAllocation even if there are more of them than names
// are kept.
func TestKnownContainersCostNoAllocation(t *testing.T) {
	var lines [][]byte
	for i := range 6000 {
		lines = append(lines, fmt.Appendf(nil, `{"Type":"container","Action":"start","Actor":{"ID":"%064x","Attributes":{"image":"i%d","name":"n%d"}},"time":1773014400}`, i, i, i))
	}
	d := newDecoder(parsers.Options{})
	rec := parsers.Record{}
	emit := func(*parsers.Event) error { return nil }
	allocs := testing.AllocsPerRun(2, func() {
		for _, line := range lines {
			rec.Data, rec.Raw = line, line
			if err := d.Decode(&rec, emit); err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocs > 60 {
		t.Errorf("%.0f allocations for %d events", allocs, len(lines))
	}
}
