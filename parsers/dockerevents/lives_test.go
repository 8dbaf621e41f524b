package dockerevents

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

// TestForeground follows containers by what engines say of them, in the order in which
// they say it.
func TestForeground(t *testing.T) {
	for _, tc := range []struct {
		name, actions string // each with the second it is of; ? where an attach belongs to a start
	}{
		{"docker run", "0create 0?attach 1start 9die 9destroy"},
		{"docker run after a pull of an hour", "0create 3600?attach 3601start"},
		{"podman run", "0create 0init 1start 1?attach 5die"},
		{"docker start -a", "0create 0start 9die 20?attach 20start"},
		{"docker attach", "0create 1start 3attach"},
		{"docker attach beside the first", "0create 0?attach 1start 60attach"},
		{"docker attach to what was there before", "0attach"},
		{"docker attach to what was started again", "0start 1attach 9die 10attach"},
		{"docker attach to what is gone", "0create 1start 2die 2destroy 3attach"},
		{"the clock went back", "9create 9start 5attach"},
		{"a network", "0network 0attach"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var in, want []string
			for _, step := range strings.Fields(tc.actions) {
				var second int
				var action string
				if _, err := fmt.Sscanf(step, "%d%s", &second, &action); err != nil {
					t.Fatal(err)
				}
				action, front := strings.CutPrefix(action, "?")
				if action == "attach" {
					want = append(want, fmt.Sprint(front))
				}
				typ := "container"
				if action == "network" {
					typ, action = "network", "create"
				}
				at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC).Add(time.Duration(second) * time.Second)
				in = append(in, fmt.Sprintf(`{"Type":%q,"Action":%q,"Actor":{"ID":"4f0c","Attributes":{"name":"ci","image":"alpine"}},"time":%d,"timeNano":%d}`,
					typ, action, at.Unix(), at.UnixNano()))
			}
			events, err := decodeAll(t, strings.Join(in, "\n")+"\n", "docker.foreground")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range events {
				if strings.Contains(e, " attach ") {
					got = append(got, fmt.Sprint(strings.Contains(e, "docker.foreground=true")))
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("told of a start: %v, want %v\n%s", got, want, strings.Join(events, "\n"))
			}
		})
	}
}

// A record cannot say of itself that it belongs to a start.
func TestForegroundIsNotARecordsToSay(t *testing.T) {
	events, err := decodeAll(t, `{"Type":"container","Action":"attach","docker.foreground":"true","Actor":{"ID":"4f0c","Attributes":{"name":"db","docker.foreground":"true"}},"time":1772359200}`+"\n", "docker.foreground")
	if err != nil || len(events) != 1 || strings.Contains(events[0], "docker.foreground") {
		t.Errorf("%v %v", events, err)
	}
}

func TestLivesAreBounded(t *testing.T) {
	l := lives{}
	for i := range uint64(3 * maxLives) {
		l.turn(created, i+1, time.Time{})
		if len(l) > maxLives {
			t.Fatalf("%d containers are followed", len(l))
		}
	}
}

// What is known of containers outlives the end of a stream.
func TestLivesAreCarried(t *testing.T) {
	before := newDecoder(parsers.Options{}).(*decoder)
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	before.lives.turn(created, 7, at)
	b, ok := before.Carry()
	if !ok {
		t.Fatal("nothing to carry")
	}
	after := newDecoder(parsers.Options{}).(*decoder)
	if err := after.Resume(b); err != nil {
		t.Fatal(err)
	}
	if !after.lives.turn(attached, 7, at) {
		t.Error("a container that was created before the end of a stream is forgotten behind it")
	}
}

// TestStencilsFollowLives: containers that are started again and again, in the
// foreground and not.
func TestStencilsFollowLives(t *testing.T) {
	for name, s := range styles {
		var lines []string
		for i := range 60 {
			at := time.Date(2026, 3, 1, 10, i, 0, 0, time.UTC)
			step := func(second int, action string) {
				lines = append(lines, s(i%3, at.Add(time.Duration(second)*time.Second), action))
			}
			switch {
			case i < 3:
				step(0, "create")
			case i%2 == 0:
				step(0, "attach")
			}
			step(1, "start")
			step(1+i%4, "attach")
			step(30, "die")
		}
		if n := sameEitherWay(t, recordsOf(lines...)); n < 60 {
			t.Errorf("%s: %d of %d events were like another", name, n, len(lines))
		}
	}
}
