package envelope

import (
	"encoding/json"
	"strings"

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
	r.names = append(r.names, strings.TrimSuffix(strings.Trim(name, "\ufeff\" "), " [UTC]"))
	r.values = append(r.values, value)
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
	in.Origin.Time = stamp(r.get("@timestamp", "_time", "TimeGenerated", "timestamp"))
	setResource(&in.Origin, string(r.get("_ResourceId", "ResourceId")))
	if in.Origin.Host == "" {
		in.Origin.Host = string(r.get("host", "hostname", "HostName", "Computer"))
	}
	if pod := r.get("pod_s", "PodName"); pod != nil {
		in.Origin.Pod = string(pod)
	}
	if whole := r.get("@message", "log_s", "_raw", "_source", "properties_log", "jsonPayload", "textPayload", "SyslogMessage", "message"); whole != nil {
		return payload(in, whole, emit)
	}
	if event := r.event(); event != nil {
		return payload(in, event, emit)
	}
	return false, nil
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
		if len(value) == 0 {
			continue
		}
		name = strings.TrimPrefix(name, "kubernetes.audit.")
		if field, ok := columnFields[name]; ok {
			name = field
		}
		first, _, dotted := strings.Cut(name, ".")
		if plain, ok := eventFields[first]; ok {
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
	for _, s := range n.names {
		if s == name {
			return true
		}
	}
	return false
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

func (n *node) append(b []byte) []byte {
	b = append(b, '{')
	for i, name := range n.names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, cellJSON([]byte(name), true)...), ':')
		if n.child[i] != nil {
			b = n.child[i].append(b)
		} else {
			b = append(b, n.value[i]...)
		}
	}
	return append(b, '}')
}
