package dockerd

import (
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/intern"
)

// Up to engine 27 the body of a request is written on a line of its own, behind
// that of the request; before it in what Loki, Kibana, Splunk and others export, which
// have the newest first. Lines of other requests may come between.
const (
	// joinWithin is how far apart in time the two lines are, at most.
	joinWithin = time.Second
	// joinLines is how many lines may stand between them, if the request is one
	// that has a body.
	joinLines = 16
)

type decoder struct {
	asked  []field
	now    *reading
	held   *reading // a POST whose body may be on the next line, or a body without one
	hold   bool
	broken bool // the stream ended while one was held
	lines  int  // read since
	names  intern.Table

	event parsers.Event
	pos   [2]parsers.Pos
	raw   [2][]byte
	views [2]parsers.View
	daily view
	exec  execView
	level [1][]byte
}

func newDecoder(o parsers.Options) parsers.Decoder {
	return &decoder{asked: compile(o.Fields), now: new(reading), held: new(reading), names: intern.Table{}}
}

// errNext tells of what stands behind a line of the daemon and is none.
var errNext = &parsers.RecordError{Code: "line.broken", Kept: true, Reason: "a line breaks off where the next one begins, of which too little is left"}

// errTorn tells of a line that breaks off before its message.
var errTorn = &parsers.RecordError{Code: "line.broken", Kept: true, Reason: "a line breaks off before its message, where the next one begins"}

// Decode implements parsers.Decoder. A record may hold more than one line of the daemon.
func (d *decoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	err := d.decode(rec, emit)
	if damage, ok := err.(*parsers.RecordError); ok && !damage.Kept && d.now.line.next != nil {
		err = errTorn
	}
	for usable(err) && d.now.line.next != nil {
		one := *rec
		one.Data = d.now.line.next
		next := d.decode(&one, emit)
		_, damaged := next.(*parsers.RecordError)
		switch {
		case next == parsers.ErrForeign || damaged && !usable(next):
			return errNext
		case next != nil:
			err = next
		}
	}
	return err
}

func (d *decoder) decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	damage := d.now.read(rec)
	if !usable(damage) {
		return damage
	}
	joined, err := d.settle(emit)
	if err != nil {
		return err
	}
	if joined {
		return damage
	}
	if d.now.req.stage == calling && string(d.now.req.method) == "POST" && !(d.hold && !d.now.req.hasBody()) {
		if err := d.Flush(emit); err != nil {
			return err
		}
		// What is wrong with the record was found the first time.
		_ = d.held.hold(rec)
		d.hold, d.lines = true, 0
		return damage
	}
	if d.now.req.stage == form && !d.now.time.IsZero() && !d.hold {
		_ = d.held.hold(rec)
		d.hold, d.lines = true, 0
		return damage
	}
	if err := d.emit(d.now, nil, emit); err != nil {
		return err
	}
	return damage
}

// settle emits the held request if its body is at hand, or if it is no longer
// to be waited for.
func (d *decoder) settle(emit func(*parsers.Event) error) (joined bool, err error) {
	if !d.hold {
		return false, nil
	}
	d.lines++
	if d.held.req.stage == form {
		return d.settleBody(emit)
	}
	near := d.near()
	if near && d.now.req.stage == form {
		return true, d.release(true, emit)
	}
	if near && d.lines <= joinLines && d.held.req.hasBody() {
		return false, nil
	}
	return false, d.release(false, emit)
}

// settleBody is settle for a held body, whose request is the next line in a log that
// has the newest first.
func (d *decoder) settleBody(emit func(*parsers.Event) error) (joined bool, err error) {
	apart := d.held.time.Sub(d.now.time)
	if d.now.time.IsZero() || apart <= 0 || apart > joinWithin || d.lines > joinLines || !d.ofOneHost() {
		return false, d.release(false, emit)
	}
	post := d.now.req.stage == calling && string(d.now.req.method) == "POST"
	if !post || d.lines > 1 && !d.now.req.hasBody() {
		return false, nil
	}
	d.hold = false
	d.now.req.body = d.held.req.body
	d.now.readBody()
	return true, d.emit(d.now, d.held, emit)
}

// Flush implements parsers.Decoder.
func (d *decoder) Flush(emit func(*parsers.Event) error) error {
	if d.broken = d.hold && d.held.req.stage != form; !d.hold {
		return nil
	}
	return d.release(false, emit)
}

// near reports whether the line at hand is of the same daemon and moment as the
// held one.
func (d *decoder) near() bool {
	a, b := d.held, d.now
	apart := b.time.Sub(a.time)
	return d.ofOneHost() && (a.time.IsZero() || b.time.IsZero() || apart >= 0 && apart <= joinWithin)
}

func (d *decoder) ofOneHost() bool {
	a, b := d.held, d.now
	return a.rec.Origin.Host == b.rec.Origin.Host && string(a.line.host) == string(b.line.host)
}

// release emits the held request, with the body on the line at hand if that
// was joined.
func (d *decoder) release(joined bool, emit func(*parsers.Event) error) error {
	d.hold = false
	if !joined {
		return d.emit(d.held, nil, emit)
	}
	d.held.req.body = d.now.req.body
	d.held.readBody()
	return d.emit(d.held, d.now, emit)
}

// emit hands over the event of r, and of the record that its body stood in.
func (d *decoder) emit(r, with *reading, emit func(*parsers.Event) error) error {
	ev := &d.event
	*ev = parsers.Event{Time: r.time, Origin: r.rec.Origin}
	d.pos[0], d.raw[0] = r.rec.Pos, r.rec.Raw
	n := 1
	if with != nil {
		d.pos[1], d.raw[1] = with.rec.Pos, with.rec.Raw
		n = 2
	}
	ev.Pos, ev.Raw = d.pos[:n], d.raw[:n]
	d.originOf(r)
	d.factsOf(r)
	d.daily = view{r: r, asked: d.asked}
	d.views[0] = parsers.View{Kind: daemonView, Fields: &d.daily}
	n = 1
	if r.command != nil {
		d.exec = execView{command: r.command, asked: d.asked}
		d.views[1] = parsers.View{Kind: execCreation, Fields: &d.exec}
		n = 2
	}
	ev.Views = d.views[:n]
	return emit(ev)
}

// levelOf is a log level as a detail: one of those of logrus (Level.String), or
// no known one, since who writes logs can make up any number.
func levelOf(level []byte) []byte {
	switch string(level) {
	case "trace", "debug", "info", "warning", "error", "fatal", "panic":
		return level
	}
	return otherLevel
}

var otherLevel = []byte("no known level")

func (d *decoder) factsOf(r *reading) {
	f, req := &d.event.Facts, &r.req
	f.Actor, f.Outcome = parsers.UnknownActor, parsers.Unknown
	f.Command = r.command
	if r.line.level != nil {
		d.level[0] = levelOf(r.line.level)
		f.Details = d.level[:]
	}
	switch {
	case req.stage == form:
		f.Actor = parsers.DockerClient
	case req.stage != noRequest:
		f.Actor, f.Agent = parsers.DockerClient, req.agent
		f.Action, f.Kind, f.Target = req.route.action, req.route.kind, req.route.name
		if f.Target == nil {
			f.Target = r.container
		}
		f.Outcome = outcome(req.stage, req.status)
		d.requestOf(r)
	case r.command != nil:
		f.Action, f.Kind, f.Target = execCreate, containerOf, r.container
	}
}

// outcome is what a status of HTTP means. Without one only a failure is known.
func outcome(st stage, status []byte) parsers.Outcome {
	switch {
	case len(status) == 3 && '1' <= status[0] && status[0] <= '3':
		return parsers.Allowed
	case string(status) == "401", string(status) == "403":
		return parsers.Denied
	case st == failed, len(status) == 3:
		return parsers.Failed
	}
	return parsers.Unknown
}

var received, complete = []byte("RequestReceived"), []byte("ResponseComplete")

// requestOf ties the lines of one request together where the daemon traces
// calls and so gives them an id.
func (d *decoder) requestOf(r *reading) {
	for _, p := range r.line.pairs {
		if string(p.key) == "spanID" && len(p.value) > 0 {
			d.event.Request = parsers.Request{ID: p.value, Stage: received}
			if r.req.stage == failed {
				d.event.Request.Stage = complete
			}
			return
		}
	}
}

// originOf adds the host of the prefix and the container.
func (d *decoder) originOf(r *reading) {
	o := &d.event.Origin
	if o.Host == "" {
		o.Host = d.names.Of(r.line.host)
	}
	if r.container == nil && r.image == nil {
		return
	}
	o.Container = parsers.Container{Image: d.names.Of(r.image)}
	if isID(r.container) {
		o.Container.ID = d.names.Of(r.container)
	} else {
		o.Container.Name = d.names.Of(r.container)
	}
}

// isID reports whether s is a container id, whole or shortened to 12 digits.
func isID(s []byte) bool {
	if len(s) != 12 && len(s) != 64 {
		return false
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
