package dockerevents

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

// execsIn says of each exec_create and exec_start whether it is the first that tells of
// its exec.
func execsIn(t *testing.T, lines []string) (begin []bool) {
	t.Helper()
	events, err := decodeAll(t, strings.Join(lines, "\n")+"\n", "docker.action", "CommandLine")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if strings.Contains(e, " exec_create ") || strings.Contains(e, " exec_start ") {
			begin = append(begin, strings.Contains(e, "docker.action=exec_create"))
			if begun := begin[len(begin)-1]; begun != strings.Contains(e, "process_creation: CommandLine=") {
				t.Errorf("a process is created: %v, want %v: %s", !begun, begun, e)
			}
		}
	}
	return begin
}

// TestAnExecIsToldOnce: by the first of its two events that the log has. Each step is an
// event and its command; ? where it is not the first.
func TestAnExecIsToldOnce(t *testing.T) {
	for name, steps := range map[string]string{
		"docker exec":                           "exec_create:id ?exec_start:id exec_die",
		"a log that begins behind the first":    "exec_start:id exec_die exec_create:id ?exec_start:id",
		"only what was started":                 "exec_start:id exec_start:id exec_start:env",
		"two at a time":                         "exec_create:id exec_create:id ?exec_start:id ?exec_start:id exec_start:id",
		"two commands at a time":                "exec_create:id exec_create:env ?exec_start:id ?exec_start:env",
		"one that did not start, and one later": "exec_create:id exec_create:env ?exec_start:env exec_start:env",
	} {
		for style, s := range styles {
			var in []string
			var want []bool
			for i, step := range strings.Fields(steps) {
				action, again := strings.CutPrefix(step, "?")
				if action != "exec_die" {
					want = append(want, !again)
				}
				at := time.Date(2026, 3, 1, 10, 0, i*i, 0, time.UTC)
				in = append(in, s(0, at, strings.Replace(action, ":", ": ", 1), "execID", fmt.Sprintf("%064x", i)))
			}
			if got := execsIn(t, in); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s, %s: %v, want %v", name, style, got, want)
			}
		}
	}
}

// starts are rounds of health checks in three containers, of which the log was kept with
// --filter event=exec_start, and a person's exec now and then.
func starts(s style, rounds int) (out []string) {
	for i := range 3 * rounds {
		at := time.Date(2026, 3, 1, 10, 0, 30*(i/3), 1234, time.UTC)
		out = append(out, s(i%3, at, "exec_start: /bin/sh -c wget -q http://localhost", "execID", fmt.Sprintf("%064x", i)))
		if i%4 == 0 {
			out = append(out, s(i%3, at.Add(time.Second), "exec_create: id", "execID", fmt.Sprintf("%064x", i)))
		}
		if i%2 == 0 {
			out = append(out, s(i%3, at.Add(time.Second), "exec_start: id", "execID", fmt.Sprintf("%064x", i)))
		}
	}
	return out
}

// TestStencilsOfStarts: what begins an exec is like others that do, and not like those
// that do not, although they say the same.
func TestStencilsOfStarts(t *testing.T) {
	for name, s := range styles {
		lines := starts(s, 40)
		if n := sameEitherWay(t, recordsOf(lines...)); n < len(lines)/2 {
			t.Errorf("%s: %d of %d events were like another", name, n, len(lines))
		}
		events, err := decodeAll(t, strings.Join(lines, "\n")+"\n", "docker.action", "docker.healthcheck")
		if err != nil {
			t.Fatal(err)
		}
		checked := 0
		for _, e := range events {
			if strings.Contains(e, "docker.healthcheck=true") && strings.Contains(e, "wget") {
				checked++
			}
		}
		if want := 3 * (40 - probesNeeded + 1); checked != want {
			t.Errorf("%s: %d starts are health checks, want %d", name, checked, want)
		}
	}
}

// TestExecsGoOn: what a log has created starts where it was continued.
func TestExecsGoOn(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	first, then := newDecoder(parsers.Options{}).(*decoder), newDecoder(parsers.Options{}).(*decoder)
	ignore := func(*parsers.Event) error { return nil }
	if err := first.Decode(recordsOf(inJSON(0, at, "exec_create: id"))[0], ignore); err != nil {
		t.Fatal(err)
	}
	carried, ok := first.Carry()
	if err := then.Resume(carried); err != nil || !ok {
		t.Fatal(err)
	}
	for _, begins := range []bool{false, true} {
		if err := then.Decode(recordsOf(inJSON(0, at, "exec_start: id"))[0], ignore); err != nil || then.begins != begins {
			t.Errorf("%v: begins is %v, want %v", err, then.begins, begins)
		}
	}
	if then.Reuse(); len(then.execs) != 0 {
		t.Error("the next stream knows of execs of the last")
	}
}

func TestExecsAreBounded(t *testing.T) {
	e := execs{}
	for i := range uint64(3 * maxExecs) {
		e.begins([]byte(execCreated), i+1)
		if len(e) > maxExecs {
			t.Fatalf("%d execs are followed", len(e))
		}
	}
	if e.begins([]byte(execStarted), 3*maxExecs) {
		t.Error("the last one is not known any more")
	}
}
