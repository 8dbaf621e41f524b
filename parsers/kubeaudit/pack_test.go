package kubeaudit

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"tideline/parsers"
)

// TestPackedFactsComeBack packs facts with texts that are there, empty and absent, and
// with more members of lists than have their ends beside them.
func TestPackedFactsComeBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	text := func() []byte {
		switch rnd.IntN(5) {
		case 0:
			return nil
		case 1:
			return []byte{}
		}
		return bytes.Repeat([]byte{byte('a' + rnd.IntN(26))}, rnd.IntN(60))
	}
	list := func() [][]byte {
		var out [][]byte
		for range rnd.IntN(4) * rnd.IntN(4) {
			member := text()
			if member == nil {
				member = []byte{}
			}
			out = append(out, member)
		}
		return out
	}
	long := 0
	for range 2000 {
		f := parsers.Facts{Actor: parsers.KubernetesUser, Outcome: parsers.Outcome(rnd.IntN(4)), Name: text(), Impersonated: text(), Session: text(),
			Agent: text(), Action: text(), Kind: text(), Namespace: text(), Target: text(), Command: text(), Groups: list(), Addresses: list(), Details: list()}
		if len(f.Groups)+len(f.Addresses)+len(f.Details) > packedMembers {
			long++
		}
		p, ok := pack(&f)
		if !ok {
			t.Fatalf("not packed: %#v", f)
		}
		got := parsers.Facts{Agent: []byte("of the event before"), Groups: [][]byte{nil}}
		p.unpack(&got, nil)
		if a, b := fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", f); a != b {
			t.Fatalf("got  %s\nwant %s", a, b)
		}
	}
	if long < 100 {
		t.Errorf("only %d had more members than have their ends beside them", long)
	}
}

func TestWhatIsTooLargeIsNotPacked(t *testing.T) {
	for name, f := range map[string]parsers.Facts{
		"texts":           {Agent: make([]byte, 1<<16)},
		"members":         {Groups: [][]byte{make([]byte, 1<<15), make([]byte, 1<<15)}},
		"a list":          {Groups: make([][]byte, 256)},
		"an empty list":   {Groups: [][]byte{}},
		"no member":       {Addresses: [][]byte{nil}},
		"a further large": {Groups: append(make([][]byte, 0, 14), bytes.SplitAfter([]byte("abcdefghijklm"), nil)[:13]...), Details: [][]byte{make([]byte, 1<<16)}},
	} {
		if _, ok := pack(&f); ok {
			t.Errorf("%s: packed", name)
		}
	}
}
