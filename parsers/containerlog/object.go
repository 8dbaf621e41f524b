package containerlog

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
	"tideline/parsers/internal/words"
)

// readObject reads an object of Docker's json-file driver, or of a shipper. The
// driver always writes {"log":...,"stream":...,"attrs":{...},"time":...}; what
// looks exactly so is read here in one walk, all else is parsed in full.
func (e *entry) readObject(s []byte) error {
	if e.walk(s) {
		e.layout = jsonFile
		e.ended()
		return nil
	}
	e.reset()
	return e.parse(s)
}

// ended tells a line that is whole from one that goes on in the next record.
func (e *entry) ended() {
	if n := len(e.message); n > 0 && e.message[n-1] == '\n' {
		e.message = trimEnd(e.message)
		return
	}
	e.partial = true
	e.short = len(e.message) < fragment
}

// walk reads the driver's own spelling. It reports false for anything else,
// and then has read nothing that counts.
func (e *entry) walk(s []byte) bool {
	var m memberSet
	i := 1
	for {
		key, at, ok := bare(s, i)
		if !ok || at >= len(s) || s[at] != ':' {
			return false
		}
		if i, ok = e.member(&m, key, s, at+1); !ok || i >= len(s) {
			return false
		}
		if s[i] == '}' {
			break
		}
		if s[i] != ',' {
			return false
		}
		i++
	}
	if len(bytes.TrimSpace(s[i+1:])) > 0 || !m.stream || !m.time {
		return false
	}
	t, ok := e.clock.Parse(m.stamp)
	if !ok {
		t = stampOf(m.stamp)
	}
	e.time = t
	return !e.time.IsZero()
}

// A memberSet is which members of an object were seen.
type memberSet struct {
	log, stream, attrs, time bool
	stamp                    []byte
}

// member reads the value of a key at i. None may occur twice.
func (e *entry) member(m *memberSet, key, s []byte, i int) (next int, ok bool) {
	seen := &m.log
	switch string(key) {
	case "log":
		e.message, next, ok = e.quoted(s, i)
	case "stream":
		seen = &m.stream
		e.stream, next, ok = bare(s, i)
	case "attrs":
		seen = &m.attrs
		e.attrs, next, ok = flat(s, i)
	case "time":
		seen = &m.time
		m.stamp, next, ok = bare(s, i)
	}
	if *seen || !ok {
		return i, false
	}
	*seen = true
	return next, true
}

// bare reads a string without escapes at i.
func bare(s []byte, i int) (text []byte, next int, ok bool) {
	if i >= len(s) || s[i] != '"' {
		return nil, i, false
	}
	n := bytes.IndexByte(s[i+1:], '"')
	if n < 0 {
		return nil, i, false
	}
	text = s[i+1 : i+1+n : i+1+n]
	for _, c := range text {
		if c == '\\' || c < 0x20 || c >= 0x80 {
			return nil, i, false
		}
	}
	return text, i + n + 2, true
}

// flat reads an object whose members are strings at i, unopened.
func flat(s []byte, i int) (object []byte, next int, ok bool) {
	if i >= len(s) || s[i] != '{' {
		return nil, i, false
	}
	from := i
	if i+1 < len(s) && s[i+1] == '}' {
		return s[i : i+2 : i+2], i + 2, true
	}
	for n := 0; ; n++ {
		// A key, a colon, a value, and then a comma or the end.
		if i = closed(s, i+1); i >= len(s) {
			return nil, from, false
		}
		switch c := s[i]; {
		case n%2 == 0 && c == ':', n%2 == 1 && c == ',':
		case n%2 == 1 && c == '}':
			return s[from : i+1 : i+1], i + 1, true
		default:
			return nil, from, false
		}
	}
}

// closed is the place behind the string at i; the end of s if there is none.
// What could be an odd string is none.
func closed(s []byte, i int) int {
	if i >= len(s) || s[i] != '"' {
		return len(s)
	}
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c < 0x20 || c == '\\' && (i+1 >= len(s) || strings.IndexByte(`"\/bfnrt`, s[i+1]) < 0):
			return len(s)
		case c == '\\':
			i++
		}
	}
	return len(s)
}

// quoted reads a string at i and undoes its escapes.
func (e *entry) quoted(s []byte, i int) (text []byte, next int, ok bool) {
	if i >= len(s) || s[i] != '"' {
		return nil, i, false
	}
	at := len(e.text)
	for i++; i < len(s); {
		run := i
		for i < len(s) && s[i] != '"' && s[i] != '\\' && s[i] >= 0x20 {
			i++
		}
		e.text = append(e.text, s[run:i]...)
		if i >= len(s) || s[i] < 0x20 {
			return nil, i, false
		}
		if s[i] == '"' {
			return e.text[at:len(e.text):len(e.text)], i + 1, true
		}
		if i, ok = e.escape(s, i); !ok {
			return nil, i, false
		}
	}
	return nil, i, false
}

// escape undoes the escape at i. Pairs of surrogates go to the full parse.
func (e *entry) escape(s []byte, i int) (next int, ok bool) {
	if i+1 >= len(s) {
		return i, false
	}
	const names, values = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if n := strings.IndexByte(names, s[i+1]); n >= 0 {
		e.text = append(e.text, values[n])
		return i + 2, true
	}
	if s[i+1] != 'u' || i+6 > len(s) {
		return i, false
	}
	r := rune(0)
	for _, c := range s[i+2 : i+6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return i, false
		}
		r = r<<4 | rune(c)
	}
	if r >= 0xd800 && r < 0xe000 {
		return i, false
	}
	e.text = utf8.AppendRune(e.text, r)
	return i + 6, true
}

// objectKeys are parts of keys of which every object has one that is a container's
// line: that of the stream, or those by which shippers are known. They may be spelled
// with escapes.
var objectKeys = words.New(`stream"`, "pod_name", "kubernetes", "podName", "container_id", `"stdout"`, `"stderr"`, "container_name", `"imageName"`, `\u`)

// parse reads any other object that is a container's line: one with a text and
// a stream, or a text and what a shipper knows of the container.
func (e *entry) parse(s []byte) error {
	if !objectKeys.In(s) {
		return parsers.ErrForeign
	}
	doc, err := e.parser.Parse(s)
	root := doc.Root()
	text, stream := root.Get("log"), root.Get("stream")
	stamp := or(root.Get("time"), root.Get("@timestamp"), root.Get("timestamp"))
	driver := stream.Kind() == jsonfields.String && stamp.Kind() == jsonfields.String
	shipper := shipperOf(root)
	whole := false // a shipper's line is
	if text.Kind() == jsonfields.Absent && driver || shipper != nil && text.Kind() != jsonfields.String {
		if text = shipper.lineOf(root); text.Kind() != jsonfields.Absent {
			whole = true
		}
	}
	made := shipper != nil && text.Kind() == jsonfields.Object
	if text.Kind() != jsonfields.String && !made && (text.Kind() != jsonfields.Absent || !driver) || !driver && shipper == nil {
		return parsers.ErrForeign
	}
	e.layout, e.doc = shipped, doc
	e.message, e.time = text.Text(), momentOf(stamp)
	if driver {
		e.stream = stream.Text()
	} else if name := shipper.streamOf(root); isStream(name) {
		e.stream = name
	}
	if driver && shipper == nil && !whole {
		e.layout = jsonFile
	}
	if e.layout == jsonFile && err == nil {
		e.ended()
	} else { // a damaged one was not cut by the driver
		e.message = trimEnd(e.message)
	}
	e.attrs = root.Get("attrs").Text()
	if shipper != nil {
		shipper.read(e, root)
	}
	if err != nil {
		return &parsers.RecordError{Code: "json.damaged", Kept: true, Reason: "only the members before the damage were read", Err: err}
	}
	if doc.End() < len(s) {
		return &parsers.RecordError{Code: "json.trailing", Kept: true, Reason: "bytes behind the object were not read"}
	}
	return nil
}

// or is the first of values that is there.
func or(values ...jsonfields.Value) jsonfields.Value {
	for _, v := range values {
		if v.Kind() != jsonfields.Absent {
			return v
		}
	}
	return jsonfields.Value{}
}

// stampOf reads a time by RFC 3339, also one that lacks its zone, which is UTC.
func stampOf(s []byte) time.Time {
	var t time.Time
	if t.UnmarshalText(s) == nil {
		return t.UTC()
	}
	if len(s) >= 19 && t.UnmarshalText(append(s[:len(s):len(s)], 'Z')) == nil {
		return t.UTC()
	}
	return time.Time{}
}
