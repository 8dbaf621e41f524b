package dockerevents

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// lookedAt are fields as rules ask for them: all but those in the holes.
var lookedAt = append(slices.DeleteFunc(slices.Clone(everything), func(f string) bool { return slices.Contains(holeFields, f) }), attributes+"fresh")

// A telling is what came of records: the events spelled out, what was known at
// the end, and how many events were said to be like another.
type telling struct {
	events []string
	known  string
	like   int
}

// tell decodes records one after the other, with stencils or without. Every event
// that is said to be like another is held to what that means.
func tell(t *testing.T, records []*parsers.Record, off bool) telling {
	t.Helper()
	d := newDecoder(parsers.Options{Fields: lookedAt}).(*decoder)
	d.cards.off, d.cards.met = off, worthCards
	var out telling
	alike := parsertest.Alike{Keywords: true}
	for _, rec := range records {
		err := d.Decode(rec, func(ev *parsers.Event) error {
			said := constant(ev)
			out.events = append(out.events, fmt.Sprint(said, ev.Time, ev.Origin, ev.Pos, string(ev.Raw[0])))
			alike.See(t, ev, func(bool) string { return said })
			return nil
		})
		if err != nil {
			out.events = append(out.events, "error: "+err.Error())
		}
	}
	known, ok := d.Carry()
	out.known, out.like = fmt.Sprint(string(known), ok), alike.Used
	return out
}

// constant spells out what must be equal in events that are alike.
func constant(ev *parsers.Event) string {
	c := *ev
	c.Time, c.Origin.Time, c.Pos, c.Raw = time.Time{}, time.Time{}, make([]parsers.Pos, 1), make([][]byte, 1)
	return fmt.Sprintf("%s %q %v", parsertest.Render(Format, lookedAt, &c), c.Facts, c.Origin)
}

// sameEitherWay demands that stencils change nothing, and returns how many events
// they were used for.
func sameEitherWay(t *testing.T, records []*parsers.Record) int {
	t.Helper()
	with, without := tell(t, records, false), tell(t, records, true)
	if without.like > 0 {
		t.Fatal("used, though they are off")
	}
	parsertest.Same(t, with.events, without.events)
	if with.known != without.known {
		t.Errorf("known at the end with stencils\n%s\nwithout\n%s", with.known, without.known)
	}
	return with.like
}

// A style writes an event of a container: a deed, with the attributes of its own.
type style func(n int, at time.Time, action string, own ...string) string

// idOf is that of a container: unlike others from the beginning, as ids are.
func idOf(n int) string { return strings.Repeat(fmt.Sprintf("%08x", 0xabc00000+n), 8) }

// attributesOf are those of a container with those of an event, in order.
func attributesOf(n int, own []string) [][2]string {
	all := [][2]string{{"com.docker.compose.project", "shop"}, {"image", "web:1"}, {"maintainer", "a <b> (c)"}, {"name", fmt.Sprintf("web-%d", n)}}
	for i := 0; i+1 < len(own); i += 2 {
		all = append(all, [2]string{own[i], own[i+1]})
	}
	slices.SortFunc(all, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return all
}

func inJSON(n int, at time.Time, action string, own ...string) string {
	var list []string
	for _, a := range attributesOf(n, own) {
		list = append(list, fmt.Sprintf("%q:%q", a[0], a[1]))
	}
	return fmt.Sprintf(`{"Type":"container","Action":%q,"Actor":{"ID":%q,"Attributes":{%s}},"scope":"local","time":%d,"timeNano":%d}`,
		action, idOf(n), strings.Join(list, ","), at.Unix(), at.UnixNano())
}

func inOldJSON(n int, at time.Time, action string, own ...string) string {
	return fmt.Sprintf(`{"status":%q,"id":%q,"from":"web:1",%s`, action, idOf(n), inJSON(n, at, action, own...)[1:])
}

func inText(n int, at time.Time, action string, own ...string) string {
	var list []string
	for _, a := range attributesOf(n, own) {
		list = append(list, a[0]+"="+a[1])
	}
	return fmt.Sprintf("%s container %s %s (%s)", at.Format("2006-01-02T15:04:05.000000000Z07:00"), action, idOf(n), strings.Join(list, ", "))
}

var styles = map[string]style{"JSON": inJSON, "JSON with status": inOldJSON, "text": inText}

// checks are rounds of health checks in three containers, four events each.
func checks(s style, rounds int) []string {
	var out []string
	for i := range 3 * rounds {
		at := time.Date(2026, 3, 1, 10, 0, 30*(i/3), 1234, time.UTC)
		id := fmt.Sprintf("%064x", 0xbeef000+i)
		check := ": /bin/sh -c wget -q (http://localhost) || exit 1"
		if i%3 == 1 {
			check = `: mysqladmin ping -h "db\1" && sh -c 'a<b'`
		}
		out = append(out, s(i%3, at, "exec_create"+check, "execID", id), s(i%3, at, "exec_start"+check, "execID", id),
			s(i%3, at.Add(time.Second), "exec_die", "execID", id, "exitCode", "0"), s(i%3, at.Add(time.Second), "health_status: healthy"))
	}
	return out
}

func recordsOf(lines ...string) []*parsers.Record {
	var out []*parsers.Record
	for i, l := range lines {
		out = append(out, &parsers.Record{Data: []byte(l), Raw: []byte(l), Pos: parsers.Pos{Line: int64(i + 1), Offset: int64(i * 1000), Length: int64(len(l))}})
	}
	return out
}

// TestStencilsOfAttributesInTheWay: an attribute that is the container's may stand where
// other events have those of their own. The event is not like those without.
func TestStencilsOfAttributesInTheWay(t *testing.T) {
	for name, s := range styles {
		lines := checks(s, 12)
		for i := range 6 {
			at := time.Date(2026, 3, 1, 11, 0, i, 0, time.UTC)
			lines = append(lines, s(0, at, "health_status: unhealthy", []string{"fresh", "yes"}[:2*(i/3^1)]...))
		}
		t.Run(name, func(t *testing.T) { sameEitherWay(t, recordsOf(lines...)) })
	}
}

// TestStencilsChangeNothing: of twelve rounds in three containers, the first two of
// everything are read, and the first of health checks, which are told by the third.
func TestStencilsChangeNothing(t *testing.T) {
	for name, s := range styles {
		if n := sameEitherWay(t, recordsOf(checks(s, 12)...)); n < 3*12*4-40 {
			t.Errorf("%s: %d of %d events were like another", name, n, 3*12*4)
		}
	}
}

// TestWhatDoesNotFit: whatever differs outside the holes, or does not belong
// into them, is read like any other record.
func TestWhatDoesNotFit(t *testing.T) {
	later := time.Date(2026, 3, 1, 11, 0, 0, 77, time.UTC)
	id := fmt.Sprintf("%064x", 0xfeed)
	for name, s := range styles {
		before := checks(s, 6)
		used := sameEitherWay(t, recordsOf(before...))
		plain := s(0, later, "exec_die", "execID", id, "exitCode", "0")
		if n := sameEitherWay(t, recordsOf(append(before, plain)...)); n != used+1 {
			t.Errorf("%s: the line that fits is like %d others, want %d", name, n, used+1)
		}
		for what, line := range map[string]string{
			"another exit code":        s(0, later, "exec_die", "execID", id, "exitCode", "1"),
			"another container":        s(7, later, "exec_die", "execID", id, "exitCode", "0"),
			"another name":             strings.Replace(plain, "web-0", "web-7", 1),
			"another action":           s(0, later, "exec_dye", "execID", id, "exitCode", "0"),
			"a command for a person":   s(0, later, "exec_create: cat /run/secrets/db", "execID", id),
			"a signal":                 s(0, later, "kill", "signal", "9"),
			"an exec id that is none":  s(0, later, "exec_die", "execID", id[:63]+"g", "exitCode", "0"),
			"a quote in the exec id":   strings.Replace(plain, id, `","name":"x","a":"`+id[17:], 1),
			"an escape in the exec id": strings.Replace(plain, id, id[:58]+`\u0061`, 1),
			"a label called exitCode":  s(0, later, "exec_die", "execID", id, "exitCode", "0", "exitCode", "0"),
			"cut in the middle":        plain[:len(plain)/2],
			"something behind it":      plain + "x",
			"two of them":              plain + plain,
			"times that are none":      strings.NewReplacer(later.Format("2006-01-02"), "2026-13-01", fmt.Sprint(later.UnixNano()), "177236280000000077.").Replace(plain),
			"a time with a zero":       strings.NewReplacer(fmt.Sprint(later.UnixNano()), "0772362800000000077", "2026-03-01T11:00:00.000000077", "0001-01-01T00:00:00.000000000").Replace(plain),
			"seconds that are none":    strings.Replace(plain, fmt.Sprintf(`"time":%d`, later.Unix()), `"time":17723628e2`, 1),
		} {
			if n := sameEitherWay(t, recordsOf(append(before, line)...)); n != used && line != plain {
				t.Errorf("%s, %s: like another", name, what)
			}
		}
		elsewhere := recordsOf(append(before, plain)...)
		elsewhere[len(elsewhere)-1].Origin = parsers.Origin{Envelope: "syslog", Host: "n1", Time: later}
		cut := recordsOf(append(before, plain)...)
		cut[len(cut)-1].Cut = true
		if a, b := sameEitherWay(t, elsewhere), sameEitherWay(t, cut); a != used || b != used {
			t.Errorf("%s: one from elsewhere, one that is cut: %d and %d events were like another, want %d", name, a, b, used)
		}
	}
}

// TestHalvesOfDifferentLines: what one container did is known of another, though
// no line was ever read that says so of it.
func TestHalvesOfDifferentLines(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for name, s := range styles {
		lines := []string{s(1, at, "pause"), s(1, at, "pause")}
		for range 3 {
			lines = append(lines, s(0, at, "start"), s(0, at, "exec_create: redis-cli ping", "execID", idOf(9)))
		}
		from := len(lines)
		lines = append(lines, s(1, at, "start"), s(1, at, "exec_create: redis-cli ping", "execID", idOf(8)), s(1, at, "start"))
		sameEitherWay(t, recordsOf(lines...))

		d := newDecoder(parsers.Options{Fields: lookedAt}).(*decoder)
		d.cards.met = worthCards
		for i, rec := range recordsOf(lines...) {
			if err := d.Decode(rec, func(ev *parsers.Event) error {
				if i >= from && (d.h.unread == nil || ev.Like.First != (i < from+2)) {
					t.Errorf("%s: line %d was read, or is said to be the first of its like, or not", name, i)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestWhoLooksIntoTheHoles: a rule that decides by an id or a time sees that of
// every event; who only asks once a rule matched is told that they differ.
func TestWhoLooksIntoTheHoles(t *testing.T) {
	for _, name := range []string{"time", "timeNano", "Actor.Attributes.execID", "Actor"} {
		for asked := range 2 {
			d := newDecoder(parsers.Options{Fields: []string{"Type", name}, Asked: 2 - asked}).(*decoder)
			d.cards.met = worthCards
			loose := 0
			for _, rec := range recordsOf(checks(inJSON, 6)...) {
				if err := d.Decode(rec, func(ev *parsers.Event) error {
					if ev.Like.Loose {
						loose++
					}
					if ev.Like.Loose != (ev.Like.Number > 0) || asked == 0 && ev.Like.Number != 0 {
						t.Errorf("%s, %d: %v", name, asked, ev.Like)
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
			if (loose > 0) != (asked == 1) {
				t.Errorf("%s, %d: %d events are loosely like another", name, asked, loose)
			}
		}
	}
}

// TestMoreThanThereIsRoomFor: cards, deeds and numbers are given up and used again.
func TestMoreThanThereIsRoomFor(t *testing.T) {
	var lines []string
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for i := range 40000 {
		lines = append(lines, inJSON(i/2%12000, at, fmt.Sprintf("exec_start: job %d", i/5%3000)))
	}
	if n := sameEitherWay(t, recordsOf(lines...)); n < 10 {
		t.Errorf("%d events were like another", n)
	}
	d := newDecoder(parsers.Options{}).(*decoder)
	long := strings.Repeat("x", 2500)
	for i := range 20000 {
		line := inJSON(i/2, at, "start", "exitCode", long)
		if i%3 == 0 {
			line = inJSON(i/2, at, fmt.Sprintf("exec_start: %d %s", i/9, long))
		}
		if err := d.Decode(recordsOf(line)[0], func(*parsers.Event) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if d.cards.bytes > maxCards+maxLine || d.cards.told > maxTold {
		t.Errorf("%d bytes of cards, %d of deeds", d.cards.bytes, d.cards.told)
	}
}

func TestFittingAllocatesNothing(t *testing.T) {
	d := newDecoder(parsers.Options{Fields: []string{"Type"}})
	records, i := recordsOf(checks(inJSON, 10)...), 0
	emit := func(*parsers.Event) error { return nil }
	next := func() {
		if err := d.Decode(records[i%len(records)], emit); err != nil {
			t.Fatal(err)
		}
		i++
	}
	for range 3 * len(records) {
		next()
	}
	if n := testing.AllocsPerRun(100, next); n != 0 {
		t.Errorf("%v allocations a record", n)
	}
}

// TestStencilsOnRealLogs reads every real log three times over, as one stream.
func TestStencilsOnRealLogs(t *testing.T) {
	dir := filepath.Join(parsertest.Corpus(t), "docker-events")
	var lines []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for line := range bytes.Lines(data) {
			lines = append(lines, string(bytes.TrimSpace(line)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := sameEitherWay(t, recordsOf(slices.Concat(lines, lines, lines, lines)...)); n < 20 {
		t.Errorf("%d events were like another: the stencils find nothing", n)
	}
}

// FuzzStencils puts changed records between records that have a stencil.
func FuzzStencils(f *testing.F) {
	for _, s := range styles {
		line := s(0, time.Date(2026, 3, 1, 10, 0, 0, 5, time.UTC), "exec_create: sh -c id", "execID", fmt.Sprintf("%064x", 7))
		f.Add([]byte(line), 12, []byte(`","a":"`))
		f.Add([]byte(line), strings.Index(line, "execID")+20, []byte("\x00"))
		f.Add([]byte(line), len(line)-12, []byte("a"))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, with []byte) {
		changed := bytes.Clone(data)
		if len(data) > 0 {
			copy(changed[uint(at)%uint(len(data)):], with)
		}
		var lines []string
		for range 4 {
			lines = append(lines, string(data), string(changed))
		}
		sameEitherWay(t, recordsOf(lines...))
	})
}
