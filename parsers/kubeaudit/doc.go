// Package kubeaudit reads the audit log of Kubernetes API servers.
//
// # Format
//
// A record is an Event of audit.k8s.io v1, v1beta1 or v1alpha1 in JSON of any
// layout. So is one that has lost its kind and apiVersion on the way (items of
// an EventList have neither), if it has auditID and stage, or verb and object.
// Also read are a whole EventList or array that comes as one record, lines of
// the legacy text format (k8s.io/apiserver, --audit-log-format=legacy), the
// entries of Cloud Logging that Google hands out instead of events, and the log
// of Rancher's API, through which the requests to its clusters go: these three
// are spelled out as v1 events first. What the events were wrapped in is
// package envelope's business.
//
// Refused: core/v1 and events.k8s.io Events, which have the same name only. An
// audit Policy is a note: it is no evidence of an act.
//
// # Time
//
// requestReceivedTimestamp; in the betas timestamp; else stageTimestamp,
// metadata.creationTimestamp (beta: time of the stage), and last the stamp of
// the envelope. Of a record that is cut the stage's stamps are not used, since
// a better one may be what is missing. Of Cloud Logging: timestamp.
//
// # Fields
//
// A field is asked for by its dotted path ("requestObject.spec.hostPID"). Those
// of the head are read by the cheap pass; any other costs the event one full
// parse. Names under which public rules ask for members stand for those
// (apiGroup, hostPath, capabilities), and there are derived fields (k8s.*),
// computed when asked for. mapping.go has the table of all of them, which
// `tideline rules show --fields` prints.
//
// An event of a cloud has a second view, in which it speaks as rules for that
// cloud ask: entries of Google by the names of their own members, events out
// of records of Azure Monitor by the operation of Azure RBAC.
//
// # Repetition
//
// Records that repeat one before but for what nobody looked at there (their id and
// times; the name and version of the object, the token of the client, the query of a
// watch, bodies; the stamp of who shipped them) are recognised without a pass over their
// members, and the event says so (Event.Like). Where the members stand in another order
// than API servers write, as most programs have them that took a record apart, and of
// entries of Cloud Logging, the pass is made, and what comes behind it is spared.
//
//	stencil  a record with holes (stencil.go)
//	hole     a place where records that are alike differ (hole.go); a gap is a hole in one record
//	fitting  what is found in the holes of a record that fits a stencil
//	slot     where a stencil is kept, by a hash of its head (stencils.go)
//	class    the records of one client that differ in the name of the object (stencilhash.go)
//
// # Grouping
//
// None: a stage is an event. Request tells stages of one request to belong
// together: auditID, which a client may choose, and the time it was received.
//
// # Where things are
//
//	format.go decoder.go run.go                 a record becomes an event
//	schema.go record.go fields.go               its head, by the cheap pass; its other members when they are asked for
//	casekey.go textmember.go remark.go time.go  what is said of a record that is spelled oddly
//	list.go between.go                          several events in one record
//	legacy.go rancher.go                        what is spelled out as v1 events first
//	cloud.go entry.go cloudfields.go azure.go   entries of clouds, and events as rules for clouds ask
//	mapping.go derived.go                       the table of fields, and those that no event spells out
//	object.go body.go needle.go patch.go        objects in bodies, and how they are found without a full parse
//	pod.go rbac.go csr.go                       what rules ask of pods, roles and certificate requests
//	stencil.go hole.go stencilhash.go stencils.go pack.go   repetition, see above
//	entryholes.go                               that of entries
//
// # Losses
//
//	json.damaged         gap   the record stops being JSON; the event has what stood before
//	line.truncated_tail  note  the same at the end of the stream
//	source.cut           gap   the same where CloudWatch cut ("[Truncated...]")
//	json.depth           gap   values nested deeper than 10,000
//	json.values          gap   more values than are kept of one record
//	json.nesting         gap   lists in lists in lists
//	k8s.mixed            gap   not all values of one record are events
//	k8s.no_event         gap   an event that names neither request nor verb
//	source.truncated     note  the API server left the bodies out of an event too large
//	json.dup_key         note  a key twice in one object
//	json.case_key        note  a key that differs from a known one in case only
//	json.type_mismatch   note  a member of the head of another type, or its JSON as text
//	json.lenient         note  not JSON, but readable
//	k8s.audit_policy     note  an audit policy
//
// Damage and double keys inside a request or response body, and in members of an entry
// that no event is spelled out of, are seen when a rule asks for what is in them: the
// cheap pass skips them without reading them. At level Metadata there are none; Format.Needs says which fields that
// silences. Google's entries have lost the query of the URI, and with it the
// command of an exec, and the groups of the user. An object that the server
// named (generateName) has no name.
//
// # Sources
//
// k8s.io/apiserver, pkg/apis/audit (v1, v1beta1, v1alpha1) and pkg/audit;
// kubernetes.io, "Auditing"; rancher/rancher, pkg/auth/audit; google.cloud.audit.AuditLog
// and google.rpc.Code; RFC 8259 (JSON), RFC 6901 and 6902 (JSON Pointer, JSON Patch),
// RFC 6890 (special-purpose addresses), RFC 2986 (certificate requests).
package kubeaudit
