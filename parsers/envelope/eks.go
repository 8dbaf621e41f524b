package envelope

import (
	"bytes"
	"strings"
	"time"

	"tideline/parsers"
)

// eksCloudWatch is a log event of Amazon CloudWatch as the tools around it give
// it: a member of the events of "aws logs get-log-events" and filter-log-events,
// of the logEvents of a subscription, a row of Logs Insights.
var eksCloudWatch = Envelope{Name: "eks-cloudwatch", JSON: true, Open: openCloudWatch}

func openCloudWatch(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] == '[' {
		return openInsights(rec, emit)
	}
	var message, when []byte
	var known int
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "message":
			message = value
		case "timestamp":
			when = value
		case "logStreamName", "ingestionTime", "eventId", "id", "extractedFields":
			known++
		default:
			known = -8
		}
		return known >= 0
	})
	data, ok := text(message)
	if !ok || known < 0 || (when == nil && rec.Context == nil) || (len(when) > 0 && when[0] == '"') {
		return false, nil
	}
	in := enter(rec, "eks-cloudwatch")
	in.Origin.Time = epoch(when)
	setLogGroup(&in.Origin, rec.Context)
	return payload(in, data, emit)
}

// setLogGroup takes the name of the cluster out of the wrapper's head: EKS logs
// to the group /aws/eks/<cluster>/cluster.
func setLogGroup(o *parsers.Origin, head []byte) {
	if o.Cluster == "" && bytes.Contains(head, []byte(`"logGroup"`)) {
		o.Cluster = clusterOf(str(get(head, "logGroup")))
	}
}

func clusterOf(group string) string {
	name, ok := strings.CutPrefix(group, "/aws/eks/")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "/")
	return name
}

// openInsights opens a row of Logs Insights: an array of fields with values.
func openInsights(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"@message"`)) {
		return false, nil
	}
	var message []byte
	in := enter(rec, "eks-cloudwatch")
	elements(rec.Data, func(cell []byte) bool {
		value, _ := text(get(cell, "value"))
		switch str(get(cell, "field")) {
		case "@message":
			message = value
		case "@timestamp":
			in.Origin.Time = stamp(value)
		case "@log":
			if _, group, ok := strings.Cut(string(value), ":"); ok {
				in.Origin.Cluster = clusterOf(group)
			}
		}
		return true
	})
	if message == nil {
		return false, nil
	}
	return payload(in, message, emit)
}

// eksWrapper is what stands around a subscription's message in Firehose,
// Kinesis and Lambda: base64, mostly of gzip.
var eksWrapper = Envelope{Name: "eks-subscription", JSON: true, Open: openSubscription}

func openSubscription(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if bytes.Contains(rec.Data, []byte(`"messageType"`)) {
		return openMessage(rec, emit)
	}
	for _, path := range [][]string{{"data"}, {"Data"}, {"kinesis", "data"}, {"awslogs", "data"}} {
		data, ok := text(get(rec.Data, path...))
		if !ok || !isBase64(data) {
			continue
		}
		in := enter(rec, "eks-subscription")
		if t := epoch(get(rec.Data, "kinesis", "approximateArrivalTimestamp")); !t.IsZero() {
			in.Origin.Time = t
		}
		return true, unpack(in, data, emit)
	}
	return false, nil
}

// openMessage opens a subscription's message that was not taken apart before:
// a control message, which says only that the subscription works, or one whose
// events did not come last.
func openMessage(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	kind := str(get(rec.Data, "messageType"))
	events := get(rec.Data, "logEvents")
	if (kind != "DATA_MESSAGE" && kind != "CONTROL_MESSAGE") || events == nil {
		return false, nil
	}
	if kind == "CONTROL_MESSAGE" {
		return true, nil
	}
	var err error
	elements(events, func(one []byte) bool {
		in := enter(rec, "eks-subscription")
		in.Data, in.Context = one, rec.Data
		err = emit(in)
		return err == nil
	})
	return true, err
}

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
	when := exportTime(word)
	if when.IsZero() {
		return false, nil
	}
	if name, tail := cutWord(stripColour(rest)); bytes.HasPrefix(name, []byte("kube-apiserver-")) || bytes.HasPrefix(name, []byte("authenticator-")) {
		rest = tail
	}
	if len(rest) == 0 || rest[0] != '{' {
		return false, nil
	}
	in := enter(rec, "eks-s3-export")
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

// openTextOutput opens a line of columns between tabs, one of which is the
// event.
func openTextOutput(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	in := enter(rec, "eks-s3-export")
	var found []byte
	for column := range bytes.SplitSeq(rec.Data, []byte("\t")) {
		if len(column) > 0 && column[0] == '{' {
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
	i := bytes.IndexAny(b[:min(len(b), 256)], " \t")
	if i < 0 {
		return b, nil
	}
	return b[:i], bytes.TrimLeft(b[i:], " \t")
}
