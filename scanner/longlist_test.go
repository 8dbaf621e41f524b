package scanner

import (
	"fmt"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/pending"
	"tideline/scanner/text"
)

// TestLongListsAreCutAndNoted: of an event that names very many groups, addresses and
// values the hit has a few, the address to be trusted among them, and the ledger says
// so, however often it comes.
func TestLongListsAreCutAndNoted(t *testing.T) {
	rs := keyRule(t, `---
title: Keys read often
id: 7d0c5d3e-6a8f-4f0e-9a55-000000000002
correlation:
  type: event_count
  rules: [7d0c5d3e-6a8f-4f0e-9a55-000000000001]
  group-by: [argv]
  timespan: 1h
  condition: {gte: 1000}
`)
	var many [][]byte
	var argv []string
	for i := range 10 * text.MaxList {
		many, argv = append(many, fmt.Append(nil, i)), append(argv, fmt.Sprint("/etc/kubernetes/", i))
	}
	last := fmt.Sprint(10*text.MaxList - 1)
	for name, c := range map[string]struct {
		facts parsers.Facts
		argv  []string
	}{
		"addresses": {parsers.Facts{Addresses: many}, argv[:1]},
		"groups":    {parsers.Facts{Groups: many}, argv[:1]},
		"values":    {parsers.Facts{}, argv},
	} {
		t.Run(name, func(t *testing.T) {
			p := echoing(t, 0)
			s := newSink(newKits(rs), &hitBuffer{partial: p})
			s.start("a.log", &pending.Hits{})
			f := &parsers.Format{Name: "test"}
			for i := range 3 {
				c.facts.Actor, c.facts.Name = parsers.KubernetesUser, []byte("alice")
				ev := &parsers.Event{Time: time.Unix(int64(100+i), 0), Pos: []parsers.Pos{{Offset: int64(i), Length: 1}}, Raw: [][]byte{[]byte("x")}, Facts: c.facts}
				s.see(ev)
				if err := s.hit(f, ev, &parsers.View{Fields: row{rs.Set, map[string][]string{"argv": c.argv}}}, 0); err != nil {
					t.Fatal(err)
				}
			}
			hits := 0
			err := p.EachHit(func(h *finding.Hit) error {
				hits++
				if a := &h.Actor; len(a.Groups) > text.MaxList || len(a.Addresses) > text.MaxList || len(h.Fields["argv"]) > text.MaxList {
					t.Errorf("%d groups, %d addresses, %d values", len(a.Groups), len(a.Addresses), len(h.Fields["argv"]))
				} else if len(a.Addresses) > 0 && a.Address() != last {
					t.Errorf("the last address is %s, want %s", a.Address(), last)
				}
				return nil
			})
			if err != nil || hits != 3 || p.echoes.Len() != 0 {
				t.Errorf("%d hits, %d of them echoes, error %v", hits, p.echoes.Len(), err)
			}
			if r := s.stream.remarks.List; len(r) != 1 || r[0].Code != "event.long_list" || r[0].Gap || r[0].Count != 3 {
				t.Errorf("remarks are %+v", r)
			}
		})
	}
}
