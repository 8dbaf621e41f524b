package baseline

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func use(hour int) Use {
	t := finding.Time{Time: noon.Add(time.Duration(hour) * time.Hour)}
	return Use{Count: 1, First: t, Last: t}
}

func TestPartsOfAHabit(t *testing.T) {
	for _, c := range []struct{ what, got, want string }{
		{"read", Class("LIST", "secrets"), "read"},
		{"write", Class("deletecollection", "events"), "write"},
		{"exec is no read", Class("get", "pods/exec"), "connect"},
		{"logs", Class("get", "pods/log"), "read"},
		{"docker exec without its command", Class("exec_create: cat /etc/shadow", "container"), "connect"},
		{"other actions lose their arguments", Class("health_status: healthy", ""), "health_status"},
		{"a program with version", Client("kubectl/v1.29.1 (linux/amd64) kubernetes/bc401b9"), "kubectl"},
		{"a program by its path", Client("/usr/bin/kubectl"), "kubectl"},
		{"a browser", Client("Mozilla/5.0 (X11; Linux x86_64)"), "mozilla"},
		{"no program", Client(""), ""},
		{"IPv4", Network("10.244.1.17"), "10.244.1.0/24"},
		{"IPv4 in IPv6", Network("::ffff:10.244.1.17"), "10.244.1.0/24"},
		{"IPv6", Network("2001:db8:1:2:3::4"), "2001:db8:1:2::/64"},
		{"no address", Network("worker1"), ""},
		{"image with tag", Repository("registry.example:5000/shop/web:2.1"), "registry.example:5000/shop/web"},
		{"image with digest", Repository("shop/web@sha256:abc"), "shop/web"},
		{"registry with port, no tag", Repository("registry.example:5000/web"), "registry.example:5000/web"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
	if got := Client(strings.Repeat("é", 300)); len(got) > maxText {
		t.Errorf("a client of %d bytes is kept", len(got))
	}
}

// sample is a log of 30 days.
func sample(r *rand.Rand) (habits []Habit, uses []Use) {
	for i := range 500 {
		habits = append(habits, NewHabit(fmt.Sprint("k8s:user", r.Intn(9)), []string{"get", "list", "create"}[r.Intn(3)], "secrets",
			[]string{"kubectl/v1", "curl/8"}[r.Intn(2)], fmt.Sprintf("10.0.%d.%d", r.Intn(3), r.Intn(200))))
		uses = append(uses, use(i))
	}
	return habits, uses
}

func text(t *testing.T, b *Baseline) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestMergingInAnyOrderAndGroupingGivesTheSameBytes(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	habits, uses := sample(r)
	whole := New()
	for i := range habits {
		whole.Add(habits[i], uses[i])
	}
	want := text(t, whole)
	for range 5 {
		parts := make([]*Baseline, 1+r.Intn(5))
		for i := range parts {
			parts[i] = New()
		}
		for _, i := range r.Perm(len(habits)) {
			parts[r.Intn(len(parts))].Add(habits[i], uses[i])
		}
		for len(parts) > 1 { // merge any two
			i, j := r.Intn(len(parts)), len(parts)-1
			if i != j {
				parts[i].Merge(parts[j])
				parts = parts[:j]
			}
		}
		if got := text(t, parts[0]); got != want {
			t.Fatal("another grouping gives another baseline")
		}
	}
}

func TestABaselineSurvivesTheDiskWhole(t *testing.T) {
	b := New()
	habits, uses := sample(rand.New(rand.NewSource(1)))
	for i := range habits {
		b.Add(habits[i], uses[i])
	}
	b.AddImage("alpine:3.20", use(1))
	file := text(t, b)
	back, err := Read(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if text(t, back) != file {
		t.Error("what was read is not what was written")
	}
	for _, bad := range []string{"", "{}", file[:len(file)/2], strings.Replace(file, "baseline/1", "baseline/9", 1),
		file[:strings.LastIndex(file[:len(file)-1], "\n")+1], strings.Replace(file, `"class"`, `"clasp"`, 1)[:40]} {
		if _, err := Read(strings.NewReader(bad)); !errors.Is(err, ErrFile) {
			t.Errorf("%.40q: got %v, want ErrFile", bad, err)
		}
	}
}

// TestMergedAndReadAgain: images, uses that did not fit and the span are the whole's.
func TestMergedAndReadAgain(t *testing.T) {
	a, b := New(), New()
	h := NewHabit("k8s:alice", "get", "pods", "kubectl/v1", "10.0.0.1")
	a.Add(h, Use{Count: 2, First: use(5).First, Last: use(6).Last})
	b.Add(h, Use{Count: 3, First: use(1).First, Last: use(9).Last})
	b.Add(h, Use{Count: 4})
	b.AddImage("shop/web:2", use(3))
	b.AddImage("alpine", use(4))
	a.AddImage("", use(3))
	b.Overflow, a.Overflow = 7, 5
	a.Merge(b)
	back, err := Read(strings.NewReader(text(t, a)))
	if err != nil {
		t.Fatal(err)
	}
	if u := back.habits[h]; back.Len() != 1 || u.Count != 9 || !u.First.Equal(use(1).First.Time) || !u.Last.Equal(use(9).Last.Time) || back.Overflow != 12 {
		t.Errorf("%d habits, %+v, %d did not fit", back.Len(), u, back.Overflow)
	}
	if first, last := back.Span(); !first.Equal(use(1).First.Time) || !last.Equal(use(9).Last.Time) {
		t.Errorf("from %v to %v", first, last)
	}
	if x := back.Index(); !x.KnowsImage("shop/web:3") || !x.KnowsImage("alpine@sha256:ab") || x.KnowsImage("shop/db") || x.KnowsImage("") {
		t.Errorf("images: %v", x.images)
	}
	m := map[int]*Use{}
	for i := range maxHabits {
		enter(m, i, Use{Count: 1})
	}
	if n, again := enter(m, -1, Use{Count: 3}), enter(m, 0, Use{Count: 3}); n != 3 || again != 0 || m[0].Count != 4 {
		t.Errorf("of a full one %d uses did not fit, %d of one that is in it", n, again)
	}
}

// TestLookingBack: from the end of a log, what began in its second half is new there.
func TestLookingBack(t *testing.T) {
	b := New()
	alice, later := NewHabit("k8s:alice", "get", "pods", "kubectl/v1", "10.0.0.1"), NewHabit("k8s:alice", "get", "secrets", "kubectl/v1", "10.0.9.1")
	bob := NewHabit("k8s:bob", "get", "pods", "kubectl/v1", "10.0.0.1")
	long := func(from, to int) Use { return Use{Count: 2, First: use(from).First, Last: use(to).Last} }
	b.Add(alice, long(0, 100))
	b.Add(later, long(60, 100))
	b.Add(bob, long(51, 90))
	x := b.FirstPart()
	for _, c := range []struct {
		name  string
		h     Habit
		last  int
		news  string
		usual bool
	}{
		{"the daily work", alice, 100, "[]", true},
		{"what was done in the second half only", later, 100, "[its network 10.0.9.0/24 read of secrets]", false},
		{"a principal of the second half", bob, 90, "[the principal]", false},
		{"what ended before", bob, 49, "[]", false},
		{"a log of nothing", NewHabit("linux:n/auid=1", "execve", "", "sh", ""), 100, "[]", false},
	} {
		if news, usual := x.Look(c.h, use(c.last).Last.Time); fmt.Sprint(news) != c.news || usual != c.usual {
			t.Errorf("%s: %v, usual %v; want %s, %v", c.name, news, usual, c.news, c.usual)
		}
	}
	for _, c := range []struct {
		actor, network string
		want           bool
	}{{"k8s:alice", "10.0.0.0/24", true}, {"k8s:alice", "10.0.9.0/24", false}, {"k8s:alice", "", false}, {"k8s:bob", "10.0.0.0/24", false}, {"linux:n/auid=1", "10.0.0.0/24", false}} {
		if got := x.Uses(c.actor, c.network); got != c.want {
			t.Errorf("%s from %q: %v", c.actor, c.network, got)
		}
	}
	if whole := b.Index(); !whole.Uses("k8s:bob", "10.0.0.0/24") || !whole.Learned() || !whole.Whole() || x.Whole() || !x.Learned() {
		t.Error("a baseline is known as a whole")
	}
	if news, _ := b.Index().Look(bob, use(0).Last.Time); news != nil {
		t.Errorf("of a baseline %v is new", news)
	}
}

func TestJudge(t *testing.T) {
	b := New()
	web := NewHabit("k8s:system:serviceaccount:prod:web", "watch", "endpoints", "traefik/3.0", "10.244.1.17")
	b.Add(web, use(0))
	b.Add(web, use(40))
	b.Add(NewHabit("k8s:system:serviceaccount:prod:web", "list", "secrets", "curl/8.5.0", "1.2.3.77"), use(30))
	b.Add(NewHabit("k8s:mallory", "list", "secrets", "kubectl/v1", "10.8.0.9"), use(31))
	first, whole := b.FirstPart(), b.Index()
	theft := NewHabit("k8s:system:serviceaccount:prod:web", "list", "secrets", "curl/8.5.0", "1.2.3.77")
	for _, c := range []struct {
		name  string
		x     *Index
		h     Habit
		hour  int
		news  string
		usual bool
	}{
		{"the daily work", first, web, 40, "[]", true},
		{"an upgrade is no news", first, NewHabit(web.Actor, "watch", "endpoints", "traefik/3.1", "10.244.1.99"), 40, "[]", true},
		{"everything but the name is new", first, theft, 30, "[its client curl its network 1.2.3.0/24 read of secrets]", false},
		{"what began when learning ended is new", first, theft, 40, "[its client curl its network 1.2.3.0/24 read of secrets]", false},
		{"what was learned from is not judged", first, theft, 3, "[]", false},
		{"a new principal", first, NewHabit("k8s:mallory", "list", "secrets", "kubectl/v1", "10.8.0.9"), 31, "[the principal]", false},
		{"a log that taught nothing", first, NewHabit("linux:node1/auid=0", "execve", "", "/bin/sh", ""), 31, "[]", false},
		{"in the baseline", whole, theft, 30, "[]", true},
		{"not in the baseline", whole, NewHabit("k8s:eve", "get", "secrets", "curl/8", ""), 30, "[the principal]", false},
		{"known parts in a new combination", whole, NewHabit(web.Actor, "watch", "endpoints", "curl/8", "1.2.3.4"), 30, "[]", false},
	} {
		news, usual := c.x.Judge(c.h, noon.Add(time.Duration(c.hour)*time.Hour))
		if fmt.Sprint(news) != c.news || usual != c.usual {
			t.Errorf("%s: got %v, usual %v; want %s, %v", c.name, news, usual, c.news, c.usual)
		}
	}
}

// TestWhatComesLaterChangesNoVerdict judges acts with all of a log known, and
// with only what came before them: so nights tell what one scan tells.
func TestWhatComesLaterChangesNoVerdict(t *testing.T) {
	r := rand.New(rand.NewSource(9))
	habits, uses := sample(r)
	whole := New()
	for i := range habits {
		whole.Add(habits[i], uses[i])
	}
	x, judged := whole.FirstPart(), 0
	for range 200 {
		i := 1 + r.Intn(len(habits)-1)
		before := New()
		for j := range i {
			before.Add(habits[j], uses[j])
		}
		h, at := habits[r.Intn(len(habits))], uses[i].First.Time
		want, wantUsual := x.Judge(h, at)
		got, usual := before.FirstPart().Judge(h, at)
		if fmt.Sprint(got) != fmt.Sprint(want) || usual != wantUsual {
			t.Fatalf("use %d: %v, usual %v; with all of the log known %v, %v", i, got, usual, want, wantUsual)
		}
		if before.FirstPart().Print(h.Actor, at) != x.Print(h.Actor, at) {
			t.Fatalf("use %d: what it is compared with has another print with all of the log known", i)
		}
		judged += len(got)
	}
	if judged == 0 {
		t.Fatal("nothing was new: nothing is proven")
	}
}

func TestShortLogsTeachNothing(t *testing.T) {
	b := New()
	b.Add(NewHabit("k8s:alice", "get", "pods", "kubectl/v1", "10.0.0.1"), use(0))
	b.Add(NewHabit("k8s:bob", "get", "secrets", "kubectl/v1", "10.0.0.2"), use(7))
	if news, _ := b.FirstPart().Judge(NewHabit("k8s:bob", "get", "secrets", "kubectl/v1", "10.0.0.2"), noon.Add(7*time.Hour)); news != nil {
		t.Errorf("got %v", news)
	}
}

func TestNewImages(t *testing.T) {
	b := New()
	b.Add(NewHabit("docker:node1", "create", "container", "", ""), use(0))
	b.Add(NewHabit("docker:node1", "create", "container", "", ""), use(24))
	b.AddImage("shop/web:1", use(0))
	b.AddImage("docker.io/alpine:3", use(20))
	x := b.FirstPart()
	for image, want := range map[string]bool{"shop/web:2": false, "docker.io/alpine:3": true, "": false} {
		if got := x.NewImage(image, "docker:node1", noon.Add(20*time.Hour)); got != want {
			t.Errorf("%q: got %v, want %v", image, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	b := New()
	b.Add(NewHabit("k8s:alice", "get", "pods", "kubectl/v1", "10.0.0.1"), use(0))
	var out bytes.Buffer
	if err := Write(&out, b); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read(bytes.NewReader(data))
		if err == nil {
			text(t, b)
		}
	})
}

func ExampleIndex_Judge() {
	b := New()
	day := Use{Count: 9, First: finding.Time{Time: noon}, Last: finding.Time{Time: noon.Add(24 * time.Hour)}}
	b.Add(NewHabit("k8s:alice", "get", "pods", "kubectl/v1.30", "10.8.0.20"), day)
	news, _ := b.Index().Judge(NewHabit("k8s:alice", "list", "secrets", "curl/8.5", "10.8.0.20"), noon)
	fmt.Println(strings.Join(news, ", "))
	// Output: its client curl, read of secrets
}

// TestUsesWithoutATimeMoveNoBeginning: one record without a time, or of a machine
// whose clock was not set yet, must not make the log seem to begin two thousand, or
// fifty, years ago, with a first week in which nobody did anything.
func TestUsesWithoutATimeMoveNoBeginning(t *testing.T) {
	usual := NewHabit("k8s:alice", "get", "secrets", "kubectl", "10.0.0.1")
	epoch := finding.Time{Time: time.Unix(7, 0).UTC()}
	for name, odd := range map[string]Use{"without a time": {Count: 1}, "of 1970": {Count: 1, First: epoch, Last: epoch}} {
		b := New()
		b.Add(NewHabit("k8s:mallory", "get", "pods", "curl", "10.0.0.9"), odd)
		b.Add(usual, Use{Count: 100, First: use(0).First, Last: use(200).Last})
		x := b.FirstPart()
		at := noon.Add(200 * time.Hour)
		if news, known := x.Judge(usual, at); len(news) > 0 || !known {
			t.Errorf("%s: what alice does every day is new: %v", name, news)
		}
		if got, want := x.Source("k8s:alice", at), "not in the first part of the log, until 2026-03-07 18:00 UTC"; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if news, _ := x.Judge(NewHabit("k8s:eve", "get", "secrets", "kubectl", "10.0.0.1"), at); len(news) == 0 {
			t.Errorf("%s: nothing is new", name)
		}
		if x.Print("k8s:alice", at) == 0 {
			t.Errorf("%s: nothing was learned", name)
		}
	}
	b := New() // all there is
	b.Add(usual, Use{Count: 1})
	if x := b.FirstPart(); x.Learned() || x.Comparable("k8s:alice", noon) {
		t.Error("something was learned of a log without times")
	}
}
