package envelope

import (
	"bytes"
	"strings"

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
	data, ok := textIn(rec.Room, message)
	if !ok || known < 0 || (when == nil && rec.Context == nil) || (len(when) > 0 && when[0] == '"') {
		return false, nil
	}
	if bytes.Contains(rec.Context, []byte(`"CONTROL_MESSAGE"`)) && str(get(rec.Context, "messageType")) == "CONTROL_MESSAGE" {
		return true, nil // it says that the subscription works, and nothing else
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
// A query may have selected fields instead of the message.
func openInsights(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if !bytes.Contains(rec.Data, []byte(`"field"`)) {
		return false, nil
	}
	var message []byte
	var row row
	in := enter(rec, "eks-cloudwatch")
	elements(rec.Data, func(cell []byte) bool {
		value, _ := text(get(cell, "value"))
		field := str(get(cell, "field"))
		if len(row.names) < maxColumns {
			row.add(field, value)
		}
		switch field {
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
		return row.open(rec, "eks-cloudwatch", emit)
	}
	return payload(in, message, emit)
}
