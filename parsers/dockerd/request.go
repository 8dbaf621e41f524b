package dockerd

import (
	"bytes"
	"strings"
	"time"
)

// A stage is what a line says of a request.
type stage uint8

const (
	noRequest stage = iota
	calling         // the request came in; a body may follow on the next line
	handling        // the request came in; its body, if any, is on this line
	failed          // the request was answered with an error
	answered        // the request was answered, with a status
	form            // the body of the request of the line before
)

// A request is one call of the engine API as far as a line tells it. Path and
// query are decoded, because the daemon routes by what they decode to.
type request struct {
	stage  stage
	method []byte
	url    []byte // as it was sent
	path   []byte // without version and without podman's own prefix
	query  []byte
	status []byte
	agent  []byte
	body   []byte // JSON text

	route route
	text  []byte // holds path, query
}

func (r *request) reset() { *r = request{text: r.text[:0]} }

// formData is what the line with the body of a request starts with.
const formData = "form data: "

var methods = []string{"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"}

// readRequest finds the request that a line tells of, in the words of every
// engine since 1.0 and of podman's service.
func (r *request) readRequest(l *line) {
	msg := l.msg
	switch {
	case after(&msg, formData):
		r.stage, r.body = form, msg
		return
	case l.unclosed && len(msg) > 0 && strings.HasPrefix(formData, string(msg)):
		r.stage = form // as far as the line goes
		return
	case after(&msg, "Calling "):
		r.called(calling, msg)
	case after(&msg, "handling "):
		r.paired(handling, l)
	case after(&msg, "error response for "):
		r.paired(failed, l)
	case after(&msg, "Handler for "):
		r.handler(msg, l)
	case after(&msg, "APIHandler"):
		r.podman(msg)
	case bytes.HasPrefix(msg, accessOfSocket):
		r.access(msg)
	default:
		r.called(calling, msg) // engines up to 1.8: "GET /v1.20/info"
	}
	if r.stage != noRequest && l.unclosed && bytes.IndexByte(r.url, '?') < 0 {
		r.stage, r.method, r.url = noRequest, nil, nil // the path may be cut
	}
	if r.stage != noRequest {
		r.readURL()
		r.route = routeOf(r.method, r.path)
	}
}

// after cuts prefix off s if s starts with it.
func after(s *[]byte, prefix string) bool {
	if len(*s) < len(prefix) || string((*s)[:len(prefix)]) != prefix {
		return false
	}
	*s = (*s)[len(prefix):]
	return true
}

// called reads "METHOD URL", where the URL ends the text.
func (r *request) called(st stage, s []byte) {
	method, url, _ := bytes.Cut(s, []byte(" "))
	if !isMethod(method) || !isURL(url) {
		return
	}
	url = bytes.TrimRight(url, " \r\n")
	if isTemplate(url) {
		return
	}
	r.stage, r.method, r.url = st, method, url
}

// isTemplate reports whether url is the pattern of a route and no request: engines up
// to 1.8 write "Calling GET /containers/{name:.*}/json", and the request on the next line.
func isTemplate(url []byte) bool {
	return bytes.Contains(url, []byte("/{")) && bytes.Contains(url, []byte(":.*}"))
}

// paired reads the request from the line's keys, as engines since 28 write it.
func (r *request) paired(st stage, l *line) {
	for _, p := range l.pairs {
		switch string(p.key) {
		case "method":
			r.method = p.value
		case "request-url":
			r.url = p.value
		case "status":
			r.status = p.value
		case "form-data":
			r.body = p.value
		}
	}
	if !isMethod(r.method) || len(r.url) == 0 {
		*r = request{text: r.text}
		return
	}
	r.stage = st
}

// handler reads the failures that are logged at any level: up to engine 27 the
// URL is in the message, later a template of it is, and the keys have the URL.
func (r *request) handler(s []byte, l *line) {
	r.paired(failed, l)
	if r.stage != noRequest {
		return
	}
	if n := bytes.Index(s, []byte(" returned error")); n > 0 {
		r.called(failed, s[:n])
	}
}

// podman reads the trace of podman's service:
//
//	APIHandler(4f0c...) -- GET /v4.0.0/libpod/info BEGIN
//	APIHandler -- Method: GET URL: /v1.40/info (conn 0/0)
//
// The END of a request repeats its BEGIN and is a message only.
func (r *request) podman(s []byte) {
	_, s, ok := bytes.Cut(s, []byte(" -- "))
	if !ok {
		return
	}
	if after(&s, "Method: ") {
		method, rest, _ := bytes.Cut(s, []byte(" URL: "))
		url, _, _ := bytes.Cut(rest, []byte(" "))
		if isMethod(method) && isURL(url) {
			r.stage, r.method, r.url = calling, method, url
		}
		return
	}
	if s, ok = bytes.CutSuffix(s, []byte(" BEGIN")); ok {
		r.called(handling, s)
	}
}

// accessOfSocket is how a line of podman's access log begins whose client came by the
// socket, and so has no address.
var accessOfSocket = []byte("@ - - [")

// accessTime is the time of a line of the access log, which is the only one where
// nobody wrote another before it.
func accessTime(msg []byte) time.Time {
	rest, ok := bytes.CutPrefix(msg, accessOfSocket)
	if !ok {
		return time.Time{}
	}
	when, _, _ := bytes.Cut(rest, []byte("]"))
	t, err := time.Parse("02/Jan/2006:15:04:05 -0700", string(when))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// access reads a line of podman's access log, in Apache's combined format:
//
//	@ - - [01/Mar/2025:10:00:00 +0000] "GET /v1.41/info HTTP/1.1" 200 2683 "" "Docker-Client/20.10"
func (r *request) access(s []byte) {
	_, s, ok := bytes.Cut(s, []byte(`] "`))
	call, rest, quoted := bytes.Cut(s, []byte(`" `))
	if !ok || !quoted {
		return
	}
	if n := bytes.LastIndex(call, []byte(" HTTP/")); n > 0 {
		call = call[:n]
	}
	r.called(answered, call)
	if r.stage == noRequest {
		return
	}
	r.status, rest, _ = bytes.Cut(rest, []byte(" "))
	rest = bytes.TrimSuffix(rest, []byte(`"`))
	if n := bytes.LastIndexByte(rest, '"'); n >= 0 {
		r.agent = rest[n+1:]
	}
}

// hasBody reports whether a POST is one that makes no sense without a body.
func (r *request) hasBody() bool {
	switch string(r.route.action) {
	case "create", "exec_create", "exec_start", "update", "connect", "login":
		return string(r.method) == "POST"
	}
	return false
}

func isMethod(s []byte) bool {
	for _, m := range methods {
		if string(s) == m {
			return true
		}
	}
	return false
}

// isURL reports whether s can be the target of a request line: a path, or the
// absolute form that clients of proxies send and servers accept.
func isURL(s []byte) bool {
	return len(s) > 0 && s[0] == '/' || bytes.HasPrefix(s, []byte("http://")) || bytes.HasPrefix(s, []byte("https://"))
}
