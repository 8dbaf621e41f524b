package pending

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// TestAnswersAreThoseOfTheWindow holds the ring to a plain list: whatever is
// asked, and whenever it is first asked, the last answeredWindow answers count.
func TestAnswersAreThoseOfTheWindow(t *testing.T) {
	for _, first := range []int{0, 1, 1000, answeredWindow, answeredWindow + 3000, 3 * answeredWindow} {
		rng := rand.New(rand.NewPCG(1, uint64(first)))
		var a answers
		var all []Answer
		asked := map[bool]int{}
		for i := range 3*answeredWindow + 5000 {
			x := Answer{rng.Uint64N(answeredWindow) * 7 * answerHeads / 8, int64(i)}
			a.add(x)
			all = append(all, x)
			if i < first || i%977 != 0 {
				continue
			}
			hash, offset := all[rng.IntN(len(all))].hash, int64(rng.IntN(len(all)))
			want := false
			for _, y := range all[max(0, len(all)-answeredWindow):] {
				want = want || y.hash == hash && y.offset > offset
			}
			if got := a.after(hash, offset); got != want {
				t.Fatalf("first asked at %d: after %d answers after(%d, %d) = %v", first, i+1, hash, offset, got)
			}
			asked[want]++
		}
		if first < 2*answeredWindow && (asked[true] < 10 || asked[false] < 10) {
			t.Errorf("first asked at %d: answers %v are not worth much", first, asked)
		}
	}
}

// TestAnswersAreToldLate holds sinks that share a stream to what one would do,
// whichever of them is first, and whenever it tells.
func TestAnswersAreToldLate(t *testing.T) {
	stage := func(id, stage string, offset int64) *parsers.Event {
		return &parsers.Event{Pos: []parsers.Pos{{Offset: offset}}, Request: parsers.Request{ID: []byte(id), Stage: []byte(stage)}}
	}
	for _, told := range []bool{true, false} {
		p := &Hits{shared: true}
		var list []Answer
		p.Settle(stage("a", "ResponseComplete", 20), nil, &list)
		p.Settle(stage("b", "ResponseComplete", 20), nil, &list)
		if told {
			p.Tell(&list)
		}
		for _, id := range []string{"a", "c"} {
			if !p.Hold(stage(id, "RequestReceived", 10), &finding.Hit{Request: id}, nil) {
				t.Fatal("there was room")
			}
		}
		if !p.Hold(stage("b", "RequestReceived", 30), &finding.Hit{Request: "b"}, nil) { // a copy behind the answer
			t.Fatal("there was room")
		}
		p.Tell(&list)
		var got []string
		if err := p.Flush(func(h *finding.Hit) error { got = append(got, h.Request); return nil }); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if want := []string{"b", "c"}; !slices.Equal(got, want) {
			t.Errorf("told early %v: %q wait for ever, want %q", told, got, want)
		}
	}
}

// TestCopiesOfARequestWaitAlike: whichever of the sinks that share a stream is first,
// a hit is settled by an answer behind it, and by none before it.
func TestCopiesOfARequestWaitAlike(t *testing.T) {
	type step struct {
		stage  string
		offset int64
	}
	steps := []step{{"RequestReceived", 10}, {"ResponseComplete", 50}, {"RequestReceived", 100}, {"RequestReceived", 20}}
	orders := [][]int{{0, 3, 1, 2}, {2, 0, 1, 3}, {2, 3, 0, 1}, {1, 2, 3, 0}, {0, 2, 1, 3}}
	for _, order := range orders {
		p := &Hits{shared: true}
		for _, i := range order {
			ev := &parsers.Event{Pos: []parsers.Pos{{Offset: steps[i].offset}}, Request: parsers.Request{ID: []byte("a"), Stage: []byte(steps[i].stage)}}
			if IsAnswer(ev) {
				var list []Answer
				p.Settle(ev, nil, &list)
				p.Tell(&list)
			} else if !p.Hold(ev, &finding.Hit{Records: int(steps[i].offset)}, nil) {
				t.Fatal("there was room")
			}
		}
		var waits []int
		for _, w := range p.held {
			for _, h := range w.hits {
				waits = append(waits, h.Records)
			}
		}
		if !slices.Equal(waits, []int{100}) || p.hits != 1 {
			t.Errorf("in order %v: those at %v wait, %d in all", order, waits, p.hits)
		}
	}
}
