package sigma

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestFoldEveryRune checks every character: its fold is one of those that
// differ from it by case only, and is the same for all of them.
func TestFoldEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		f := foldRune(r)
		if next := unicode.SimpleFold(r); foldRune(next) != f {
			t.Fatalf("%U and %U fold to %U and %U", r, next, f, foldRune(next))
		}
		if f != r && orbit(f) != orbit(r) {
			t.Fatalf("%U folds to %U, which is another letter", r, f)
		}
		if r < utf8.RuneSelf && f != rune(lowerASCII[r]) {
			t.Fatalf("%U folds to %U here and %q there", r, f, lowerASCII[r])
		}
	}
}

func TestIsFolded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		s := make([]byte, r.IntN(20))
		for i := range s {
			if s[i] = byte('@' + r.IntN(64)); r.IntN(30) == 0 {
				s[i] = byte(r.IntN(256))
			}
		}
		folded := fold(nil, s)
		if isFolded(s) && !bytes.Equal(folded, s) {
			t.Fatalf("%q is not its own fold %q", s, folded)
		}
		if ascii := bytes.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0; ascii && !isFolded(s) && bytes.Equal(folded, s) {
			t.Fatalf("%q is its own fold", s)
		}
		if !bytes.Equal(fold(nil, folded), folded) {
			t.Fatalf("the fold of %q changes when folded again", s)
		}
	}
}

func TestDecimals(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "80": "80", "80.0": "80", "80.50": "80.5", "-1.50": "-1.5", "1.0e2": "100", "1e+2": "100", "15e-1": "1.5",
		"0.05": "0.05", "5.0e-3": "0.005", "0.0": "0", "-0.0": "0", "120.0E-1": "12", "18446744073709551616": "18446744073709551616",
		"1e2": "", "1E2": "", "5e0": "", "0e00": "", "-1e2": "-100", "080": "", "+1": "", ".5": "", "5.": "", "": "", "-": "", "e": "", "1e": "", "0x10": "", "1_000": "", " 1": "", "1.0e999999999": "", "nan": "", "1.0e+": "",
	} {
		got, ok := appendDecimal(nil, []byte(in))
		if ok != (want != "") || ok && string(got) != want {
			t.Errorf("%q: %q, %v; want %q", in, got, ok, want)
		}
	}
	for in, want := range map[string]string{" 007 ": "7", "+1": "1", ".5": "0.5", "1e2": "100", "1e-2": "0.01", "x": "", "0x10": "", "inf": ""} {
		got, ok := appendLoose(nil, []byte(in))
		if ok != (want != "") || ok && string(got) != want {
			t.Errorf("loosely %q: %q, %v; want %q", in, got, ok, want)
		}
	}
}

// TestCompareDecimals compares with the standard library's exact numbers.
func TestCompareDecimals(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	number := func() string {
		s := strings.Repeat("-", r.IntN(2)) + big.NewInt(r.Int64N(1<<r.IntN(40))).String()
		if r.IntN(2) == 0 {
			s += "." + strings.Repeat("0", r.IntN(3)) + big.NewInt(r.Int64N(1000)).String()
		}
		if r.IntN(3) == 0 {
			s += []string{"e+3", "e-3", "e0", "E12"}[r.IntN(4)]
		}
		return s
	}
	for range 20_000 {
		a, b := number(), number()
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		da, okA := appendLoose(nil, []byte(a))
		db, okB := appendLoose(nil, []byte(b))
		if !okA || !okB {
			t.Fatalf("%s or %s is no number", a, b)
		}
		if got := compareDecimals(da, db); sign(got) != x.Cmp(y) {
			t.Fatalf("%s and %s: %d, want %d (%s, %s)", a, b, got, x.Cmp(y), da, db)
		}
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// TestPatternsAreWrittenAsTheyAreRead: findings say what matched in Sigma's own spelling.
func TestPatternsAreWrittenAsTheyAreRead(t *testing.T) {
	for in, want := range map[string]string{
		`C:\Windows`: `C:\Windows`, `C:\\Windows\\*`: `C:\Windows\\*`, `a\*b`: `a\*b`, `a\\\*`: `a\\\*`, `\\\\host`: `\\\host`, `end\`: `end\`, `end\\`: `end\`, `\\?`: `\\?`,
	} {
		if got := parsePattern(in).String(); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		in := ""
		for range r.IntN(8) {
			in += string(`\*?a`[r.IntN(4)])
		}
		p := parsePattern(in)
		if again := parsePattern(p.String()); !slices.Equal(again, p) {
			t.Fatalf("%s is written %s, which is %v and not %v", in, p, again, p)
		}
	}
}

// TestGlobAgainstRegexp compares patterns with the regular expressions that
// say the same.
func TestGlobAgainstRegexp(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	parts := []string{"a", "b", "ab", "é", "*", "?", "*", "–"}
	for range 20_000 {
		var p pattern
		re := `(?s)\A`
		for range r.IntN(7) {
			switch part := parts[r.IntN(len(parts))]; part {
			case "*":
				p, re = p.add(token{kind: anyToken}), re+".*"
			case "?":
				p, re = append(p, token{kind: oneToken}), re+"."
			case "–":
				p, re = append(p, token{kind: dashToken}), re+"[-/–—―]"
			default:
				p, re = append(p, token{litToken, part}), re+part
			}
		}
		text := ""
		for range r.IntN(8) {
			text += []string{"a", "b", "é", "-", "—", "\n", "\xff"}[r.IntN(7)]
		}
		if got, want := newGlob(p).match([]byte(text)), regexp.MustCompile(re+`\z`).MatchString(text); got != want {
			t.Fatalf("%s on %q: %v, want %v", p, text, got, want)
		}
	}
}

func TestShortestMatch(t *testing.T) {
	for re, want := range map[string]int{
		`abc`: 3, `a*`: 0, `a+b?`: 1, `(.){200,}`: 200, `(ab|c)d`: 2, `[xy]{2,3}$`: 2, ``: 0, `é`: 1, `^(?:foo)?x`: 1,
	} {
		tree, err := syntax.Parse(re, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := shortestMatch(tree); got != want {
			t.Errorf("%s: %d, want %d", re, got, want)
		}
	}
}

// TestNeeded checks that no regular expression matches without one of the
// literals that are looked for first.
func TestNeeded(t *testing.T) {
	for re, hint := range map[string]string{
		`(curl|wget)\s`: "curl", `[ab]+`: "", `x*foobar`: "foobar", `(?:foo)?`: "", `(foo|b*)`: "", `(foobar)+`: "foobar", `(?i)FOO.bar`: "foo",
	} {
		set, problems := Compile(Parse("x", []byte("title: t\nlogsource: {category: c}\ndetection: {s: {a|re: '"+re+"'}, condition: s}")), Options{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		found := ""
		for _, p := range set.preds {
			if l, ok := p.test.(*literal); ok && found == "" {
				found = string(l.text)
			}
		}
		if found != hint {
			t.Errorf("%s: hint %q, want %q", re, found, hint)
		}
	}
}
