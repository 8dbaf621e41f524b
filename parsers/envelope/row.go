package envelope

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tideline/parsers"
)

// A row is a record of a table: values by the names of their columns.
type row struct {
	names  []string
	values [][]byte
}

// maxColumns is how many columns of a row are looked at.
const maxColumns = 1024

func (r *row) add(name string, value []byte) {
	name, utc := strings.CutSuffix(strings.Trim(name, "\ufeff\" "), " [UTC]")
	name = strings.TrimSuffix(name, "{}") // Splunk's mark of a list
	if utc {
		value = portalTime(value)
	} else if len(value) <= len(kibanaLayout)+8 && bytes.Contains(value, []byte(" @ ")) {
		value = kibanaTime(value)
	}
	r.names = append(r.names, name)
	r.values = append(r.values, value)
}

// portalTime is a time as Azure's portal exports it, in UTC and as English of the
// United States spells it ("10/7/2025, 4:19:18.100 PM"), by RFC 3339. In other
// spellings month and day cannot be told apart: they stay what they are.
func portalTime(value []byte) []byte {
	s := strings.ReplaceAll(string(value), "\u202f", " ") // between the time and PM
	if t, err := time.Parse("1/2/2006, 3:04:05 PM", s); err == nil {
		return t.AppendFormat(nil, time.RFC3339Nano)
	}
	return value
}

// kibanaLayout is how Kibana spells times, in its tables and their CSV, unless told
// otherwise.
const kibanaLayout = "Jan 2, 2006 @ 15:04:05"

// kibanaTime is such a time by RFC 3339. Its zone is that of who exported it, which
// is not told: it is taken for UTC, like all times of tables without a zone.
func kibanaTime(value []byte) []byte {
	if t, err := time.Parse(kibanaLayout, string(value)); err == nil {
		return t.AppendFormat(nil, time.RFC3339Nano)
	}
	return value
}

// get returns the value of the first of names that is a column and has one.
func (r *row) get(names ...string) []byte {
	for _, name := range names {
		for i, n := range r.names {
			if n == name && len(r.values[i]) > 0 {
				return r.values[i]
			}
		}
	}
	return nil
}

// open emits the event of a row: that of the column which holds it whole, or
// one put together from the columns that are parts of it.
func (r *row) open(rec *parsers.Record, name string, emit func(*parsers.Record) error) (bool, error) {
	in := enter(rec, name)
	in.Origin.Time = stamp(only(r.get("@timestamp", "_time", "TimeGenerated", "timestamp", "Time", "Date")))
	setResource(&in.Origin, last(rec), r.get("_ResourceId", "ResourceId"))
	if in.Origin.Host == "" {
		in.Origin.Host = string(r.get("host", "hostname", "Host", "HostName", "Computer"))
	}
	r.setContainer(&in.Origin.Container)
	whole := r.get("@message", "log_s", "_raw", "_source", "properties_log", "jsonPayload", "textPayload", "SyslogMessage", "LogMessage", "LogEntry", "message", "Message", "Line", "event.original")
	if whole == nil {
		whole = r.event()
	}
	if whole == nil {
		whole = r.cloudEntry()
	}
	if whole == nil || !hasMark(whole) { // it may be a summary of what another column has
		for _, cell := range r.values {
			if hasMark(cell) && (isWrapped(cell) || carries(cell)) {
				whole = cell
			}
		}
	}
	for _, cell := range r.values { // a line of text, in a column of any name
		if whole == nil && carries(cell) && !isWrapped(cell) {
			whole = cell
		}
	}
	if whole == nil {
		return false, nil
	}
	for _, cell := range r.values { // Graylog's message may be the beginning of its full_message
		if len(cell) > len(whole) && bytes.HasPrefix(cell, bytes.TrimSuffix(whole, []byte("..."))) {
			whole = cell
		}
	}
	return payload(in, whole, emit)
}

// setContainer sets what columns say of a container: those of ContainerLogV2 and of
// ContainerLog before it, in Log Analytics, and of Cloud Logging.
func (r *row) setContainer(c *parsers.Container) {
	for _, s := range []struct {
		of    *string
		value []byte
	}{
		{&c.Pod, r.get("pod_s", "PodName", "resource.labels.pod_name")},
		{&c.Namespace, r.get("PodNamespace", "resource.labels.namespace_name")},
		{&c.Name, r.get("ContainerName", "resource.labels.container_name")},
		{&c.ID, r.get("ContainerId", "ContainerID")},
	} {
		if s.value != nil {
			*s.of = string(s.value)
		}
	}
}

// columnFields are the fields of an audit.k8s.io/v1 Event by the names of the
// columns that hold them: table AKSAudit of Log Analytics; columns that are named
// like the fields are found without it.
var columnFields = map[string]string{
	"AuditId": "auditID", "Level": "level", "Stage": "stage", "Verb": "verb", "RequestUri": "requestURI",
	"User": "user", "SourceIps": "sourceIPs", "UserAgent": "userAgent", "ObjectRef": "objectRef",
	"ResponseStatus": "responseStatus", "RequestObject": "requestObject", "ResponseObject": "responseObject",
	"RequestReceivedTime": "requestReceivedTimestamp", "StageReceivedTime": "stageTimestamp", "Annotations": "annotations",
}

// eventFields are the members of an Event, and whether they are text.
var eventFields = map[string]bool{
	"auditID": true, "level": true, "stage": true, "verb": true, "requestURI": true, "userAgent": true,
	"requestReceivedTimestamp": true, "stageTimestamp": true,
	"user": false, "impersonatedUser": false, "sourceIPs": false, "objectRef": false, "responseStatus": false,
	"requestObject": false, "responseObject": false, "annotations": false,
}

// event puts an Event together from the columns of a row; nil if they lack
// what an Event cannot lack. Dotted columns (user.username, as Logs Insights and
// Kibana have them) become members of objects.
func (r *row) event() []byte {
	root := &node{}
	for i, name := range r.names {
		value := r.values[i]
		if len(value) == 0 || len(value) == 1 && value[0] == '-' { // Kibana's word for a field that is absent
			continue
		}
		name = fieldName(name)
		first, _, dotted := strings.Cut(name, ".")
		if plain, ok := eventFields[first]; ok {
			switch list := isList(name); {
			case list && value[0] != '[':
				value = listJSON(value)
			case !list && value[0] == '[':
				value = only(value)
			}
			if len(value) == 0 { // [""]
				continue
			}
			root.set(strings.Split(name, "."), cellJSON(value, plain || dotted && value[0] != '[' && !strings.HasSuffix(name, ".code")))
		}
	}
	if !root.has("verb") || !(root.has("auditID") || root.has("requestURI") || root.has("user")) {
		return nil
	}
	root.set([]string{"kind"}, []byte(`"Event"`))
	root.set([]string{"apiVersion"}, []byte(`"audit.k8s.io/v1"`))
	return root.append(nil)
}

// fieldName is the path of a field by the name of its column: with what Elastic puts
// before it taken off, in the words of Log Analytics, or flattened by stores that part
// a path by underscores (user_username, as Graylog does) or know no capital letters.
func fieldName(column string) string {
	name := strings.TrimPrefix(column, "kubernetes.audit.")
	if field, ok := columnFields[name]; ok {
		return field
	}
	first, rest, dotted := strings.Cut(name, ".")
	if _, ok := eventFields[first]; ok {
		return name
	}
	if field := foldedName([]byte(name)); field != "" {
		if _, ok := eventFields[field]; ok {
			return field
		}
	}
	if !dotted {
		first, rest, _ = strings.Cut(name, "_")
	}
	field := foldedName([]byte(first))
	if isText, ok := eventFields[field]; !ok || isText { // level_name is no part of level
		return name
	}
	switch member := foldedName([]byte(rest)); {
	case member == "name" && field != "objectRef":
		rest = "username"
	case member != "":
		rest = member
	}
	return field + "." + rest
}

// isList reports whether a field is a list of texts.
func isList(name string) bool {
	return name == "sourceIPs" || name == "user.groups" || name == "impersonatedUser.groups"
}

// listJSON is the array of what Kibana and others put into one cell: texts with
// commas between them, or with newlines, as Splunk does.
func listJSON(value []byte) []byte {
	out, between := []byte{'['}, []byte(",")
	if bytes.IndexByte(value, '\n') >= 0 {
		between = []byte("\n")
	}
	for one := range bytes.SplitSeq(value, between) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, cellJSON(bytes.TrimSpace(one), true)...)
	}
	return append(out, ']')
}

// only is the text of an array that holds nothing else, as which Elasticsearch
// gives the values of fields.
func only(value []byte) []byte {
	n, first := 0, []byte(nil)
	elements(value, func(v []byte) bool {
		n++
		first = v
		return n < 2
	})
	if s, ok := text(first); ok && n == 1 {
		return s
	}
	if n == 1 && first[0] != '{' && first[0] != '[' {
		return first
	}
	return value
}

// cellJSON is the JSON value of a cell: itself if it is one, else a text.
func cellJSON(value []byte, text bool) []byte {
	if !text && json.Valid(value) {
		return value
	}
	s, err := json.Marshal(string(value))
	if err != nil { // never: a string can always be marshalled
		return []byte(`""`)
	}
	return s
}

// A node is an object that is being put together; its members keep the order
// in which they came.
type node struct {
	names []string
	value [][]byte // by member; nil if it is an object
	child []*node
}

func (n *node) has(name string) bool {
	return slices.Contains(n.names, name)
}

func (n *node) set(path []string, value []byte) {
	for i, name := range n.names {
		if name == path[0] {
			if len(path) > 1 && n.child[i] != nil {
				n.child[i].set(path[1:], value)
			}
			return // the first value of a name counts
		}
	}
	n.names = append(n.names, path[0])
	if len(path) == 1 {
		n.value, n.child = append(n.value, value), append(n.child, nil)
		return
	}
	child := &node{}
	child.set(path[1:], value)
	n.value, n.child = append(n.value, nil), append(n.child, child)
}

// isArray reports whether the members are numbered: sourceIPs.0, as Logs Insights
// names what is in an array.
func (n *node) isArray() bool {
	for _, name := range n.names {
		if strings.Trim(name, "0123456789") != "" {
			return false
		}
	}
	return true
}

func (n *node) append(b []byte) []byte {
	if n.isArray() {
		b = append(b, '[')
		for i := range n.names {
			if i > 0 {
				b = append(b, ',')
			}
			b = n.appendValue(b, i)
		}
		return append(b, ']')
	}
	b = append(b, '{')
	for i, name := range n.names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, cellJSON([]byte(name), true)...), ':')
		b = n.appendValue(b, i)
	}
	return append(b, '}')
}

// appendValue is append for the value of the i-th member.
func (n *node) appendValue(b []byte, i int) []byte {
	if n.child[i] != nil {
		return n.child[i].append(b)
	}
	return append(b, n.value[i]...)
}
