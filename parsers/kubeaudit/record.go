package kubeaudit

import (
	"bytes"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/apirequest"
	"tideline/parsers/internal/cheapjson"
	"tideline/parsers/internal/jsonfields"
)

// A record is one audit event while it is looked at: its head, and its full
// parse if somebody asked for more. It is what rules see (parsers.Fields). It
// is reused from event to event.
type record struct {
	*plan
	seen holes // that somebody looked into since this was last emptied

	data   []byte // the event as JSON; of the record, or made by us
	head   cheapjson.Record
	parser jsonfields.Parser
	doc    *jsonfields.Doc // nil until data was parsed in full
	damage error           // what that parse said
	cheap  bool            // the head was read by the cheap pass
	deep   bool            // the head was read by the full parse
	short  bool            // the end of the record is missing
	unread bool            // the head was not read, because it is known what it says: see stencil

	entry *entry // the Cloud Logging entry that data was made of, or nil
	synth []byte // data that we spelled out
	azure bool   // the event came out of a record of Azure Monitor

	arena    []byte // decoded text
	scratch  [][]byte
	found    []jsonfields.Value
	walks    [2]bodyWalk
	pod      podCache
	inner    jsonfields.Parser // last-applied-configuration
	public   publicCache
	mismatch string // first field of the head with a value of another type
}

// follow makes r answer for the fields of p.
func (r *record) follow(p *plan) {
	r.plan = p
	for i, b := range p.bodies {
		r.walks[i].bodySchema = b
	}
}

// reset makes r ready for the next event.
func (r *record) reset(data []byte) {
	if r.doc != nil {
		r.parser.Release()
	}
	r.data, r.doc, r.damage, r.entry = data, nil, nil, nil
	r.cheap, r.deep, r.short, r.unread, r.mismatch = false, false, false, false, ""
	r.arena = r.arena[:0]
	r.walks[0].done, r.walks[1].done = false, false
	r.pod.reset()
}

// readCheap reads the head by the cheap pass.
func (r *record) readCheap() bool {
	r.cheap = schema.Walk(r.data, &r.head)
	return r.cheap
}

// read reads the head, now that somebody asks. An entry is spelled out first.
func (r *record) read() {
	r.unread = false
	if e := r.entry; e != nil {
		r.synth = e.spell(r.synth[:0], e.damage != nil)
		r.data = r.synth
	}
	r.readCheap()
}

// bodiless reports whether the event surely has neither body.
func (r *record) bodiless() bool {
	return r.cheap && !r.head.Stranger() && !r.head.Has(slotRequest) && !r.head.Has(slotResponse)
}

// full is the event parsed in full, which happens once.
func (r *record) full() *jsonfields.Doc {
	if r.doc == nil {
		r.doc, r.damage = r.parser.Parse(r.data)
	}
	return r.doc
}

// readFull reads the head out of the full parse. Of a key that occurs twice
// the last counts for the facts, as with most readers; rules see all.
func (r *record) readFull() {
	doc := r.full()
	r.deep = true
	r.head.Reset()
	for i := range headPaths {
		r.readHead(doc.Root(), &headPaths[i])
	}
	for k, v := range doc.Root().Members {
		switch {
		case string(k) == "items":
			r.head.SetText(slotItems, []byte{})
		case string(k) == "protoPayload" && v.Kind() == jsonfields.Object:
			r.head.SetText(slotProto, []byte{})
		}
	}
}

func (r *record) readHead(root jsonfields.Value, h *headPath) {
	r.found = root.Find(r.found[:0], h.path)
	r.scratch = r.scratch[:0]
	for _, v := range r.found {
		switch kind := v.Kind(); {
		case kind == jsonfields.Null:
		case kind == jsonfields.Object:
			r.mistyped(h)
		default:
			if (kind == jsonfields.Number) != (h.Type == cheapjson.Digits) {
				r.mistyped(h)
			}
			r.scratch = append(r.scratch, v.Text())
		}
	}
	switch n := len(r.scratch); {
	case n == 0:
	case h.Type == cheapjson.Texts:
		r.head.SetList(h.Slot, r.scratch)
	default:
		r.head.SetText(h.Slot, r.scratch[n-1])
	}
}

func (r *record) mistyped(h *headPath) {
	if r.mismatch == "" {
		r.mismatch = h.path.String()
	}
}

func (r *record) text(slot int) []byte { return r.head.Text(slot) }

// is reports whether a slot of the head has that value.
func (r *record) is(slot int, value string) bool { return string(r.head.Text(slot)) == value }

// first is the first value of a list of the head, or nil.
func (r *record) first(slot int) []byte {
	if l := r.head.List(slot); len(l) > 0 {
		return l[0]
	}
	return nil
}

// group is the API group of the object. audit.k8s.io/v1alpha1 has it as part
// of the version: "apps/v1".
func (r *record) group() []byte {
	if g := r.text(slotGroup); g != nil {
		return g
	}
	if v := r.text(slotVersion); v != nil {
		if i := bytes.LastIndexByte(v, '/'); i > 0 {
			return v[:i:i]
		}
	}
	return nil
}

// code is the HTTP status as a number; 0 if there is none.
func (r *record) code() int {
	c := whole(r.text(slotCode))
	if len(c) == 0 || len(c) > 9 {
		return 0
	}
	return max(0, number(c))
}

// whole is a number without a fraction of nothing: Fluent Bit's filters in Lua, Spark and
// pandas make 403.0 of 403.
func whole(number []byte) []byte {
	if n, fraction, ok := bytes.Cut(number, point); ok && len(bytes.Trim(fraction, "0")) == 0 {
		return n
	}
	return number
}

var point = []byte(".")

// received is when the request came in: requestReceivedTimestamp, or the
// timestamp of the betas.
func (r *record) received() time.Time {
	t, ok := stamp(r.text(slotReceived))
	if !ok {
		t, _ = stamp(r.text(slotTimestamp))
	}
	return t
}

// time is when the event happened. The later two say when a stage was
// reached; of a record that is cut they might stand in for a better one that
// is missing, and are not used.
func (r *record) time(received, envelope time.Time) time.Time {
	if !received.IsZero() {
		return received
	}
	if !r.short {
		for _, slot := range []int{slotStageTime, slotCreated} {
			if t, ok := stamp(r.text(slot)); ok {
				return t
			}
		}
	}
	return envelope.UTC()
}

// outcome is what became of the request.
func (r *record) outcome() parsers.Outcome {
	code := r.code()
	switch {
	case r.is(slotDecision, "forbid") || code == 401 || code == 403:
		return parsers.Denied
	case code >= 400 || r.is(slotStage, "Panic"):
		return parsers.Failed
	case code >= 100:
		return parsers.Allowed
	case r.is(slotStatus, "Failure"):
		return parsers.Failed
	case r.short || r.is(slotStage, "RequestReceived"):
		return parsers.Unknown
	case r.is(slotDecision, "allow"), r.is(slotStatus, "Success"):
		return parsers.Allowed
	}
	return parsers.Unknown
}

// actor is what kind of principal sent the request.
func (r *record) actor() parsers.ActorKind {
	name := r.text(slotUser)
	switch {
	case len(name) == 0 && r.code() == 401, string(name) == "system:anonymous":
		return parsers.KubernetesAnonymous
	case len(name) == 0:
		return parsers.UnknownActor
	case bytes.HasPrefix(name, []byte("system:serviceaccount:")):
		return parsers.KubernetesServiceAccount
	case bytes.HasPrefix(name, []byte("system:node:")):
		return parsers.KubernetesNode
	}
	return parsers.KubernetesUser
}

// session tells apart uses of one name: the id of the token (1.30 and later),
// or the AWS access key of an EKS user.
func (r *record) session() []byte {
	if id := r.first(slotCredential); id != nil {
		return id
	}
	return r.first(slotAccessKey)
}

// command is the decoded command of an exec, or nil.
func (r *record) command() []byte {
	if sub := r.text(slotSubresource); string(sub) != "exec" && string(sub) != "proxy" {
		return nil
	}
	return r.commandOf(r.text(slotURI))
}

func (r *record) commandOf(uri []byte) []byte {
	from := len(r.arena)
	out, ok := apirequest.AppendCommand(r.arena, uri)
	r.arena = out
	if !ok {
		return nil
	}
	return out[from:len(out):len(out)]
}

// target is the kind of the object: "secrets", "pods/exec".
func (r *record) target() []byte {
	sub := r.text(slotSubresource)
	if len(sub) == 0 {
		return r.text(slotResource)
	}
	from := len(r.arena)
	r.arena = append(append(append(r.arena, r.text(slotResource)...), '/'), sub...)
	return r.arena[from:len(r.arena):len(r.arena)]
}
