package envelope

import (
	"bytes"
	"encoding/json"
	"testing"

	"tideline/parsers"
)

// FuzzOpen: no bytes make an envelope panic, and what it emits has data.
func FuzzOpen(f *testing.F) {
	for _, s := range []string{
		logEvent, subscription(logEvent), `{"awslogs":{"data":"` + b64(zipped(bare)) + `"}}`, "2025-03-01T10:00:00Z stdout P {", "<1>1 a b c d [\\]", `[{"field":"@message","value":"\ud83d`,
		`{"log":"\`, `{"MESSAGE":[1,2,256]}`, "Mar  1 10:00:00 h t: x", "h {\"", "\x1b[1m", `{"category":"x","properties":"{\"log\":1`, `{"_raw":{`, "a: [1, {}]", `{"log_s":"x","a.b":1,"a":2}`,
	} {
		f.Add([]byte(s), []byte(""))
		f.Add([]byte(s), []byte("verb,auditID,\"a\"\"b\",user.x.y"))
		f.Add([]byte(s), []byte(`{"columns":[{"name":"verb"},{"name":"user"}],"rows":[`))
	}
	f.Fuzz(func(t *testing.T, data, context []byte) {
		if len(data) == 0 {
			return
		}
		rec := &parsers.Record{Data: data, Raw: data, Context: context}
		for _, e := range All() {
			if e.JSON != IsJSON(rec) {
				continue
			}
			_, err := e.Open(rec, func(in *parsers.Record) error {
				if len(in.Data) == 0 || !bytes.Equal(in.Raw, data) {
					t.Errorf("%s: empty record or wrong raw", e.Name)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// FuzzText: strings mean what encoding/json says they mean.
func FuzzText(f *testing.F) {
	for _, s := range []string{`"a"`, `"\u00e9\n\/"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\\\""`, `"\u00E9\uD83D\uDE00"`, `"\u00zz\q"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		var want string
		if len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &want) != nil {
			text(value) // must not panic
			return
		}
		value = bytes.TrimRight(value, " \t\r\n")
		if got, ok := text(value); !ok || string(bytes.ToValidUTF8(got, nil)) != string(bytes.ToValidUTF8([]byte(want), nil)) && bytes.ContainsRune(value, '\\') && json.Valid(value) && isValidUTF8(value) {
			t.Errorf("%q means %q, got %q", value, want, got)
		}
	})
}

func isValidUTF8(b []byte) bool { return bytes.Equal(bytes.ToValidUTF8(b, []byte("?")), b) }
