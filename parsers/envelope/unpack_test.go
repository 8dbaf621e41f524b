package envelope

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"html"
	"runtime"
	"strings"
	"testing"

	"tideline/parsers"
)

func gzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestUnpackHoldsOneRecord: of a payload that becomes a hundred times what it was one
// record after the other is held; where it is cut, all of them are said to be.
func TestUnpackHoldsOneRecord(t *testing.T) {
	text := bytes.Repeat([]byte(`{"a":"0123456789"}`+"\n"), 2<<20)
	packed := gzipped(t, gzipped(t, text))
	damaged := gzipped(t, text)
	for name, c := range map[string]struct {
		packed []byte
		cut    bool
	}{"whole": {packed, false}, "cut": {damaged[:len(damaged)/2], true}} {
		data := []byte(base64.StdEncoding.EncodeToString(c.packed))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n := 0
		err := unpack(&parsers.Record{}, data, func(rec *parsers.Record) error {
			if n++; rec.Cut != c.cut {
				t.Fatalf("%s: record %d is cut: %v", name, n, rec.Cut)
			}
			return nil
		})
		runtime.ReadMemStats(&after)
		if err != nil || !c.cut && n != 2<<20 || c.cut && (n < 1<<19 || n >= 2<<20) {
			t.Errorf("%s: %d records, error %v", name, n, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
			t.Errorf("%s: %d bytes were allocated", name, took)
		}
	}
}

// TestTextOfXML: cells of a workbook, and results of Splunk, have objects in which no quote
// is escaped, but every ampersand is.
func TestTextOfXML(t *testing.T) {
	const a, b = `{"auditID":"a","requestURI":"/x?command=sh&command=-c"}`, `{"auditID":"b","requestURI":"/x?a=<&amp;b"}`
	in := "<sst><si><t>" + html.EscapeString(strings.ReplaceAll(a, `"`, "'")) + "</t></si><si><t>" + html.EscapeString(strings.ReplaceAll(b, `"`, "'")) + "</t></si></sst>"
	var got []string
	ok, err := openPrefixed(&parsers.Record{Data: []byte(strings.ReplaceAll(in, "&#39;", `"`))}, func(in *parsers.Record) error {
		got = append(got, string(in.Data))
		return nil
	})
	if !ok || err != nil || strings.Join(got, "\n") != a+"\n"+b {
		t.Errorf("%q, %v, %v", got, ok, err)
	}
}
