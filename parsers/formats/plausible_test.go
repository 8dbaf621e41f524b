package formats

import (
	"fmt"
	"math/rand"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

func TestPlausible(t *testing.T) {
	for line, want := range map[string]bool{
		"":       true,
		"a word": true,
		"Mar  9 23:59:59 node-1 sshd[31337]: Accepted publickey for root from 10.0.0.7 port 50022": true,
		"2024-02-29T10:00:00.123456789Z x": true,
		"2025-02-29T10:00:00Z x":           false,
		"2025-13-01":                       false,
		"1-2-3 and 2025-1-99":              true,
		"Feb 29 10:00:00 x":                false, // of which year is not known
		"Apr 31 10:00:00 x":                false,
		"24:00:00":                         false,
		"23:60":                            false,
		"10:00:60":                         false,
		"100:99":                           true,
		"+0100":                            true,
		`10.0.0.7 - - [09/Mar/2026:02:23:52 +0000] "GET / HTTP/1.1" 203 38 "-" "x/1.31"`: true,
		"order 552fa82f-9086-4580-9204-0434a54a4ccb saved":                               true,
		"+1500":               false,
		"<191>1 x":            true,
		"<192>1 x":            false,
		"<134>2 x":            false,
		"<134>Mar 1":          true,
		"123456789012345678":  true,
		"1234567890123456789": false,
		"n=123456789012345":   true,
		"id 0fdb48addc82871eb34eb23a847cfd033dedd1a0": true,
		"0000000000000000a":                           true,
	} {
		if got := plausible([]byte(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}

var (
	datePart   = regexp.MustCompile(`(\d+)-(\d+)-(\d+)`)
	clockPart  = regexp.MustCompile(`(\d+):(\d+)(?::(\d+))?`)
	dayPart    = regexp.MustCompile(`\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d+)`)
	zonePart   = regexp.MustCompile(`[+-](\d\d)(\d\d)(?:[^0-9A-Za-z-]|$)`) // no part of a UUID
	priority   = regexp.MustCompile(`^<(\d+)>(\d* )?`)                     // with the version of RFC 5424
	longNumber = regexp.MustCompile(`(?:^|[^0-9A-Za-z])\d{19,}(?:[^0-9A-Za-z]|$)`)
)

// slowlyPlausible is plausible by expressions.
func slowlyPlausible(line []byte) bool {
	for _, m := range datePart.FindAllSubmatch(line, -1) {
		if len(m[1]) == 4 && len(m[2]) == 2 && len(m[3]) == 2 && !isDate(number(m[1]), number(m[2]), number(m[3])) {
			return false
		}
	}
	for _, m := range clockPart.FindAllSubmatch(line, -1) {
		if len(m[1]) == 2 && len(m[2]) == 2 && (number(m[1]) > 23 || number(m[2]) > 59 || number(m[3]) > 59) {
			return false
		}
	}
	for _, m := range dayPart.FindAllSubmatch(line, -1) {
		if month, err := time.Parse("Jan", string(m[1])); err != nil || !isDate(2023, int(month.Month()), number(m[2])) {
			return false
		}
	}
	for _, m := range zonePart.FindAllSubmatch(line, -1) {
		if number(m[1]) > 14 || number(m[2]) > 59 {
			return false
		}
	}
	if m := priority.FindSubmatch(line); m != nil && (number(m[1]) > 191 || len(m[2]) > 1 && string(m[2]) != "1 ") {
		return false
	}
	return !longNumber.Match(line)
}

// number is that of digits; a huge one if they are many, zero if there are none.
func number(digits []byte) int {
	if len(digits) == 0 {
		return 0
	}
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return 1 << 30
	}
	return n
}

// TestPlausibleIsNoLessThanExpressionsSay: a line that an expression minds is not plausible.
func TestPlausibleIsNoLessThanExpressionsSay(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	r := rand.New(rand.NewSource(2))
	bits := []string{"-", "-", ":", ":", " ", "  ", "+", "<", ">", "T", "Z", "a", "_", "é", "\xff", "Jan", "Feb", "xMar", "Apr", "Dec", ".", ",", "/",
		"1", "0", "09", "12", "23", "24", "31", "59", "60", "99", "0100", "1500", "2026", "2024", "191", "192", "123456789012345678", "1234567890123456789",
		"2026-03-09", "10:20:30", "<134>1 ", "<13>", "Mar  9 ", "+0000"}
	said, wary := [2]int{}, 0
	for range 200_000 {
		var line []byte
		for range 1 + r.Intn(9) {
			line = append(line, bits[r.Intn(len(bits))]...)
		}
		switch got, want := plausible(line), slowlyPlausible(line); {
		case got && !want:
			t.Fatalf("%q is plausible", line)
		case want && !got: // what an expression has taken for one thing it does not take for another
			wary++
		case want:
			said[1]++
		default:
			said[0]++
		}
	}
	if said[0] < 20_000 || said[1] < 20_000 || wary > 1000 {
		t.Errorf("%d lines are plausible, %d are not, of %d there is another opinion: the test shows little", said[1], said[0], wary)
	}
}

func BenchmarkPlausible(b *testing.B) {
	line := []byte("Mar  9 23:59:59 node-1 sshd[31337]: Accepted publickey for root from 10.0.0.7 port 50022 ssh2: RSA 552fa82f-9086-4580-9204-0434a54a4ccb")
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if !plausible(line) {
			b.Fatal("not plausible")
		}
	}
}

// systemLine is a line of a system's log that no format takes.
func systemLine(r *rand.Rand) string {
	return fmt.Sprintf([...]string{
		"Mar %2d 10:%02d:00 node-1 sshd[%d]: Accepted publickey for root from 10.0.0.7 port 50022 ssh2",
		"Mar %2d 10:%02d:00 node-1 kubelet[%d]: {\"level\":\"info\",\"msg\":\"synced\",\"n\":7}",
		"2026-03-%02dT10:%02d:00.123456+01:00 node-1 app[%d]: GET /healthz 200",
		"{\"day\":%d,\"minute\":%d,\"pid\":%d}",
		"[%7d.%06d] eth0: renamed from veth%d",
	}[r.Intn(5)], 1+r.Intn(31), r.Intn(62), 1000+r.Intn(9000))
}

// TestWhatIsOfNobodyIsLookedIntoOnce: who remembers of which kinds the lines are that hold
// nothing reads a log, of a system or of a container, as who looks into all of them.
func TestWhatIsOfNobodyIsLookedIntoOnce(t *testing.T) {
	var all []string
	for _, line := range forms {
		for _, whole := range printedAs(t, line) {
			all = append(all, whole)
		}
	}
	slices.Sort(all)
	r := rand.New(rand.NewSource(1))
	curious := NewReader().(*reader)
	curious.curious = true
	rounds := 300
	if testing.Short() {
		rounds = 30
	}
	for n := range rounds {
		some := []string{all[r.Intn(len(all))], all[r.Intn(len(all))], all[r.Intn(len(all))]}
		var lines []string
		for range 100 {
			line := systemLine(r)
			if n%2 > 0 {
				line = printedAs(t, line)["CRI"]
			}
			switch r.Intn(12) {
			case 0:
				line = some[r.Intn(3)]
			case 1:
				line = respelled(some[r.Intn(3)], r)
			case 2:
				line = reworded(some[r.Intn(3)], r)
			case 3:
				line = reworded(line, r)
			}
			lines = append(lines, line)
		}
		text := strings.Join(lines, "\n") + "\n"
		got, a := read(t, NewReader(), strings.NewReader(text), parsers.ReadOptions{})
		want, b := read(t, curious, strings.NewReader(text), parsers.ReadOptions{})
		if !slices.Equal(got.lines, want.lines) {
			t.Fatalf("%s\n\n%d: got\n%s\nwant\n%s", text, n, strings.Join(without(got.lines, want.lines), "\n"), strings.Join(without(want.lines, got.lines), "\n"))
		}
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("%d: %+v, want %+v", n, a, b)
		}
	}
}

// without are those of lines that are not among others.
func without(lines, others []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(others, line) })
}

// TestLinesOfNobodyLeaveLittleGarbage: each line of a file that is no log at all is of
// a kind of its own, and every format is asked of it.
func TestLinesOfNobodyLeaveLittleGarbage(t *testing.T) {
	var text strings.Builder
	r := rand.New(rand.NewSource(4))
	const lines = 4000
	for range lines {
		fmt.Fprintf(&text, "%08x: %x  %c%c%c%c\n", r.Uint32(), r.Uint64(), 'g'+r.Intn(20), 'g'+r.Intn(20), 'g'+r.Intn(20), 'G'+r.Intn(20))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read(t, NewReader(), strings.NewReader(text.String()), parsers.ReadOptions{})
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > 2*lines {
		t.Errorf("%d allocations for %d lines", n, lines)
	}
}
