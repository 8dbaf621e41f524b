package scanner

import (
	"reflect"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/text"
)

// TestSizesCountWhatALogCanMakeLong: whichever text of an item is long, the estimate
// of what it takes grows by nearly as much.
func TestSizesCountWhatALogCanMakeLong(t *testing.T) {
	const long = 10_000
	text := strings.Repeat("x", long)
	list := []string{text[:long/2], text[:long/2]}
	actors := map[string]finding.ActorRef{
		"name": {Name: text}, "impersonated": {Impersonated: text}, "session": {Session: text}, "agent": {Agent: text},
		"groups": {Groups: list}, "addresses": {Addresses: list},
	}
	base := hitSize(&finding.Hit{})
	for name, a := range actors {
		sizes := map[string]int{
			"hit": hitSize(&finding.Hit{Actor: a}) - base, "common": commonSize(&finding.Hit{Actor: a}), "staged": stagedSize(&finding.Hit{Actor: a}) - base,
			"finding": findingSize(&finding.Finding{Actor: a}) - findingSize(&finding.Finding{}),
			"credit":  creditSize(&credit{Finding: finding.Finding{Actor: a}}) - creditSize(&credit{}),
			"act":     actSize(&act{Hit: &finding.Hit{Actor: a}}) - actSize(&act{Hit: &finding.Hit{}}),
		}
		for item, size := range sizes {
			if size < long {
				t.Errorf("%s: %s of the actor counts for %d bytes of %d", item, name, size, long)
			}
		}
	}
	for name, h := range map[string]finding.Hit{
		"command": {Command: text}, "target": {Target: finding.Target{Name: text}}, "raw": {Raw: text}, "raw64": {RawBase64: text}, "summary": {Summary: text},
		"matched": {Matched: []finding.Match{{Value: text}}}, "exposed": {Exposed: []finding.Exposed{{Name: text}}}, "fields": {Fields: map[string][]string{"a": list}},
	} {
		if size := hitSize(&h) - base; size < long {
			t.Errorf("%s of a hit counts for %d bytes of %d", name, size, long)
		}
	}
	if size := stagedSize(&finding.Hit{Source: finding.Source{Pos: parsers.Pos{Length: long}}}) - base; size < long {
		t.Errorf("a hit whose record is elsewhere counts for %d bytes of %d", size, long)
	}
}

// TestTemplatesAreBoundedInBytes: commands that differ and are long do not become as
// many templates as short ones.
func TestTemplatesAreBoundedInBytes(t *testing.T) {
	p := echoing(t, 1<<20)
	for i := range maxTemplates {
		h := readHit("alice", "prod", "db", "allowed", i)
		h.Command = strings.Repeat("x", 16<<10)
		h.Target.Name = strings.Repeat("y", i%200) + strings.Repeat("z", i/200)
		if err := p.AddHit(h); err != nil {
			t.Fatal(err)
		}
	}
	if n, most := len(p.echoes.templates), maxTemplateBytes/(16<<10)+1; n > most {
		t.Errorf("%d templates are held, want at most %d", n, most)
	}
	if p.Hits() != maxTemplates {
		t.Errorf("%d hits of %d", p.Hits(), maxTemplates)
	}
}

// TestHitsOfOneInstantAreBoundedInBytes: each holds its record.
func TestHitsOfOneInstantAreBoundedInBytes(t *testing.T) {
	most, told := 0, 0
	j := stageJoiner{emit: func(*finding.Hit) error { told++; return nil }}
	for i := range int64(maxStaged) {
		h := testHit(1, "audit.log", i, "rule")
		h.Source.Length = text.MaxRaw
		if err := j.add(h); err != nil {
			t.Fatal(err)
		}
		most = max(most, len(j.held))
	}
	if err := j.flush(); err != nil || told != maxStaged {
		t.Errorf("%d of %d hits were told, error %v", told, maxStaged, err)
	}
	if limit := maxStagedBytes/text.MaxRaw + 1; most > limit {
		t.Errorf("%d hits were held, want at most %d", most, limit)
	}
}

// TestLongMembersAreForgottenSooner: of actors with many groups fewer events are
// remembered.
func TestLongMembersAreForgottenSooner(t *testing.T) {
	var r recent
	groups := strings.Split(strings.Repeat("a group of this length,", 200), ",")
	for i := range int64(maxRecent) {
		r.add(i+1, 0, "", &finding.Hit{Actor: finding.ActorRef{Groups: groups}})
	}
	size := commonSize(&finding.Hit{Actor: finding.ActorRef{Groups: groups}})
	if n, most := len(r.queue), maxRecent*recentBytes/size; n > most || n < most/2 {
		t.Errorf("%d events of %d bytes are remembered, want at most %d", n, size, most)
	}
	if n := int(reflect.TypeFor[commonPart]().Size()); n > recentBytes/2 {
		t.Errorf("a common part takes %d bytes without its texts", n)
	}
}
