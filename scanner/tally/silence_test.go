package tally

import (
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

// active has an event every so many minutes, but for the minutes from the first
// to the second of each pause.
func active(every int64, until int64, pauses ...[2]int64) Activity {
	a := Activity{}
	for m := int64(0); m < until; m += every {
		quiet := false
		for _, p := range pauses {
			quiet = quiet || m >= p[0] && m < p[1]
		}
		if !quiet {
			a.see(time.Unix(m*60, 0))
		}
	}
	return a
}

func TestSilencesAreToldWhereThereShouldBeEvents(t *testing.T) {
	var nights [][2]int64
	for day := range int64(10) {
		nights = append(nights, [2]int64{day*1440 + 1200, day*1440 + 1440})
	}
	for _, c := range []struct {
		name string
		a    Activity
		want string
	}{
		{"never silent", active(1, 1440), ""},
		{"an hour without a word", active(1, 1440, [2]int64{130, 190}), "02:10-03:10"},
		{"less than twenty pauses", active(5, 1440, [2]int64{130, 200}), ""},
		{"more than twenty pauses", active(5, 1440, [2]int64{130, 300}), "02:06-05:00"},
		{"too few events to tell", active(1, 50, [2]int64{5, 40}), ""},
		{"two logs, years apart", active(1, 1440, [2]int64{100, 1340}), ""},
		{"no rhythm", active(90, 14400, [2]int64{100, 3000}), ""},
		{"silent every night", active(1, 14400, nights...), ""},
		{"two silences", active(1, 1440, [2]int64{130, 190}, [2]int64{600, 700}), "02:10-03:10 10:00-11:40"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range (&Aggregates{Active: map[string]Activity{logOf("auditd", "node1"): c.a}}).Silences() {
				got = append(got, s.From.Format("15:04")+"-"+s.To.Format("15:04"))
				if !strings.Contains(s.Reason, "auditd on node1") {
					t.Errorf("reason %q", s.Reason)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func TestActivityBefore1970AndItsMinutes(t *testing.T) {
	a := Activity{}
	for _, s := range []int64{-1, -60, -61, 0, 59, 60, 3600} {
		a.see(time.Unix(s, 0))
	}
	want := []int64{-2, -1, 0, 1, 60}
	got := a.minutes()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// Two hosts that no record names do not hide each other's silence: their logs
// lie in folders of their own.
func TestSilenceOfOneOfTwoHostsWithoutAName(t *testing.T) {
	tally, f := New(), &parsers.Format{Name: "auditd"}
	for m := int64(0); m < 600; m++ {
		ev := &parsers.Event{Time: time.Unix(m*60, 0)}
		ev.Facts.Actor = parsers.LinuxUser
		tally.Add(f, ev, "w1")
		if m < 200 || m >= 300 {
			tally.Add(f, ev, "w2")
		}
	}
	got := tally.Take().Silences()
	if len(got) != 1 || !strings.Contains(got[0].Reason, "auditd on w2") || got[0].From.Format("15:04") != "03:20" {
		t.Errorf("got %+v", got)
	}
}
