package source

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestWhatWasDecodedBeforeDoesNotShow: decoders are used again, from member to
// member and from file to file. What is delivered and told of damaged evidence
// must not depend on what they decoded before, for which file a worker takes up
// next is chance.
func TestWhatWasDecodedBeforeDoesNotShow(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	text := longText(9, 6000)
	whole := [][]byte{frames(t, text, 700, true), frames(t, text, 1500, false), gz(t, text), zst(t, text), bgzf(t, text, 900), lz4Pack(t, text), snappyPack(t, text)}
	inputs := [][]byte{kept(t, "FuzzTogether/damage-behind-sound-frames")} // of which the words of the library were not always the same
	for _, w := range whole {
		for range 40 {
			data := bytes.Clone(w)
			for range 1 + r.Intn(4) {
				data[r.Intn(len(data))] ^= byte(1 << r.Intn(8))
			}
			inputs = append(inputs, data[:len(data)-r.Intn(len(data)/4)])
		}
	}
	o := Options{MaxExpanded: 64 << 10}
	alone := make([]string, len(inputs))
	for i, data := range inputs {
		runtime.GC() // twice, and the pools are empty
		runtime.GC()
		alone[i] = fmt.Sprint(readPipe(t, data, o))
	}
	for range 10 {
		for _, i := range r.Perm(len(inputs)) {
			readPipe(t, whole[r.Intn(len(whole))], o)
			if got := fmt.Sprint(readPipe(t, inputs[i], o)); got != alone[i] {
				t.Fatalf("input %d, alone:\n%.2000s\nafter others:\n%.2000s", i, alone[i], got)
			}
		}
	}
}

// kept is an input that fuzzing found, of a target that takes one.
func kept(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/fuzz/" + name)
	if err != nil {
		t.Fatal(err)
	}
	_, value, _ := strings.Cut(strings.TrimSpace(string(text)), "[]byte(")
	data, err := strconv.Unquote(strings.TrimSuffix(value, ")"))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(data)
}
