package jsonfields

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
)

// FuzzParse holds the reader to two promises: what encoding/json accepts is
// read without remark and alike, and whatever it does not accept is either
// damage, or lenient, or has something behind it; fastjson refuses nothing it
// is given.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":{"b":[1,{"c":"x"}]},"d":null,"e":[true,1.5e3,"\u0041"]}`, `{"a":1,}`, `[NaN,01]`, `{"a":{"b":[1,2`,
		`{"a":"\ud83d\ude00\q"}`, nested(260, `1,"x",{"k":2}`), `{"a":1} {"b":2}`, "\xef\xbb\xbf{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p Parser
		doc, err := p.Parse(data)
		if err != nil && bytes.Contains([]byte(err.Error()), []byte("not readable")) {
			t.Fatalf("fastjson refused what was mended: %v", err)
		}
		strict := json.Valid(data)
		clean := err == nil && doc.Lenient() == "" && doc.End() == len(data) && !bytes.HasPrefix(data, []byte("\xef\xbb\xbf"))
		if strict != clean {
			t.Fatalf("encoding/json says valid=%v; error %v, lenient %q, end %d of %d", strict, err, doc.Lenient(), doc.End(), len(data))
		}
		if doc.Root().Kind() == Absent {
			return
		}
		again := appendJSON(nil, doc.root)
		if !json.Valid(again) {
			t.Fatalf("the tree as text is not JSON: %q", again)
		}
		if strict && !deep(data) {
			sameScalars(t, data, again)
		}
	})
}

// deep reports whether data may be nested deeper than the tree.
func deep(data []byte) bool {
	return bytes.Count(data, []byte("{"))+bytes.Count(data, []byte("[")) >= treeDepth
}

// sameScalars compares two JSON texts as encoding/json reads them.
func sameScalars(t *testing.T, a, b []byte) {
	var x, y any
	dec := json.NewDecoder(bytes.NewReader(a))
	dec.UseNumber()
	if dec.Decode(&x) != nil {
		return
	}
	dec = json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(&y); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(a, []byte(`\ud`)) || bytes.Contains(a, []byte(`\uD`)) {
		return // lone surrogates: fastjson keeps the escape, encoding/json replaces it
	}
	if fmt.Sprintf("%q", x) != fmt.Sprintf("%q", y) {
		t.Fatalf("trees differ:\n%q\n%q", x, y)
	}
}

func BenchmarkParseAndLookUp(b *testing.B) {
	record := []byte(`{"kind":"Event","user":{"username":"ann","groups":["a","b","c"]},"requestObject":{"spec":{"containers":[` +
		`{"name":"x","image":"nginx:1","securityContext":{"privileged":true}},{"name":"y","image":"busybox"}]}}}`)
	path := Compile("requestObject.spec.containers.image")
	var p Parser
	var vals [][]byte
	b.SetBytes(int64(len(record)))
	b.ReportAllocs()
	for b.Loop() {
		doc, err := p.Parse(record)
		if err != nil {
			b.Fatal(err)
		}
		vals = doc.Values(vals[:0], path)
	}
}

func TestNoAllocations(t *testing.T) {
	record := []byte(`{"a":[{"b":1.5},{"b":"x"}],"c":{"d":"\u0041"}}`)
	path := Compile("a.b")
	var p Parser
	var vals [][]byte
	if n := testing.AllocsPerRun(100, func() {
		doc, _ := p.Parse(record)
		vals = doc.Values(vals[:0], path)
	}); n != 0 {
		t.Errorf("%v allocations per record", n)
	}
}

func Example() {
	var p Parser
	doc, err := p.Parse([]byte(`{"user":{"groups":["dev","ops"]},"spec":{"hostPID":true,"replicas":1.50}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"user.groups", "spec.hostPID", "spec.replicas", "spec.absent"} {
		fmt.Printf("%s = %q\n", name, doc.Values(nil, Compile(name)))
	}
	// Output:
	// user.groups = ["dev" "ops"]
	// spec.hostPID = ["true"]
	// spec.replicas = ["1.50"]
	// spec.absent = []
}
