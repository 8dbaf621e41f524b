package sigma

import "testing"

// TestDearQuestionsComeLast counts what is asked of an event for which the
// cheap half of a rule already says no.
func TestDearQuestionsComeLast(t *testing.T) {
	c := Parse("r.yml", []byte("title: t\nlogsource: {product: x}\ndetection:\n  body: {dear: [a, b]}\n  sel: {cheap: yes}\n  condition: body and sel\n"))
	set, problems := Compile(c, Options{FieldCost: func(name string) int {
		if name == "dear" {
			return 2000
		}
		return 1
	}})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	ev := &askedEvent{values: map[string]string{"dear": "a", "cheap": "no"}, names: set.Fields()}
	m := set.Matcher()
	if got := m.Match(nil, ev, m.NewScratch()); len(got) > 0 || ev.asked["dear"] > 0 {
		t.Errorf("matched %v, asked %v", got, ev.asked)
	}
	ev.values["cheap"] = "yes"
	if got := m.Match(nil, ev, m.NewScratch()); len(got) != 1 {
		t.Errorf("matched %v", got)
	}
}

type askedEvent struct {
	values map[string]string
	names  []string
	asked  map[string]int
}

func (e *askedEvent) Values(dst [][]byte, field int) [][]byte {
	if e.asked == nil {
		e.asked = map[string]int{}
	}
	name := e.names[field]
	e.asked[name]++
	return append(dst, []byte(e.values[name]))
}

func (e *askedEvent) Keywords(dst [][]byte) [][]byte { return dst }

// TestWhatCheapFieldsMayDecide is known of a code from its operands, at any depth.
func TestWhatCheapFieldsMayDecide(t *testing.T) {
	item := func(dear bool) *code { return &code{op: opItem, dear: dear} }
	of := func(o op, kids ...*code) *code {
		c := &code{op: o, kids: kids}
		c.weigh()
		return c
	}
	dear, cheap := item(true), item(false)
	for i, c := range []struct {
		code        *code
		dear, mixed bool
	}{
		{of(opAnd, cheap, cheap), false, false},
		{of(opAnd, dear, of(opNot, dear)), true, false},
		{of(opAnd, dear, cheap), true, true},
		{of(opOr, dear, of(opAnd, dear, of(opNot, cheap))), true, true},
		{of(opNot, of(opOr, dear, cheap)), true, true},
	} {
		if c.code.dear != c.dear || c.code.mixed != c.mixed {
			t.Errorf("%d: dear %v, mixed %v, want %v and %v", i, c.code.dear, c.code.mixed, c.dear, c.mixed)
		}
	}
}
