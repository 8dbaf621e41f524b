package jsonfields

import (
	"errors"
	"strings"
	"testing"
)

// show is the tree of a record as compact JSON, and the error's offset.
func show(t *testing.T, p *Parser, record string) (string, int) {
	t.Helper()
	doc, err := p.Parse([]byte(record))
	at := -1
	if syntax, ok := errors.AsType[*SyntaxError](err); ok {
		at = syntax.Offset
	} else if err != nil {
		t.Fatalf("%.80q: error of another type: %v", record, err)
	}
	if doc.Root().Kind() == Absent {
		return "", at
	}
	return string(doc.Root().Text()), at
}

func TestDamageKeepsWhatStoodBefore(t *testing.T) {
	cases := []struct {
		record, want string
		at           int
	}{
		{``, ``, 0},
		{`   `, ``, 3},
		{`}`, ``, 0},
		{`"abc`, ``, 0},
		{`{`, `{}`, 1},
		{`{"a"`, `{}`, 4},
		{`{"a":`, `{}`, 5},
		{`{"a":1`, `{}`, 5},
		{`{"a":1,`, `{"a":1}`, 7},
		{`{"a":"x`, `{}`, 5},
		{`{"a":"x"`, `{"a":"x"}`, 8},
		{`{"a":{"b":[1,2`, `{"a":{"b":[1]}}`, 13},
		{`{"a":{"b":[1,{"c":tru`, `{"a":{"b":[1,{}]}}`, 18},
		{`{"a":1 "b":2}`, `{"a":1}`, 7},
		{`{"a":1]`, `{"a":1}`, 6},
		{`{"a":[1}`, `{"a":[1]}`, 7},
		{`{"a":1,'b':2}`, `{"a":1}`, 7},
		{`[1,,2]`, `[1]`, 3},
		{`{"a":[1,],"b":[}`, `{"a":[1],"b":[]}`, 15},
		{"\xef\xbb\xbf" + `{"a":1,`, `{"a":1}`, 10},
	}
	var p Parser
	for _, c := range cases {
		if got, at := show(t, &p, c.record); got != c.want || at != c.at {
			t.Errorf("%q: got %s at %d, want %s at %d", c.record, got, at, c.want, c.at)
		}
	}
}

func TestLenience(t *testing.T) {
	cases := []struct {
		record, want string
		odd          bool
	}{
		{`{"a":1}`, `{"a":1}`, false},
		{"\xef\xbb\xbf" + ` {"a" : [ 1 , 2 ] } `, `{"a":[1,2]}`, false},
		{`{"a":1,}`, `{"a":1}`, true},
		{`{"a":[1,2, ] ,"b":{"c":0,},}`, `{"a":[1,2],"b":{"c":0}}`, true},
		{`[NaN,-Infinity,01,1.,+2,True,1.2.3,nan]`, `["NaN","-Infinity","01","1.","+2","True","1.2.3","nan"]`, true},
		{"{\"a\":\"x\ny\"}", `{"a":"x\ny"}`, true},
		{`{"a":"\q"}`, `{"a":"\\q"}`, true},
		{`{"a":"\u12"}`, `{"a":"\\u12"}`, true},
		{"{\"a\":\"\xff\xfe\"}", "{\"a\":\"\xff\xfe\"}", false},
	}
	var p Parser
	for _, c := range cases {
		got, at := show(t, &p, c.record)
		if got != c.want || at >= 0 || (p.doc.Lenient() != "") != c.odd {
			t.Errorf("%q: got %s (error at %d, lenient %q), want %s", c.record, got, at, p.doc.Lenient(), c.want)
		}
	}
}

func TestEndTellsWhatFollows(t *testing.T) {
	var p Parser
	record := `{"a":1}  {"b":2}`
	doc, err := p.Parse([]byte(record))
	if err != nil || record[doc.End():] != `{"b":2}` {
		t.Errorf("End %d, error %v", doc.End(), err)
	}
}

func nested(n int, inner string) string {
	return strings.Repeat(`{"k":[`, n/2) + inner + strings.Repeat(`]}`, n/2)
}

// TestDepth: what a producer writes is found at any depth it accepts, and what
// is deeper hides nothing that is not.
func TestDepth(t *testing.T) {
	var p Parser
	for _, depth := range []int{100, 254, 256, 258, 300, 5000, MaxDepth - 2} {
		record := `{"before":"1","deep":` + nested(depth, `"needle"`) + `,"after":2}`
		doc, err := p.Parse([]byte(record))
		if err != nil || doc.Deep() || doc.Lenient() != "" {
			t.Fatalf("depth %d: error %v, deep %v, lenient %q", depth, err, doc.Deep(), doc.Lenient())
		}
		if got := spell(doc.Keywords(nil)); got != "[1|needle|2]" {
			t.Errorf("depth %d: keywords %s", depth, got)
		}
		if got := spell(doc.Values(nil, Compile("after"))); got != "[2]" {
			t.Errorf("depth %d: after is %s", depth, got)
		}
	}
	doc, err := p.Parse([]byte(`{"deep":` + nested(MaxDepth+100, `"needle","]"`) + `,"after":2}`))
	if err != nil || !doc.Deep() || spell(doc.Values(nil, Compile("after"))) != "[2]" {
		t.Errorf("too deep: error %v, deep %v, values %s", err, doc.Deep(), spell(doc.Values(nil, Compile("after"))))
	}
}

func TestFlattenedContainersKeepEveryScalar(t *testing.T) {
	var p Parser
	inner := `1,{"a":"x","b":[],"c":{"d":null,"e":NaN}},[[true],],"y"`
	doc, err := p.Parse([]byte(nested(treeDepth, inner)))
	if err != nil {
		t.Fatal(err)
	}
	if got := spell(doc.Keywords(nil)); got != "[1|x|NaN|true|y]" {
		t.Errorf("got %s", got)
	}
}

// TestHostileSizes: whatever the shape, the tree stays small, errors stay short
// and what is not in the way is found.
func TestHostileSizes(t *testing.T) {
	const size = 4 << 20
	var p Parser
	for name, record := range map[string]string{
		"open brackets":  strings.Repeat("[", size),
		"open objects":   strings.Repeat(`{"a":`, size/5),
		"tiny members":   `{"a":[` + strings.Repeat("1,", size/2) + `1],"after":2}`,
		"tiny objects":   `{"a":[` + strings.Repeat("{},", size/3) + `1],"after":2}`,
		"tiny top":       `{"after":2,` + strings.Repeat(`"":1,`, size/5) + `"b":1}`,
		"nested members": strings.Repeat(`{"a":[`, 100) + strings.Repeat("1,", size/2) + `1` + strings.Repeat(`]}`, 100),
		"bad deep down":  strings.Repeat(`{"a":`, 290) + strings.Repeat("x", size),
		"one key":        `{"` + strings.Repeat("k", size) + `":1,"after":2}`,
	} {
		doc, err := p.Parse([]byte(record))
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%s: error text of %d bytes", name, len(err.Error()))
		}
		if strings.Contains(record, `"after"`) && spell(doc.Values(nil, Compile("after"))) != "[2]" {
			t.Errorf("%s: what is not in the way was lost (error %v)", name, err)
		}
		if strings.HasPrefix(name, "tiny") != doc.Dropped() && name != "nested members" {
			t.Errorf("%s: Dropped is %v", name, doc.Dropped())
		}
	}
}

func TestDuplicate(t *testing.T) {
	wide := `{"first":0`
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		wide += `,"` + string(c) + `":{}`
	}
	var p Parser
	for record, want := range map[string]string{
		`{"a":1,"b":{"a":1}}`:       "",
		`{"a":1,"a":1}`:             "a",
		`{"a":1,"\u0061":1}`:        "a",
		`[1,{"b":[{"c":1,"c":2}]}]`: "c",
		wide + `}`:                  "",
		wide + `,"m":1}`:            "m",
	} {
		doc, _ := p.Parse([]byte(record))
		key, ok := doc.Duplicate()
		if string(key) != want || ok != (want != "") {
			t.Errorf("%.60s: got %q, want %q", record, key, want)
		}
	}
}
