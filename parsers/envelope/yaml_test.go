package envelope

import (
	"bytes"
	"fmt"
	"testing"

	"tideline/parsers"
)

func TestYAML(t *testing.T) {
	for in, want := range map[string]string{
		"a: 1\nb: x y\nc: true\nd: null\ne: \"1\"\nf: 01\n":          `{"a":1,"b":"x y","c":true,"d":null,"e":"1","f":"01"}`,
		"a:\n  b:\n    c: 1\nd: 2\n":                                 `{"a":{"b":{"c":1}},"d":2}`,
		"a:\n- 1\n- b: 2\n  c: 3\n-\n  d: 4\ne:\n  - f\n":            `{"a":[1,{"b":2,"c":3},{"d":4}],"e":["f"]}`,
		"a: 'it''s: [x]'\n'@type': \"q\\\"\\x1b\"\n":                 `{"a":"it's: [x]","@type":"q\"\u001b"}`,
		"a: |\n  one\n   two\n\n  three\nb: |-\n  x\nc: >\n y\n z\n": `{"a":"one\n two\n\nthree\n","b":"x","c":"y z\n"}`,
		"a: long\n  and folded\nb: {}\nc: []\n# d\ne:\nf: -\n":       `{"a":"long and folded","b":{},"c":[],"e":null,"f":"-"}`,
		"a: \"over\n  lines\"\nb: 10.1.2.3 # address\n":              `{"a":"over lines","b":"10.1.2.3"}`,
		"- a: 'it''s\n    long'\n  b: 1\n":                           `{"a":"it's long","b":1}`,
		"a: \"one\\\n  \\ two\\\n  three\"\nb: 1\n":                  `{"a":"one twothree","b":1}`,
		"a:\n- - 1\n  - 2\n":                                         `{"a":[[1,2]]}`,
	} {
		got := ""
		rec := &parsers.Record{Data: []byte(in)}
		is, _ := yamlDocument.Open(rec, func(in *parsers.Record) error { got = string(in.Data); return nil })
		if !is || !sameJSON(got, want) {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
	for _, in := range []string{"a: 1", "words\nand more\n", "a: 1\nwords\n", "a:\n    b: 1\n  c: 2\n", "- a: 1\n- b: 1\n", "- words\n- more\n", string(bytes.Repeat([]byte("- "), 500)) + "\n"} {
		rec := &parsers.Record{Data: []byte(in)}
		if is, _ := yamlDocument.Open(rec, func(*parsers.Record) error { return nil }); is {
			t.Errorf("%q was opened", in)
		}
	}
}

// TestBrokenYAML: what an event says before the line that is none is read; only if that is
// the last line was the document cut there.
func TestBrokenYAML(t *testing.T) {
	for in, want := range map[string]string{
		"auditID: a\nverb: \"li":             `true {"auditID":"a","verb":`,
		"auditID: a\nverb: list\nrequestR":   `true {"auditID":"a","verb":"list"`,
		"- auditID: a\n  verb: 'li\n":        `true {"auditID":"a","verb":`,
		"auditID: a\nverb: \"li\nstage: x\n": `false {"auditID":"a","verb":`,
		"auditID: a\nwords\nstage: x\n":      `false {"auditID":"a"`,
		"a: 1\nverb: \"li":                   ``,
	} {
		got := ""
		_, _ = yamlDocument.Open(&parsers.Record{Data: []byte(in)}, func(in *parsers.Record) error {
			got = fmt.Sprint(in.Cut, " ", string(in.Data))
			return nil
		})
		if got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
}

func FuzzYAML(f *testing.F) {
	f.Add([]byte("a: 1\nb:\n- c: 'x'\n  d: |\n   y\n- \"z\n  w\"\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		_, _ = yamlDocument.Open(&parsers.Record{Data: in}, func(rec *parsers.Record) error {
			if rec.Data[0] != '{' || !rec.Cut && !hasMark(rec.Data) && skipValue(rec.Data, 0) != len(rec.Data) {
				t.Errorf("%q became %q", in, rec.Data)
			}
			return nil
		})
	})
}
