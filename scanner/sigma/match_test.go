package sigma_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"tideline/scanner/sigma"
)

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		detection, event string
		want             []sigma.Match
	}{
		{"s: {a: [x, Y]}", `{"a":["q","y"]}`, []sigma.Match{{Field: "a", Value: "y", Pattern: "Y"}}},
		{"s: {a|contains|all: [x, y], b: 80}", `{"a":"Xy","b":80.0}`, []sigma.Match{
			{Field: "a", Value: "Xy", Pattern: "*x*"}, {Field: "a", Value: "Xy", Pattern: "*y*"}, {Field: "b", Value: "80.0", Pattern: "80"}}},
		{"s: [foo, 'b*r']", `{"m":"a FOO","n":"bar"}`, []sigma.Match{{Value: "a FOO", Pattern: "*foo*"}, {Value: "bar", Pattern: "*b*r*"}}},
		{"s: {a: x}\nf: {b: y}\ncondition: s and not f", `{"a":"x"}`, []sigma.Match{{Field: "a", Value: "x", Pattern: "x"}}},
		{"s: {a: null, b|exists: true}", `{"b":null}`, []sigma.Match{{Field: "a", Pattern: "null"}, {Field: "b", Pattern: "exists"}}},
		{"s: {a|re: '(x|y)+z$', b|cidr: 10.0.0.0/8}", `{"a":"xyz","b":"10.1.1.1"}`, []sigma.Match{
			{Field: "a", Value: "xyz", Pattern: "(x|y)+z$"}, {Field: "b", Value: "10.1.1.1", Pattern: "10.0.0.0/8"}}},
		{"s: {a|fieldref|startswith: b, c|gte: 3, d|hour|lt: 4}", `{"a":["q","xy"],"b":"x","c":5,"d":"2026-03-01T03:00:00Z"}`, []sigma.Match{
			{Field: "a", Value: "xy", Pattern: "{b}*"}, {Field: "c", Value: "5", Pattern: ">=3"}, {Field: "d", Value: "2026-03-01T03:00:00Z", Pattern: "hour <4"}}},
		{"s: {a|contains|cased: 'F*oo', b: 'lit\\*eral*'}", `{"a":"xF-oo","b":"LIT*ERAL!"}`, []sigma.Match{
			{Field: "a", Value: "xF-oo", Pattern: "*F*oo*"}, {Field: "b", Value: "LIT*ERAL!", Pattern: `lit\*eral*`}}},
		// Of a list, the expressions that matched, with what they have of the list.
		{`s: {a|re|expand: ['(^|\s)(%readers%)\s', '%quiet%']}`, `{"a":"sudo tail /run cat"}`, []sigma.Match{
			{Field: "a", Value: "sudo tail /run cat", Pattern: `(^|\s)(head|tail)\s`}}},
	} {
		set := compileOne(t, sigma.Options{Placeholders: map[string][]string{"readers": {"cat", "head|tail"}, "quiet": {"^ls\\b"}}}, document(c.detection))
		if got := set.Explain(0, newEvent(set, decodeEvent(t, c.event))); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.detection, got, c.want)
		}
	}
}

// TestExplainOfNoMatch: what it says then means nothing, but it says it.
func TestExplainOfNoMatch(t *testing.T) {
	set := compileOne(t, sigma.Options{}, document("s: {a|exists: true, b|fieldref: c, d|contains: x, e: null}"))
	for _, event := range []string{`{}`, `{"b":"x"}`, `{"e":"x","d":"y"}`} {
		if got := set.Explain(0, newEvent(set, decodeEvent(t, event))); len(got) != 4 {
			t.Errorf("%s: %q", event, got)
		}
	}
}

// TestNothingAllocated is the promise of Match for events that match nothing.
func TestNothingAllocated(t *testing.T) {
	set := compileOne(t, sigma.Options{}, document(`
s1: {a|re: '(x|y)+z', b|cidr: [10.0.0.0/8, 192.168.0.0/16], c: [80, foo]}
s2: {a|contains: ['*x?z*', É], d|gte: 7, e|hour: 3, f|fieldref: a}
s3: [foo, bar]
s4: {a|cased: X, g: null, a|windash|contains: ' -a -b -c'}
condition: all of s* or 1 of s*`))
	m := set.Matcher()
	sc := m.NewScratch()
	ev := newEvent(set, map[string]any{"a": "A QUITE ÉLÉGANT VÄLUE", "b": "172.16.0.1", "c": "8080.5", "d": "1.5", "e": "2026-03-01T04:00:00Z", "f": "q", "g": "G"})
	dst := m.Match(nil, ev, sc)
	if n := testing.AllocsPerRun(100, func() { dst = m.Match(dst[:0], ev, sc) }); n != 0 || len(dst) != 0 {
		t.Errorf("%v allocations an event, %d matches", n, len(dst))
	}
}

// TestMatcherIsShared runs one matcher in many goroutines; the race detector
// and the results judge.
func TestMatcherIsShared(t *testing.T) {
	set := compileOne(t, sigma.Options{}, document("s: {a|contains: x, b|re: 'y+$'}"))
	m := set.Matcher()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			sc := m.NewScratch()
			for j := range 200 {
				hit := (i+j)%2 == 0
				ev := newEvent(set, map[string]any{"a": "-X-", "b": map[bool]string{true: "xyy", false: "yx"}[hit]})
				if got := len(m.Match(nil, ev, sc)) == 1; got != hit {
					t.Errorf("got %v, want %v", got, hit)
				}
				if hit && len(set.Explain(0, ev)) != 2 {
					t.Error("not explained by two matches")
				}
			}
		})
	}
	wg.Wait()
}

// TestMatchBudget looks at a value far too large for a regular expression:
// an answer comes (without a budget, none would in a lifetime), and the rule that
// could not be judged is named.
func TestMatchBudget(t *testing.T) {
	slow := strings.Repeat("(a|aa)+b?", 40) + "c"
	set := compileOne(t, sigma.Options{}, document("s: {a|re: '^("+slow+")$'}"), document("s: {a|startswith: aa}"),
		document("s: {a|re: '^("+slow+")$'}\ncondition: not s"), document("s: {a: '?a?a?a?a*b?b'}"))
	m := set.Matcher()
	sc := m.NewScratch()
	ev := newEvent(set, map[string]any{"a": string(bytes.Repeat([]byte("a"), 10<<20)) + "c"})
	got := m.Match(nil, ev, sc)
	if !slices.Contains(got, 1) || slices.Contains(got, 0) {
		t.Errorf("matched %v", got)
	}
	if over := sc.OverBudget(); !slices.Contains(over, 0) || slices.Contains(over, 1) || !slices.Contains(over, 2) {
		t.Errorf("over budget %v", over)
	}
	m.Match(nil, newEvent(set, map[string]any{"a": "aac"}), sc)
	if over := sc.OverBudget(); len(over) != 0 {
		t.Errorf("over budget on a small event: %v", over)
	}
}

// TestMatchBudgetIsSpentOnce: what one pattern took is not there for the next.
func TestMatchBudgetIsSpentOnce(t *testing.T) {
	set := compileOne(t, sigma.Options{MatchBudget: 1000}, document("s: {a: 'x?y*b'}"), document("s: {b: 'x?y*c'}"))
	m := set.Matcher()
	sc := m.NewScratch()
	for size, want := range map[int]int{100: 0, 200: 1, 400: 2} { // three steps a byte
		text := strings.Repeat("a", size)
		m.Match(nil, newEvent(set, map[string]any{"a": text, "b": text}), sc)
		if over := sc.OverBudget(); len(over) != want {
			t.Errorf("two values of %d bytes: over budget %v, want %d rules", size, over, want)
		}
	}
}

// TestFieldCost checks that a costly field is not looked at while a cheap one
// decides, and that the answer does not depend on it.
func TestFieldCost(t *testing.T) {
	cost := func(f string) int { return map[bool]int{true: 100, false: 1}[f == "dear"] }
	set := compileOne(t, sigma.Options{FieldCost: cost},
		document("s: {dear: x, cheap|re: 'y+'}"), document("s: {dear|endswith: z, other|contains: q}"))
	dear, _ := set.FieldIndex("dear")
	m := set.Matcher()
	sc := m.NewScratch()
	for _, c := range []struct {
		event  map[string]any
		looked bool
		hits   int
	}{
		{map[string]any{"dear": "x", "cheap": "n"}, false, 0},
		{map[string]any{"dear": "x", "cheap": "yy"}, true, 1},
		{map[string]any{"dear": "z", "other": "aqa"}, true, 1},
	} {
		spy := &spy{event: newEvent(set, c.event), watch: dear}
		if hits := len(m.Match(nil, spy, sc)); hits != c.hits || spy.looked != c.looked {
			t.Errorf("%v: %d hits, looked %v", c.event, hits, spy.looked)
		}
	}
}

// A spy notes whether a field is looked up.
type spy struct {
	*event
	watch  int
	looked bool
}

func (s *spy) Values(dst [][]byte, field int) [][]byte {
	s.looked = s.looked || field == s.watch
	return s.event.Values(dst, field)
}

// TestManyLiterals checks the index with many overlapping literals of every
// shape, where a mistake in following one into another would show.
func TestManyLiterals(t *testing.T) {
	var texts []string
	words := []string{"a", "ab", "abc", "bc", "c", "abcab", "cab", "bca", "aaa", "aa"}
	shapes := []string{"contains", "startswith", "endswith", ""}
	for _, w := range words {
		for _, s := range shapes {
			texts = append(texts, document(fmt.Sprintf("s: {'f|%s': %s}", s, w)))
			if s == "" {
				texts[len(texts)-1] = document("s: {f: " + w + "}")
			}
		}
	}
	set := compileOne(t, sigma.Options{}, texts...)
	m := set.Matcher()
	sc := m.NewScratch()
	for _, v := range []string{"", "a", "ab", "abc", "abcabc", "aaaa", "xabcx", "cabca", "bcabcab", "ccc", "xyz"} {
		var want []int
		for i, w := range words {
			for j, holds := range []bool{strings.Contains(v, w), strings.HasPrefix(v, w), strings.HasSuffix(v, w), v == w} {
				if holds {
					want = append(want, i*len(shapes)+j)
				}
			}
		}
		if got := m.Match(nil, newEvent(set, map[string]any{"f": v}), sc); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", v, got, want)
		}
	}
}

// TestAnOrdinaryEventIsJudgedInFull: however many expressions there are, the budget
// is enough for an event of a few KiB, and so for events like one before.
func TestAnOrdinaryEventIsJudgedInFull(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	var docs []string
	for i := range 400 {
		docs = append(docs, document(fmt.Sprintf("s: {a|re: '(a|aa)+(b|bb)+%d?(c|cc)+[def]{1,40}x{20}'}", i)))
	}
	ordinary := map[string]any{"a": strings.Repeat("aabbcdef", 990) + strings.Repeat("x", 20)}
	for _, c := range []struct {
		options sigma.Options
		over    bool
	}{{sigma.Options{}, false}, {sigma.Options{MatchBudget: 1 << 20}, true}} {
		set := compileOne(t, c.options, docs...)
		m := set.Matcher()
		sc := m.NewScratch()
		for range 10 { // after some, MatchAlike goes another way
			m.MatchAlike(nil, newEvent(set, ordinary), 8000, sigma.Akin{}, sc)
			if over := len(sc.OverBudget()) > 0; over != c.over {
				t.Fatalf("%+v: over budget %v", c.options, over)
			}
		}
		if got := m.Alike() >= 8<<10; got == c.over {
			t.Errorf("%+v: alike up to %d bytes", c.options, m.Alike())
		}
	}
}

// TestUnsettled: whether another event might match otherwise that differs in numbers.
func TestUnsettled(t *testing.T) {
	for _, c := range []struct {
		detection string
		want      bool
	}{
		{"k: [needle]\ncondition: k", false},
		{"k: [dd]\ncondition: k", true},
		{"k: ['0']\ns: {a: y}\ncondition: k and s", false},
		{"k: ['0']\ns: {a: x}\ncondition: k and s", true},
		{"k: ['0']\ns: {a: x}\ncondition: k or s", false},
		{"k: [dd]\nl: [xyz]\ncondition: k and not l", false},
		{"k: ['0']\ns: {a: x}\ncondition: not k and s", true},
		{"k: ['" + strings.Repeat("A", 65) + "']\ncondition: k", false},
		{"k: ['a*b']\ncondition: k", true},
		{"k: ['a*z']\ncondition: k", false},
		{"k: ['*']\ncondition: k", true},
		{"k: {'|re': 'a.*b'}\ncondition: k", true},
		{"k: {'|re': 'xyz.*b'}\ncondition: k", false},
		{"k: {'|re': '(abc|xyz)b'}\ncondition: k", true},
		{"s: {a: dd}", false},
	} {
		for _, documents := range [][]string{{document(c.detection)}, {document(c.detection), document("s: {b: q}")}} {
			set := compileOne(t, sigma.Options{}, documents...)
			m := set.Matcher()
			sc := m.NewScratch()
			ev := newEvent(set, map[string]any{"a": "x", "n": "xyz"})
			if m.Match(nil, ev, sc); sc.Unsettled() != c.want {
				t.Errorf("%s: %v", c.detection, sc.Unsettled())
			}
			other, alike := newEvent(set, map[string]any{"c": "z"}), m.NewScratch()
			for range 20 { // MatchAlike remembers, and nothing of the event before
				for _, ev := range []*event{other, ev} {
					m.Match(nil, ev, sc)
					if m.MatchAlike(nil, ev, 10, sigma.Akin{}, alike); alike.Unsettled() != sc.Unsettled() {
						t.Fatalf("%s: %v of MatchAlike, %v of Match, among %d rules", c.detection, alike.Unsettled(), sc.Unsettled(), len(documents))
					}
				}
			}
		}
	}
}

// TestRulesWithKeywordsAreMatchedApart: what is found is the same, in the order of the
// rules, and so is what could not be judged.
func TestRulesWithKeywordsAreMatchedApart(t *testing.T) {
	slow := strings.Repeat("(a|aa)+b?", 40) + "c"
	set := compileOne(t, sigma.Options{MatchBudget: 1 << 20},
		document("s: ['needle']"), document("s: {a: x}"), document("k: ['*needle*']\ns: {a: x}\ncondition: k and s"),
		document("s: {a|contains: x}"), document("k: ['nothing']\ns: {a: x}\ncondition: not k and s"), document("s: {b|re: '"+slow+"'}"),
		document("k: ['y']\ns: {b|re: '"+slow+"'}\ncondition: k or s"))
	m := set.Matcher()
	if got := m.Rules(); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5, 6}) {
		t.Fatalf("rules %v", got)
	}
	sc := m.NewScratch()
	for range 20 {
		for _, ev := range []struct {
			fields     map[string]any
			want, over []int
		}{
			{map[string]any{"a": "x", "b": "a needle"}, []int{0, 1, 2, 3, 4}, nil},
			{map[string]any{"a": "x", "b": "nothing"}, []int{1, 3}, nil},
			{map[string]any{"b": "needle"}, []int{0}, nil},
			{map[string]any{"a": "ax", "b": strings.Repeat("a", 1<<20) + "c"}, []int{3}, []int{5, 6}},
		} {
			size := len(fmt.Sprint(ev.fields))
			for _, got := range [][]int{m.Match([]int{9}, newEvent(set, ev.fields), sc), m.MatchAlike([]int{9}, newEvent(set, ev.fields), size, sigma.Akin{}, sc)} {
				if !slices.Equal(got, append([]int{9}, ev.want...)) || !slices.Equal(sc.OverBudget(), ev.over) {
					t.Fatalf("%.40v: %v, over budget %v", ev.fields, got, sc.OverBudget())
				}
			}
		}
	}
}
