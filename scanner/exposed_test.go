package scanner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/given"
	"tideline/scanner/pending"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
	"tideline/scanner/text"
)

// row is an event of which fields have the values of a table.
type row struct {
	set    *sigma.Set
	fields map[string][]string
}

func (r row) Values(dst [][]byte, field int) [][]byte {
	for _, v := range r.fields[r.set.Fields()[field]] {
		dst = append(dst, []byte(v))
	}
	return dst
}
func (r row) Keywords(dst [][]byte) [][]byte { return dst }

// keyRule is one rule, which names arguments and may match by something else.
func keyRule(t *testing.T, more ...string) *ruleset.Ruleset {
	t.Helper()
	rs := ruleset.New([]ruleset.Text{{Path: "given.yml", Data: []byte(`
title: Key read
id: 7d0c5d3e-6a8f-4f0e-9a55-000000000001
logsource: {product: linux, category: audit_event}
detection:
  f: {argv|startswith: /etc/kubernetes/}
  r: {exe: /bin/xxd}
  condition: f or r
level: high
tideline:
  summary: keys
  exposes: {kind: kubeconfig, name: argv, certainty: possible}
` + strings.Join(more, ""))}}, ruleset.Options{})
	if rs.Set == nil || len(rs.Set.Rules()) != 1 {
		t.Fatalf("%+v", rs.Refused())
	}
	return rs
}

// Of the arguments of a command those are credentials that the rule looks for,
// each by itself; a rule that looks at something else names them all.
func TestGivenAreTheValuesLookedFor(t *testing.T) {
	rs := keyRule(t)
	s := &sink{rules: rs, texts: text.NewRecent()}
	for _, c := range []struct {
		name   string
		fields map[string][]string
		want   []string
	}{
		{"one of two", map[string][]string{"argv": {"cat", "/etc/kubernetes/a"}}, []string{"/etc/kubernetes/a"}},
		{"two of three", map[string][]string{"argv": {"cat", "/etc/kubernetes/a", "/etc/kubernetes/b", "/etc/kubernetes/a"}}, []string{"/etc/kubernetes/a", "/etc/kubernetes/b"}},
		{"no other", map[string][]string{"argv": {"/etc/kubernetes/a"}}, []string{"/etc/kubernetes/a"}},
		{"none", nil, []string{"*"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields := row{rs.Set, c.fields}
			v := &parsers.View{Fields: fields}
			look := s.look(&finding.Hit{}, v)
			var got []string
			for _, e := range given.Of(&rs.Block(0).Exposes[0], rs.Set, 0, v, "allowed", look) {
				if got = append(got, e.Name); e.Certainty != finding.Possible {
					t.Errorf("%s is %s", e.Name, e.Certainty)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("gives away %q, want %q", got, c.want)
			}
		})
	}
}

// What of several values a hit gave away hangs on more than those values: hits that
// are equal in all else are not taken for repetitions.
func TestGivenOfSeveralIsNotForetold(t *testing.T) {
	p := NewPartial(0)
	p.echoes = echo.New()
	defer p.Close()
	rs := keyRule(t)
	s := newSink(newKits(rs), &hitBuffer{partial: p})
	s.start("a.log", &pending.Hits{})
	for i, exe := range []string{"/bin/cat", "/bin/xxd", "/bin/cat"} {
		v := &parsers.View{Fields: row{rs.Set, map[string][]string{"exe": {exe}, "argv": {"cat", "/etc/kubernetes/a"}}}}
		ev := &parsers.Event{Time: time.Unix(int64(100+i), 0), Pos: []parsers.Pos{{Offset: int64(i), Length: 1}}, Raw: [][]byte{[]byte("x")},
			Facts: parsers.Facts{Actor: parsers.KubernetesUser, Name: []byte("alice"), Outcome: parsers.Allowed}}
		if err := s.hit(&parsers.Format{Name: "test"}, ev, v, 0); err != nil {
			t.Fatal(err)
		}
	}
	var got []int
	if err := p.EachHit(func(h *finding.Hit) error { got = append(got, len(h.Exposed)); return nil }); err != nil {
		t.Fatal(err)
	}
	if want := []int{1, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("hits give away %v, want %v", got, want)
	}
}
