package kubeaudit

import (
	"bytes"
	"time"

	"tideline/parsers/internal/cheapjson"
	"tideline/parsers/internal/jsonfields"
)

// An entry is one of Cloud Logging while it is looked at: its head, which the cheap
// pass reads as it reads that of an event, and its full parse if the head is odd or
// somebody asked for more.
type entry struct {
	data   []byte
	head   cheapjson.Record
	labels cheapjson.Record
	parser jsonfields.Parser
	doc    *jsonfields.Doc // nil until data was parsed in full
	damage error           // what that parse said
}

// Slots of an entry's head.
const (
	entryInsertID = iota
	entryOperation
	entryTime
	entryArrived
	entryCluster
	entryType
	entryService
	entryMethod
	entryResource
	entryEmail
	entrySubject
	entryIP
	entryIPToo
	entryAgent
	entryCode
	entryMessage
	entryGrants
	entryRequest
	entryResponse
	entryLabels
	entryLogName
	entryInnerLog      // members of the payload that none has, but public rules ask for
	entryInnerResource // the same
)

// entryHeads are the members of an entry that events are spelled out of
// (google.logging.v2.LogEntry, google.cloud.audit.AuditLog), in the order of the
// alphabet, in which Google's tools write most of them. What is in the raw ones is
// looked at behind that.
var entryHeads = []cheapjson.Field{
	{Type: cheapjson.Text, Slot: entryInsertID, Keys: []string{"insertId"}},
	{Type: cheapjson.Raw, Slot: entryLabels, Keys: []string{"labels"}},
	{Type: cheapjson.Text, Slot: entryLogName, Keys: []string{"logName"}},
	{Type: cheapjson.Text, Slot: entryOperation, Keys: []string{"operation", "id"}},
	{Type: cheapjson.Text, Slot: entryEmail, Keys: []string{"protoPayload", "authenticationInfo", "principalEmail"}},
	{Type: cheapjson.Text, Slot: entrySubject, Keys: []string{"protoPayload", "authenticationInfo", "principalSubject"}},
	{Type: cheapjson.Raw, Slot: entryGrants, Keys: []string{"protoPayload", "authorizationInfo"}},
	{Type: cheapjson.Raw, Slot: entryInnerLog, Keys: []string{"protoPayload", "logName"}},
	{Type: cheapjson.Text, Slot: entryMethod, Keys: []string{"protoPayload", "methodName"}},
	{Type: cheapjson.Raw, Slot: entryRequest, Keys: []string{"protoPayload", "request"}},
	{Type: cheapjson.Text, Slot: entryIP, Keys: []string{"protoPayload", "requestMetadata", "callerIp"}},
	{Type: cheapjson.Text, Slot: entryIPToo, Keys: []string{"protoPayload", "requestMetadata", "callerIP"}},
	{Type: cheapjson.Escaped, Slot: entryAgent, Keys: []string{"protoPayload", "requestMetadata", "callerSuppliedUserAgent"}},
	{Type: cheapjson.Raw, Slot: entryInnerResource, Keys: []string{"protoPayload", "resource"}},
	{Type: cheapjson.Text, Slot: entryResource, Keys: []string{"protoPayload", "resourceName"}},
	{Type: cheapjson.Raw, Slot: entryResponse, Keys: []string{"protoPayload", "response"}},
	{Type: cheapjson.Text, Slot: entryService, Keys: []string{"protoPayload", "serviceName"}},
	{Type: cheapjson.Digits, Slot: entryCode, Keys: []string{"protoPayload", "status", "code"}},
	{Type: cheapjson.Escaped, Slot: entryMessage, Keys: []string{"protoPayload", "status", "message"}},
	{Type: cheapjson.Text, Slot: entryArrived, Keys: []string{"receiveTimestamp"}},
	{Type: cheapjson.Text, Slot: entryCluster, Keys: []string{"resource", "labels", "cluster_name"}},
	{Type: cheapjson.Text, Slot: entryType, Keys: []string{"resource", "type"}},
	{Type: cheapjson.Text, Slot: entryTime, Keys: []string{"timestamp"}},
}

var entrySchema = cheapjson.Compile(entryHeads...)

// The decision of the authoriser among the labels, which are annotations of the event.
var labelSchema = cheapjson.Compile(cheapjson.Field{Type: cheapjson.Text, Keys: []string{labelDecision}})

const labelDecision = "authorization.k8s.io/decision"

// readCheap reads the head of an entry by the cheap pass.
func (e *entry) readCheap(data []byte) bool {
	if e.doc != nil {
		e.parser.Release()
	}
	e.data, e.doc, e.damage = data, nil, nil
	return entrySchema.Walk(data, &e.head)
}

// named reports whether the head says what was called.
func (e *entry) named() bool { return len(e.text(entryMethod)) > 0 || len(e.text(entryService)) > 0 }

// full is the entry parsed in full, which happens once.
func (e *entry) full() *jsonfields.Doc {
	if e.doc == nil {
		e.doc, e.damage = e.parser.Parse(e.data)
	}
	return e.doc
}

// readFull reads the head out of the full parse.
func (e *entry) readFull() {
	root := e.full().Root()
	e.head.Reset()
	for i := range entryHeads {
		h := &entryHeads[i]
		v := root
		for _, key := range h.Keys {
			v = v.Get(key)
		}
		if text := v.Text(); text != nil && (h.Type != cheapjson.Raw || v.Kind() == jsonfields.Object || v.Kind() == jsonfields.Array) {
			e.head.SetText(h.Slot, text)
		}
	}
}

func (e *entry) text(slot int) []byte { return e.head.Text(slot) }

// object is a member that is an object, as JSON; nil if it is none.
func (e *entry) object(slot int) []byte {
	if json := e.text(slot); len(json) > 0 && json[0] == '{' {
		return json
	}
	return nil
}

// payload is a member of the payload, out of the full parse.
func (e *entry) payload(name string) jsonfields.Value {
	return e.full().Root().Get("protoPayload").Get(name)
}

// isKubernetes tells entries of an API server from those of Google's own APIs.
func (e *entry) isKubernetes() bool {
	service := e.text(entryService)
	return string(service) == "k8s.io" || bytes.HasPrefix(e.text(entryMethod), []byte("io.k8s.")) ||
		len(service) == 0 && string(e.text(entryType)) == "k8s_cluster"
}

// answered is the HTTP status in a Status that was answered; nil if something else was.
func (e *entry) answered() []byte {
	body := e.object(entryResponse)
	if body == nil || e.doc == nil && !bytes.Contains(body, []byte(`"Status"`)) && !bytes.Contains(body, []byte(`\u`)) {
		return nil
	}
	answer := e.payload("response")
	if code := answer.Get("code").Text(); string(answer.Get("kind").Text()) == "Status" && number(code) >= 100 {
		return code
	}
	return nil
}

// denied: the authoriser said no, or there are permissions that were asked for
// (authorizationInfo) and none was granted, which is how false is spelled.
func (e *entry) denied() bool {
	if d := e.decision(); len(d) > 0 {
		return string(d) == "forbid"
	}
	if len(e.text(entryGrants)) == 0 {
		return false
	}
	asked := 0
	for info := range e.payload("authorizationInfo").Items {
		asked++
		if string(anyTrue(info.Values(nil, pathGranted))) == "true" {
			return false
		}
	}
	return asked > 0
}

var pathGranted = jsonfields.Compile("granted")

func (e *entry) decision() []byte {
	labels := e.object(entryLabels)
	if labels == nil {
		return nil
	}
	if e.doc == nil && labelSchema.Walk(labels, &e.labels) {
		return e.labels.Text(0)
	}
	return e.full().Root().Get("labels").Get(labelDecision).Text()
}

// time is when the request came in, or else when the entry arrived, a little later; the
// latter is not used of an entry that is cut, which may have lost the former.
func (e *entry) time(cut bool) (at time.Time, ok bool) {
	if at, ok = stamp(e.text(entryTime)); !ok && !cut {
		at, ok = stamp(e.text(entryArrived))
	}
	return at, ok
}
