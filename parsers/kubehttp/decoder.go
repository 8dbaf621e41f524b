package kubehttp

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/internal/apirequest"
	"tideline/parsers/internal/jsonfields"
)

type decoder struct {
	fields []field
	read   reader
	json   jsonfields.Parser
	req    request

	event parsers.Event
	pos   [1]parsers.Pos
	raw   [1][]byte
	peers [1][]byte
	views [2]parsers.View
	view  view
}

func newDecoder(o parsers.Options) parsers.Decoder {
	d := &decoder{fields: o.Plan(formatName, func() any { return compile(o.Fields) }).([]field)}
	d.view.d = d
	return d
}

// A request is what method and address of an access come to.
type request struct {
	info    apirequest.Info
	call    apirequest.KubeletCall
	path    []byte // decoded
	query   []byte
	command []byte // decoded, nil if it runs none
	kind    []byte // of the target: "secrets", "pods/exec", "kubelet/run"
	program bool   // the client calls itself one of the cluster's programs
	arena   []byte
}

// of makes r of what a says.
func (r *request) of(a *access) {
	if cap(r.arena) > 1<<20 {
		r.arena = nil
	}
	*r = request{arena: r.arena[:0]}
	_, r.query, _ = bytes.Cut(a.uri, []byte("?"))
	r.path = r.take(apirequest.AppendPath(r.arena, a.uri))
	r.info, r.arena = apirequest.Read(r.arena, a.verb, r.path, r.query)
	r.call = apirequest.Kubelet(r.path)
	r.program = isProgram(a.agent, r.query)
	switch string(r.info.Subresource) {
	case "exec", "proxy":
		r.readCommand(a.uri)
	}
	switch string(r.call.Endpoint) {
	case "run", "exec":
		r.readCommand(a.uri)
	}
	r.kind = r.target()
}

// take is what was appended to the arena, of which out is what came of it.
func (r *request) take(out []byte) []byte {
	from := len(r.arena)
	r.arena = out
	return out[from:len(out):len(out)]
}

func (r *request) readCommand(uri []byte) {
	if out, ok := apirequest.AppendCommand(r.arena, uri); ok {
		r.command = r.take(out)
	}
}

// target is the kind of what is asked for.
func (r *request) target() []byte {
	switch {
	case r.call.Endpoint != nil:
		return r.take(append(append(r.arena, "kubelet/"...), r.call.Endpoint...))
	case r.info.Subresource != nil:
		return r.take(append(append(append(r.arena, r.info.Resource...), '/'), r.info.Subresource...))
	}
	return r.info.Resource
}

// Decode implements parsers.Decoder. A record of text may hold more than one line.
func (d *decoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	err := d.decode(rec, emit)
	for isOfRecord(err) && d.read.next != nil {
		if err != nil || d.read.torn {
			err = errTorn
		}
		one := *rec
		one.Data = d.read.next
		next := d.decode(&one, emit)
		switch {
		case !isOfRecord(next):
			return next
		case next != nil:
			err = errTorn
		}
	}
	return err
}

// errTorn tells of a line that breaks off where the next one begins.
var errTorn = &parsers.RecordError{Code: "line.broken", Kept: true, Reason: "a line breaks off where the next one begins; its head was read"}

// isOfRecord reports whether err is nil or tells of damage.
func isOfRecord(err error) bool {
	_, damaged := err.(*parsers.RecordError)
	return err == nil || damaged
}

func (d *decoder) decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	r := &d.read
	r.reset()
	data := bytes.TrimRight(bytes.TrimLeft(rec.Data, " \t\r\n"), " \t\r\n,") // a comma, where lines became a list
	var damage error
	if isJSON(data) {
		var ok bool
		if ok, damage = d.readJSON(data); !ok {
			return parsers.ErrForeign
		}
	} else if !r.readText(data, rec.Cut) {
		return parsers.ErrForeign
	}
	if len(r.verb) == 0 || len(r.uri) == 0 || r.uriCut {
		return lost(rec.Cut)
	}
	r.latencyCut = r.latencyCut || r.latency == nil && (rec.Cut || damage != nil || r.unclosed)
	d.fill(rec)
	if err := emit(&d.event); err != nil {
		return err
	}
	return r.remark(rec.Cut, damage)
}

// Flush implements parsers.Decoder.
func (d *decoder) Flush(func(*parsers.Event) error) error { return nil }

var complete = []byte("ResponseComplete")

// fill makes the event of what was read.
func (d *decoder) fill(rec *parsers.Record) {
	a, req := &d.read.access, &d.req
	req.of(a)
	d.pos[0], d.raw[0] = rec.Pos, rec.Raw
	if d.raw[0] == nil {
		d.raw[0] = rec.Data
	}
	begun := a.begun(rec.Origin.Time)
	d.event = parsers.Event{Time: begun, Pos: d.pos[:], Raw: d.raw[:], Origin: rec.Origin, Views: d.views[:1],
		Facts: parsers.Facts{
			Actor: parsers.KubernetesClient, Agent: apirequest.Filled(a.agent), Action: req.info.Verb, Kind: req.kind,
			Namespace: req.info.Namespace, Target: apirequest.Filled(req.info.Name), Command: req.command, Outcome: outcome(a.code()),
		},
	}
	f := &d.event.Facts
	if address := a.address(); address != nil {
		d.peers[0] = address
		f.Addresses = d.peers[:]
	}
	if req.call.Endpoint != nil {
		f.Action, f.Namespace, f.Target = req.call.Endpoint, req.call.Namespace, req.call.Pod
	}
	if len(a.auditID) > 0 {
		d.event.Request = parsers.Request{ID: a.auditID, Received: begun, Stage: complete}
	}
	d.view.plain = d.view.plain[:0]
	d.views[0] = parsers.View{Kind: kindHTTP, Fields: &d.view}
	if req.call.Endpoint == nil && !req.program {
		d.views[1] = parsers.View{Kind: kindAudit, Fields: &d.view}
		d.event.Views = d.views[:2]
	}
}

// outcome is what a status of HTTP means.
func outcome(code int) parsers.Outcome {
	switch {
	case code == 401, code == 403:
		return parsers.Denied
	case code >= 400:
		return parsers.Failed
	case code >= 100:
		return parsers.Allowed
	}
	return parsers.Unknown
}
