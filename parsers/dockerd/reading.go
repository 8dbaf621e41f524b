package dockerd

import (
	"bytes"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/clock"
	"tideline/parsers/internal/jsonfields"
	"tideline/parsers/internal/words"
)

// A reading is one record and everything that was read out of it. A decoder
// has two: of the record at hand, and of the one that is held back.
type reading struct {
	rec  parsers.Record
	line line
	req  request

	container []byte // id or name that the act is about
	image     []byte
	command   []byte // arguments, joined by blanks
	time      time.Time

	clock clock.Clock
	json  jsonfields.Parser // of a JSON line
	body  body
	own   []byte // the bytes of a held record
}

// read replaces r by what rec says.
func (r *reading) read(rec *parsers.Record) error {
	r.rec = *rec
	r.line.reset()
	r.req.reset()
	r.body.reset()
	r.container, r.image, r.command = nil, nil, nil
	err := r.readLine(rec.Data)
	if !usable(err) {
		return err
	}
	if m := r.line.msg; len(m) > 0 && m[0] == '{' && bytes.Contains(m, auditEvent) {
		return parsers.ErrForeign // a program that gets audit events printed one
	}
	r.time = r.stamp()
	r.req.readRequest(&r.line)
	r.understand()
	if isOutput(&rec.Origin) && !r.ofDaemon() {
		return parsers.ErrForeign
	}
	return err
}

// auditEvent is a word that no message of a daemon has.
var auditEvent = []byte(`"auditID"`)

// isOutput reports whether a record is what a container printed. Many programs
// in Go log in this form, and what they print is to be searched as output.
func isOutput(o *parsers.Origin) bool { return o.Stream != "" || o.Pod != "" || o.Name != "" }

// messages are what only a daemon says, besides its trace.
var messages = []string{"API listen on ", "Binding to IP address", "Daemon has completed initialization", "Starting up", "Processing signal ",
	"Reloaded configuration", "Got signal to reload", "containerd successfully booted", "Loading containers: "}

// ofDaemon reports whether a line in a container's output is a daemon's, run in
// that container.
func (r *reading) ofDaemon() bool {
	if r.req.stage != noRequest || r.command != nil {
		return true
	}
	for _, m := range messages {
		if bytes.HasPrefix(r.line.msg, []byte(m)) {
			return true
		}
	}
	return false
}

// usable reports whether there is something to tell of a record in spite of
// err.
func usable(err error) bool {
	damage, ok := err.(*parsers.RecordError)
	return err == nil || ok && damage.Kept
}

// hold is read, of a copy of rec.
func (r *reading) hold(rec *parsers.Record) error {
	n := len(rec.Raw)
	r.own = append(append(r.own[:0], rec.Raw...), rec.Data...)
	kept := *rec
	kept.Raw, kept.Data, kept.Context = r.own[:n:n], r.own[n:], nil
	return r.read(&kept)
}

// readLine takes a record apart in whichever form it is.
func (r *reading) readLine(s []byte) error {
	s = bytes.TrimRight(s, " \t\r\n")
	if len(s) > 0 && s[0] == '{' {
		return r.readJSON(s)
	}
	if at := start(s); at >= 0 {
		if at > 0 {
			r.line.readPrefix(s[:at])
			switch {
			case string(r.line.tag) == "//":
				return parsers.ErrForeign // the comment of a program, which says what it prints
			case !isName(r.line.tag):
				r.line.tag, r.line.host = nil, nil
			case !isDaemon(r.line.tag):
				return parsers.ErrForeign
			}
		}
		r.line.readPairs(s[at:])
		switch {
		case (r.line.unclosed || r.rec.Cut) && len(r.line.msg) == 0:
			return &parsers.RecordError{Code: "logrus.no_message", Reason: "the line was cut before its message"}
		case r.line.level == nil || r.line.msg == nil:
			return parsers.ErrForeign
		}
		return r.damage()
	}
	if at := tagEnd(s); at >= 0 {
		if !bytes.ContainsAny(s[:at], "0123456789") {
			return parsers.ErrForeign // neither a time nor a process: a sentence about docker, as in a list of changes
		}
		r.line.readPrefix(s[:at])
		s = s[at:]
		if s = bytes.TrimLeft(s, " "); len(s) > 0 && s[0] == '{' {
			return r.readJSON(s)
		}
		if !r.line.readTerminal(s) {
			r.line.msg = s // what the daemon's own process or a panic wrote
		}
		return r.damage()
	}
	if r.line.readTerminal(s) {
		return r.damage()
	}
	if bytes.HasPrefix(s, accessOfSocket) && bytes.Contains(s, []byte(" HTTP/")) {
		r.line.msg = s
		return nil
	}
	return parsers.ErrForeign
}

// damage says what of a line could not be read; the rest of it can.
func (r *reading) damage() error {
	switch {
	case r.line.unclosed:
		return &parsers.RecordError{Code: "logrus.unclosed_quote", Kept: true,
			Reason: "the last quoted value has no end: the line was cut"}
	case r.line.dropped:
		return &parsers.RecordError{Code: "logrus.too_many_keys", Kept: true,
			Reason: "the line has more than 1024 keys; those behind were not searched"}
	}
	return nil
}

// jsonKeys are the keys that each line has; they may be spelled with escapes.
var jsonKeys = words.New(`"level"`, `"msg"`, `"time"`, `\u`)

const jsonAll, jsonEscape words.Mask = 7, 8

// isCapital is of the levels of log/slog, whose lines have the same three keys; logrus
// writes its own in small letters.
func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }

// readJSON reads the form of "log-format": "json", engine 25 and later.
func (r *reading) readJSON(s []byte) error {
	if found := jsonKeys.Find(s); found&jsonEscape == 0 && found&jsonAll != jsonAll {
		return parsers.ErrForeign
	}
	doc, err := r.json.Parse(s)
	n := 0
	for key, value := range doc.Root().Members {
		if n++; n > maxPairs {
			r.line.dropped = true
			break
		}
		// The texts are the parser's, which this reading has for itself.
		r.line.add(key, value.Text())
	}
	if len(r.line.level) == 0 || r.line.msg == nil || r.line.time == nil || isCapital(r.line.level[0]) {
		return parsers.ErrForeign
	}
	if err != nil {
		return &parsers.RecordError{Code: "json.damaged", Kept: true, Reason: "only the members before the damage were read", Err: err}
	}
	if doc.End() < len(s) {
		return &parsers.RecordError{Code: "json.trailing", Kept: true, Reason: "bytes behind the object were not read"}
	}
	return r.damage()
}

// crioTime is how CRI-O wrote times, with a blank, until it took logrus's own form.
const crioTime = "2006-01-02 15:04:05.999999999Z07:00"

// stamp is when the line was written: by its own word, by that of its
// envelope, or by that of its prefix if it has a date.
func (r *reading) stamp() time.Time {
	if t, ok := r.clock.Parse(r.line.time); ok {
		return t
	}
	if t, err := time.Parse(crioTime, string(r.line.time)); err == nil {
		return t.UTC()
	}
	if !r.rec.Origin.Time.IsZero() {
		return r.rec.Origin.Time.UTC()
	}
	if t, ok := r.clock.Parse(r.line.when); ok {
		return t
	}
	return accessTime(r.line.msg)
}

// understand finds the container and the command that a line is about.
func (r *reading) understand() {
	if r.req.stage == noRequest {
		r.container, r.command = execLine(r.line.msg)
		return
	}
	if string(r.req.route.kind) == "container" {
		r.container = r.req.route.name
		if r.container == nil {
			r.container = param(r.req.query, "name")
		}
		if r.container == nil {
			r.container = param(r.req.query, "container") // POST /commit
		}
	}
	r.readBody()
}

// readBody takes from the body of a request what events are described by.
func (r *reading) readBody() {
	if len(r.req.body) == 0 {
		return
	}
	switch string(r.req.route.action) {
	case "exec_create":
		r.command = r.body.arguments(r.req.body, "Cmd")
	case "create":
		if string(r.req.route.kind) == "container" {
			r.command = r.body.arguments(r.req.body, "Entrypoint", "Cmd")
			r.image = r.body.first(r.req.body, "Image")
		}
	}
}

// execLine reads containerd's account of a command run through the CRI:
//
//	ExecSync for "4f0c..." with command [sh -c id] and timeout 1 (s)
//	Exec for "4f0c..." with command [sh], tty true and stdin true
//	Attach for "4f0c..." with tty true and stdin true
func execLine(msg []byte) (container, command []byte) {
	if after(&msg, "Attach for \"") {
		container, _, _ = bytes.Cut(msg, []byte(`" with tty `))
		return container, nil
	}
	if !after(&msg, "ExecSync for \"") && !after(&msg, "Exec for \"") {
		return criRequest(msg)
	}
	container, rest, ok := bytes.Cut(msg, []byte(`" with command [`))
	if !ok {
		return nil, nil
	}
	for _, behind := range []string{"] and timeout ", "], tty ", "] tty "} {
		if end := bytes.LastIndex(rest, []byte(behind)); end >= 0 {
			return container, rest[:end]
		}
	}
	return container, bytes.TrimSuffix(rest, []byte("]"))
}
