package sigma

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSearchFindsLiteralsAcrossPlaces: what a long value holds is found wherever it
// stands, as bytes.Contains finds it, though the value is walked in several places at
// once; and capitals of ASCII are small letters.
func TestSearchFindsLiteralsAcrossPlaces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(n int) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = "abAB-"[random.IntN(5)]
		}
		return out
	}
	found := 0
	for range 3000 {
		var b automatonBuilder
		var literals [][]byte
		for i := range 1 + random.IntN(6) {
			literals = append(literals, bytes.ToLower(text(1+random.IntN(40))))
			if !b.add(literals[i], int32(i)) {
				t.Fatal("no room for a few literals")
			}
		}
		v := text(random.IntN(300))
		for range random.IntN(3) { // one of them, wherever it stands, borders of places too
			one := literals[random.IntN(len(literals))]
			at := random.IntN(len(v) + 1)
			v = slices.Insert(v, at, one...)
		}
		a := b.build(true)
		if len(a.outputs) != b.states() || len(a.next) != b.states()*int(a.width) {
			t.Fatalf("%q make %d states, room is for %d", literals, len(a.outputs), b.states())
		}
		got := searched(a, len(literals), v)
		for i, l := range literals {
			want := bytes.Contains(bytes.ToLower(v), l)
			if got[i] != want {
				t.Fatalf("%q in %q: %v, want %v", l, v, got[i], want)
			}
			if want && len(l) > 8 {
				found++
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d long literals stood in a value", found)
	}
}

// searched tells which of n witnesses search finds.
func searched(a *automaton, n int, v []byte) []bool {
	x := &index{}
	for i := range n {
		x.witnesses = append(x.witnesses, witness{pred: int32(i), rules: []int32{int32(i)}})
	}
	sc := &Scratch{memo: make([]uint32, n), hits: make([]uint64, 1), epoch: 1}
	x.search(a, v, sc)
	out := make([]bool, n)
	for i := range out {
		out[i] = sc.hits[0]>>i&1 == 1
	}
	return out
}

func TestIsASCII(t *testing.T) {
	for n := range 20 {
		v := bytes.Repeat([]byte{'a'}, n)
		if !isASCII(v) {
			t.Errorf("%d letters", n)
		}
		for i := range v {
			v[i] = 0x80
			if isASCII(v) {
				t.Errorf("byte %d of %d", i, n)
			}
			v[i] = 'a'
		}
	}
}
