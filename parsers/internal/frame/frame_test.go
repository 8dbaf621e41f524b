package frame

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// frames renders the pieces of a stream, one a string:
//
//	"1:0 {...}"           a record at line 1, offset 0
//	"cut line.broken 1:0 {..."
//	"note json.brackets 1" and "gap line.oversize 12", with their sizes
func frames(t *testing.T, r io.Reader, o Options) []string {
	t.Helper()
	f := New(r, o)
	var out []string
	for {
		var p Piece
		err := f.Next(&p)
		if err == io.EOF {
			return out
		}
		if err != nil {
			return append(out, "error "+err.Error())
		}
		out = append(out, render(&p))
	}
}

func render(p *Piece) string {
	switch p.Kind {
	case Note:
		return fmt.Sprintf("note %s %d", p.Code, p.Size)
	case Gap:
		return fmt.Sprintf("gap %s %d", p.Code, p.Size)
	}
	s := fmt.Sprintf("%d:%d %s", p.Record.Pos.Line, p.Record.Pos.Offset, p.Record.Data)
	if p.Record.Cut {
		s = "cut " + p.Code + " " + s
	}
	if p.Record.Context != nil {
		s += " <" + string(p.Record.Context) + ">"
	}
	return s
}

func TestNext(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"empty":             {"", nil},
		"lines":             {"a b\nc\n", []string{"1:0 a b", "2:4 c"}},
		"no-final-newline":  {"a\nb", []string{"1:0 a", "2:2 b"}},
		"crlf":              {"a\r\n{\"x\":1}\r\n", []string{"1:0 a", `2:3 {"x":1}`}},
		"cr-only":           {"a\rb\r{\"x\":1}\r", []string{"note line.cr_only 0", "1:0 a", "2:2 b", `3:4 {"x":1}`}},
		"blank-lines":       {"\n\na\n\n\nb\n\n", []string{"3:2 a", "6:6 b", "note text.blank 1"}},
		"indented-text":     {"a\n  at x\n", []string{"1:0 a", "2:2   at x"}},
		"bom":               {"\xef\xbb\xbfa\n", []string{"note text.bom 3", "1:3 a"}},
		"utf-32":            {"\xff\xfe\x00\x00a\x00\x00\x00", []string{"1:0 \xff\xfe\x00\x00a"}},
		"nul-head":          {"\x00\x00a\n", []string{"note bytes.nul_run 2", "1:2 a"}},
		"nul-line-start":    {"a\n\x00\x00\x00b\n", []string{"1:0 a", "note bytes.nul_run 3", "2:5 b"}},
		"nul-within":        {"a\x00b\n", []string{"1:0 a\x00b"}},
		"nul-run-within":    {"a" + strings.Repeat("\x00", 9) + "b\n", []string{"1:0 a", "note bytes.nul_run 9", "1:10 b"}},
		"json-lines":        {`{"a":1}` + "\n" + `{"a":2}` + "\n", []string{`1:0 {"a":1}`, `2:8 {"a":2}`}},
		"braces-in-text":    {`{"a":"}{"}` + "\n" + `{"a":"{"}` + "\n", []string{`1:0 {"a":"}{"}`, `2:11 {"a":"{"}`}},
		"escaped-quotes":    {`{"a":"\\\"}{\\"}` + "\n", []string{`1:0 {"a":"\\\"}{\\"}`}},
		"concatenated":      {`{"a":1}{"a":2} {"a":3}` + "\n", []string{`1:0 {"a":1}`, `1:7 {"a":2}`, `1:15 {"a":3}`}},
		"nul-between":       {"{\"a\":1}\x00{\"a\":2}\x00{\"a\":3}", []string{`1:0 {"a":1}`, "note bytes.nul_run 1", `1:8 {"a":2}`, "note bytes.nul_run 1", `1:16 {"a":3}`}},
		"text-between":      {"{\"a\":1}\n{\"a\":2}; {\"a\":3}\n", []string{`1:0 {"a":1}`, `2:8 {"a":2}`, `2:15 ; {"a":3}`}},
		"dos-end":           {"a\r\n{\"a\":1}\r\n\x1a", []string{"1:0 a", `2:3 {"a":1}`, "note text.blank 1"}},
		"dos-end-between":   {"a\r\n\x1ab\r\n\x1a", []string{"1:0 a", "2:4 b", "note text.blank 1"}},
		"dos-end-within":    {"a\x1ab\n", []string{"1:0 a\x1ab"}},
		"json-seq":          {"\x1e{\"a\":1}\n\x1e{\"a\":2}\n", []string{`1:1 {"a":1}`, `2:10 {"a":2}`}},
		"pretty":            {"{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", []string{"1:0 {\n  \"a\": 1\n}", "4:13 {\n  \"a\": 2\n}"}},
		"array":             {`[{"a":1},{"a":2}]`, []string{"note json.brackets 1", `1:1 {"a":1}`, `1:9 {"a":2}`, "note json.brackets 1"}},
		"array-pretty":      {"[\n {\"a\":1},\n {\"a\":2}\n]\n", []string{"note json.brackets 1", `2:3 {"a":1}`, `3:13 {"a":2}`, "note json.brackets 1", "note text.blank 1"}},
		"array-empty":       {"[]\n", []string{"note json.brackets 1", "note json.brackets 1", "note text.blank 1"}},
		"array-of-arrays":   {`[["a",1],["b",2]]`, []string{"note json.brackets 1", `1:1 ["a",1]`, `1:9 ["b",2]`, "note json.brackets 1"}},
		"array-of-texts":    {`["{\"a\":1}","{\"a\":2}"]`, []string{"note json.brackets 1", `1:1 "{\"a\":1}"`, `1:13 "{\"a\":2}"`, "note json.brackets 1"}},
		"texts-pretty":      {"[\n  \"type=A x\",\n  \"b\"\n]\n", []string{"note json.brackets 1", `2:4 "type=A x"`, `3:18 "b"`, "note json.brackets 1", "note text.blank 1"}},
		"texts-torn":        {"[\"{a\",\n\"{b\n\"{c\"\n]\n", []string{"note json.brackets 1", `1:1 "{a"`, `cut line.broken 2:7 "{b`, `3:11 "{c"`, "note json.brackets 1", "note text.blank 1"}},
		"pairs-with-texts":  {`[[17,"{a"], [-1,"{b"]]`, []string{"note json.brackets 1", `1:1 [17,"{a"]`, `1:12 [-1,"{b"]`, "note json.brackets 1"}},
		"words-in-brackets": {"[\"a\", \"b\"] x\n[[1 2]\n[[1,2],\"{a\"\n", []string{`1:0 ["a", "b"] x`, "2:13 [[1 2]", `3:20 [[1,2],"{a"`}},
		"bracket-text":      {"[pod/web] up\n[0] t: [[1, {}]]\n[]x\n", []string{"1:0 [pod/web] up", "2:13 [0] t: [[1, {}]]", "note json.brackets 1", "note json.brackets 1", "3:32 x"}},
		"brace-text":        {"{{.ID}} x\n", []string{"1:0 {{.ID}} x"}},
		"text-then-json":    {"words\n{\"a\":1}\nwords\n", []string{"1:0 words", `2:6 {"a":1}`, "3:14 words"}},
		"trailing-comma":    {"{\"a\":1},\n{\"a\":2}\n]}\n", []string{`1:0 {"a":1}`, `2:9 {"a":2}`, "note json.brackets 3"}},
		"swallowed":         {`{"id":1,"u":{"id":2,"u":{}}` + "\n" + `{"id":3}` + "\n", []string{`cut line.broken 1:0 {"id":1,"u":`, `1:12 {"id":2,"u":{}}`, `2:28 {"id":3}`}},
		"swallowed-at-end":  {`{"id":1,"u":[{"id":2}`, []string{`cut line.broken 1:0 {"id":1,"u":[`, `1:13 {"id":2}`}},
		"swallowed-event": {`{"kind":"Event","apiVersion":"audit.k8s.io/v1","r":{"kind":"Event","apiVersion":"v1"}` + "\n" + `{"id":3}` + "\n", []string{
			`cut line.broken 1:0 {"kind":"Event","apiVersion":"audit.k8s.io/v1","r":{"kind":"Event","apiVersion":"v1"}`, `2:86 {"id":3}`}},
		"joined-behind-nuls": {`{"id":1,"u":"` + strings.Repeat("\x00", 9) + `x"}{"id":2}{"id":3}` + "\n", []string{
			`cut line.broken 1:0 {"id":1,"u":"`, "note bytes.nul_run 9", `1:22 x"}`, `1:25 {"id":2}`, `1:33 {"id":3}`}},
		"joined-behind-a-newline": {`{"id":1,"u":"` + "\n" + `x"}{"id":2}{"id":3}` + "\nx{\"id\":4}\n", []string{
			`cut line.broken 1:0 {"id":1,"u":"`, `2:14 x"}`, `2:17 {"id":2}`, `2:25 {"id":3}`, "3:34 x", `3:35 {"id":4}`}},
		"joined-in-a-wrapper": {`{"items":[{"id":1},{"id":"` + "\n" + `x"}],"y":2}{"items":[{"id":3}]}` + "\n", []string{
			"note json.wrapper 10", `1:10 {"id":1} <{"items":[>`, `cut line.broken 1:19 {"id":" <{"items":[>`, `2:27 x"}],"y":2}`,
			"note json.wrapper 10", `2:48 {"id":3} <{"items":[>`, "note json.brackets 1", "note json.wrapper 1", "note text.blank 1"}},
		"text-in-a-wrapper": {`{"items":[{"id":1},{"id":"x"}x"}],"y":2}{"items":[{"id":3}]}` + "\n", []string{
			"note json.wrapper 10", `1:10 {"id":1} <{"items":[>`, `1:19 {"id":"x"} <{"items":[>`, `1:29 x"}],"y":2}`,
			"note json.wrapper 10", `1:50 {"id":3} <{"items":[>`, "note json.brackets 1", "note json.wrapper 1", "note text.blank 1"}},
		"rows-behind-nuls": {`{"rows":[["2025a",1],["2025b","` + strings.Repeat("\x00", 9) + `x"],["2025c",3]]}` + "\n", []string{
			"note json.wrapper 9", `1:9 ["2025a",1] <{"rows":[>`, `cut line.broken 1:21 ["2025b"," <{"rows":[>`, "note bytes.nul_run 9",
			`1:40 x"],`, `1:44 ["2025c",3]]}`}},
		"nuls-between-rows": {`{"rows":[["2025a",1],` + strings.Repeat("\x00", 9) + `25b",2],["2025c",3],["2025d",4]]}` + "\n", []string{
			"note json.wrapper 9", `1:9 ["2025a",1] <{"rows":[>`, "note bytes.nul_run 9", `1:30 25b",2],`, `1:38 ["2025c",3],`, `1:50 ["2025d",4]]}`}},
		"json-trailing-text": {"{\"a\":1} # x\n", []string{`1:0 {"a":1}`, "1:8 # x"}},
	} {
		t.Run(name, func(t *testing.T) { compare(t, frames(t, strings.NewReader(c.in), Options{}), c.want) })
	}
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got:\n%s\nwant:\n%s", a, b)
	}
}

func TestWrappers(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"event-list": {`{"kind":"EventList","items":[{"a":1},{"a":2}]}` + "\n", []string{
			"note json.wrapper 29", `1:29 {"a":1} <{"kind":"EventList","items":[>`, `1:37 {"a":2} <{"kind":"EventList","items":[>`,
			"note json.brackets 1", "note json.wrapper 1", "note text.blank 1"}},
		"two-lists": {`{"items":[{"a":1}]}` + "\n" + `{"items":[{"a":2}],"x":{"y":[]}}`, []string{
			"note json.wrapper 10", `1:10 {"a":1} <{"items":[>`, "note json.brackets 1", "note json.wrapper 1",
			"note json.wrapper 11", `2:30 {"a":2} <{"items":[>`, "note json.brackets 1", "note json.wrapper 14"}},
		"subscription": {`{"owner":"1","logEvents":[{"id":"x"}]}{"owner":"2","logEvents":[{"id":"y"}]}`, []string{
			"note json.wrapper 26", `1:26 {"id":"x"} <{"owner":"1","logEvents":[>`, "note json.brackets 1", "note json.wrapper 1",
			"note json.wrapper 26", `1:64 {"id":"y"} <{"owner":"2","logEvents":[>`, "note json.brackets 1", "note json.wrapper 1"}},
		"hits": {`{"took":1,"hits":{"total":1,"hits":[{"_id":"a"}]},"n":1}`, []string{
			"note json.wrapper 36", `1:36 {"_id":"a"} <{"took":1,"hits":{"total":1,"hits":[>`, "note json.brackets 1", "note json.wrapper 8"}},
		"insights": {`{"results":[[{"field":"a"}],[{"field":"b"}]]}`, []string{
			"note json.wrapper 12", `1:12 [{"field":"a"}] <{"results":[>`, `1:28 [{"field":"b"}] <{"results":[>`, "note json.brackets 1", "note json.wrapper 1"}},
		"tables": {`{"tables":[{"columns":["c"],"rows":[["x"],["y"]]},{"columns":["d"],"rows":[["z"]]}]}`, []string{
			"note json.wrapper 11", "note json.wrapper 25",
			`1:36 ["x"] <{"tables":[{"columns":["c"],"rows":[>`, `1:42 ["y"] <{"tables":[{"columns":["c"],"rows":[>`,
			"note json.brackets 1", "note json.wrapper 1", "note json.wrapper 26",
			`1:75 ["z"] <{"tables":[{"columns":["d"],"rows":[>`, "note json.brackets 1", "note json.wrapper 1", "note json.brackets 1", "note json.wrapper 1"}},
		"not-a-wrapper": {`{"auditID":"1","items":[{"a":1}]}`, []string{`1:0 {"auditID":"1","items":[{"a":1}]}`}},
		"deeper-items":  {`{"b":{"items":[{"a":1}]}}`, []string{`1:0 {"b":{"items":[{"a":1}]}}`}},
		"list-of-texts": {`{"items":["a","b"]}`, []string{`1:0 {"items":["a","b"]}`}},
	} {
		t.Run(name, func(t *testing.T) { compare(t, frames(t, strings.NewReader(c.in), Options{}), c.want) })
	}
}

// TestTablesWithoutHeader: cells of a table may hold newlines, also where nothing names
// its columns; and a line of syslog does not make a table of what follows it.
func TestTablesWithoutHeader(t *testing.T) {
	const row = "1,\"type=A c=\"\"x\"\"\ntype=B\"\n"
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"at once":        {row + row, []string{"1:0 " + row[:len(row)-1], "3:26 " + row[:len(row)-1]}},
		"behind a name":  {"x\n" + row, []string{"1:0 x", "2:2 " + row[:len(row)-1]}},
		"of JSON":        {"1\t\"{\"\"a\"\":1}\n{\"\"a\"\":2}\"\nx\n", []string{"1:0 1\t\"{\"\"a\"\":1}\n{\"\"a\"\":2}\"", "3:24 x"}},
		"one cell":       {"\"node=a type=A c=\"\"x\"\"\ntype=B\"\nx\n", []string{"1:0 \"node=a type=A c=\"\"x\"\"\ntype=B\"", "3:31 x"}},
		"never closed":   {row + "2,\"x\ny\nz\n", []string{"1:0 " + row[:len(row)-1], "cut line.broken 3:26 2,\"x", "4:31 y", "5:33 z"}},
		"syslog":         {"Mar  1 10:00:00 m0 a: x,\"type=A c=\"\"x\"\"\nb\n", []string{"1:0 Mar  1 10:00:00 m0 a: x,\"type=A c=\"\"x\"\"", "2:40 b"}},
		"a word before":  {"x\"type=A c=\"\"x\"\"\nb\n", []string{"1:0 x\"type=A c=\"\"x\"\"", "2:17 b"}},
		"quotes as such": {"1,\"type=A c=\"x\"\nb\n", []string{"1:0 1,\"type=A c=\"x\"", "2:16 b"}},
	} {
		t.Run(name, func(t *testing.T) { compare(t, frames(t, strings.NewReader(c.in), Options{}), c.want) })
	}
}

func TestDamage(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"cut-in-string":    {"{\"a\":\"x\n{\"a\":2}\n", []string{`cut line.broken 1:0 {"a":"x`, `2:8 {"a":2}`}},
		"cut-after-colon":  {"{\"a\":\n{\"a\":2}\n{\"a\":3}\n", []string{`cut line.broken 1:0 {"a":`, `2:6 {"a":2}`, `3:14 {"a":3}`}},
		"cut-after-comma":  {"{\"a\":1,\n{\"a\":2}\n", []string{`cut line.broken 1:0 {"a":1,`, `2:8 {"a":2}`}},
		"cut-before-text":  {"{\"a\":1,\ntype=X msg=audit(\n", []string{`cut line.broken 1:0 {"a":1,`, "2:8 type=X msg=audit("}},
		"cut-at-end":       {"{\"a\":1}\n{\"a\":\"y", []string{`1:0 {"a":1}`, `cut line.truncated_tail 2:8 {"a":"y`}},
		"pretty-cut":       {"{\n \"a\": 1,\n \"b\"", []string{"cut line.truncated_tail 1:0 {\n \"a\": 1,\n \"b\""}},
		"swallowed-at-end": {"{\"a\":\n{\"b\":1}", []string{`cut line.broken 1:0 {"a":`, `2:6 {"b":1}`}},
		"merged-lines":     {`{"kind":"Event","x":"Me{"kind":"Event","x":1}` + "\n", []string{`cut line.broken 1:0 {"kind":"Event","x":"Me`, `1:23 {"kind":"Event","x":1}`}},
		"garbage-in-line":  {"{\"a\":1 oops}\n{\"a\":2}\n", []string{`1:0 {"a":1 oops}`, `2:13 {"a":2}`}},
		"nul-hole":         {`{"a":"x` + strings.Repeat("\x00", 8) + `{"a":2}` + "\n", []string{`cut line.broken 1:0 {"a":"x`, "note bytes.nul_run 8", `1:15 {"a":2}`}},
		"broken-member":    {`[{"a":1},{"a" 2},{"a":3}]`, []string{"note json.brackets 1", `1:1 {"a":1}`, `cut line.broken 1:9 {"a" 2}`, `1:17 {"a":3}`, "note json.brackets 1"}},
		"array-then-text":  {"[{\"a\":1},\nwords\n{\"a\":2}\n", []string{"note json.brackets 1", `1:1 {"a":1}`, "2:10 words", `3:16 {"a":2}`}},
		"mismatched":       {"{\"a\":[1}\n{\"a\":2}\n", []string{`1:0 {"a":[1}`, `2:9 {"a":2}`}},
		"pretty-broken": {"{\n \"a\": 1,\n \"b\" 2\n}\n{\"a\":2}\n", []string{
			"cut line.broken 1:0 {\n \"a\": 1,", "3:11  \"b\" 2", "note json.brackets 2", `5:20 {"a":2}`}},
	} {
		t.Run(name, func(t *testing.T) { compare(t, frames(t, strings.NewReader(c.in), Options{}), c.want) })
	}
}

func TestOversize(t *testing.T) {
	o := Options{MaxRecord: 32, Block: 16}
	long := strings.Repeat("x", 50)
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"line": {long + "\nb\n", []string{"cut line.oversize 1:0 " + long[:32], "gap line.oversize 19", "2:51 b"}},
		"json-line": {`{"a":"` + long + "\"}\n{\"b\":1}\n", []string{
			`1:0 {"a":null}`, "gap line.oversize 53", `2:59 {"b":1}`}},
		"unclosed-string": {`{"a":"` + long + "\n{\"b\":1}\n", []string{
			`cut line.oversize 1:0 {"a":null}`, "gap line.oversize 52", `2:57 {"b":1}`}},
		"unclosed-object": {`{"a":[1,` + strings.Repeat("2,", 30) + "3\n{\"b\":1}\n", []string{
			`cut line.oversize 1:0 {"a":[1,` + strings.Repeat("2,", 7) + "2]}", "gap line.oversize 47", `2:70 {"b":1}`}},
		"member": {`[{"a":"` + long + `"},{"b":1}]`, []string{
			"note json.brackets 1", `1:1 {"a":null}`, "gap line.oversize 53", `1:60 {"b":1}`, "note json.brackets 1"}},
		"to-the-end": {long, []string{"cut line.oversize 1:0 " + long[:32], "gap line.oversize 18"}},
	} {
		t.Run(name, func(t *testing.T) { compare(t, frames(t, strings.NewReader(c.in), o), c.want) })
	}
}

func TestTables(t *testing.T) {
	in := "@timestamp,@message\r\n1,\"a \"\"b\"\"\n c\"\r\n2,d\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{
		"note csv.header 21", "2:21 1,\"a \"\"b\"\"\n c\" <@timestamp,@message>", "4:37 2,d <@timestamp,@message>"})
	in = "verb,user\nget,\"open\nlist,bob\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{
		"note csv.header 10", `cut line.broken 2:10 get,"open <verb,user>`, "3:20 list,bob <verb,user>"})
	compare(t, frames(t, strings.NewReader("Error, something\nNODE,EVENT\n"), Options{}), []string{"1:0 Error, something", "2:17 NODE,EVENT"})
	compare(t, frames(t, strings.NewReader("message\n\"a\"\n"), Options{}), []string{"note csv.header 8", `2:8 "a" <message>`})
	compare(t, frames(t, strings.NewReader("id|message\n1|a, b\n"), Options{}), []string{"note csv.header 11", "2:11 1|a, b <id|message>"})
	compare(t, frames(t, strings.NewReader("sep=;\r\nid;message\r\n1;a\r\n"), Options{}), []string{"note csv.header 7", "note csv.header 12", "3:19 1;a <id;message>"})
	compare(t, frames(t, strings.NewReader("\"Query results\"\n\nid,message\n1,\"a\nb\"\n"), Options{}), []string{"note csv.header 17", "note csv.header 11", "4:28 1,\"a\nb\" <id,message>"})
	compare(t, frames(t, strings.NewReader("type=CWD x\nid,message\n1,a\n"), Options{}), []string{"1:0 type=CWD x", "2:11 id,message", "3:22 1,a"})
	compare(t, frames(t, strings.NewReader("message\na\n"), Options{}), []string{"1:0 message", "2:8 a"})
	compare(t, frames(t, strings.NewReader("id\tmessage\n1\ta, b\n"), Options{}), []string{"note csv.header 11", "2:11 1\ta, b <id\tmessage>"})
}

// TestRulesOfTables: what is drawn between rows, and how many there were, are no rows.
func TestRulesOfTables(t *testing.T) {
	for in, want := range map[string][]string{
		"| id | message |\n|---|:--|\n| 1 | a |\n": {"note csv.header 17", "note csv.header 10", "3:27 | 1 | a | <| id | message |>"},
		" id | message \n----+---------\n 1 | a\n 2 | -\n(2 rows)\r\n": {"note csv.header 15", "note csv.header 15",
			"3:31 1 | a < id | message >", "4:38 2 | - < id | message >", "note csv.header 10"},
		"+----+----+\n| id | message |\n+----+----+\n| 1 | a |\n+----+----+\n1 row in set (0.00 sec)\n": {"note csv.header 12", "note csv.header 17", "note csv.header 12",
			"4:41 | 1 | a | <| id | message |>", "note csv.header 12", "note csv.header 24"},
		"id,message\n1 row,(x\n-,a\n(9 rows) x\n": {"note csv.header 11", "2:11 1 row,(x <id,message>", "3:20 -,a <id,message>", "4:24 (9 rows) x <id,message>"},
	} {
		t.Run(in[:6], func(t *testing.T) { compare(t, frames(t, strings.NewReader(in), Options{}), want) })
	}
}

// TestMarksBetweenLines: files that were joined each had a byte order mark.
func TestMarksBetweenLines(t *testing.T) {
	in := bom + bom + "a=1\n" + bom + "b=2\r\n\n" + bom + "{\n \"c\": 3}\n" + bom
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{"note text.bom 3", "note text.bom 3", "1:6 a=1", "note text.bom 3", "2:13 b=2", "note text.bom 4",
		"4:22 {\n \"c\": 3}", "note text.bom 3"})
}

// TestRowsWithOddQuotes: objects in rows, with a text in them that has one quote, take no
// other row with them, however their quotes are spelled.
func TestRowsWithOddQuotes(t *testing.T) {
	for _, row := range map[string]string{
		"doubled":  `1,"{""kind"":""Event"",""x"":""{\""a\"":\""b\\\""c\""}""}"`,
		"slants":   `1,"{\"kind\":\"Event\",\"x\":\"{\\\"a\\\":\\\"b\\\\\\\"c\\\"}\"}"`,
		"as it is": "1| " + `{"kind":"Event","x":"{\"a\":\"b\\\"c\"}"}`,
		"a tab":    "1\t" + `{"kind":"Event","x":"{\"a\":\"b\\\"c\"}"}`,
	} {
		header := "id" + row[1:2] + "message"
		got := frames(t, strings.NewReader(header+"\n"+row+"\n"+row+"\n"), Options{})
		n := len(row)
		compare(t, got, []string{"note csv.header 11", fmt.Sprintf("2:11 %s <%s>", row, header), fmt.Sprintf("3:%d %s <%s>", 12+n, row, header)})
	}
}

func TestDocuments(t *testing.T) {
	in := "# who\n---\ninsertId: a\nb:\n  c: 1\n\nd: 2\n---\ninsertId: e\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{
		"note yaml.separator 6", "note yaml.separator 4", "3:10 insertId: a\nb:\n  c: 1\n\nd: 2", "note yaml.separator 4", "9:42 insertId: e"})
	in = "events:\n- auditID: a\n  b: 'c\n    d'\n\n- auditID: e\nnextToken: f/1\ntype=USER x=1 msg\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{
		"note yaml.separator 8", "2:8 - auditID: a\n  b: 'c\n    d'\n", "6:37 - auditID: e", "note yaml.separator 15", "8:65 type=USER x=1 msg"})
	in = "annotations:\n  x: y\nauditID: a\nsourceIPs:\n- b\n---\nannotations: {}\nauditID: c\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{
		"1:0 annotations:\n  x: y\nauditID: a\nsourceIPs:\n- b", "note yaml.separator 4", "7:50 annotations: {}\nauditID: c"})
	in = "kind: \"Event\"\nauditID: \"a\"\n---\nkind: \"Event\"\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{"1:0 kind: \"Event\"\nauditID: \"a\"", "note yaml.separator 4", "4:31 kind: \"Event\""})
	in = "events:\n- words\n- more\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{"1:0 events:", "2:8 - words", "3:16 - more"})
	in = "apiVersion: v1\nkind: Pod\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{"1:0 apiVersion: v1", "2:15 kind: Pod"})
}

// TestEventsOverManyLines: the AWS command line prints an event over many lines behind a
// time; braces at the end of other lines begin nothing.
func TestEventsOverManyLines(t *testing.T) {
	in := "2024-03-01T10:00:00 s {\n  \"kind\": \"a {\",\n  \"b\": {}\n}\n2024-03-01T10:00:01 s {\n  \"kind\": 1\n} x\n2024 {\n  \"a\": 1\n}\nset {\n\"kind\" }\n2024 {\n \"kind\": 1\n"
	compare(t, frames(t, strings.NewReader(in), Options{}), []string{
		"1:0 2024-03-01T10:00:00 s {\n  \"kind\": \"a {\",\n  \"b\": {}\n}", "5:53 2024-03-01T10:00:01 s {\n  \"kind\": 1\n}", "7:91 x",
		"8:93 2024 {", "9:100   \"a\": 1", "note json.brackets 2", "11:111 set {", `12:117 "kind" }`, "13:126 2024 {", `14:133  "kind": 1`})
}

func TestUTF16(t *testing.T) {
	text := "{\"a\":\"ä€😀\"}\r\nb\n"
	for name, in := range map[string]string{
		"le": "\xff\xfe" + utf16Text(text, false), "be": "\xfe\xff" + utf16Text(text, true), "le-no-mark": utf16Text(text, false),
	} {
		mark := 2
		if name == "le-no-mark" {
			mark = 0
		}
		got := frames(t, strings.NewReader(in+"x"), Options{Block: 16})
		compare(t, got, []string{fmt.Sprintf("note text.utf16 %d", mark), `1:0 {"a":"ä€😀"}`, "2:19 b", "note text.utf16 1"})
	}
}

func TestReaderErrorComesAfterItsBytes(t *testing.T) {
	cause := errors.New("gzip: unexpected EOF")
	r := io.MultiReader(strings.NewReader("a\nb c"), iotest.ErrReader(cause))
	compare(t, frames(t, r, Options{}), []string{"1:0 a", "cut line.truncated_tail 2:2 b c", "error gzip: unexpected EOF"})
	if got := frames(t, stuck{}, Options{}); len(got) != 1 || !strings.HasPrefix(got[0], "error multiple Read calls") {
		t.Errorf("a reader that never returns anything: %q", got)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestPeekIsWhatNextGivesOut(t *testing.T) {
	f := New(strings.NewReader("\xef\xbb\xbf{\"a\":1}\nb\n"), Options{})
	if got := string(f.Peek()); got != "{\"a\":1}\nb\n" {
		t.Errorf("got %q", got)
	}
	var p Piece
	for i := 0; i < 2; i++ {
		if err := f.Next(&p); err != nil {
			t.Fatal(err)
		}
	}
	if got := render(&p); got != `1:3 {"a":1}` {
		t.Errorf("got %q", got)
	}
}

func TestDeepNesting(t *testing.T) {
	deep := `{"a":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + "}"
	got := frames(t, strings.NewReader(deep+"\n"+`{"b":1}`), Options{})
	if len(got) != 2 || got[0] != "1:0 "+deep {
		t.Errorf("%d pieces", len(got))
	}
	deep = strings.Repeat("[", 2*maxNesting)
	got = frames(t, strings.NewReader(`{"a":`+deep+"\n"+`{"b":1}`), Options{})
	if got[len(got)-1] != fmt.Sprintf(`2:%d {"b":1}`, len(deep)+6) {
		t.Errorf("the record behind is lost: %d pieces", len(got))
	}
}

// TestUTF16WithoutAMark: what such text begins with need not be printable.
func TestUTF16WithoutAMark(t *testing.T) {
	for name, text := range map[string]string{
		"array in lines": "[\n{\"a\":1}\n]", "indented": "{\n \"a\":1}", "tabs": "{\r\n\t\"a\":1}", "blank": "\n\n{\"a\":1}\n",
		"json-seq": "\x1e{\"a\":1}\n", "coloured": "\x1b[32mnow\x1b[0m {\"a\":1}\n",
	} {
		for _, big := range []bool{false, true} {
			var got string
			f := New(strings.NewReader(utf16Text(text, big)), Options{})
			for p := (Piece{}); f.Next(&p) == nil; {
				got += string(p.Record.Data)
			}
			if !strings.Contains(got, "\"a\":1}") {
				t.Errorf("%s, big endian %v: read as %q", name, big, got)
			}
		}
	}
}

// TestUTF16ThatLostAByte: all behind it is read on, and every byte is accounted for.
func TestUTF16ThatLostAByte(t *testing.T) {
	for _, big := range []bool{false, true} {
		whole := utf16Text(strings.Repeat("{\"a\":\"ä€😀 and words\"}\n", 6), big)
		line := len(whole) / 6
		for at := line; at < 2*line; at++ {
			for what, text := range map[string]string{"lost": whole[:at] + whole[at+1:], "more": whole[:at] + "\n" + whole[at:]} {
				for _, o := range []Options{{}, {Block: 16}} {
					f, sound, size, shifted := New(strings.NewReader(text), o), 0, int64(0), false
					for p := (Piece{}); f.Next(&p) == nil; {
						size += p.Size
						shifted = shifted || strings.Contains(p.Reason, "missing or too much")
						if string(p.Record.Data) == `{"a":"ä€😀 and words"}` {
							sound++
						}
					}
					if sound < 4 || size != int64(len(text)) || !shifted {
						t.Errorf("%s at %d, big %v, block %d: %d sound lines, %d of %d bytes, told %v", what, at, big, o.Block, sound, size, len(text), shifted)
					}
				}
			}
		}
	}
}
