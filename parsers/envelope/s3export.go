package envelope

import (
	"bytes"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/klog"
)

// eksExport is a line of text with an event behind a time, and perhaps the
// name of the log stream: the S3 export of CloudWatch, "aws logs tail", and
// get-log-events with --output text.
var eksExport = Envelope{Name: "eks-s3-export", Open: openExport}

func openExport(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	line := rec.Data
	if bytes.HasPrefix(line, []byte("EVENTS\t")) {
		return openTextOutput(rec, emit)
	}
	if line[0] == 0x1b {
		line = stripColour(bytes.ReplaceAll(line, []byte("\x1b[0m"), nil))
	}
	word, rest := cutWord(line)
	if name, tail := cutWord(stripColour(rest)); bytes.HasPrefix(name, []byte("kube-apiserver-")) || bytes.HasPrefix(name, []byte("authenticator-")) {
		rest = tail
	}
	if len(rest) == 0 || rest[0] != '{' && !klog.IsAccess(rest) {
		return false, nil
	}
	when := exportTime(word)
	if when.IsZero() {
		return false, nil
	}
	in := enter(rec, "eks-s3-export") // the event may go over many lines: aws logs tail --format json
	in.Origin.Time = when
	return payload(in, rest, emit)
}

// exportTime reads the time before an event: RFC 3339, without a zone, or
// milliseconds.
func exportTime(word []byte) time.Time {
	if len(word) < 13 || word[0] < '0' || word[0] > '9' {
		return time.Time{}
	}
	return stamp(word)
}

// openTextOutput opens a line of columns between tabs, one of which is the event, or
// the record of a host's audit log.
func openTextOutput(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	in := enter(rec, "eks-s3-export")
	var found []byte
	for column := range bytes.SplitSeq(rec.Data, []byte("\t")) {
		if len(column) > 0 && column[0] == '{' || found == nil && (bytes.Contains(column, []byte("msg=audit(")) || klog.IsAccess(column)) {
			found = column
		} else if t := epoch(column); in.Origin.Time.IsZero() && len(column) == 13 && !t.IsZero() {
			in.Origin.Time = t
		}
	}
	if found == nil {
		return false, nil
	}
	return payload(in, found, emit)
}

// stripColour takes a colour sequence (ESC [ ... m) off the front.
func stripColour(b []byte) []byte {
	for bytes.HasPrefix(b, []byte("\x1b[")) {
		i := bytes.IndexByte(b, 'm')
		if i < 0 || i > 16 {
			break
		}
		b = b[i+1:]
	}
	return b
}

// cutWord cuts b at its first space or tab.
func cutWord(b []byte) (word, rest []byte) {
	for i, c := range b[:min(len(b), 256)] {
		if c != ' ' && c != '\t' {
			continue
		}
		end := i
		for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
			i++
		}
		return b[:end], b[i:]
	}
	return b, nil
}
