package scanner

import (
	"bytes"
	"fmt"
	"testing"
)

// FuzzRecentTexts: a text is what it is, whichever were met before.
func FuzzRecentTexts(f *testing.F) {
	for _, b := range []string{"", "alice", "\xff\xfe", "é", string(bytes.Repeat([]byte("x"), maxRecentText+1)), string(bytes.Repeat([]byte("\xff"), maxFact+9))} {
		f.Add([]byte(b))
	}
	r := newRecentTexts()
	f.Fuzz(func(t *testing.T, b []byte) {
		for range 2 {
			if got := r.of(b); got != string(b) {
				t.Errorf("%q of %q", got, b)
			}
			if got := r.clean(b); got != clean(b) {
				t.Errorf("%q of %q, want %q", got, b, clean(b))
			}
		}
	})
}

func TestRecentTextsAreMadeOnce(t *testing.T) {
	r, b := newRecentTexts(), []byte("system:serviceaccount:prod:web")
	if n := testing.AllocsPerRun(100, func() { r.clean(b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if got := r.cleanAll(nil); got != nil {
		t.Errorf("%q of nothing", got)
	}
	for i := range 3 << recentBits { // they push each other out
		want := fmt.Sprint("name ", i%5000)
		if got := r.cleanAll([][]byte{[]byte(want)}); got[0] != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}

// TestBorrowedItemsAreThoseOfEach: each is whole while it is looked at, whether runs are
// read into it again or not; and runs that are merged are read into few.
func TestBorrowedItemsAreThoseOfEach(t *testing.T) {
	s := newActSorter()
	s.limit = 20_000
	defer s.Close()
	for i := range 3000 {
		h := readHit(fmt.Sprint("user", i%7), "prod", fmt.Sprint("secret", i), "allowed", i)
		if i%3 == 0 {
			h.Fields, h.Matched = nil, nil
		}
		a := &act{ID: fmt.Sprintf("%05d", i*7919%3001), Hit: h, Last: h.Time, Count: int64(i)}
		if i%5 == 0 {
			a.Related, a.From = []string{"x", fmt.Sprint(i)}, []string{fmt.Sprint("10.0.0.", i)}
		}
		if err := s.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	told := func(each func(func(*act) error) error) (list []string) {
		if err := each(func(a *act) error {
			list = append(list, fmt.Sprintf("%+v %+v", *a.Hit, []any{a.ID, a.Related, a.Link, a.Last, a.Count, a.From, a.With}))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return list
	}
	want, got := told(s.Each), told(s.EachBorrowed)
	if len(got) != 3000 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Error("they differ")
	}
	seen := map[*act]bool{}
	if err := s.EachBorrowed(func(a *act) error { seen[a] = true; return nil }); err != nil || len(seen) > 3000/2 {
		t.Errorf("%d acts were made, %v", len(seen), err)
	}
}
