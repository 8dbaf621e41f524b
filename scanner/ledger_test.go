package scanner

import (
	"fmt"
	"reflect"
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

// ledgerOf is a partial with n entries, not in order, of which long are held.
func ledgerOf(t *testing.T, n, long int) *Partial {
	t.Helper()
	p := NewPartial(0)
	p.long = long
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	for i := range n {
		k := i * 7919 % n // prime to n
		e := finding.Entry{Path: fmt.Sprintf("node-%d/file-%d.log", k%97, k), Codecs: []string{"gzip"}, SHA256: fmt.Sprintf("%064x", k), Size: int64(k),
			Records: 1, Events: 1, Notes: []finding.Remark{}, Gaps: []finding.Remark{}, Details: []string{"Metadata"}, Matched: []string{}}
		switch k % 3 {
		case 0:
			e.Format = "kubernetes-audit"
		case 1:
			e.Gaps = append(e.Gaps, finding.Remark{Code: "line.unknown", Bytes: 7, Count: 1, Reason: "no format knows it"})
		}
		if err := p.enter(e); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// entriesOf are all entries in the order in which they are given.
func entriesOf(t *testing.T, each func(func(*finding.Entry) error) error) (out []finding.Entry) {
	t.Helper()
	if err := each(func(e *finding.Entry) error { out = append(out, *e); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// A ledger of any length is held up to a limit, and says what one that is held says.
func TestLongLedgerIsSpilled(t *testing.T) {
	const n = 20_000
	held, long := ledgerOf(t, n, 0), ledgerOf(t, n, 100)
	if len(held.Ledger) != n || held.spilled != nil {
		t.Fatalf("without a limit %d entries are held", len(held.Ledger))
	}
	if most := ledgerLimit / entrySize(&finding.Entry{}); len(long.Ledger) != 0 || long.spilled.Held() > most || long.spilled.Len() != n {
		t.Fatalf("%d and %d entries are held, want at most %d of %d", len(long.Ledger), long.spilled.Held(), most, long.spilled.Len())
	}
	sortLedger(held.Ledger)
	for range 2 { // it is read more than once
		if got := entriesOf(t, long.EachEntry); !reflect.DeepEqual(got, held.Ledger) {
			t.Fatalf("%d entries came back, and not as they were entered", len(got))
		}
	}
}

// What Conclude says does not depend on whether the ledger was held, nor on how
// it was dealt out to partials.
func TestConcludeLongLedger(t *testing.T) {
	conclude := func(partials ...*Partial) (*Report, []finding.Entry) {
		r, err := Conclude(t.Context(), partials, ruleset.New(nil, ruleset.Options{}), nil, ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
		return r, entriesOf(t, r.Overview.EachEntry)
	}
	want, entries := conclude(ledgerOf(t, 1000, 0))
	joined := NewPartial(0)
	joined.long = 10
	if err := joined.Join(ledgerOf(t, 1000, 100)); err != nil {
		t.Fatal(err)
	}
	defer joined.Close()
	for name, p := range map[string]*Partial{"spilled": ledgerOf(t, 1000, 100), "joined": joined} {
		got, have := conclude(p)
		if got.Overview.Entries() != 1000 || len(got.Overview.Ledger) != 0 {
			t.Errorf("%s: %d entries, of which %d are held", name, got.Overview.Entries(), len(got.Overview.Ledger))
		}
		if !reflect.DeepEqual(have, entries) {
			t.Errorf("%s: the ledger differs", name)
		}
		got.Overview.Long, got.Overview.Ledger = nil, want.Overview.Ledger
		if !reflect.DeepEqual(got.Overview, want.Overview) {
			t.Errorf("%s: the overview is\n%+v, want\n%+v", name, got.Overview.Summary, want.Overview.Summary)
		}
	}
}

// Events that two files shared are taken off a spilled ledger as off a held one,
// however often it is read.
func TestJoinedEventsOfLongLedger(t *testing.T) {
	settled := []finding.Entry{{Path: "node-3/file-3.log", Events: -1, Matched: []string{"rule"}}}
	held, long := ledgerOf(t, 1000, 0), ledgerOf(t, 1000, 100)
	sortLedger(held.Ledger)
	joinedEvents(held.Ledger, settled)
	long.joined = settled
	for range 2 {
		if got := entriesOf(t, long.EachEntry); !reflect.DeepEqual(got, held.Ledger) {
			t.Fatal("a spilled ledger is joined otherwise than one that is held")
		}
	}
}
