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
// {"log"=>"..."}], of which the text is escaped as in JSON.
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
		in := enter(rec, "fluent-file")
		if _, when, ok := bytes.Cut(rec.Data[:min(len(rec.Data), 256)], []byte(": [")); ok {
			when, _, _ = bytes.Cut(bytes.TrimLeft(when, "["), []byte(","))
			in.Origin.Time = epoch(when)
		}
		return payload(in, line, emit)
	}
	return false, nil
}
