package formats

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"

	"tideline/parsers"
)

func pretty(s string) string {
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		panic(err)
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(err)
	}
	return string(b)
}

func wide(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// TestEveryLayoutGivesTheSameEvents reads two audit events in every layout that
// files come in.
func TestEveryLayoutGivesTheSameEvents(t *testing.T) {
	e := samples["kubernetes-audit"]
	lines := e + "\n" + e + "\n"
	nul := strings.Repeat("\x00", 100)
	q := quoted(t, e)
	for name, in := range map[string]string{
		"lines": lines, "no-final-newline": e + "\n" + e, "crlf": strings.ReplaceAll(lines, "\n", "\r\n"), "cr": strings.ReplaceAll(lines, "\n", "\r"),
		"bom": "\xef\xbb\xbf" + lines, "utf16": wide(lines), "utf16-pretty": wide(pretty("[" + e + "," + e + "]")),
		"blank-lines": "\n\n" + e + "\n\n\n" + e + "\n\n", "nul-head": nul + lines, "nul-between": e + "\n" + nul + e + "\n", "nul-tail": lines + nul,
		"nul-glued": e + nul + e + "\n", "concatenated": e + e, "space-between": e + " " + e, "json-seq": "\x1e" + e + "\n\x1e" + e + "\n",
		"pretty": pretty(e) + "\n" + pretty(e) + "\n", "array": "[" + e + "," + e + "]", "pretty-array": pretty("[" + e + "," + e + "]"),
		"event-list":        `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[` + e + "," + e + "]}",
		"pretty-event-list": pretty(`{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[` + e + "," + e + "]}"),
		"strings":           q + "\n" + q + "\n", "array-of-strings": "[" + q + "," + q + "]", "pretty-array-of-strings": pretty("[" + q + "," + q + "]"),
		"pairs": "[[1740823200123," + q + "],[1740823200124," + q + "]]", "pretty-pairs": pretty("[[1740823200123," + q + "],[1740823200124," + q + "]]"),
		"rows": `["x",1,null,` + q + "]\n" + `["x",1,{},` + q + "]\n", "objects-in-rows": `[1740823200123,"x",` + e + "]\n[1740823200," + e + "]\n",
		"open-array": "[" + e + ",\n" + e + ",\n", "rest-of-array": e + ",\n" + e + "\n]\n",
		"junk-between": e + "\nwords and words\n" + e + "\n", "broken-between": e + "\n" + e[:200] + "\n" + e + "\n", "merged": e[:len(e)-300] + e + "\n" + e + "\n",
		"oversize-between": e + "\n" + `{"a":"` + strings.Repeat("x", 1<<20) + "\"}\n" + e + "\n",
		"deep-between":     e + "\n" + strings.Repeat(`{"a":[`, 20000) + "\n" + e + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			pad, a := read(t, NewReader(), strings.NewReader(in), parsers.ReadOptions{MaxRecord: 1 << 18})
			n := 0
			for _, l := range pad.lines {
				if strings.HasPrefix(l, "kubernetes-audit") {
					n++
				}
			}
			whole := n
			if name == "broken-between" || name == "merged" { // the head of a torn event is an event too
				whole = 2
			}
			if n < 2 || whole != 2 || a.Bytes.Read != int64(len(in)) {
				t.Errorf("%d events, account %+v\n%.2000s", n, a, strings.Join(pad.remarkLines(), "\n"))
			}
			if lost := strings.Contains(name, "between") && !strings.HasPrefix(name, "nul") && !strings.HasPrefix(name, "space"); lost && len(pad.remarks) == 0 {
				t.Error("nothing is said of what stands between")
			}
		})
	}
}

func (n *notepad) remarkLines() (out []string) {
	for _, r := range n.remarks {
		out = append(out, r.Code+" "+r.Reason)
	}
	return out
}

// TestEveryFormatIsFoundInEnvelopes wraps one record of each format as
// collectors do, and mixes them in one file.
func TestEveryFormatIsFoundInEnvelopes(t *testing.T) {
	var all strings.Builder
	for name, s := range samples {
		if name == outputName {
			continue
		}
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{
			s,
			"<134>1 2025-03-01T10:00:00Z host app - - - " + s,
			"2025-03-01T10:00:00Z stdout F " + s,
			`{"_raw":` + string(quoted) + `,"host":"h"}`,
			string(quoted),
			`["m0",` + string(quoted) + `]`,
			`{"__REALTIME_TIMESTAMP":"1740823200123000","_HOSTNAME":"h","MESSAGE":` + string(quoted) + `}`,
		} {
			if line[0] == '[' && name == "docker-inspect" {
				continue // it has no word by which it would be known in a row
			}
			if strings.Contains(line, " stdout F ") && name == "docker-inspect" {
				continue // what a container printed is output, whatever it describes
			}
			all.WriteString(line + "\n")
			pad, a := read(t, NewReader(), strings.NewReader(line+"\n"), parsers.ReadOptions{})
			if a.Format != name || a.Bytes.Gaps > 0 {
				t.Errorf("%s: %.80q is read as %q %+v %q", name, line, a.Format, a.Bytes, pad.remarkLines())
			}
		}
	}
	if _, a := read(t, NewReader(), strings.NewReader(all.String()), parsers.ReadOptions{}); a.Recognised != a.Records || a.Bytes.Gaps > 0 {
		t.Errorf("all in one file: %+v", a)
	}
}
