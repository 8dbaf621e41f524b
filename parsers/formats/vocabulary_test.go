package formats

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/parsertest"
)

// opensWithoutWords names the envelopes that open a line which has none of the words
// that they say they need.
func opensWithoutWords(t *testing.T, v *vocabulary, all []envelope.Envelope, line []byte) {
	t.Helper()
	if len(line) == 0 {
		return
	}
	found := v.of(&parsers.Record{Data: line})
	for i := range all {
		if v.allows(i, found) {
			continue
		}
		rec := parsers.Record{Data: line, Raw: line, Room: new(parsers.Room)}
		emitted := false
		is, err := all[i].Open(&rec, func(*parsers.Record) error { emitted = true; return nil })
		if is || emitted || err != nil {
			t.Errorf("%s opens a line without its words: %.300q", all[i].Name, line)
		}
	}
}

// TestEnvelopesNeedTheirWords: what an envelope says it needs, it needs.
func TestEnvelopesNeedTheirWords(t *testing.T) {
	all := envelope.All()
	v := newVocabulary(all)
	for _, line := range forms {
		for _, whole := range printedAs(t, line) {
			opensWithoutWords(t, v, all, []byte(whole))
		}
	}
	for _, line := range []string{
		`{}`, `[]`, `{"index":{"_index":"x"}}`, `{"create":{}}`, `{"preview":false,"lastrow":true}`, `{"a":1}`, `{"message":"{}"}`, `{"data":"eyJ9"}`,
		`time="x" level=info msg="{\"a\":1}"`, `a,b,"{""a"":1}"`, `x: {"a":1}`,
	} {
		opensWithoutWords(t, v, all, []byte(line))
	}
}

func TestEnvelopesNeedTheirWordsOnRealLogs(t *testing.T) {
	all := envelope.All()
	v := newVocabulary(all)
	lines := 0
	err := filepath.WalkDir(parsertest.Corpus(t), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range bytes.Split(data[:min(len(data), 1<<20)], []byte("\n")) {
			if i == 400 {
				break
			}
			opensWithoutWords(t, v, all, line)
			lines++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if lines < 1000 {
		t.Errorf("only %d lines", lines)
	}
}
