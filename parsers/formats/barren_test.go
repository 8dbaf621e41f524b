package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// printed are lines of container output, and what differs in lines of one kind.
var printed = []string{
	`2026-03-01T10:00:00.123456789Z stdout F 10.2.3.4 - - [01/Mar/2026:10:00:00 +0000] "GET /healthz HTTP/1.1" 200 17 "-" "kube-probe/1.31"`,
	`2026-03-01T10:00:00.1234567Z stdout F {"level":"info","ts":1772359200.123,"msg":"order saved","order":"2e5c8d1f-0000-4000-a000-1234567890ab","took_ms":12}`,
	`2026-03-01T10:00:00.123456789Z stderr F 2026-03-01 10:00:00.123 INFO [worker-3] synced 12 items of queue cart in 345ms`,
	`{"log":"{\"level\":\"info\",\"msg\":\"order saved\",\"n\":17,\"sign\":\"\u003c\"}\n","stream":"stdout","time":"2026-03-01T10:00:00.123456789Z"}`,
	`{"log":"type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no exit=-13\n","stream":"stdout","time":"2026-03-01T10:00:00.1Z"}`,
	`2026-03-01T10:00:00.1Z stdout F time="2026-03-01T10:00:00.000000000Z" level=info msg="API listen on /var/run/docker.sock"`,
	`2026-03-01T10:00:00.1Z stdout F 2026-03-01T10:00:00.123456789Z container die 0fdb48addc82871eb34eb23a847cfd033dedd1a0a37bef2e6d9eb3870fc7ff37 (exitCode=1, image=a:1, name=b)`,
}

// another is a line like line, with other digits.
func another(line string, r *rand.Rand) string {
	b := []byte(line)
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9' && r.Intn(4) > 0:
			b[i] = byte('0' + r.Intn(10))
		case c >= 'a' && c <= 'f' && r.Intn(8) == 0:
			b[i] = "0123456789abcdef"[r.Intn(16)]
		}
	}
	return string(b)
}

// outcome is what becomes of a line behind others, which are output.
func outcome(t testing.TB, lines ...string) string {
	pad, a := read(t, NewReader(), strings.NewReader(strings.Join(lines, "\n")+"\n"), parsers.ReadOptions{})
	slices.Sort(pad.lines)
	return fmt.Sprint(strings.Join(pad.lines, "\n"), "\n", a.Bytes, a.Recognised, a.Events, a.Format)
}

// compareKinds demands that what is skipped in b because a was of its kind is what
// looking into b would have found.
func compareKinds(t *testing.T, a, b string) {
	t.Helper()
	if strings.ContainsAny(a+b, "\r\n\x00") || a == "" || a[0] != '{' && classes[a[0]]&digitByte == 0 {
		return // no line of a runtime
	}
	if a[0] == '{' && !(json.Valid([]byte(a)) && json.Valid([]byte(b))) {
		return // its record may have more lines
	}
	if a[0] == '{' && strings.Contains(a, `"stream"`) && !(strings.Contains(a, `\n"`) && strings.Contains(a, `"log"`)) {
		return // it goes on in the next line
	}
	var k barren
	if k.kindOf(&parsers.Record{Data: []byte(a)}) != k.kindOf(&parsers.Record{Data: []byte(b)}) {
		return
	}
	first := `2026-03-01T10:00:00.123456789Z stdout F started`
	if a[0] == '{' {
		first = `{"log":"started\n","stream":"stdout","time":"2026-03-01T10:00:00.123456789Z"}`
	}
	got, want := outcome(t, first, a, b), outcome(t, first, strings.Repeat("x", len(a)), b)
	if k.add(k.kindOf(&parsers.Record{Data: []byte(a)}), []byte(a)); !k.has(k.kindOf(&parsers.Record{Data: []byte(a)}), []byte(a)) {
		return // it has a mark
	}
	if lost := gapsOf(t, first, a); gapsOf(t, first, a, b)-lost != gapsOf(t, first, b) {
		t.Errorf("%q behind %q: other gaps than alone", b, a)
	}
	if seen, plain := behind(got, len(first)+len(a)+2), behind(want, len(first)+len(a)+2); seen != plain {
		t.Errorf("%q\nbehind %q:\n%s\nalone:\n%s", b, a, seen, plain)
	}
}

// gapsOf is how many bytes of lines are gaps.
func gapsOf(t testing.TB, lines ...string) int64 {
	_, a := read(t, NewReader(), strings.NewReader(strings.Join(lines, "\n")+"\n"), parsers.ReadOptions{})
	return a.Bytes.Gaps
}

// behind are the events of the record at that offset.
func behind(told string, offset int) string {
	var out []string
	for _, l := range strings.Split(told, "\n") {
		remark := strings.HasPrefix(l, "gap ") || strings.HasPrefix(l, "note ") // of several the first one is told
		if strings.Contains(l, fmt.Sprintf(" 3:%d ", offset)) && !remark {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

func TestLinesOfAKind(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, line := range printed {
		for range 200 {
			compareKinds(t, another(line, r), another(line, r))
			compareKinds(t, reworded(another(line, r), r), another(line, r))
		}
	}
}

// TestEveryKindIsLookedIntoOnce: lines that differ in numbers, ids and words are of one
// kind, and a line with a mark is of none that is skipped.
func TestEveryKindIsLookedIntoOnce(t *testing.T) {
	var b barren
	hash := func(line string) uint64 { return b.kindOf(&parsers.Record{Data: []byte(line)}) }
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{printed[0], strings.NewReplacer("10.2.3.4", "172.16.31.9", "17", "999", "01/Mar", "28/Mar").Replace(printed[0]), true},
		{printed[1], strings.NewReplacer("2e5c8d1f", "0a0b0c0d", "1234567890ab", "ffffffffff00", ".123,", ".999,").Replace(printed[1]), true},
		{printed[2], strings.NewReplacer("345ms", "7ms", "worker-3", "worker-15").Replace(printed[2]), true},
		{printed[2], strings.Replace(printed[2], "345ms", "345", 1), false},
		{printed[1], strings.Replace(printed[1], "-a000-", "-beef-", 1), true},
		{"a \\u0061", "a \\u0062", false},
		{"H4sIAAAA", "H5sIAAAA", false},
		{"v1", "v2", false},
		{"an order saved", "all of them", true},
		{"an order of the", "an order of three things", true},
		{"an order of", "an order of three things", false},
		{"an order, saved", "an order: saved", false},
		{"an order  saved", "an order saved", false},
		{`{"user":"una"}`, `{"user":"bob"}`, true},
		{`{"user":"una"}`, `{"name":"una"}`, false},
		{`{"a.user" : "una"}`, `{"b.user" : "una"}`, false},
		{`{\"user\":\"una\"}`, `{\"name\":\"una\"}`, false},
		{"pod web-6f7c8d-x2b5k", "pod web-0b1c2d-bbkkz", true},
		{"web-x2b5k", "web-X2B5K", false},
		{"user=una", "user=bob", true},
		{"user_name=una", "group_name=una", false},
		{"level=info", "level=warning", false},
		{"a host", "a hôst", false},
		{"09:00.123456+01:00 x", "10:17.000000+02:00 x", true},
		{"1Z stdout F a", "1Z stderr F a", false},
		{"1Z stdout F a", "1Z something F a", false},
		{"1Z busybox:latest: pull", "1Z busybox:latest: push", false},
		{"let us pull it", "let us push it", true},
		{"Mar 1", "Apr 1", false},
		{"GET /a/words", "PUT /a/words", false},
		{"0123456789abcdef", "0123456789abcde", false},
	} {
		if got := hash(c.a) == hash(c.b); got != c.same {
			t.Errorf("%q and %q are of one kind: %v", c.a, c.b, got)
		}
	}
	for _, line := range printed {
		b.add(hash(line), []byte(line))
		if got, want := b.has(hash(line), []byte(line)), !strings.Contains(line, "audit(") && !strings.Contains(line, " container ") && !strings.Contains(line, "docker"); got != want {
			t.Errorf("%q is skipped: %v", line, got)
		}
	}
}

// TestKindsRestWhereTheyDoNotPay: lines that are all of kinds of their own are not asked
// about for a while; those of few kinds are, however long it goes on.
func TestKindsRestWhereTheyDoNotPay(t *testing.T) {
	asked := func(line func(i int) string) (n int) {
		var b barren
		for i := range 4 * (barrenTrial + barrenRest) {
			data := []byte(line(i))
			kind := b.kindOf(&parsers.Record{Data: data})
			if kind != 0 {
				n++
			}
			if !b.has(kind, data) {
				b.add(kind, data)
			}
		}
		return n
	}
	if n, want := asked(func(i int) string { return strings.Repeat("x.", i%997) + strings.Repeat(",y", i/997) }), 4*barrenTrial; n != want {
		t.Errorf("of lines of kinds of their own %d were asked about, want %d", n, want)
	}
	if n, want := asked(func(i int) string { return fmt.Sprintf("request %d of %c", i, 'a'+i%26) }), 4*(barrenTrial+barrenRest); n != want {
		t.Errorf("of lines of few kinds %d were asked about, want all %d", n, want)
	}
}

// TestKindsInRealOutput: what a real stream is read as does not depend on what is
// known of kinds: each line says the same behind any other of the same kind.
func TestKindsInRealOutput(t *testing.T) {
	var k barren
	before := map[uint64]string{}
	compared := 0
	err := filepath.WalkDir(filepath.Join(parsertest.Corpus(t), "container-logs"), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for line := range bytes.Lines(data) {
			line = bytes.TrimRight(line, "\r\n")
			kind := k.kindOf(&parsers.Record{Data: line})
			if a, ok := before[kind]; ok && kind != 0 && compared < 500 {
				compared++
				compareKinds(t, a, string(line))
			}
			before[kind] = string(line)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if compared < 5 {
		t.Errorf("only %d lines were of a kind that was met before", compared)
	}
}

func FuzzKinds(f *testing.F) {
	for _, line := range printed {
		f.Add(line, int64(1))
	}
	f.Fuzz(func(t *testing.T, line string, seed int64) {
		r := rand.New(rand.NewSource(seed))
		compareKinds(t, another(line, r), another(line, r))
		compareKinds(t, reworded(line, r), reworded(another(line, r), r))
	})
}

// TestLinesWithASignAreLookedInto: what stays of a record that no format reads is looked for in
// lines of which formats were asked.
func TestLinesWithASignAreLookedInto(t *testing.T) {
	for _, s := range signs {
		if !marked([]byte(s.word + s.in().String())) {
			t.Errorf("%q is a sign of %s, and has no mark", s.word, s.what)
		}
	}
}
