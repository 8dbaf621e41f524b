package kubeaudit

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/internal/cheapjson"
	"tideline/parsers/internal/jsonfields"
)

// compareEntries reads an entry of Cloud Logging by the cheap pass and in full, and
// tells where they differ. What the cheap pass does not answer for cannot differ, nor
// can what is no JSON in a part that it skips.
func compareEntries(data []byte) error {
	var cheap, full entry
	if !cheap.readCheap(data) {
		return nil
	}
	full.readCheap(data)
	full.readFull()
	if full.damage != nil {
		return nil
	}
	for _, h := range entryHeads {
		a, b := cheap.text(h.Slot), full.text(h.Slot)
		if h.Type == cheapjson.Raw {
			a, b = cheap.object(h.Slot), compact(full.object(h.Slot))
			a = compact(a)
		}
		if !bytes.Equal(a, b) {
			return fmt.Errorf("%s: cheap %q, full %q", strings.Join(h.Keys, "."), a, b)
		}
	}
	for _, name := range append(slices.Collect(maps.Keys(cheapNames)), slices.Collect(maps.Keys(missingNames))...) {
		value, sure := cheap.cheaply(name)
		if want := full.full().Values(nil, jsonfields.Compile(name)); sure && (len(want) > 1 || len(want) == 1 && want[0] != nil && !bytes.Equal(value, want[0]) || (len(want) == 1) != (value != nil)) {
			return fmt.Errorf("%s: cheap %q, full %q", name, value, want)
		}
	}
	a := fmt.Sprint(cheap.isKubernetes(), cheap.denied(), string(cheap.answered()), string(cheap.decision()), string(cheap.id()))
	b := fmt.Sprint(full.isKubernetes(), full.denied(), string(full.answered()), string(full.decision()), string(full.id()))
	if a != b {
		return fmt.Errorf("cheap says %s, full %s", a, b)
	}
	return nil
}

// compact is JSON without what says nothing.
func compact(json []byte) []byte {
	if json == nil {
		return nil
	}
	var p jsonfields.Parser
	doc, err := p.Parse(json)
	if err != nil {
		return []byte("damaged")
	}
	return doc.Root().AppendJSON(nil)
}

// entrySeeds are entries as Google's tools write them, in two orders.
func entrySeeds() []string {
	denied := entryOf("io.k8s.core.v1.secrets.list", "core/v1/secrets", `,"authorizationInfo":[{"permission":"x"},{"granted":false}],"status":{"code":7,"message":"no \"x\""},"response":{"kind":"Status","code":403}`)
	return []string{cloudEntry, string(entries(2, 2)[1].Data), denied,
		strings.Replace(cloudEntry, `"protoPayload":{`, `"protoPayload":{"resource":{"type":"t"},"logName":"l",`, 1),
		`{ "protoPayload" : {"methodName":"m", "serviceName":"s","request":[1,{"a":null}]},"labels":{"authorization.k8s.io\/decision":"forbid"},"timestamp":1}`}
}

func TestEveryByteOfEntriesDamaged(t *testing.T) {
	for _, s := range entrySeeds() {
		for i := range s {
			for _, c := range []byte(`"\{}[],: 0aZ` + "\x00\xff\n") {
				data := []byte(s)
				data[i] = c
				if err := compareEntries(data); err != nil {
					t.Fatalf("%q at %d: %v", c, i, err)
				}
			}
			if err := compareEntries([]byte(s[:i] + s[i:min(i+40, len(s))] + s[i:])); err != nil {
				t.Fatalf("repeated at %d: %v", i, err)
			}
		}
	}
}

func FuzzEntries(f *testing.F) {
	for _, s := range entrySeeds() {
		f.Add([]byte(s), 0, byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, with byte) {
		if len(data) > 0 {
			data = bytes.Clone(data)
			data[uint(at)%uint(len(data))] ^= with
		}
		if err := compareEntries(data); err != nil {
			t.Fatal(err)
		}
	})
}

// TestEntriesAfterOneAnother: what came before changes nothing, be it an entry or not.
func TestEntriesAfterOneAnother(t *testing.T) {
	records := append(entrySeeds(), listSecrets, `{"protoPayload":{}}`, legacyLine, `{"insertId":"x"}`)
	var alone []string
	for _, text := range records {
		alone = append(alone, strings.Join(decodeAll(t, headNames(), text), "\n"))
	}
	for _, first := range records {
		for i, second := range records {
			got := decodeAll(t, headNames(), first, second)
			if want := alone[i]; !strings.HasSuffix(strings.Join(got, "\n"), want) {
				t.Errorf("%.40s behind %.40s: %s, want %s", second, first, got, want)
			}
		}
	}
}

// TestEntriesWithoutAnID have nothing to be like another by.
func TestEntriesWithoutAnID(t *testing.T) {
	var records []*parsers.Record
	for _, rec := range entries(20, 1) {
		text := strings.Replace(string(rec.Data), `"insertId"`, `"insert"`, 1)
		records = append(records, &parsers.Record{Data: []byte(strings.Replace(text, `"id":`, `"ID":`, 1))})
	}
	if n := sameEitherWay(t, records, 42); n > 0 {
		t.Errorf("%d events were like another", n)
	}
}
