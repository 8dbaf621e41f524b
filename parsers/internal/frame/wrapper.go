package frame

// streamKeys are the keys under which tools put an array of records. Such an
// array may be as long as the file, so it is cut into its members.
var streamKeys = map[string]bool{
	"items":        true, // Kubernetes lists, EventList of the audit webhook
	"events":       true, // aws logs get-log-events and filter-log-events
	"logEvents":    true, // CloudWatch subscription
	"records":      true, // Azure Event Hubs and blobs, Firehose
	"Records":      true, // Kinesis and S3 notifications
	"results":      true, // Logs Insights, Splunk
	"value":        true, // Azure REST
	"entries":      true, // Cloud Logging
	"tables":       true, // Log Analytics
	"rows":         true, // Log Analytics, within a table
	"resourceLogs": true, // OpenTelemetry, OTLP/JSON
	"scopeLogs":    true,
	"logRecords":   true,
	"streams":      true, // pushed to Grafana Loki

	"receivedMessages": true, // pulled from Google Pub/Sub
	"sessionResults":   true, // aws logs start-live-tail
}

// recordKeys are keys that no wrapper has: an object with one of them is a
// record, whatever arrays it holds.
var recordKeys = map[string]bool{
	"auditID": true, "verb": true, "stage": true, "objectRef": true,
	"message": true, "log": true, "_raw": true, "MESSAGE": true, "protoPayload": true, "properties": true,
	"Action": true, "Actor": true, "SYSCALL": true, "HostConfig": true, "_source": true,
}

// streams reports whether an array that begins now is the array of a wrapper.
func (w *walker) streams() bool {
	switch w.depth {
	case 1:
		return streamKeys[w.key.String()]
	case 2: // Elasticsearch: {"hits":{"hits":[, Loki and Prometheus: {"data":{"result":[, Oracle's cloud: {"data":{"results":[
		outer, key := w.outer.String(), w.key.String()
		return outer == "hits" && key == "hits" || outer == "data" && (key == "result" || key == "results")
	}
	return false
}

// A keyName is the beginning of a key. A key that does not fit is none that
// is looked for.
type keyName struct {
	n int
	b [16]byte
}

func (k *keyName) reset() { k.n = 0 }

func (k *keyName) add(part []byte) {
	if k.n+len(part) > len(k.b) {
		k.n = len(k.b) + 1
		return
	}
	k.n += copy(k.b[k.n:], part)
}

// String is the key; map look-ups with it do not allocate.
func (k *keyName) String() string {
	if k.n > len(k.b) {
		return ""
	}
	return string(k.b[:k.n])
}
