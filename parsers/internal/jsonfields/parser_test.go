package jsonfields

import (
	"fmt"
	"strings"
	"testing"
)

// spell prints values so that absent, null and empty differ.
func spell(vals [][]byte) string {
	var parts []string
	for _, v := range vals {
		if v == nil {
			parts = append(parts, "null")
			continue
		}
		parts = append(parts, string(v))
	}
	return "[" + strings.Join(parts, "|") + "]"
}

func TestValues(t *testing.T) {
	cases := []struct{ name, record, field, want string }{
		{"top", `{"verb":"get"}`, "verb", "[get]"},
		{"nested", `{"user":{"username":"ann"}}`, "user.username", "[ann]"},
		{"literal dotted key", `{"user.username":"ann"}`, "user.username", "[ann]"},
		{"dots inside a key below", `{"annotations":{"k8s.io/x":"y"}}`, "annotations.k8s.io/x", "[y]"},
		{"both spellings", `{"a.b":1,"a":{"b":2}}`, "a.b", "[1|2]"},
		{"array at the end", `{"a":["x","y"]}`, "a", "[x|y]"},
		{"array on the way", `{"a":[{"b":1},{"c":0},{"b":[2,3]}]}`, "a.b", "[1|2|3]"},
		{"arrays in arrays", `{"a":[[{"b":1}],[[{"b":2}]]]}`, "a.b", "[1|2]"},
		{"array outermost", `[{"a":1},{"a":2}]`, "a", "[1|2]"},
		{"absent", `{"a":1}`, "b", "[]"},
		{"prefix of a key", `{"ab":1}`, "a", "[]"},
		{"past a scalar", `{"a":1}`, "a.b", "[]"},
		{"null", `{"a":null}`, "a", "[null]"},
		{"empty text", `{"a":["","x"]}`, "a", "[|x]"},
		{"empty array", `{"a":[]}`, "a", "[null]"},
		{"empty array among others", `{"a":[[],"x"]}`, "a", "[null|x]"},
		{"empty array on the way", `{"a":[]}`, "a.b", "[]"},
		{"numbers keep their spelling", `{"a":[1.50,1e400,9007199254740993,-0]}`, "a", "[1.50|1e400|9007199254740993|-0]"},
		{"booleans", `{"a":[true,false]}`, "a", "[true|false]"},
		{"escapes", `{"a":"\u0041\n\"\\\/\ud83d\ude00"}`, "a", "[A\n\"\\/😀]"},
		{"escaped key", `{"\u0061":1}`, "a", "[1]"},
		{"object as text", `{"a":{"b":[1,{"c":"x\"\u0001"}],"d":null}}`, "a", `[{"b":[1,{"c":"x\"\u0001"}],"d":null}]`},
		{"object as text, as it was written", `{"a":{"b":"x\n\t\r\b\f\u0000"}}`, "a", `[{"b":"x\n\t\r\b\f\u0000"}]`},
		{"every occurrence", `{"a":1,"b":0,"a":2}`, "a", "[1|2]"},
		{"every occurrence nested", `{"a":{"b":1},"a":{"b":2,"b":3}}`, "a.b", "[1|2|3]"},
	}
	var p Parser
	for _, c := range cases {
		doc, err := p.Parse([]byte(c.record))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := spell(doc.Values(nil, Compile(c.field))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestNullAbsentAndEmptyDiffer(t *testing.T) {
	var p Parser
	doc, _ := p.Parse([]byte(`{"null":null,"empty":""}`))
	for field, want := range map[string]string{"null": "1 true", "empty": "1 false", "absent": "0 true"} {
		vals := doc.Values(nil, Compile(field))
		isNil := true
		for _, v := range vals {
			isNil = v == nil
		}
		if got := fmt.Sprint(len(vals), " ", isNil); got != want {
			t.Errorf("%s: %s, want %s", field, got, want)
		}
	}
}
