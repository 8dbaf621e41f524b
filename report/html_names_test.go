package report

import (
	"slices"
	"testing"

	"tideline/scanner/finding"
)

// TestActorsOfHostsAreToldApart: the login uid 1004 of one host is not that of another,
// neither in a heading nor in the rotation list; and who was refused is told there.
func TestActorsOfHostsAreToldApart(t *testing.T) {
	o := &finding.Overview{
		Actors: []finding.Actor{
			{ID: "linux:h1/auid=1004", Names: []string{"auid=1004"}, Hosts: []string{"h1"}, Score: 60},
			{ID: "linux:h2/auid=1004", Names: []string{"auid=1004"}, Hosts: []string{"h2"}, Score: 50},
			{ID: "k8s:system:serviceaccount:prod:web", Names: []string{"system:serviceaccount:prod:web"}, Score: 40},
		},
		Exposure: []finding.Exposure{{Kind: "secret", Namespace: "prod", Name: "db",
			Actors: []string{"linux:h1/auid=1004", "linux:h2/auid=1004", "k8s:system:serviceaccount:prod:web"},
			Tried:  []string{"linux:h3/uid=101", "k8s:bob"}}},
	}
	v, err := newPageView(o)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"auid=1004 on h1", "auid=1004 on h2", "sa:prod:web"}
	for i, c := range v.Cards {
		if c.Name != want[i] {
			t.Errorf("card %q, want %q", c.Name, want[i])
		}
	}
	if got := v.Exposure[0]; !slices.Equal(got.Who, want) || !slices.Equal(got.Tried, []string{"uid=101 on h3", "bob"}) {
		t.Errorf("by %q, tried by %q", got.Who, got.Tried)
	}
}
