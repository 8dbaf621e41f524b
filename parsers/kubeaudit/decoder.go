package kubeaudit

import (
	"bytes"
	"errors"
	"fmt"

	"tideline/parsers"
	"tideline/parsers/internal/apirequest"
	"tideline/parsers/internal/jsonfields"
)

// Indices into Format.Kinds.
const (
	kindAudit = iota
	kindGCP
	kindAzure
)

// A decoder turns records into events, one record at a time; nothing is kept
// from one to the next but memory.
type decoder struct {
	r      record
	outer  jsonfields.Parser // lists, and what is spelled out as events
	entry  entry
	cloudy bool // the record before was an entry

	stencils stencils
	hash     uint64 // of the value at hand: see stencils.hashOf; 0: it can have no stencil
	fitting  fitting
	origin   *parsers.Origin // of the last stencil
	listed   [][]byte        // of the lists in the facts of a stencil
	learning *slot           // what the event at hand may become the stencil of
	gaps     []gap           // of that event

	rec     *parsers.Record
	own     parsers.Record                      // of Run
	ofLine  func(*parsers.Record) (bool, error) // line
	emit    func(*parsers.Event) error
	event   parsers.Event
	pos     [1]parsers.Pos
	raw     [1][]byte
	views   [3]parsers.View
	details [3][]byte // audit level, clouds
}

func newDecoder(o parsers.Options) parsers.Decoder {
	d := &decoder{}
	d.ofLine = d.line
	d.r.follow(planOf(&o))
	return d
}

// Flush implements parsers.Decoder: nothing is held back.
func (d *decoder) Flush(func(*parsers.Event) error) error { return nil }

// Decode implements parsers.Decoder.
func (d *decoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	d.rec, d.emit = rec, emit
	done, err := false, error(nil)
	if t := d.find(rec.Data); t != nil {
		done, err = d.again(t, rec.Data)
	}
	if !done {
		err = d.decode(rec.Data, 0)
	}
	d.rec, d.emit = nil, nil
	return err
}

// maxNesting is how deep lists may lie in lists.
const maxNesting = 4

// decode takes one record that fits no stencil, or a member of a list. It may hold
// several values, one behind the other.
func (d *decoder) decode(data []byte, nesting int) error {
	tail, err := d.value(data, nesting)
	if len(tail) == 0 {
		return err
	}
	sum := tally{}
	for {
		if !sum.add(err) {
			return err
		}
		if len(tail) == 0 {
			return sum.result()
		}
		words, rest := cutWords(tail)
		if len(words) > 0 && !isFrame(words) {
			sum.foreign++
		}
		d.hash = 0 // that was of the first value
		tail, err = d.value(rest, nesting)
	}
}

// value takes the first value of data and returns what follows it.
func (d *decoder) value(data []byte, nesting int) (tail []byte, err error) {
	r := &d.r
	if d.cloudy {
		if d.cloudy = d.entry.readCheap(data) && d.entry.named(); d.cloudy {
			return nil, d.spelled(data)
		}
	}
	r.reset(data)
	if r.readCheap() {
		return nil, d.dispatch(data, nesting)
	}
	switch text := bytes.TrimLeft(bytes.TrimPrefix(data, byteOrderMark), " \t\r\n"); {
	case bytes.HasPrefix(text, []byte("{")):
		r.readFull()
		r.short = r.damage != nil || d.rec.Cut
		whole := data
		if tail = behind(data, r.doc, r.damage); r.damage == nil {
			whole = data[:len(data)-len(tail)]
		}
		if d.spellOut() {
			whole = r.data
		}
		return tail, d.dispatch(whole, nesting)
	case isArray(text):
		doc, err := d.outer.Parse(text)
		tail = behind(text, doc, err)
		return tail, d.array(doc, err, nesting)
	case isLegacy(text):
		return nil, d.legacy(text)
	}
	return nil, parsers.ErrForeign
}

// isArray reports whether text is an array that may hold events, and neither a row of a
// table nor what stands in brackets before an event: a time since the machine started, a
// name.
func isArray(text []byte) bool {
	inside, ok := bytes.CutPrefix(text, []byte("["))
	inside = bytes.TrimLeft(inside, " \t\r\n")
	return ok && (len(inside) == 0 || bytes.IndexByte([]byte("{[]"), inside[0]) >= 0)
}

var (
	byteOrderMark = []byte("\xef\xbb\xbf")
	eventStart    = []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/`)
)

// behind is what follows the value that was parsed. If that one is damaged, it
// is the next event that starts in the same record: two writers, or a crash,
// leave half a line with a whole one glued to it.
func behind(data []byte, doc *jsonfields.Doc, damage error) []byte {
	if damage == nil {
		return data[doc.End():]
	}
	var syntax *jsonfields.SyntaxError
	if !errors.As(damage, &syntax) {
		return nil
	}
	from := max(1, syntax.Offset-2) // the glued bracket and quote may have ended a string
	if from >= len(data) {
		return nil
	}
	at := bytes.Index(data[from:], eventStart)
	if at < 0 {
		return nil
	}
	return data[from+at:]
}

// A tally sums up what became of the parts of a record.
type tally struct {
	first   error // remark of a part
	read    int   // parts that gave events
	foreign int   // parts that are not ours
}

// add counts a part; false: the error is not about the part, and ends all.
func (t *tally) add(err error) bool {
	var rec *parsers.RecordError
	switch {
	case err == nil:
		t.read++
	case errors.Is(err, parsers.ErrForeign):
		t.foreign++
	case errors.As(err, &rec):
		if rec.Kept {
			t.read++
		}
		if t.first == nil {
			t.first = err
		}
	default:
		return false
	}
	return true
}

// result is the error of the whole. Of several remarks the first is kept.
func (t *tally) result() error {
	var rec *parsers.RecordError
	switch {
	case t.read == 0 && t.first == nil:
		return parsers.ErrForeign
	case t.foreign > 0 && t.read > 0:
		return &parsers.RecordError{Code: "k8s.mixed", Kept: true,
			Reason: fmt.Sprintf("%d of %d values in one record are no audit events", t.foreign, t.foreign+t.read)}
	case t.read > 0 && errors.As(t.first, &rec):
		c := *rec
		c.Kept = true
		return &c
	}
	return t.first
}

// dispatch decides by its head what a record is.
func (d *decoder) dispatch(data []byte, nesting int) error {
	r := &d.r
	kind, ours := r.text(slotKind), bytes.HasPrefix(r.text(slotAPIVersion), []byte("audit.k8s.io/"))
	switch {
	case r.head.Has(slotProto):
		return d.cloud(data)
	case ours && (string(kind) == "Policy" || string(kind) == "PolicyList"):
		return &parsers.RecordError{Code: "k8s.audit_policy", Note: true,
			Reason: "an audit policy: it says what the API server was told to log, and holds no event"}
	case r.isRancher():
		return d.rancher(data)
	case r.isViaQ():
		return parsers.ErrForeign
	case r.head.Has(slotItems) && (ours || string(kind) == "EventList") && !r.head.Has(slotAuditID):
		return d.list(data, nesting)
	case ours && (kind == nil || string(kind) == "Event"), r.head.Has(slotAuditID) && r.head.Has(slotStage):
		return d.one()
	case r.head.Has(slotAuditID) && r.short, trimmed(r):
		return d.one()
	}
	return parsers.ErrForeign
}

// isViaQ reports whether an event is still within the record of OpenShift's collector,
// which has a severity for the level, and the level under another name: it is to be
// taken out first.
func (r *record) isViaQ() bool {
	level := r.text(slotLevel)
	return level != nil && !isLevel(level) && bytes.Contains(r.data, []byte(`_audit_level"`))
}

// trimmed recognises an event of which a store kept what it had columns for.
func trimmed(r *record) bool {
	kind := r.text(slotKind)
	return !r.head.Has(slotAPIVersion) && (kind == nil || string(kind) == "Event") && r.head.Has(slotVerb) && r.head.Has(slotResource) &&
		(r.head.Has(slotCode) || r.head.Has(slotUser) || r.head.Has(slotURI))
}

// one emits the event that r holds.
func (d *decoder) one() error {
	if !d.r.head.Has(slotAuditID) && !d.r.head.Has(slotVerb) && !d.r.head.Has(slotURI) {
		if !d.r.short {
			return &parsers.RecordError{Code: "k8s.no_event", Reason: "an audit event without auditID, verb and requestURI"}
		}
		return &parsers.RecordError{Code: d.damageCode(), Reason: "an audit event of which too little is left: " + d.damageReason()}
	}
	if t := d.findRead(); t != nil {
		if done, err := d.again(t, d.r.data); done {
			return err
		}
	}
	d.fill(kindAudit)
	d.learn()
	if err := d.emit(&d.event); err != nil {
		return err
	}
	d.keep()
	return d.remark()
}

// fill makes the Event of what r holds. The first view is of the kind given.
func (d *decoder) fill(kind int) {
	r := &d.r
	d.place()
	views, details := d.perspectives(kind)
	received := r.received()
	d.event = parsers.Event{
		Time: r.time(received, d.rec.Origin.Time), Pos: d.pos[:], Raw: d.raw[:], Origin: d.rec.Origin, Views: views,
		Facts: parsers.Facts{
			Actor: r.actor(), Name: apirequest.Filled(r.text(slotUser)), Impersonated: apirequest.Filled(r.text(slotAs)), Session: r.session(),
			Groups: r.head.List(slotGroups), Addresses: r.head.List(slotIPs), Agent: r.text(slotAgent),
			Action: r.text(slotVerb), Kind: r.target(), Namespace: r.text(slotNamespace), Target: r.text(slotName),
			Command: r.command(), Outcome: r.outcome(), Details: details,
		},
		Request: parsers.Request{ID: r.text(slotAuditID), Received: received, Stage: r.text(slotStage)},
	}
}

// place takes from the record at hand where it stands.
func (d *decoder) place() {
	d.pos[0], d.raw[0] = d.rec.Pos, d.rec.Raw
	if d.raw[0] == nil {
		d.raw[0] = d.rec.Data
	}
}

// levelOf is an audit level as a detail. There are four (audit.k8s.io/v1, type
// Level); who writes logs can make up any number of others.
func levelOf(level []byte) []byte {
	if isLevel(level) {
		return level
	}
	return otherLevel
}

func isLevel(level []byte) bool {
	switch string(level) {
	case "None", "Metadata", "Request", "RequestResponse":
		return true
	}
	return false
}

var otherLevel = []byte("no known level")

// Details beside the audit level: what the views of a cloud come from.
var (
	detailGCP   = []byte("a Cloud Logging entry")
	detailAzure = []byte("an Azure Monitor record")
)

// perspectives are the views of an event, and its details. An event of a cloud
// has a second view, in which it speaks as rules for that cloud ask.
func (d *decoder) perspectives(kind int) (views []parsers.View, details [][]byte) {
	r := &d.r
	r.azure = fromAzure(&d.rec.Origin)
	views, details = d.viewsOf(kind), d.details[:0]
	if level := r.text(slotLevel); level != nil {
		details = append(details, levelOf(level))
	}
	if r.azure {
		details = append(details, detailAzure)
	}
	if r.entry != nil {
		details = append(details, detailGCP)
	}
	if len(details) == 0 {
		details = nil
	}
	return views, details
}

// viewsOf are the views of an event.
func (d *decoder) viewsOf(kind int) []parsers.View {
	views := append(d.views[:0], parsers.View{Kind: kind, Fields: &d.r})
	if d.r.azure {
		views = append(views, parsers.View{Kind: kindAzure, Fields: &d.r})
	}
	if d.r.entry != nil && kind != kindGCP {
		views = append(views, parsers.View{Kind: kindGCP, Fields: &d.r})
	}
	return views
}
