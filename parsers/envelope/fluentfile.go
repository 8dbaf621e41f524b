package envelope

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf8"

	"tideline/parsers"
)

// fluentText is a line of Fluentd's or Fluent Bit's file output: a tag, a time
// and the record as JSON.
var fluentText = Envelope{Name: "fluent-file", Open: openFluentText}

func openFluentText(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] == '[' {
		return openFluentStdout(rec, emit)
	}
	head := rec.Data[:min(len(rec.Data), 512)]
	brace := bytes.IndexByte(head, '{')
	if brace < 0 {
		return false, nil
	}
	if hashed(rec.Data[brace:]) {
		return openFluentdStdout(rec, brace, emit)
	}
	in := enter(rec, "fluent-file")
	data := rec.Data[brace:]
	when, tag, _ := bytes.Cut(head[:brace], []byte("\t"))
	switch {
	case bytes.IndexByte(tag, '\t') == len(tag)-1 && len(tag) > 0: // time TAB tag TAB record
		in.Origin.Time = stamp(when)
	case bytes.HasSuffix(head[:brace], []byte(", ")): // tag: [time, record]
		_, when, ok := bytes.Cut(head[:brace-2], []byte(": ["))
		if !ok || !bytes.HasSuffix(data, []byte("]")) {
			return false, nil
		}
		in.Origin.Time, data = epoch(when), data[:len(data)-1]
	default:
		return false, nil
	}
	return payload(in, data, emit)
}

// openFluentStdout opens what Fluent Bit prints: [0] tag: [[time, {}],
// {"log"=>"..."}], of which the text stands as it is or is escaped as in JSON, or with
// the members of an event in the place of a text, where a parser took it apart.
func openFluentStdout(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	for _, key := range []string{`"log"=>`, `"message"=>`} {
		_, value, ok := bytes.Cut(rec.Data, []byte(key))
		if !ok || len(value) == 0 || value[0] != '"' {
			continue
		}
		line := printed(value)
		if !carries(line) {
			return false, nil
		}
		return payload(enterStdout(rec), line, emit)
	}
	_, record, ok := bytes.Cut(rec.Data, []byte(`, {"`))
	if !ok || !bytes.HasSuffix(record, []byte("]")) || !bytes.Contains(record, []byte(`"=>`)) {
		return false, nil
	}
	// What the record holds is not in a text of its own: it is the event.
	data := unhash(record[:len(record)-1])
	if !carries(data) {
		return false, nil
	}
	return payload(enterStdout(rec), data, emit)
}

// printed is the text that value begins with, up to the next key of its record. One that
// was not escaped has quotes of its own, so that it is no string of JSON, behind which
// there is a comma or a brace.
func printed(value []byte) []byte {
	if end := skipString(value, 0); end == len(value) || value[end] == ',' || value[end] == '}' {
		line, _ := text(value[:end])
		return line
	}
	line := value[1:]
	if line[0] == '{' {
		return line[:skipNested(line, 0)]
	}
	for i := 0; ; i++ {
		n := bytes.Index(line[i:], behindText)
		if n < 0 {
			return bytes.TrimSuffix(bytes.TrimRight(line, "]} "), []byte{'"'})
		}
		if i += n; bytes.HasPrefix(line[skipString(line, i+len(behindText)-1):], []byte("=>")) {
			return line[:i]
		}
	}
}

// behindText stands between a text and the key that follows it.
var behindText = []byte(`", "`)

// hashed reports whether a record begins as Ruby prints a hash: {"key"=>value,
// from Ruby 3.4 on with spaces around the arrow.
func hashed(data []byte) bool {
	if len(data) < 2 || data[1] != '"' {
		return false
	}
	return bytes.HasPrefix(bytes.TrimLeft(data[1+skipString(data[1:], 0):], " "), []byte("=>"))
}

// openFluentdStdout opens what Fluentd's stdout output prints if its format is
// the hash (out_stdout, formatter_hash): time, zone and tag, a colon, and the
// record as Ruby shows it, the event itself or a line of a file that has it.
func openFluentdStdout(rec *parsers.Record, brace int, emit func(*parsers.Record) error) (bool, error) {
	head := rec.Data[:brace]
	if !bytes.HasSuffix(head, []byte(": ")) {
		return false, nil
	}
	data := rec.Data[brace:]
	for _, key := range []string{`"log"`, `"message"`} {
		_, value, ok := bytes.Cut(data, []byte(key))
		value, arrow := bytes.CutPrefix(bytes.TrimLeft(value, " "), []byte("=>"))
		value = bytes.TrimLeft(value, " ")
		if !ok || !arrow || len(value) == 0 || value[0] != '"' {
			continue
		}
		if line, _ := text(unhashText(value[:skipString(value, 0)])); carries(line) {
			return payload(enterFluentd(rec, head), line, emit)
		}
	}
	data = unhash(data[2:])
	if !carries(data) {
		return false, nil
	}
	return payload(enterFluentd(rec, head), data, emit)
}

// enterFluentd enters the envelope with the time before the tag, which has
// spaces between date, time and zone.
func enterFluentd(rec *parsers.Record, head []byte) *parsers.Record {
	in := enter(rec, "fluent-file")
	if p := bytes.Fields(head); len(p) > 3 {
		t, err := time.Parse("2006-01-02 15:04:05.999999999 -0700", string(bytes.Join(p[:3], []byte(" "))))
		if err == nil { // a time that cannot be read is none; the record has its own
			in.Origin.Time = t.UTC()
		}
	}
	return in
}

// unhashText makes a JSON string of one of Ruby, both with their quotes.
func unhashText(s []byte) []byte {
	return unhash(s[1:])[1:]
}

// enterStdout enters the envelope with the time that stands behind the tag.
func enterStdout(rec *parsers.Record) *parsers.Record {
	in := enter(rec, "fluent-file")
	if _, when, ok := bytes.Cut(rec.Data[:min(len(rec.Data), 256)], []byte(": [")); ok {
		when, _, _ = bytes.Cut(bytes.TrimLeft(when, "["), []byte(","))
		in.Origin.Time = epoch(when)
	}
	return in
}

// unhash makes JSON of a record as Ruby and Fluent Bit print one, without the
// brace and the quote in which it begins: arrows are colons, nil is null. Texts
// are those of JSON in both but for the escapes that only Ruby has (String#inspect).
func unhash(s []byte) []byte {
	out := append(make([]byte, 0, len(s)+2), `{"`...)
	for i, inside := 0, true; i < len(s); i++ {
		switch c := s[i]; {
		case inside && c == '\\' && i+1 < len(s):
			out, i = escape(out, s, i)
			continue
		case c == '"':
			inside = !inside
		case !inside && c == '=' && i+1 < len(s) && s[i+1] == '>':
			out = append(out, ':')
			i++
			continue
		case !inside && c == 'n' && bytes.HasPrefix(s[i:], []byte("nil")):
			out = append(out, "null"...)
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// escape appends, as JSON has it, the escape of a text that begins at s[i], and
// returns the place of its last byte.
func escape(out, s []byte, i int) ([]byte, int) {
	switch c := s[i+1]; {
	case c == '#': // would begin an interpolation
		return append(out, '#'), i + 1
	case c == 'a':
		return append(out, `\u0007`...), i + 1
	case c == 'v':
		return append(out, `\u000b`...), i + 1
	case c == 'e':
		return append(out, `\u001b`...), i + 1
	case c == 'x' && i+3 < len(s): // a byte that is no text
		return append(append(out, `\u00`...), s[i+2], s[i+3]), i + 3
	case c == 'u' && i+2 < len(s) && s[i+2] == '{':
		digits, _, ok := bytes.Cut(s[i+3:min(len(s), i+12)], []byte("}"))
		if r, err := strconv.ParseUint(string(digits), 16, 21); ok && err == nil && r >= ' ' {
			return utf8.AppendRune(out, rune(r)), i + 3 + len(digits)
		}
	}
	return append(out, s[i], s[i+1]), i + 1
}
