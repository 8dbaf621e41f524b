package sigma_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

// FuzzSetAgainstPlain makes rules and an event from the input and demands that
// the compiled set says what the plain evaluator says, and Explain with it.
func FuzzSetAgainstPlain(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		seed := make([]byte, 400)
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		f.Add(seed)
	}
	f.Fuzz(comparePlain)
}

// TestSetAgainstPlain runs the same comparison over many made rules, so that
// every run of the tests does.
func TestSetAgainstPlain(t *testing.T) {
	rounds := 2000
	if testing.Short() {
		rounds = 500
	}
	r := rand.New(rand.NewPCG(3, 4))
	seed := make([]byte, 500)
	for range rounds {
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		comparePlain(t, seed)
	}
}

// TestManyRulesAgainstPlain has so many rules that the index is asked which of
// those that are left for events that are alike are worth it.
func TestManyRulesAgainstPlain(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	seed := make([]byte, 30000)
	for range 6 {
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		compareRules(t, &gen{data: seed}, 200)
	}
}

func comparePlain(t *testing.T, seed []byte) {
	g := &gen{data: seed}
	compareRules(t, g, 1+g.pick(5))
}

func (r *plainRule) hasKeywords() bool {
	for _, s := range r.searches {
		for _, items := range s {
			if slices.ContainsFunc(items, func(it plainItem) bool { return it.field == "" }) {
				return true
			}
		}
	}
	return false
}

func compareRules(t *testing.T, g *gen, count int) {
	var rules []plainRule
	all := &sigma.Collection{}
	for i := range count {
		r := g.rule()
		if count > 10 && r.hasKeywords() {
			continue // with them nothing is remembered
		}
		text := r.text(i)
		c := sigma.Parse("fuzz", []byte(text))
		if len(c.Rules) != 1 {
			t.Fatalf("refused: %v\n%s", c.Problems, text)
		}
		rules = append(rules, r)
		all.Merge(c)
	}
	set, problems := sigma.Compile(all, sigma.Options{Placeholders: plainPlaceholders})
	if len(set.Rules()) != len(rules) {
		t.Fatalf("refused: %v", problems)
	}
	m := set.Matcher()
	sc := m.NewScratch()
	var got []int
	alike := m.NewScratch()
	var events []sigma.Event
	var wants [][]int
	for i := range 6 {
		e := g.event()
		if i >= 4 { // values too long to be remembered leave rules open
			for i, v := range e["a"] {
				if text, ok := v.(string); ok {
					e["a"][i] = text + strings.Repeat("x", 300)
				}
			}
		}
		fields := map[string]any{}
		for name, values := range e {
			fields[name] = values
		}
		ev := newEvent(set, fields)
		got = m.Match(got[:0], ev, sc)
		var want []int
		for i := range rules {
			if rules[i].matches(e) {
				want = append(want, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v\nevent %q\n%s", got, want, e, texts(rules))
		}
		for _, i := range got {
			checkExplained(t, set.Explain(i, ev), e)
		}
		events, wants = append(events, ev), append(wants, want)
	}
	rounds := 12
	if g.pick(16) == 0 {
		rounds = 300 // so that what is remembered is used
	}
	compareAlike(t, m, alike, events, wants, rounds)
	compareAkin(t, m, events, rounds)
}

// compareAlike shows events over and over, as logs do, and demands that what
// is remembered of them changes nothing.
func compareAlike(t *testing.T, m *sigma.Matcher, sc *sigma.Scratch, events []sigma.Event, wants [][]int, rounds int) {
	var got []int
	for round := range rounds {
		for i, ev := range events {
			if got = m.MatchAlike(got[:0], ev, 1, sigma.Akin{}, sc); !slices.Equal(got, wants[i]) {
				t.Fatalf("round %d, event %d: alike gives %v, want %v", round, i, got, wants[i])
			}
		}
	}
}

// compareAkin shows events that have some fields of one event and all else of another,
// and demands that what is remembered of the first changes nothing, and that nothing
// matches otherwise where it is said that what varies does not matter.
func compareAkin(t *testing.T, m *sigma.Matcher, events []sigma.Event, rounds int) {
	sc, plain := m.NewScratch(), m.NewScratch()
	settled := map[uint64][]int{} // by number: what matches, whatever varies
	var got, want []int
	for round := range 4 + rounds/50 {
		for mask := 1; mask < 1<<len(fuzzFields); mask++ {
			for i, first := range events[:3] {
				how := variety(mask+i) % varieties
				for k, other := range events {
					ev, akin := how.mix(first.(*event), other.(*event), mask, k)
					akin.Number = uint64(mask*8 + i)
					got, want = m.MatchAlike(got[:0], ev, 1, akin, sc), m.Match(want[:0], ev, plain)
					if !slices.Equal(got, want) {
						t.Fatalf("round %d, event %d, mask %b, vary %d: akin gives %v, want %v", round, i, mask, how, got, want)
					}
					if all, ok := settled[akin.Number]; ok && !slices.Equal(all, want) {
						t.Fatalf("round %d, event %d, mask %b, vary %d: matches %v, of others akin to it that were said to match alike %v", round, i, mask, how, want, all)
					}
					if !sc.Varied() && !sc.Unsettled() {
						settled[akin.Number] = slices.Clone(got)
					}
				}
			}
		}
		if round == 3 { // the numbers stand for other events from now on
			sc.ForgetAkin()
			clear(settled)
			events = slices.Clone(events)
			slices.Reverse(events)
		}
	}
}

// A variety is in what events differ that are akin.
type variety int

const (
	varyAll variety = iota
	varyFields
	varyNumbers
	varieties
)

// mix is an event with the fields in mask of first, and the rest of other: its values,
// or a number in their place.
func (how variety) mix(first, other *event, mask, nth int) (*event, sigma.Akin) {
	ev, akin := &event{values: slices.Clone(other.values), keywords: other.keywords}, sigma.Akin{Words: how == varyAll}
	if how != varyAll {
		ev.keywords = first.keywords
	}
	for f := range ev.values {
		switch {
		case mask>>f&1 != 0:
			ev.values[f] = first.values[f]
		case how == varyNumbers:
			number := []byte([...]string{"0", "1", "10", "a1", "7f", "ab"}[nth%6])
			ev.values[f], akin.Numbers = [][]byte{number}, append(akin.Numbers, f)
			ev.keywords = append(slices.Clip(ev.keywords), number)
		default:
			akin.Varies = append(akin.Varies, f)
		}
	}
	return ev, akin
}

// checkExplained demands that what Explain shows is in the event.
func checkExplained(t *testing.T, shown []sigma.Match, e plainEvent) {
	for _, m := range shown {
		have := e[m.Field]
		if m.Field == "" {
			have = e.all()
		}
		if m.Pattern != "null" && m.Pattern != "exists" && !slices.Contains(have, any(m.Value)) {
			t.Fatalf("explained by %q, which event %q does not have", m, e)
		}
	}
}

// A gen makes choices from bytes.
type gen struct{ data []byte }

func (g *gen) pick(n int) int {
	if len(g.data) == 0 {
		return 0
	}
	b := g.data[0]
	g.data = g.data[1:]
	return int(b) % n
}

func choose[T any](g *gen, from []T) T { return from[g.pick(len(from))] }

var (
	fuzzFields = []string{"a", "b", "c.d"}
	fuzzParts  = []string{"a", "b", "A", "B", "ab", "/", "-", " ", "1", "0", ".", "é", "É", "k", "\u212a", "ſ", "\n", "x", "\\", "10"}
	fuzzWild   = append([]string{"*", "?", `\*`, `\\`, "*", "?"}, fuzzParts...)
	fuzzTexts  = []string{"", "10.0.0.1", "fe80::1", "2026-03-01T20:00:00Z", "10", "10.0", "1e1", "1.0e1", "-0", "YWI=", "L2E=", "eC9hIGI=", "LQBhAA==", "//5hAA==", "YQBi", "\x00a\x00b", "a\x00b\x00", "-\x00a\x00", "*", "\xff", "a\xc3"}
	fuzzRegex  = []string{"a+b", "^a", "b$", "^a.b$", "ab", "(ab|b0)x?", "[a-z]{2,3}", "é", "k", "(?i)AB", `\d+\.\d`, "", ".*"}
	fuzzListed = []string{"%p%", "^(%p%)$", "a%q%", "(^|/)(%p%)(%q%)?", "[%q%]+/", `\%p%`, `\\%q%`, "(ab|%q%b)", "b+", "%q%|^%p%c"}
	fuzzMods   = []string{"", "", "", "contains", "startswith", "endswith", "contains|all", "cased", "contains|cased", "neq", "contains|neq",
		"windash", "contains|windash", "wide|contains", "base64", "base64offset|contains", "startswith|all",
		"windash|base64", "windash|base64offset|contains", "windash|wide|contains", "windash|wide|base64offset|contains",
		"utf16le|contains", "utf16be", "utf16|base64", "utf16be|base64offset|contains"}
)

func (g *gen) rule() plainRule {
	r := plainRule{searches: map[string]plainSearch{}}
	names := []string{"sel1", "sel2", "filter", "_x"}
	for _, name := range names {
		var s plainSearch
		for range 1 + g.pick(2) {
			var items []plainItem
			used := map[string]bool{}
			for range 1 + g.pick(3) {
				if it := g.item(); !used[it.key()] {
					used[it.key()] = true
					items = append(items, it)
				}
			}
			s = append(s, items)
		}
		r.searches[name] = s
	}
	r.condition = g.condition(names, 0)
	return r
}

func (g *gen) condition(names []string, depth int) plainCondition {
	n := g.pick(8)
	if depth > 3 {
		n += 4
	}
	switch n {
	case 0, 1:
		return plainCondition{op: "and", kids: []plainCondition{g.condition(names, depth+1), g.condition(names, depth+1)}}
	case 2:
		return plainCondition{op: "or", kids: []plainCondition{g.condition(names, depth+1), g.condition(names, depth+1)}}
	case 3:
		return plainCondition{op: "not", kids: []plainCondition{g.condition(names, depth+1)}}
	case 4:
		return plainCondition{op: choose(g, []string{"1 of", "all of"}), name: choose(g, []string{"sel*", "*", "_*", "f*"})}
	}
	return plainCondition{op: "name", name: choose(g, names)}
}

func (g *gen) item() plainItem {
	it := plainItem{field: choose(g, fuzzFields)}
	value := func() any { return g.text(fuzzWild) }
	mods := ""
	switch g.pick(13) {
	case 0:
		mods, value = choose(g, []string{"re", "re", "re|i", "re|m", "re|s", "re|i|s", "re|neq", "re|all"}), func() any { return choose(g, fuzzRegex) }
	case 1:
		mods, value = choose(g, []string{"cidr", "cidr|neq"}), func() any { return choose(g, []string{"10.0.0.0/8", "0.0.0.0/0", "fe80::/10"}) }
	case 2:
		mods = choose(g, []string{"lt", "gte", "lte", "gt", "gt|neq", "lte|all", "hour", "month", "minute", "day", "week", "year|gt", "hour|gte", "lt|week", "day|neq"})
		value = func() any { return choose(g, []int{0, 1, 10, 20, 3, 9}) }
	case 3:
		mods, value = "exists", func() any { return g.pick(2) == 0 }
	case 4:
		mods, value = choose(g, []string{"fieldref", "fieldref|contains", "startswith|fieldref", "fieldref|neq", "fieldref|cased"}), func() any { return choose(g, fuzzFields) }
	case 5:
		value = func() any { return choose(g, []any{0, 1, 10, nil, true, nil}) }
	case 6:
		it.field, mods = "", choose(g, []string{"contains", "all", "startswith", "cased"})
	case 7:
		mods = choose(g, []string{"expand", "expand|contains", "startswith|expand", "expand|cased", "contains|expand|all"})
		value = func() any { return choose(g, []string{"%p%", "a%p%", "%p%/%q%", `\%p%`, "%q%?", "x%q"}) }
	case 8:
		mods = choose(g, []string{"re|expand", "re|i|expand", "re|expand|s", "re|expand|neq", "re|all|expand", "re|contains|expand"})
		value = func() any { return choose(g, fuzzListed) }
	default:
		mods = choose(g, fuzzMods)
		if strings.Contains(mods, "base64") || strings.Contains(mods, "wide") || strings.Contains(mods, "utf16") {
			value = func() any { return choose(g, []string{"a", "ab", "aba", "/a b", "-a"}) }
		}
	}
	if mods != "" {
		it.mods = strings.Split(mods, "|")
	}
	it.values = append(it.values, value())
	for mods != "exists" && g.pick(3) == 1 {
		it.values = append(it.values, value())
	}
	return it
}

func (g *gen) text(parts []string) string {
	if g.pick(6) == 0 {
		return choose(g, fuzzTexts[:len(fuzzTexts)-3]) // those a YAML text can hold
	}
	s := ""
	for range g.pick(5) {
		s += choose(g, parts)
	}
	return s
}

func (g *gen) event() plainEvent {
	e := plainEvent{}
	for _, f := range fuzzFields {
		var values []any
		for range []int{0, 1, 1, 1, 2, 3}[g.pick(6)] {
			switch g.pick(8) {
			case 0:
				values = append(values, nil)
			case 1, 2:
				values = append(values, choose(g, fuzzTexts))
			default:
				values = append(values, g.text(fuzzParts))
			}
		}
		if values != nil {
			e[f] = values
		}
	}
	return e
}

func (it plainItem) key() string { return strings.Join(append([]string{it.field}, it.mods...), "|") }

// text writes r as JSON, which is YAML.
func (r *plainRule) text(id int) string {
	detection := map[string]any{"condition": r.condition.text()}
	for name, s := range r.searches {
		var maps []any
		for _, items := range s {
			m := map[string]any{}
			for _, it := range items {
				m[it.key()] = it.values
			}
			maps = append(maps, m)
		}
		detection[name] = maps
	}
	out, err := json.Marshal(map[string]any{
		"title": fmt.Sprint(id), "logsource": map[string]string{"category": "c"}, "detection": detection,
	})
	if err != nil {
		panic(err) // of a test: the parts are plain
	}
	return string(out)
}

func (c plainCondition) text() string {
	switch c.op {
	case "and", "or":
		return "(" + c.kids[0].text() + " " + c.op + " " + c.kids[1].text() + ")"
	case "not":
		return "not " + c.kids[0].text()
	case "1 of", "all of":
		return c.op + " " + c.name
	}
	return c.name
}

func texts(rules []plainRule) string {
	var b strings.Builder
	for i := range rules {
		fmt.Fprintf(&b, "%d: %s\n   %s\n", i, rules[i].condition.text(), slices.Sorted(maps.Keys(rules[i].searches)))
		b.WriteString("   " + rules[i].text(i) + "\n")
	}
	return b.String()
}

// FuzzParse demands that no text makes Parse or Compile panic, and that every
// document is either compiled or complained about.
func FuzzParse(f *testing.F) {
	f.Add([]byte(document("s: {a|contains|all: [x, '*y?']}")))
	f.Add([]byte("action: global\ntitle: x\n---\naction: repeat\n---\naction: reset\n"))
	f.Add([]byte("title: c\ncorrelation: {type: event_count, rules: [r], group-by: [a], timespan: 5m, condition: {gte: 3}}\n"))
	f.Add([]byte("title: f\nlogsource: {category: c}\nfilter: {rules: any, s: {a: x}, condition: not s}\n"))
	f.Add([]byte(document("s: {a|re|i: '(x|y)+$', b|cidr: 10.0.0.0/8, c|hour|gte: 3, d|fieldref: e, f|expand: '%p%', g|re|expand: '(a%p%)+'}")))
	f.Add([]byte("a: &a [*a, &b {<<: *b}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := sigma.Parse("fuzz", data)
		set, problems := sigma.Compile(c, sigma.Options{Placeholders: map[string][]string{"p": {"x"}}})
		if kept := len(set.Rules()) + len(set.Correlations()); kept < len(c.Rules)+len(c.Correlations) && len(problems) == 0 {
			t.Errorf("%d of %d documents compiled, and no problem", kept, len(c.Rules)+len(c.Correlations))
		}
		for _, p := range append(c.Problems, problems...) {
			if strings.ContainsAny(p.Error(), "\x00\x1b\n") {
				t.Errorf("not fit to print: %q", p.Error())
			}
		}
		m := set.Matcher()
		m.Match(nil, newEvent(set, map[string]any{"a": "x", "b": "10.0.0.1"}), m.NewScratch())
	})
}
