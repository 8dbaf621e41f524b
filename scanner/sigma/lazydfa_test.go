package sigma

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// expressions are those that ask for something that a DFA could get wrong.
var expressions = []string{
	`a`, `^a$`, `\Aa\z`, `(?m)^a$`, `(?m)a$\n^b`, `(?s)a.b`, `a.b`, `(?i)kS`, `(?i)[k-s]x`, `\bcat\b`, `\Bcat\B`, `^\bcat`, `cat\b$`, `\b`, `\B`, `^$`, ``, `^`, `$`,
	`(^|/)kubectl$`, `(a|ab)(c|bcd)(d*)`, `a*?b`, `(a+)+b`, `[^a]`, `[^\n]x`, `[[:word:]]+@`, `\x00`, `\x7f`, `a{2,4}b`, `(rm|truncate|>)\s.*(/var/log/(audit|pods))`,
	`(?:a|^)b`, `(?:$|x)y`, `\w\b\W`, `(?m:^)\b`, `é`, `[^é]`, `\pL+\d`, `^(a|b\b)*$`, `a\z|b$`, `(?:\n?\z)`, `x(?:\n?\z)y?`,
}

// texts are random ones of few bytes that matter to expressions, and some that are no ASCII.
func texts(n int) (out []string) {
	alphabet := []string{"a", "b", "c", "d", "k", "K", "s", "x", "y", "cat", "kubectl", "rm", ">", "/var/log/pods", " ", "\n", "_", "@", "9", "\x00", "\x7f", "/", "-", "é", "\xff", "\u212a"}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range n {
		var s strings.Builder
		for range rnd.IntN(9) {
			s.WriteString(alphabet[rnd.IntN(len(alphabet))])
		}
		out = append(out, s.String())
	}
	return out
}

func TestLazyDFAAgreesWithRegexp(t *testing.T) {
	values := append(texts(3000), "", "a", "a\n", "\n", "b\na\nc", "cat", "concatenate", "a cat", strings.Repeat("a", 300)+"b")
	for _, text := range expressions {
		re, d := regexp.MustCompile(text), newLazyDFA(text)
		if d == nil {
			t.Errorf("%s: no DFA", text)
			continue
		}
		answered := 0
		for _, v := range values {
			got, known := d.match([]byte(v))
			if known {
				answered++
			}
			if want := re.MatchString(v); known && got != want {
				t.Errorf("%s on %q: %t, regexp says %t", text, v, got, want)
			}
		}
		if answered < len(values)/3 {
			t.Errorf("%s: only %d of %d values were answered", text, answered, len(values))
		}
	}
}

func FuzzLazyDFA(f *testing.F) {
	for i, text := range expressions {
		f.Add(text, "a cat\nkubectl get "+text, uint8(i))
	}
	f.Fuzz(func(t *testing.T, text, value string, _ uint8) {
		re, err := regexp.Compile(text)
		if err != nil || len(text) > 200 {
			return
		}
		d := newLazyDFA(text)
		if d == nil {
			return
		}
		for range 2 { // once to make transitions, once along those made
			if got, known := d.match([]byte(value)); known && got != re.MatchString(value) {
				t.Fatalf("%q on %q: %t", text, value, got)
			}
		}
		// What was made for one value must hold for another.
		for cut := range len(value) {
			if got, known := d.match([]byte(value[cut:])); known && got != re.MatchString(value[cut:]) {
				t.Fatalf("%q on %q: %t", text, value[cut:], got)
			}
		}
	})
}

// TestLazyDFAHasBounds tries an expression whose states double with each repetition.
func TestLazyDFAHasBounds(t *testing.T) {
	text := `(a|b)*a(a|b){12}c`
	re, d := regexp.MustCompile(text), newLazyDFA(text)
	rnd, unknown := rand.New(rand.NewPCG(3, 4)), 0
	for range 3000 {
		v := make([]byte, 60)
		for i := range v {
			v[i] = "aabbc"[rnd.IntN(5)]
		}
		got, known := d.match(v)
		if !known {
			unknown++
		} else if got != re.Match(v) {
			t.Fatalf("%s on %s: %t", text, v, got)
		}
	}
	if unknown == 0 || len(d.states) > maxDFAStates || d.work > maxDFAWork+len(d.prog.Inst) {
		t.Errorf("%d of 3000 values unknown, %d states, work %d", unknown, len(d.states), d.work)
	}
	if newLazyDFA(`(`+strings.Repeat("abcdefgh", 900)+`)`) != nil {
		t.Error("a DFA of an expression that is too large for one")
	}
}

func TestLazyDFAAllocatesNothingOnceMade(t *testing.T) {
	d := newLazyDFA(`(rm|truncate|shred|>)\s.*(/var/log/(audit|containers|pods|kubernetes))`)
	v := []byte("/usr/bin/find /var/log/pods -name *.log -mtime +7")
	if n := testing.AllocsPerRun(100, func() { d.match(v) }); n != 0 {
		t.Errorf("%v allocations per value", n)
	}
}

func BenchmarkExpression(b *testing.B) {
	text := `(rm|truncate|shred|>)\s.*(/var/log/(audit|containers|pods|kubernetes)|/var/lib/docker/containers/.*-json\.log)`
	var values [][]byte
	size := 0
	for i := range 512 {
		values = append(values, fmt.Appendf(nil, "/usr/bin/find /var/log/pods -name *.log -mtime +7 --run=%x", i*7919))
		size += len(values[i])
	}
	re, d := regexp.MustCompile(text), newLazyDFA(text)
	b.Run("regexp", func(b *testing.B) {
		b.SetBytes(int64(size / len(values)))
		for i := 0; b.Loop(); i++ {
			re.Match(values[i%len(values)])
		}
	})
	b.Run("dfa", func(b *testing.B) {
		b.SetBytes(int64(size / len(values)))
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			d.match(values[i%len(values)])
		}
	})
}
