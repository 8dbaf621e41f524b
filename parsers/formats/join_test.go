package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tideline/parsers"
)

// cut returns an event in parts as containerd writes them.
func criParts(event string, n int, newline string) string {
	var b strings.Builder
	size := len(event)/n + 1
	for i := 0; i < len(event); i += size {
		tag := "P"
		if i+size >= len(event) {
			tag = "F"
		}
		fmt.Fprintf(&b, "2025-03-01T10:00:00.%dZ stdout %s %s%s", i, tag, event[i:min(i+size, len(event))], newline)
	}
	return b.String()
}

func jsonFileParts(event string) string {
	var b strings.Builder
	for i, part := range []string{event[:100], event[100:] + "\n"} {
		s, _ := json.Marshal(part)
		fmt.Fprintf(&b, `{"log":%s,"stream":"stdout","time":"2025-03-01T10:00:0%dZ"}`+"\n", s, i)
	}
	return b.String()
}

// rewritten returns the lines of a json-file log as programs write them that read and
// wrote them again: with blanks, and the members in another order.
func rewritten(lines string) []string {
	var out []string
	for line := range strings.Lines(lines) {
		var v struct{ Log, Stream, Time string }
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			panic(err)
		}
		log, _ := json.Marshal(v.Log)
		out = append(out, fmt.Sprintf(`{ "stream": %q, "time": %q, "log": %s }`, v.Stream, v.Time, log))
	}
	return out
}

// between puts lines between the lines of text.
func between(text string, lines ...string) string {
	parts := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	var b strings.Builder
	for i, p := range parts {
		b.WriteString(p)
		if i < len(parts)-1 {
			b.WriteString(lines[i%len(lines)])
		}
	}
	return b.String() + "\n"
}

// mixed takes lines of one text and the other in turn.
func mixed(a, b string) string {
	x, y := strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")
	var out strings.Builder
	for i := range max(len(x), len(y)) {
		if i < len(x) {
			out.WriteString(x[i])
		}
		if i < len(y) {
			out.WriteString(y[i])
		}
	}
	return out.String()
}

func TestPartsOfALineAreJoined(t *testing.T) {
	event := samples["kubernetes-audit"]
	for name, c := range map[string]struct {
		in   string
		want []string // formats of the events
		gaps bool
	}{
		"three-parts":       {criParts(event, 3, "\n"), []string{"kubernetes-audit"}, false},
		"crlf":              {criParts(event, 2, "\r\n"), []string{"kubernetes-audit"}, false},
		"json-file":         {jsonFileParts(event), []string{"kubernetes-audit"}, false},
		"json-file-spaced":  {strings.Join(rewritten(jsonFileParts(event)), "\n"), []string{"kubernetes-audit"}, false},
		"json-file-behind":  {strings.Join(rewritten(jsonFileParts(event)), ""), []string{"kubernetes-audit"}, false},
		"json-file-array":   {"[\n  " + strings.Join(rewritten(jsonFileParts(event)), ",\n  ") + "\n]", []string{"kubernetes-audit", "note"}, false},
		"between-others":    {samples["container-log"] + "\n" + criParts(event, 4, "\n") + samples["container-log"] + "\n", []string{"container-log", "kubernetes-audit", "container-log"}, false},
		"two-events":        {criParts(event, 2, "\n") + criParts(event, 3, "\n"), []string{"kubernetes-audit", "kubernetes-audit"}, false},
		"stderr-between":    {between(criParts(event, 3, "\n"), "2025-03-01T10:00:00Z stderr F oops\n"), []string{"kubernetes-audit", "container-log", "container-log"}, false},
		"parts-of-both":     {between(criParts(event, 2, "\n"), "2025-03-01T10:00:00Z stderr P oo\n", "2025-03-01T10:00:00Z stderr F ps\n"), []string{"kubernetes-audit", "container-log"}, false},
		"two-events-mixed":  {mixed(criParts(event, 3, "\n"), strings.ReplaceAll(criParts(event, 4, "\n"), "stdout", "stderr")), []string{"kubernetes-audit", "kubernetes-audit"}, false},
		"json-file-mixed":   {mixed(jsonFileParts(event), strings.ReplaceAll(jsonFileParts(event), "stdout", "stderr")), []string{"kubernetes-audit", "kubernetes-audit"}, false},
		"no-event":          {criParts(`{"words":"`+strings.Repeat("x", 100)+`"}`, 3, "\n"), []string{"container-log"}, false},
		"long-line-of-text": {criParts(strings.Repeat("words ", 30), 3, "\n"), []string{"container-log"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			pad, a := read(t, NewReader(), strings.NewReader(c.in), parsers.ReadOptions{})
			var got []string
			for _, l := range pad.lines {
				if !strings.HasPrefix(l, "note env.unwrapped") {
					got = append(got, strings.Fields(l)[0])
				}
			}
			if strings.Join(got, " ") != strings.Join(c.want, " ") || a.Bytes.Gaps > 0 {
				t.Errorf("got %q, account %+v", pad.lines, a)
			}
		})
	}
}

// shippedParts are the records that a shipper made of the parts of a line; format has
// the tags of a part and of the last one, and where the part goes.
func shippedParts(line, record, part, last string) string {
	var b strings.Builder
	const size = 5 << 10
	for i := 0; i < len(line); i += size {
		tag := part
		if i+size >= len(line) {
			tag = last
		}
		s, _ := json.Marshal(line[i:min(i+size, len(line))])
		b.WriteString(strings.NewReplacer("TAG", tag, "PART", string(s)).Replace(record) + "\n")
	}
	return b.String()
}

// TestPartsThatWereShippedAreJoined: what a shipper hands on unjoined is one line.
func TestPartsThatWereShippedAreJoined(t *testing.T) {
	event := strings.TrimSuffix(samples["kubernetes-audit"], "}") + `,"requestObject":{"x":"` + strings.Repeat("y", 12<<10) + `"}}`
	for name, c := range map[string]struct{ record, part, last string }{
		"Fluent Bit":               {`{"time":"2025-03-01T10:00:00.1Z","stream":"stderr","logtag":"TAG","log":PART,"kubernetes":{"pod_name":"api","namespace_name":"kube-system"}}`, "P", "F"},
		"Fluentd":                  {`{"stream":"stderr","_p":"TAG","log":PART,"kubernetes":{"pod_name":"api","namespace_name":"kube-system"}}`, "P", "F"},
		"Elasticsearch":            {`{"_index":"k","_source":{"stream":"stderr","logtag":"TAG","log":PART,"kubernetes":{"pod_name":"api"}}}`, "P", "F"},
		"Docker's fluentd":         {`{"container_id":"4f0c","container_name":"/api","source":"stdout","log":PART,TAG}`, `"partial_message":"true","partial_id":"a","partial_last":"false"`, `"partial_message":"true","partial_id":"a","partial_last":"true"`},
		"Docker's journald":        {`{"_HOSTNAME":"m0","CONTAINER_ID_FULL":"4f0c","MESSAGE":PART,TAG}`, `"CONTAINER_PARTIAL_MESSAGE":"true","CONTAINER_PARTIAL_LAST":"false"`, `"CONTAINER_PARTIAL_MESSAGE":"true","CONTAINER_PARTIAL_LAST":"true"`},
		"a service under journald": {`{"_HOSTNAME":"m0","_STREAM_ID":"4f0c","MESSAGE":PART,TAG}`, `"_LINE_BREAK":"line-max"`, `"_TRANSPORT":"stdout"`},
	} {
		own := shippedParts(event, c.record, c.part, c.last)
		if strings.Contains(c.last, "_TRANSPORT") {
			own = strings.ReplaceAll(own, `"_LINE_BREAK"`, `"_TRANSPORT":"stdout","_LINE_BREAK"`)
		}
		others := strings.NewReplacer("4f0c", "9e1b", "api", "web").Replace(shippedParts(strings.Repeat("words ", 2<<10), c.record, c.part, c.last))
		for where, in := range map[string]string{
			"alone": own, "twice": own + own, "mixed with those of another": mixed(own, others), "in an array": "[" + strings.ReplaceAll(strings.TrimSpace(own), "\n", ",\n") + "]",
		} {
			pad, a := read(t, NewReader(), strings.NewReader(in), parsers.ReadOptions{})
			want := 1
			if where == "twice" {
				want = 2
			}
			audit := 0
			for _, l := range pad.lines {
				if strings.HasPrefix(l, "kubernetes-audit ") {
					audit++
				}
				if strings.Contains(l, "source.") || strings.Contains(l, "damaged") {
					t.Errorf("%s, %s: %.200s", name, where, l)
				}
			}
			words := strings.HasPrefix(where, "mixed") && strings.Contains(c.record, "_STREAM_ID") // of a program that no format is of
			if audit != want || a.Bytes.Gaps > 0 != words || !a.Bytes.Balanced() || a.Bytes.Read != int64(len(in)) {
				t.Errorf("%s, %s: %d events, %+v", name, where, audit, a.Bytes)
			}
		}
		first, _, _ := strings.Cut(own, "\n")
		pad, _ := read(t, NewReader(), strings.NewReader(first+"\nnone of its parts\n"), parsers.ReadOptions{})
		if !strings.HasPrefix(pad.lines[0], "kubernetes-audit ") || !strings.Contains(strings.Join(pad.lines, "\n"), "source.") && !strings.Contains(strings.Join(pad.lines, "\n"), "json.damaged") {
			t.Errorf("%s, the first alone: %.400q", name, pad.lines)
		}
	}
}

// TestAFirstPartMayBeShort: conmon writes what it has read, and that may end behind the
// first byte of a line.
func TestAFirstPartMayBeShort(t *testing.T) {
	event := samples["kubernetes-audit"]
	for i := 1; i < 60; i++ {
		for _, head := range []string{"2025-03-01T10:00:00Z stdout ", "2025-03-01T10:00:00.123456789+00:00 stdout "} {
			in := head + "P " + event[:i] + "\n" + head + "F " + event[i:] + "\n"
			if pad, a := read(t, NewReader(), strings.NewReader(in), parsers.ReadOptions{}); a.Events != 1 || !strings.HasPrefix(pad.lines[0], "kubernetes-audit ") {
				t.Errorf("cut at %d: %q", i, pad.lines)
			}
		}
	}
}

// rawChecker fails if an event's raw bytes are not what stands at its place.
type rawChecker struct {
	t      *testing.T
	stream []byte
	events int
}

func (c *rawChecker) Event(f *parsers.Format, ev *parsers.Event) error {
	c.events++
	for i, p := range ev.Pos {
		if !bytes.Equal(c.stream[p.Offset:p.Offset+p.Length], ev.Raw[i]) {
			c.t.Errorf("%s: raw %.80q is not at %+v", f.Name, ev.Raw[i], p)
		}
	}
	return nil
}
func (c *rawChecker) Remark(parsers.Remark) {}

func TestJoinedEventIsShownAsItStands(t *testing.T) {
	in := "first line\r\n" + criParts(samples["kubernetes-audit"], 3, "\r\n") + criParts(samples["kubernetes-audit"], 2, "\n") +
		mixed(criParts(samples["kubernetes-audit"], 3, "\n"), strings.ReplaceAll(criParts(samples["kubernetes-audit"], 2, "\n"), "stdout", "stderr"))
	in += "\n[" + strings.Join(rewritten(jsonFileParts(samples["kubernetes-audit"])), " ,\n\t") + "]" + strings.Join(rewritten(jsonFileParts(samples["kubernetes-audit"])), "\n\n")
	c := &rawChecker{t: t, stream: []byte(in)}
	if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{c}); err != nil {
		t.Fatal(err)
	}
	if c.events != 6 {
		t.Errorf("%d events", c.events)
	}
}

func TestUnfinishedLineIsReadAsFarAsItGoes(t *testing.T) {
	parts := strings.SplitAfter(criParts(samples["kubernetes-audit"], 2, "\n"), "\n")
	interleaved := parts[0] + "no line of a container\n" + parts[1]
	for name, in := range map[string]string{"end-of-stream": parts[0], "interleaved": interleaved} {
		pad, a := read(t, NewReader(), strings.NewReader(in), parsers.ReadOptions{})
		if a.Recognised == 0 || a.Events == 0 {
			t.Errorf("%s: %+v %q", name, a, pad.lines)
		}
	}
}

func TestRecordsThatLackTheirEndAreSaidOnce(t *testing.T) {
	e := samples["kubernetes-audit"]
	quoted, err := json.Marshal(e[:330] + "[Truncated...]")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ in, want string }{
		"tail":     {e + "\n" + e[:330], "note line.truncated_tail 2:394 bytes=0 count=1"},
		"broken":   {e + "\n" + e[:330] + "\n" + e + "\n", "gap line.broken 2:394 bytes=0 count=1"},
		"source":   {`{"events":[{"timestamp":1740823200123,"message":` + string(quoted) + `,"ingestionTime":1}]}`, "note source.truncated 1:11 bytes=0 count=1"},
		"too-long": {e[:len(e)-1] + `,"x":"` + strings.Repeat("x", 1<<12) + "\"}\n", "note line.oversize 1:0 bytes=0 count=1; gap line.oversize 1:392 bytes=4104 count=1"},
	} {
		pad, _ := read(t, NewReader(), strings.NewReader(c.in), parsers.ReadOptions{MaxRecord: 1 << 10})
		var got []string
		for _, l := range pad.lines {
			if (strings.HasPrefix(l, "note ") || strings.HasPrefix(l, "gap ")) && !strings.Contains(l, "env.") && !strings.Contains(l, "json.") && !strings.Contains(l, "text.blank") {
				got = append(got, l)
			}
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q", name, pad.lines)
		}
	}
}

// TestLineGoesOn: a record whose rest the runtime wrote into the next file of a
// rotation, or has not written yet, is not whole, and nobody chose to cut it.
func TestLineGoesOn(t *testing.T) {
	event := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"alice"},"requestReceivedTimestamp":"2026-03-01T10:00:07.000000Z"}`
	for name, c := range map[string]struct{ text, want string }{
		"cri, parted":   {"2026-03-10T10:00:00.1Z stdout P " + event[:180] + "\n", "source.cut false"},
		"cri, whole":    {"2026-03-10T10:00:00.1Z stdout P " + event[:180] + "\n2026-03-10T10:00:00.1Z stdout F " + event[180:] + "\n", ""},
		"cri, cut":      {"2026-03-10T10:00:00.1Z stdout F " + event[:180] + "\n", ""},
		"Docker":        {`{"log":` + strings.TrimSuffix(quoted(t, event[:180]), "\n") + `,"stream":"stdout","time":"2026-03-10T10:00:00.1Z"}` + "\n", "source.cut false"},
		"words, parted": {"2026-03-10T10:00:00.1Z stdout P hello\n", ""},
	} {
		_, s := remarks(t, c.text)
		var got []string
		for _, r := range s.remarks {
			if strings.HasPrefix(r.Code, "source.") {
				got = append(got, fmt.Sprint(r.Code, " ", r.Gap))
			}
		}
		if strings.Join(got, ", ") != c.want || s.events != 1 {
			t.Errorf("%s: %q, want %q, %d events: %+v", name, got, c.want, s.events, s.remarks)
		}
	}
}
