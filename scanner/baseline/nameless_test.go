package baseline

import (
	"bytes"
	"testing"
	"time"

	"tideline/scanner/finding"
)

func TestHabitsOfAHostWithoutAName(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	learn := func(b *Baseline, actor string) {
		b.Add(NewHabit(actor, "exec_create", "container", "", ""), Use{Count: 1, First: finding.Time{Time: at}, Last: finding.Time{Time: at}})
	}
	one, two := New(), New()
	one.AddNameless("a")
	learn(one, "docker:a")
	learn(one, "linux:a/auid=1000")
	learn(one, "linux:node1/auid=7")
	two.AddNameless("c")
	learn(two, "linux:c/auid=2000")
	both := New()
	both.Merge(two)
	both.Merge(one)
	for _, c := range []struct {
		name   string
		from   *Baseline
		actor  string
		known  bool // whether there is something to compare with
		isNews bool
	}{
		{"the client of a Docker host", one, "docker:b", true, false},
		{"a login", one, "linux:b/auid=1000", true, false},
		{"a login never seen", one, "linux:b/auid=1001", true, true},
		{"a login of a host with a name is none of a nameless one", one, "linux:b/auid=7", true, true},
		{"a host with a name is itself", one, "linux:node2/auid=1000", false, false},
		{"nothing of its kind was learned", two, "docker:b", false, false},
		{"several: one of the same folder", both, "linux:c/auid=1000", true, true},
		{"several: or else all", both, "linux:b/auid=2000", true, false},
	} {
		var file bytes.Buffer
		if err := Write(&file, c.from); err != nil {
			t.Fatal(err)
		}
		b, err := Read(&file)
		if err != nil {
			t.Fatal(err)
		}
		x := b.IndexFor(map[string]bool{"b": true, "c": true})
		h := NewHabit(c.actor, "exec_create", "container", "", "")
		news, usual := x.Judge(h, at)
		if known := x.Comparable(c.actor, at); known != c.known || len(news) > 0 != c.isNews || usual != (c.known && !c.isNews) {
			t.Errorf("%s: comparable %v, new %q, usual %v", c.name, known, news, usual)
		}
		if first := x.KnowsActor(h, at) && x.KnowsAct(h, at) && x.KnowsClient(h, at); first != (c.known && !c.isNews) {
			t.Errorf("%s: first_seen knows it: %v", c.name, first)
		}
		if x.Print(c.actor, at) != 0 != c.known {
			t.Errorf("%s: its print says otherwise", c.name)
		}
	}
}
