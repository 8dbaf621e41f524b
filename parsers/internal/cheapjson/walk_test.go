package cheapjson

import (
	"fmt"
	"strings"
	"testing"
)

const (
	slotVerb = iota
	slotUser
	slotGroups
	slotCode
	slotDecision
	slotURI
	slotBody
)

var testSchema = Compile(
	Field{Text, slotVerb, []string{"verb"}},
	Field{Text, slotUser, []string{"user", "username"}},
	Field{Texts, slotGroups, []string{"user", "groups"}},
	Field{Digits, slotCode, []string{"status", "code"}},
	Field{Text, slotDecision, []string{"notes", "k8s.io/decision"}},
	Field{Escaped, slotURI, []string{"uri"}},
	Field{Raw, slotBody, []string{"body"}},
	Field{Skip, 0, []string{"answer"}},
)

// tell prints what was found: "-" for what is absent.
func tell(r *Record) string {
	var parts []string
	for _, slot := range []int{slotVerb, slotUser, slotCode, slotDecision} {
		s := "-"
		if v := r.Text(slot); v != nil {
			s = string(v)
		}
		parts = append(parts, s)
	}
	groups := "-"
	if r.Has(slotGroups) {
		groups = fmt.Sprintf("%s", r.List(slotGroups))
	}
	return strings.Join(append(parts, groups), " ")
}

func TestWalkReads(t *testing.T) {
	cases := []struct{ record, want string }{
		{`{}`, "- - - - -"},
		{` { } ` + "\r\n", "- - - - -"},
		{`{"verb":"get"}`, "get - - - -"},
		{`{"verb":""}`, " - - - -"},
		{`{"user":{"username":"ann","groups":["a","b"]},"verb":"list","status":{"code":299}}`, "list ann 299 - [a b]"},
		{`{"status":{"x":[],"code" : 0 },"user":{"groups":[ ]}}`, "- - 0 - []"},
		{`{ "verb" : "get" , "user" : { "groups" : [ "a" , "b" ] } }`, "get - - - [a b]"},
		{`{"notes":{"k8s.io/decision":"allow","k8s.io/other":"\n"}}`, "- - - allow -"},
		{`{"body":{"verb":"no","user":{"username":"no"},"x":"}]\"{"},"verb":"get"}`, "get - - - -"},
		{`{"other":"\u0041","verb":"get","more":[1,-2.5e3,true,null,{"a":[]}]}`, "get - - - -"},
		{`{"other":1.5,"x":true ,"y":null,"verb":"get"}`, "get - - - -"},
		{`{"verb":"a very long value that takes more than one word of eight bytes"}`,
			"a very long value that takes more than one word of eight bytes - - - -"},
	}
	var r Record
	for _, c := range cases {
		if !testSchema.Walk([]byte(c.record), &r) {
			t.Errorf("%s: given up", c.record)
		} else if got := tell(&r); got != c.want {
			t.Errorf("%s: got %q, want %q", c.record, got, c.want)
		}
	}
}

func TestWalkGivesUp(t *testing.T) {
	for why, record := range map[string]string{
		"empty":                     ``,
		"no object":                 `[]`,
		"cut":                       `{"verb":"get"`,
		"cut in a value":            `{"verb":"ge`,
		"cut in a skipped string":   `{"x":"ge`,
		"cut in a skipped array":    `{"x":[1,2,"a b c d e f g"`,
		"two objects":               `{"verb":"get"}{"verb":"list"}`,
		"trailing bytes":            `{"verb":"get"} x`,
		"trailing comma":            `{"verb":"get",}`,
		"no comma":                  `{"verb":"get" "x":1}`,
		"no colon":                  `{"verb" "get"}`,
		"bare key":                  `{verb:"get"}`,
		"no value":                  `{"verb":}`,
		"no skipped value":          `{"x":,"verb":"get"}`,
		"wrong bracket":             `{"user":{"username":"a"]}`,
		"escape in value":           `{"verb":"g\u0065t"}`,
		"escape in key":             `{"v\u0065rb":"get"}`,
		"escape in unknown key":     `{"x\n":1}`,
		"control character":         "{\"verb\":\"g\tt\"}",
		"outside ASCII":             `{"verb":"gét"}`,
		"invalid UTF-8":             "{\"verb\":\"g\xff\"}",
		"twice":                     `{"verb":"get","verb":"list"}`,
		"object twice":              `{"user":{},"user":{"username":"a"}}`,
		"nested twice":              `{"user":{"groups":[],"groups":[]}}`,
		"skipped twice":             `{"answer":{},"x":1,"answer":{}}`,
		"raw twice":                 `{"body":{},"x":1,"body":{}}`,
		"unknown escape":            `{"uri":"a\q"}`,
		"escape beyond ASCII":       `{"uri":"a\u00e9"}`,
		"half an escape":            `{"uri":"a\u00"}`,
		"no hexadecimal digit":      `{"uri":"a\u004g"}`,
		"bytes beyond ASCII":        "{\"uri\":\"a\x80\"}",
		"control in an address":     "{\"uri\":\"a\x1f\"}",
		"escaped number":            `{"uri":5}`,
		"case":                      `{"Verb":"get"}`,
		"case below":                `{"user":{"userName":"a"}}`,
		"dotted":                    `{"user.username":"a"}`,
		"dotted in parts":           `{"notes":{"k8s":{"io/decision":"a"}}}`,
		"dotted across":             `{"notes.k8s":{"io/decision":"a"}}`,
		"null":                      `{"verb":null}`,
		"null object":               `{"user":null}`,
		"number as text":            `{"verb":1}`,
		"text as object":            `{"user":"ann"}`,
		"text as number":            `{"status":{"code":"200"}}`,
		"fraction":                  `{"status":{"code":200.0}}`,
		"exponent":                  `{"status":{"code":2e2}}`,
		"minus":                     `{"status":{"code":-1}}`,
		"leading zero":              `{"status":{"code":0200}}`,
		"text as list":              `{"user":{"groups":"a"}}`,
		"list of numbers":           `{"user":{"groups":["a",1]}}`,
		"list with trailing comma":  `{"user":{"groups":["a",]}}`,
		"list without comma":        `{"user":{"groups":["a" "b"]}}`,
		"list cut":                  `{"user":{"groups":["a"`,
		"list in list":              `{"user":{"groups":[["a"]]}}`,
		"escape outside a string":   `{"x":{\"a":1},"verb":"get"}`,
		"too deep":                  `{"x":` + strings.Repeat("[", maxDepth+9) + strings.Repeat("]", maxDepth+9) + `}`,
		"byte order mark":           "\xef\xbb\xbf{}",
		"NUL at the end":            "{}\x00",
		"key is a number":           `{1:2}`,
		"nothing":                   ``,
		"cut at the brace":          `{`,
		"cut behind a comma":        `{"verb":"get",`,
		"cut behind a key":          `{"verb"`,
		"cut behind a colon":        `{"verb":`,
		"skipped scalar ends badly": `{"x":12"verb":"get"}`,
	} {
		if testSchema.Walk([]byte(record), new(Record)) {
			t.Errorf("%s: read although it should be left to the full parse: %.80q", why, record)
		}
	}
}

// TestWhereverItStands moves every interesting byte through all positions of a
// word of eight.
func TestWhereverItStands(t *testing.T) {
	inner := []string{`{"a":"}"}`, `["\\"]`, `["\""]`, `["\\\""]`, `{"a":["[{"]}`, `[{},[],""]`, `"\\"`, `"x"`, `[]`, `["a","b"]`}
	var r Record
	for pad := range 20 {
		for _, in := range inner {
			for _, fill := range []string{strings.Repeat(" ", pad), strings.Repeat("7", pad+1) + ","} {
				value := `[` + fill + in + `]`
				if got := skip([]byte(value+`,"x":"]"}`), 0); got != len(value) {
					t.Errorf("skip(%s) = %d, want %d", value, got, len(value))
				}
			}
			record := `{"p":"` + strings.Repeat("p", pad) + `","x":` + in + `,"verb":"get"}`
			if !testSchema.Walk([]byte(record), &r) || string(r.Text(slotVerb)) != "get" {
				t.Errorf("%s: not read", record)
			}
		}
	}
}

func TestEscapesAndRawValues(t *testing.T) {
	var r Record
	for in, want := range map[string]string{
		`a\u0026b\u003C\"\\\/\n\t\r\b\f`: "a&b<\"\\/\n\t\r\b\f", `a b\u0020c~`: `a b c~`, ``: ``, `plain`: `plain`, `\u0000`: "\x00",
	} {
		record := `{"uri":"` + in + `","body": {"a":["]"]} ,"verb":"get"}`
		if !testSchema.Walk([]byte(record), &r) {
			t.Errorf("%s: given up", record)
			continue
		}
		for range 2 { // resolved once, and then remembered
			if got := string(r.Text(slotURI)); got != want || !r.Has(slotURI) || r.Text(slotURI) == nil {
				t.Errorf("%s: got %q, want %q", in, got, want)
			}
		}
		if got := string(r.Text(slotBody)); got != `{"a":["]"]}` {
			t.Errorf("body is %s", got)
		}
	}
}

// TestLongDottedKeys: a name of a field may be one key, however long it is.
func TestLongDottedKeys(t *testing.T) {
	long := strings.Repeat("x", maxKey)
	schema := Compile(Field{Text, 0, []string{"verb"}}, Field{Text, 1, []string{"notes", long}})
	for key, want := range map[string]bool{
		"notes." + long: false, "Notes." + long: false, "notes." + strings.ToUpper(long): false,
		"nodes." + long: true, "notes.x" + long: true, "notes:" + long: true,
	} {
		if got := schema.Walk([]byte(`{"`+key+`":"a","verb":"get"}`), new(Record)); got != want {
			t.Errorf("%s: read %v, want %v", key, got, want)
		}
	}
}

func TestCompileRefusesContradictions(t *testing.T) {
	for name, fields := range map[string][]Field{
		"twice":           {{Text, 0, []string{"a"}}, {Text, 1, []string{"a"}}},
		"object and text": {{Text, 0, []string{"a"}}, {Text, 1, []string{"a", "b"}}},
		"text and object": {{Text, 1, []string{"a", "b"}}, {Text, 0, []string{"a"}}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			Compile(fields...)
		}()
	}
}

func TestRecordFilledByHand(t *testing.T) {
	var r Record
	r.SetText(slotVerb, []byte("get"))
	r.SetList(slotGroups, [][]byte{[]byte("a"), []byte("b")})
	if got := tell(&r); got != "get - - - [a b]" {
		t.Error(got)
	}
	r.Reset()
	if got := tell(&r); got != "- - - - -" {
		t.Error(got)
	}
}

func Example() {
	schema := Compile(
		Field{Text, 0, []string{"verb"}},
		Field{Texts, 1, []string{"user", "groups"}},
	)
	var r Record
	for _, record := range []string{
		`{"user":{"groups":["dev"]},"body":{"verb":"forged"},"verb":"get"}`,
		`{"verb":"g\u0065t"}`,
	} {
		ok := schema.Walk([]byte(record), &r)
		fmt.Printf("%v %s %s\n", ok, r.Text(0), r.List(1))
	}
	// Output:
	// true get [dev]
	// false  []
}
