package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tideline/scanner"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

// registerRules ask for numbers in which events differ that are else the same: for
// registers, which have the names of the arguments of an EXECVE. Which events they match
// is said a second time.
var registerRules = []struct {
	rule string
	hits func(e *calledWith) bool
}{
	{"s: {type: EXECVE, a1: secrets}", func(e *calledWith) bool { return e.word == "secrets" }},
	{"s: {type: SYSCALL, a1: ff}", func(e *calledWith) bool { return e.a1 == "ff" }},
	{"s: {a1: ff}", func(e *calledWith) bool { return e.a1 == "ff" || e.word == "ff" }},
	{"s: {a1|startswith: sec}", func(e *calledWith) bool { return e.word == "secrets" }},
	{"s: {type: SYSCALL, a2|re: '^b[0-9]$'}", func(e *calledWith) bool { return strings.HasPrefix(e.a2, "b") }},
	{"s: {type: SYSCALL, comm: kubectl}\n  f: {a2: b3}\n  condition: s and not f", func(e *calledWith) bool { return e.a2 != "b3" }},
	{"s: [ff]", func(e *calledWith) bool { return strings.Contains(e.a0+" "+e.a1, "ff") || e.word == "ff" }},
	{"s: [kubectl]\n  f: {type: SYSCALL, a2: b3}\n  condition: s and f", func(e *calledWith) bool { return e.a2 == "b3" }},
	{"s: {type: SYSCALL, comm: kubectl}", func(e *calledWith) bool { return true }},
	{"s: {type: SYSCALL, a1|fieldref: a2}", func(e *calledWith) bool { return e.a1 == e.a2 }},
}

// An calledWith is what differs from one event to another.
type calledWith struct{ a0, a1, a2, word string }

func (e *calledWith) log(b *bytes.Buffer, i int) {
	id := fmt.Sprintf("msg=audit(%d.%03d:%d):", 1772359200+i, i%1000, 100+i)
	fmt.Fprintf(b, "type=SYSCALL %s arch=c000003e syscall=59 success=yes exit=0 a0=%s a1=%s a2=%s a3=8 items=0 ppid=900 pid=%d auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"kubectl\" exe=\"/usr/bin/kubectl\" key=\"exec\"\n",
		id, e.a0, e.a1, e.a2, 1000+i)
	fmt.Fprintf(b, "type=EXECVE %s argc=2 a0=\"kubectl\" a1=\"%s\"\ntype=PROCTITLE %s proctitle=\"kubectl\"\n", id, e.word, id)
}

// TestRulesOnNumbersThatDiffer: events that differ in registers only are counted without
// a look where no rule can tell them apart, and only there.
func TestRulesOnNumbersThatDiffer(t *testing.T) {
	var events []calledWith
	var log bytes.Buffer
	r := rand.New(rand.NewSource(1))
	for i := range 3000 {
		e := calledWith{fmt.Sprintf("%x", 0x5500000+i), []string{"ff", "1b", "ff00", "b3"}[r.Intn(4)], []string{"7", "b1", "b3"}[r.Intn(3)], []string{"pods", "secrets", "ff"}[r.Intn(3)]}
		e.log(&log, i)
		events = append(events, e)
	}
	path := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(path, log.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	all := make([]int, len(registerRules))
	for n := range registerRules {
		all[n] = n
		t.Run(fmt.Sprint(n), func(t *testing.T) { compareCalls(t, path, events, []int{n}) })
	}
	t.Run("all", func(t *testing.T) { compareCalls(t, path, events, all) })
}

// compareCalls demands that those of registerRules that are named, as a set of their own,
// match the events in path that they should.
func compareCalls(t *testing.T, path string, events []calledWith, rules []int) {
	var texts []ruleset.Text
	for _, n := range rules {
		detection := registerRules[n].rule
		if !strings.Contains(detection, "condition:") {
			detection += "\n  condition: s"
		}
		texts = append(texts, ruleset.Text{Path: "r.yml", Data: fmt.Appendf(nil, "title: rule %d\nid: 11111111-1111-4111-8111-%012d\nlevel: medium\nlogsource: {product: linux, service: auditd}\n"+
			"detection:\n  %s\ntideline: {score: {base: 26, adjust: [{when: {a1: ff}, points: 5, why: it is one}]}}\n", n, n, detection)})
	}
	rs := ruleset.New(texts, ruleset.Options{FieldCost: fieldCost, Common: common})
	if len(rs.Problems) > 0 {
		t.Fatal(rs.Problems)
	}
	var want, got []string
	for i, e := range events {
		for _, n := range rules {
			if registerRules[n].hits(&e) {
				want = append(want, hitOfCall(int64(3*i+1), n, e.a1 == "ff"))
			}
		}
	}
	p, err := scanner.Collect(context.Background(), []string{path}, scanner.Options{Reader: newReader(), Rules: rs, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.EachHit(func(h *finding.Hit) error {
		line := h.Source.Pos.Line - (h.Source.Pos.Line-1)%3 // a hit is shown by the EXECVE
		got = append(got, hitOfCall(line, int(h.Rule[len(h.Rule)-1]-'0'), len(h.Adjust) > 0))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d[:min(len(d), 3000)])
	}
}

// hitOfCall is a hit, in words; whether its score was adjusted only if that depends on
// a register in any case.
func hitOfCall(line int64, rule int, adjusted bool) string {
	if ofCall := []int{1, 4, 5, 7, 8, 9}; !slices.Contains(ofCall, rule) {
		adjusted = false
	}
	return fmt.Sprintf("line %d: rule %d, adjusted: %v", line, rule, adjusted)
}
