package formats

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"tideline/parsers"
)

// A remarksSink keeps remarks.
type remarksSink struct {
	events  int
	remarks []parsers.Remark
}

func (s *remarksSink) Event(*parsers.Format, *parsers.Event) error {
	s.events++
	return nil
}

func (s *remarksSink) Remark(r parsers.Remark) { s.remarks = append(s.remarks, r) }

// remarks are those on a text, in order: code, kind, place, bytes and count.
func remarks(t *testing.T, text string) (list []string, s *remarksSink) {
	t.Helper()
	s = &remarksSink{}
	a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(text)}, parsers.ReadOptions{}, []parsers.Sink{s})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Bytes.Balanced() {
		t.Errorf("%+v", a.Bytes)
	}
	for _, r := range s.remarks {
		list = append(list, fmt.Sprintf("%s %v %d:%d %d x%d", r.Code, r.Gap, r.Pos.Line, r.Pos.Offset, r.Bytes, r.Count))
	}
	return list, s
}

// TestUnreadEvidence: a file of no known format is a note, unless there is evidence in
// it, whatever was done to that.
// A sign is compiled when a line has its word, so a fault in one would show at a customer's.
func TestSignsCompile(t *testing.T) {
	for _, s := range signs {
		if s.in().String() == "" {
			t.Errorf("%q says nothing of its line", s.word)
		}
	}
}

func TestUnreadEvidence(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	audit := lines["auditd"][0]
	python := strings.NewReplacer(`"`, `'`, `true`, `True`, `null`, `None`).Replace
	docker := `{"status":"start","id":"` + aLongID + `","Type":"container","Action":"start","scope":"local","time":1740823200,"timeNano":1740823200123456789}`
	for how, line := range map[string]string{
		"commas":              strings.ReplaceAll(audit, " ", ","),
		"blanks of a page":    strings.ReplaceAll(audit, " ", "\u00a0"),
		"Python":              python(variantEvent),
		"Python, of Docker":   python(docker),
		"curly quotes":        strings.ReplaceAll(variantEvent, `"`, "\u201d"),
		"texts in texts":      `{"a":` + quoted(t, `{"b":`+quoted(t, `{"c":`+quoted(t, `{"d":`+quoted(t, `{"e":`+quoted(t, variantEvent)+`}`)+`}`)+`}`)+`}`) + `}`,
		"percent":             strings.NewReplacer(`"`, "%22", "{", "%7B", ":", "%3A").Replace(variantEvent),
		"base64 in JSON":      `{"raw":"` + b64(audit) + `"}`,
		"base64 of an object": `{"raw":"` + b64(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata"}`) + `"}`,
		"CEF":                 "CEF:0|Unix|auditd||x|y|3|msg=" + strings.ReplaceAll(audit, "=", `\=`),
		"percent, of auditd":  strings.NewReplacer("(", "%28", " ", "%20").Replace(audit),
		"another's daemon":    `sh: time="2025-03-01T10:00:00Z" level=debug msg="Calling POST /v1.41/containers/create"`,
		"a mail":              strings.ReplaceAll(audit, "=", "=3D"),
		"HTML, of Docker":     strings.ReplaceAll(docker, `"`, "&quot;"),
		"HTML, of GKE":        strings.ReplaceAll(`{"protoPayload":{"methodName":"io.k8s.core.v1.secrets.get"}}`, `"`, "&quot;"),
		"Python, of GKE":      python(`{"protoPayload":{"methodName":"io.k8s.core.v1.secrets.get"}}`),
		"HTML, with a mark":   strings.ReplaceAll(accessJSON, `"`, "&quot;") + "auditID",
		"a template":          "1740823200|container|exec_create: cat /run/secrets/token|" + aLongID,
		"base64 of gzip":      "H4sIAAAAAAAAA" + strings.Repeat("x", 63),
	} {
		text := "words\n" + line + "\nwords\n" + line + "\n"
		got, s := remarks(t, text)
		want := []string{"file.unrecognised false 1:0 12 x1", fmt.Sprintf("file.unread true 2:6 %d x2", 2*len(line)+2)}
		if strings.Join(got, "\n") != strings.Join(want, "\n") || s.events > 0 || s.remarks[1].Lift == "" {
			t.Errorf("%s: %q\nwant %q", how, got, want)
		}
	}
	for how, text := range map[string]string{
		"a pattern":    `match => { "message" => "type=%{WORD:t} msg=audit\(%{NUMBER:n}" }` + "\n",
		"a sentence":   "Records begin with type= and msg=audit(TIME:SERIAL).\n",
		"a mapping":    `{"properties":{"requestReceivedTimestamp":{"type":"date"},"auditID":{"type":"keyword"}}}` + "\n",
		"a policy":     "rules:\n- level: Metadata # audit.k8s.io/v1\n",
		"a release":    `{"data":{"release":"H4sIAAAAAAAAA` + strings.Repeat("x", 63) + `"}}` + "\n",
		"a program":    "\x7fELF\x02\x01\x01\nrequestReceivedTimestamp 2006-01-02\n",
		"a method":     `methodName: io.k8s.core.v1.*` + "\n" + `httplog.go: the verb GET is told as verb=` + "\n",
		"other words":  "timeNano is the time in nanoseconds\n",
		"a manual":     "exec_create: COMMAND, exec_start: COMMAND. Calling POST /v1.41/containers/create makes one.\n",
		"short base64": "H4sIAAAA\n",
	} {
		if got, _ := remarks(t, text); len(got) != 1 || !strings.HasPrefix(got[0], "file.unrecognised false ") {
			t.Errorf("%s: %q", how, got)
		}
	}
}

// utf32 is a text in UTF-32, with its mark.
func utf32(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, c := range "\ufeff" + text {
		b = order.AppendUint32(b, uint32(c))
	}
	return string(b)
}

// TestUnreadUTF32: evidence in UTF-32, which is not read, is a gap, line by line of one kind; a text
// about it is none.
func TestUnreadUTF32(t *testing.T) {
	docker := `{"Type":"container","Action":"start","timeNano":1740823200123456789}`
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, line := range []string{lines["auditd"][0], variantEvent, docker} {
			got, s := remarks(t, utf32(order, "words\n"+line+"\n"+line+"\n"))
			if n := len(got); n == 0 || !strings.HasPrefix(got[n-1], "file.unread true ") || s.remarks[n-1].Bytes < int64(8*len(line)) || s.events > 0 {
				t.Errorf("%v, %.30s: %q", order, line, got)
			} else if last := s.remarks[n-1]; strings.Contains(last.Reason, `\x00`) || !strings.HasPrefix(last.Lift, "iconv ") {
				t.Errorf("%v, %.30s: %q, %q", order, line, last.Reason, last.Lift)
			}
		}
		for _, text := range []string{"Records begin with msg=audit(TIME:SERIAL).\n", "timeNano is the time in nanoseconds\n", "requestReceivedTimestamp: a date\n"} {
			if got, _ := remarks(t, utf32(order, text)); strings.Contains(strings.Join(got, "\n"), "file.unread ") {
				t.Errorf("%v, %q: %q", order, text, got)
			}
		}
	}
}
