package envelope

import (
	"bytes"

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
// {"log"=>"..."}], of which the text is escaped as in JSON, or with the members
// of an event in the place of a text, where a parser took it apart.
func openFluentStdout(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	for _, key := range []string{`"log"=>`, `"message"=>`} {
		_, value, ok := bytes.Cut(rec.Data, []byte(key))
		if !ok || len(value) == 0 || value[0] != '"' {
			continue
		}
		line, _ := text(value[:skipString(value, 0)])
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
// are those of JSON in both.
func unhash(s []byte) []byte {
	out := append(make([]byte, 0, len(s)+2), `{"`...)
	for i, inside := 0, true; i < len(s); i++ {
		switch c := s[i]; {
		case inside && c == '\\' && i+1 < len(s):
			out = append(out, c, s[i+1])
			i++
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
