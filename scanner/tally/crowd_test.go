package tally

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"
	"time"

	"tideline/scanner/finding"
)

// crowded are aggregates of n events, each of one of as many principals and
// names, in parts.
func crowded(r *rand.Rand, n, parts int) []*Aggregates {
	out := make([]*Aggregates, parts)
	for i := range out {
		out[i] = NewAggregates()
	}
	for range n {
		a, at := out[r.Intn(parts)], finding.Time{Time: time.Unix(r.Int63n(1e8), 0).UTC()}
		k := PrincipalKey{Actor: fmt.Sprint([]string{"k8s:", "container:", "k8s:system:node:"}[r.Intn(3)], r.Intn(n)), Action: "get"}
		a.mergePrincipal(k, &PrincipalRow{Allowed: 1, First: at, Last: at})
		a.name(NameKey{secretName, "prod", fmt.Sprint(r.Intn(n))}).merge(&NameRow{1, at, at})
		a.minute(at.Unix()/60, "auditd").Events++
		a.mergeFormat("kubernetes-audit", &FormatStats{Levels: map[string]int64{fmt.Sprint("kind-", r.Intn(n), " Metadata"): 1, "secrets Metadata": 1}})
		a.activity(logOf("auditd", fmt.Sprint("host-", r.Intn(n)))).see(at.Time)
		a.activity(namelessLog("auditd", fmt.Sprint("folder-", r.Intn(50)))).see(at.Time)
	}
	return out
}

// What is kept of a crowd must not depend on who counted what, nor in which
// order it came together; and nothing may be lost from the sum.
func TestCrowdsMergeInAnyGrouping(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	r := rand.New(rand.NewSource(4))
	const n = 3 * maxPrincipals
	parts := crowded(r, n, 12)
	merge := func(list []*Aggregates) *Aggregates {
		out := NewAggregates()
		for _, a := range list {
			out.Merge(a)
		}
		return out
	}
	want := merge(parts)
	if levels := want.Formats["kubernetes-audit"].Levels; len(levels) != maxLevels || levels["secrets Metadata"] != n {
		t.Errorf("%d levels, %d events about Secrets; want %d and %d", len(levels), levels["secrets Metadata"], maxLevels, n)
	}
	if len(want.Active) != maxLogs || len(want.Nameless()) != 50 {
		t.Errorf("%d logs, %d of them of hosts without a name, want %d and all 50", len(want.Active), len(want.Nameless()), maxLogs)
	}
	if len(want.Principals) != maxPrincipals || len(want.Names) > maxNames || len(want.Minutes) > maxMinutes {
		t.Fatalf("%d principals, %d names, %d minutes", len(want.Principals), len(want.Names), len(want.Minutes))
	}
	sum := want.Overflow
	for _, row := range want.Principals {
		sum += row.Allowed
	}
	for _, row := range want.Names {
		sum += row.Count
	}
	if sum != 2*n {
		t.Errorf("%d events in rows and overflow, want %d", sum, 2*n)
	}
	gathered := NewAggregates()
	for _, a := range crowded(rand.New(rand.NewSource(4)), n, 12) {
		if gathered.gather(a); len(gathered.Principals) > maxPrincipals+slack {
			t.Fatalf("%d rows while they are gathered", len(gathered.Principals))
		}
	}
	gathered.Bound()
	same := func(a, b *PrincipalRow) bool { return *a == *b }
	if gathered.Overflow != want.Overflow || !maps.EqualFunc(gathered.Principals, want.Principals, same) ||
		!slices.Equal(gathered.sortedNames(), want.sortedNames()) || !maps.Equal(gathered.Formats["kubernetes-audit"].Levels, want.Formats["kubernetes-audit"].Levels) {
		t.Fatal("other rows are kept if they are gathered first")
	}
	for range 3 {
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		cut := 1 + r.Intn(len(parts)-1)
		got := merge([]*Aggregates{merge(parts[:cut]), merge(parts[cut:])})
		if got.Overflow != want.Overflow || !maps.EqualFunc(got.Principals, want.Principals, same) ||
			!slices.Equal(got.sortedNames(), want.sortedNames()) {
			t.Fatalf("cut at %d: other rows are kept", cut)
		}
		if !maps.EqualFunc(got.Active, want.Active, func(x, y Activity) bool { return maps.Equal(x, y) }) {
			t.Fatalf("cut at %d: other logs are known", cut)
		}
		if !maps.Equal(got.Formats["kubernetes-audit"].Levels, want.Formats["kubernetes-audit"].Levels) {
			t.Fatalf("cut at %d: other levels are known", cut)
		}
		minutes := func(a, b Minute) bool { return slices.EqualFunc(a, b, func(x, y *MinuteRow) bool { return *x == *y }) }
		if !maps.EqualFunc(got.Minutes, want.Minutes, minutes) {
			t.Fatalf("cut at %d: other minutes are kept", cut)
		}
	}
}

func TestPeopleStayInACrowd(t *testing.T) {
	a := NewAggregates()
	for i := range maxPrincipals {
		a.Principals[PrincipalKey{Actor: fmt.Sprintf("container:%d", i)}] = &PrincipalRow{Allowed: 1}
		a.Principals[PrincipalKey{Actor: fmt.Sprintf("k8s:system:serviceaccount:a:%d", i%1000), Address: fmt.Sprint(i)}] = &PrincipalRow{Denied: 1}
	}
	for i := range 1000 {
		a.Principals[PrincipalKey{Actor: fmt.Sprintf("k8s:user-%d", i)}] = &PrincipalRow{Allowed: 1}
	}
	a.Bound()
	for i := range 1000 {
		if a.Principals[PrincipalKey{Actor: fmt.Sprintf("k8s:user-%d", i)}] == nil {
			t.Fatalf("user %d was dropped for the sake of machines", i)
		}
	}
	if a.Overflow != maxPrincipals+1000 {
		t.Errorf("%d events did not fit, want %d", a.Overflow, maxPrincipals+1000)
	}
}

// A timeline must be the same whether minutes were told apart or not.
func TestWideMinutesGiveTheSameTimeline(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for _, span := range []int64{maxMinutes / 2, 2 * maxMinutes, 100 * maxMinutes, 4000 * maxMinutes} {
		fine, wide := NewAggregates(), NewAggregates()
		for i := range 4 * maxMinutes {
			m := r.Int63n(span) - span/2
			for _, a := range []*Aggregates{fine, wide} {
				row := a.minute(m, "auditd")
				row.Events += int64(i)
				row.Denied++
			}
		}
		wide.Bound()
		of := func(a *Aggregates) string {
			found := a.NewMarks()
			for _, minute := range []int64{3, -70, -70} {
				found.Add(time.Unix(60*minute, 0))
			}
			return fmt.Sprint(a.Timeline(found))
		}
		if of(fine) != of(wide) {
			t.Errorf("span %d: another timeline", span)
		}
		if len(wide.Minutes) > maxMinutes {
			t.Errorf("span %d: %d minutes are kept", span, len(wide.Minutes))
		}
	}
}
