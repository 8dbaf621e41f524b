package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestUnfinishedLinesAreLeftForTheNextNight plays nights that find logs in the
// middle of a line, of a word, of a number: that is no gap and no finding that
// is withdrawn later, and the line is told with its end.
func TestUnfinishedLinesAreLeftForTheNextNight(t *testing.T) {
	for seed := range int64(5) {
		w := worldOf(t, seed, true)
		logs := map[string][]byte{"kube/audit.log": bytes.Join(w.kube, nil), "node=worker2/audit.log": bytes.Join(w.audit, nil)}
		switch seed { // of such logs there is no place to cut
		case 3:
			logs["kube/audit.log"] = shipped(logs["kube/audit.log"], `{"@timestamp":"2026-03-10T00:00:00.000Z","message":`, `,"agent":{"type":"filebeat"}}`)
		case 4:
			logs["kube/audit.log"] = shipped(logs["kube/audit.log"], "2026-03-10T00:00:00+00:00\tkube.audit\t"+`{"message":`, `,"host":"m1"}`)
		}
		told, torn := map[string]bool{}, 0
		for night := range 12 {
			for _, name := range []string{"kube/audit.log", "node=worker2/audit.log"} {
				log := logs[name]
				n := len(log) * 55 / 100
				switch {
				case night == 11:
					n = len(log)
				case night > 0:
					n = min(len(log), w.random.Intn(1+len(log)/12))
				}
				w.write(w.path(name), log[:n])
				logs[name] = log[n:]
				if n > 0 && log[n-1] != '\n' && sourceLeft(t, w, name) {
					torn++
				}
			}
			status, out, errs := tideline("scan", "-q", "--state", w.state, "-f", "ndjson", w.logs)
			if status != exitOK {
				t.Fatalf("seed %d, night %d: status %d: %s", seed, night, status, errs)
			}
			for _, f := range findings([]byte(out)) {
				if told[f.ID] && retold(f) == "" {
					t.Errorf("seed %d, night %d: told again: %s", seed, night, f.Summary)
				}
				told[f.ID] = true
			}
		}
		if torn < 6 {
			t.Errorf("seed %d: only %d lines were torn: nothing is proven", seed, torn)
		}
		want := w.compare(t)
		for id := range told {
			if !want[id] {
				t.Errorf("seed %d: told of a torn line: %s", seed, id)
			}
		}
	}
}

// shipped is a log with each line as a text in an object of whoever ships it.
func shipped(log []byte, before, behind string) (out []byte) {
	for line := range bytes.Lines(log) {
		text, err := json.Marshal(string(bytes.TrimSuffix(line, []byte("\n"))))
		if err != nil {
			panic(err) // a string
		}
		out = append(append(append(append(out, before...), text...), behind...), '\n')
	}
	return out
}

// sourceLeft reports whether a log ends in the middle of a line.
func sourceLeft(t *testing.T, w *world, name string) bool {
	t.Helper()
	b := mustRead(t, w.path(name))
	return len(b) > 0 && b[len(b)-1] != '\n'
}

// TestWhatWasLeftIsReadAsItIsWhenNobodyGoesOn: a line that is still unfinished
// the night after is what there is, and is told like one scan tells it.
func TestWhatWasLeftIsReadAsItIsWhenNobodyGoesOn(t *testing.T) {
	w := newWorld(t, 5)
	log := w.path("kube/audit.log")
	w.write(log, w.kube[0])
	w.write(log, w.kube[1][:bytes.IndexByte(w.kube[1], '\n')-40])
	note := func() string {
		out := printed(t, "scan", "-q", "--state", w.state, "-f", "json", "--min-level", "informational", w.logs)
		return out
	}
	if out := note(); !strings.Contains(out, `"line.left"`) || strings.Contains(out, "truncated_tail") {
		t.Errorf("the first night does not say that a line was left: %.300s", out)
	}
	src := sourceOf(t, w.state, log)
	if info, err := os.Stat(log); err != nil || src.Left == 0 || src.Size+src.Left != info.Size() {
		t.Errorf("%d bytes read, %d left, %v", src.Size, src.Left, err)
	}
	w.night(t)
	if src := sourceOf(t, w.state, log); src.Left != 0 {
		t.Errorf("%d bytes are left for ever", src.Left)
	}
	w.write(log, w.kube[1][bytes.IndexByte(w.kube[1], '\n')-40:])
	w.night(t)
	w.sameAsFresh(t)
}

// TestTheFirstEventOfAnAuditLogMayBeCut: a log of auditd that was begun a moment ago has
// one event and no place to cut, and its unfinished line is no gap either.
func TestTheFirstEventOfAnAuditLogMayBeCut(t *testing.T) {
	w := newWorld(t, 6)
	log, records := w.path("node=worker2/audit.log"), bytes.Join(w.audit, nil)
	event := bytes.Index(records, []byte("type=CWD"))
	w.write(log, records[:event+len("type=CWD msg=audit(17")])
	status, out, errs := tideline("scan", "--state", w.state, "-f", "json", "--min-level", "informational", w.logs)
	if status != exitOK || strings.Contains(errs, "gap") {
		t.Errorf("status %d: %s%.300s", status, errs, out)
	}
	w.write(log, records[event+len("type=CWD msg=audit(17"):])
	w.night(t)
	w.sameAsFresh(t)
}
