package exposure

import (
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func read(id, namespace, name, certainty string, minute int) *finding.Finding {
	at := finding.Time{Time: noon.Add(time.Duration(minute) * time.Minute)}
	return &finding.Finding{ID: id, Action: "get", Time: at, LastTime: at, Count: 1,
		Exposed: []finding.Exposed{{Kind: "secret", Namespace: namespace, Name: name, Certainty: certainty}}}
}

func TestOneLineForEachCredentialAndScope(t *testing.T) {
	var l List
	l.Add(read("b", "prod", "db", finding.Attempted, 5), "k8s:eve")
	l.Add(read("a", "prod", "db", finding.Obtained, 1), "k8s:alice")
	l.Add(read("c", "", "*", finding.Obtained, 2), "k8s:eve")
	l.Add(read("d", "prod", "*", finding.Attempted, 3), "k8s:eve")
	lines := l.Lines(map[string]int{"k8s:alice": 80, "k8s:eve": 40})
	if len(lines) != 3 {
		t.Fatalf("%d lines, want 3: %+v", len(lines), lines)
	}
	db := lines[0]
	if db.Name != "db" || db.Certainty != finding.Obtained || db.Count != 1 || db.Advice != "rotate" {
		t.Errorf("db: %+v", db)
	}
	if !reflect.DeepEqual(db.Actors, []string{"k8s:alice"}) || !reflect.DeepEqual(db.Tried, []string{"k8s:eve"}) || !reflect.DeepEqual(db.Findings, []string{"a"}) {
		t.Errorf("who was refused did not get it: actors %v, tried %v, findings %v", db.Actors, db.Tried, db.Findings)
	}
	if !db.First.Equal(noon.Add(time.Minute)) || !db.Last.Equal(noon.Add(time.Minute)) {
		t.Errorf("db: from %v to %v", db.First, db.Last)
	}
	if all := lines[1]; all.Namespace != "" || !reflect.DeepEqual(all.Seen, []string{"prod/db"}) {
		t.Errorf("a cluster-wide entry names what is known: %+v", all)
	}
	if attempt := lines[2]; attempt.Certainty != finding.Attempted || attempt.Advice != "check" {
		t.Errorf("what was only attempted comes last, to be checked: %+v", attempt)
	}
}

func TestTheOrderOfFindingsDoesNotMatter(t *testing.T) {
	list := []*finding.Finding{
		read("a", "prod", "db", finding.Obtained, 1), read("b", "prod", "db", finding.Attempted, 5),
		read("c", "", "*", finding.Possible, 2), read("d", "dev", "x", finding.Obtained, 3),
	}
	var forward, backward List
	for i := range list {
		forward.Add(list[i], "k8s:eve")
		backward.Add(list[len(list)-1-i], "k8s:eve")
	}
	if !reflect.DeepEqual(forward.Lines(nil), backward.Lines(nil)) {
		t.Errorf("forward  %+v\nbackward %+v", forward.Lines(nil), backward.Lines(nil))
	}
}

// TestAFindingWithoutATimeMovesNoBeginning: docker inspect has none.
func TestAFindingWithoutATimeMovesNoBeginning(t *testing.T) {
	var l List
	l.Add(read("a", "prod", "db", finding.Obtained, 1), "k8s:eve")
	untimed := read("b", "prod", "db", finding.Obtained, 0)
	untimed.Time, untimed.LastTime = finding.Time{}, finding.Time{}
	l.Add(untimed, "k8s:eve")
	if e := l.Lines(nil)[0]; !e.First.Equal(noon.Add(time.Minute)) || !e.Last.Equal(noon.Add(time.Minute)) || e.Count != 1 {
		t.Errorf("from %v to %v, %d times", e.First, e.Last, e.Count)
	}
}

func TestAdviceFitsTheCredential(t *testing.T) {
	for _, c := range []struct {
		kind, certainty string
		worst           int
		want            string
	}{
		{"secret", finding.Obtained, 80, "rotate"},
		{"secret", finding.Obtained, 3, "check"},
		{"token", finding.Possible, 80, "revoke"},
		{"log-line", finding.Obtained, 80, "delete and rotate"},
		{"token", finding.Attempted, 80, "check"},
	} {
		if got := advice(c.kind, c.certainty, c.worst); got != c.want {
			t.Errorf("advice(%s, %s, %d) = %q, want %q", c.kind, c.certainty, c.worst, got, c.want)
		}
	}
}

func TestWhatExpectedReadersReadComesLast(t *testing.T) {
	var l List
	l.Add(read("a", "prod", "all-day", finding.Obtained, 1), "k8s:operator")
	l.Add(read("b", "prod", "stolen", finding.Possible, 2), "k8s:eve")
	lines := l.Lines(map[string]int{"k8s:operator": 4, "k8s:eve": 70})
	if lines[0].Name != "stolen" || lines[1].Name != "all-day" || lines[1].Advice != "check" {
		t.Errorf("got %+v", lines)
	}
}

func TestNamesSeenElsewhereFillAllOfThem(t *testing.T) {
	var l List
	l.Add(read("a", "prod", "*", finding.Obtained, 1), "k8s:eve")
	l.Add(read("b", "", "*", finding.Obtained, 2), "k8s:eve")
	l.Name("secret", "prod", "tls")
	l.Name("secret", "dev", "db")
	l.Name("image", "", "alpine")
	l.Name("secret", "dev", "cache")
	l.Name("secret", "", "of-swarm")
	l.Add(read("c", "stage", "maybe", finding.Possible, 3), "k8s:eve")
	for _, e := range l.Lines(map[string]int{"k8s:eve": 80}) {
		if e.Name != "*" {
			continue
		}
		want := []string{"tls"}
		if e.Namespace == "" {
			want = []string{"of-swarm", "dev/cache", "dev/db", "prod/tls", "stage/maybe"}
		}
		if !reflect.DeepEqual(e.Seen, want) {
			t.Errorf("%q: seen %v, want %v", e.Namespace, e.Seen, want)
		}
	}
	if n := len(l.Lines(nil)); n != 3 {
		t.Errorf("%d lines: a name alone is no exposure", n)
	}
}

// TestAListBringsNothingThatIsDescribed: what was printed in a pod is no Secret
// of that name.
func TestAListBringsNothingThatIsDescribed(t *testing.T) {
	var l List
	l.Add(read("a", "prod", "*", finding.Obtained, 1), "k8s:eve")
	l.Add(read("b", "prod", "pod web-0", finding.Possible, 2), "k8s:eve")
	l.Add(read("c", "prod", "* with owner=helm", finding.Obtained, 2), "k8s:eve")
	for _, e := range l.Lines(nil) {
		if e.Name == "*" && !reflect.DeepEqual(e.Seen, []string{"* with owner=helm"}) {
			t.Errorf("all of prod: %v", e.Seen)
		}
	}
}

// TestAGuessIsNoName: what was asked for and not there is not among those that a
// list brought.
func TestAGuessIsNoName(t *testing.T) {
	var l List
	l.Add(read("a", "prod", "*", finding.Obtained, 1), "k8s:eve")
	l.Add(read("b", "prod", "mysql", finding.Attempted, 2), "k8s:eve")
	for _, e := range l.Lines(nil) {
		if e.Name == "*" && len(e.Seen) > 0 {
			t.Errorf("all of prod: %v", e.Seen)
		}
	}
}

func TestSeveralRulesOnOneActCountOnce(t *testing.T) {
	var l List
	for i, offset := range []int64{10, 10, 10, 90} {
		f := read(string(rune('a'+i)), "prod", "db", finding.Obtained, i)
		f.Source.Path, f.Source.Offset, f.Count = "audit.log", offset, int64(i+1)
		l.Add(f, "k8s:eve")
	}
	if e := l.Lines(nil)[0]; e.Count != 3+4 || len(e.Findings) != 4 {
		t.Errorf("count %d of %v, want 7 of 4", e.Count, e.Findings)
	}
	for i := range finding.MaxActorFindings {
		l.Add(read(fmt.Sprintf("%05d", finding.MaxActorFindings-i), "prod", "db", finding.Obtained, 1), "k8s:eve")
	}
	if e := l.Lines(nil)[0]; len(e.Findings) != finding.MaxActorFindings || !sort.StringsAreSorted(e.Findings) {
		t.Errorf("%d findings are listed, %d at most, in order: %v", len(e.Findings), finding.MaxActorFindings, e.Findings)
	}
}

// TestTheListIsBounded: what does not fit is counted, and what fitted goes on counting.
func TestTheListIsBounded(t *testing.T) {
	var l List
	for i := range maxLines + 3 {
		l.Add(read("a", "prod", strconv.Itoa(i), finding.Obtained, 1), "k8s:eve")
	}
	l.Add(read("b", "prod", "0", finding.Obtained, 9), "k8s:eve")
	if l.Overflow != 3 || len(l.lines) != maxLines {
		t.Errorf("%d lines, %d that did not fit", len(l.lines), l.Overflow)
	}
	l.Add(read("c", "prod", "*", finding.Obtained, 1), "k8s:eve")
	if l.Overflow != 4 {
		t.Errorf("%d did not fit", l.Overflow)
	}
	for _, e := range l.Lines(nil) {
		if e.Name == "0" && !e.Last.Equal(noon.Add(9*time.Minute)) {
			t.Errorf("a line of a full list: %+v", e)
		}
	}
}

// TestActsOfALineAreBounded: those that did not fit are counted, each time.
func TestActsOfALineAreBounded(t *testing.T) {
	var p part
	for act := range uint64(maxActs + 11) {
		p.occurred(act, 1)
		p.occurred(5, 2)
	}
	if len(p.acts) != maxActs || p.count() != maxActs+11+1 {
		t.Errorf("%d acts, %d times", len(p.acts), p.count())
	}
}

func TestALineAboutAllListsSoManyNames(t *testing.T) {
	var l List
	l.Add(read("a", "prod", "*", finding.Obtained, 1), "k8s:eve")
	for i := range maxSeen + 5 {
		l.Name("secret", "prod", fmt.Sprintf("%05d", i))
	}
	got := l.Lines(nil)[0].Seen
	if len(got) != maxSeen || got[0] != "00000" || got[maxSeen-1] != fmt.Sprintf("%05d", maxSeen-1) {
		t.Errorf("%d names, from %s to %s", len(got), got[0], got[len(got)-1])
	}
}

// TestTheOrderOfLines: of one urgency those of kind, namespace and name; who has the
// highest score stands first on each.
func TestTheOrderOfLines(t *testing.T) {
	var l List
	scores := map[string]int{"k8s:eve": 80, "k8s:mallory": 95, "k8s:operator": 3}
	take := func(kind, namespace, name, certainty string, actors ...string) {
		for _, a := range actors {
			f := read("x"+a, namespace, name, certainty, 1)
			f.Exposed[0].Kind = kind
			l.Add(f, a)
		}
	}
	take("secret", "b", "z", finding.Obtained, "k8s:eve")
	take("secret", "b", "a", finding.Obtained, "k8s:eve")
	for _, name := range []string{"m", "c", "k", "q", "e"} {
		take("secret", "a", name, finding.Obtained, "k8s:eve")
	}
	take("configmap", "c", "c", finding.Obtained, "k8s:eve")
	take("secret", "c", "both", finding.Obtained, "k8s:eve", "k8s:mallory", "k8s:operator")
	take("secret", "a", "maybe", finding.Possible, "k8s:mallory")
	take("secret", "a", "tried", finding.Attempted, "k8s:mallory")
	take("secret", "a", "work", finding.Obtained, "k8s:operator")
	take("secret", "a", "work-too", finding.Possible, "k8s:operator")
	var got []string
	for _, e := range l.Lines(scores) {
		got = append(got, e.Kind+" "+e.Namespace+"/"+e.Name+" "+strings.Join(e.Actors, ","))
	}
	want := []string{
		"secret c/both k8s:mallory,k8s:eve,k8s:operator",
		"configmap c/c k8s:eve", "secret a/c k8s:eve", "secret a/e k8s:eve", "secret a/k k8s:eve", "secret a/m k8s:eve", "secret a/q k8s:eve", "secret b/a k8s:eve", "secret b/z k8s:eve",
		"secret a/maybe k8s:mallory",
		"secret a/tried k8s:mallory",
		"secret a/work k8s:operator", "secret a/work-too k8s:operator",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

// TestWhoGotItDidNotOnlyTry: an actor that was refused once and got it later stands
// with those who got it.
func TestWhoGotItDidNotOnlyTry(t *testing.T) {
	var l List
	l.Add(read("b", "prod", "db", finding.Obtained, 5), "k8s:eve")
	l.Add(read("a", "prod", "db", finding.Attempted, 1), "k8s:eve")
	l.Add(read("c", "prod", "db", finding.Possible, 9), "k8s:bob")
	silent := read("d", "prod", "db", finding.Obtained, 3)
	silent.Action = ""
	l.Add(silent, "k8s:eve")
	e := l.Lines(nil)[0]
	if !reflect.DeepEqual(e.Tried, []string{"k8s:bob"}) || !reflect.DeepEqual(e.How, []string{"get"}) || !reflect.DeepEqual(e.Findings, []string{"b", "d"}) {
		t.Errorf("%+v", e)
	}
	if !e.First.Equal(noon.Add(3*time.Minute)) || !e.Last.Equal(noon.Add(5*time.Minute)) {
		t.Errorf("from %v to %v", e.First, e.Last)
	}
}

func TestWhatWasInReachIsNamedForItsActorOnly(t *testing.T) {
	var l List
	take := func(id, name, actor string) {
		f := read(id, "", name, finding.Obtained, 1)
		f.Exposed[0].Kind = "environment"
		l.Add(f, actor)
	}
	take("a", "*", "linux:n/auid=1")
	take("b", "api", "linux:n/auid=1")
	take("c", "db", "linux:n/auid=2")
	take("d", "aux", "linux:n/auid=1")
	in := read("e", "prod", "pod web-0", finding.Obtained, 1)
	in.Exposed[0].Kind = "environment"
	l.Add(in, "linux:n/auid=1")
	l.Add(read("f", "", "of-another-kind", finding.Obtained, 1), "linux:n/auid=1")
	for _, e := range l.Lines(nil) {
		if e.Name == "*" && !reflect.DeepEqual(e.Seen, []string{"api", "aux", "pod prod/web-0"}) {
			t.Errorf("seen %v, want api, aux and pod prod/web-0", e.Seen)
		}
	}
}

func TestOnePodIsOneLineHoweverTheLogNamesIt(t *testing.T) {
	env := func(id, namespace, name string) *finding.Finding {
		f := read(id, "", "", "", 1)
		f.Source.Offset = int64(id[0])
		f.Exposed = []finding.Exposed{{Kind: "environment", Namespace: namespace, Name: name, Certainty: finding.Possible}}
		return f
	}
	var l List
	for _, f := range []*finding.Finding{env("a", "prod", "pod pay-1"), env("b", "prod", "of pods pay-1"), env("c", "", "pod prod/pay-1"),
		env("d", "prod", "of deployments pay-1"), env("g", "prod", "of pods https:pay-1:8443"), env("h", "prod", "of pods pay-1:80"), env("e", "", "pod pay-1"), env("f", "", "pod /etc/x y")} {
		l.Add(f, "k8s:eve")
	}
	got := map[string]int64{}
	for _, e := range l.Lines(nil) {
		got[e.Namespace+"|"+e.Name] = e.Count
	}
	want := map[string]int64{"prod|pod pay-1": 5, "prod|of deployments pay-1": 1, "|pod pay-1": 1, "|pod /etc/x y": 1}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("lines %v, want %v", got, want)
	}
}
