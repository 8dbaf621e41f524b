// Package dockerd reads the log of the Docker daemon, and what is written in
// the same form: the logs of containerd, CRI-O and podman's API service.
//
// It is the only place that shows calls of the engine API which change nothing:
// a container inspected for its environment, its output read, a file copied out
// of it. None of them has a docker event.
//
// # Format
//
// Lines of logrus, in each of its spellings:
//
//	time="2025-03-01T10:00:00.123456789Z" level=debug msg="Calling GET /v1.41/info"
//	DEBU[2025-03-01T10:00:00.123456789Z] Calling GET /v1.41/info
//	{"level":"debug","msg":"Calling GET /v1.41/info","time":"2025-03-01T10:00:00.123456789Z"}
//
// each also behind the prefix that syslog or journalctl puts before it. What a
// daemon's process writes besides, a panic say, is a message if a prefix names
// the daemon; without one it is of another format.
//
// The API trace depends on the engine:
//
//	up to 1.8   msg="GET /v1.20/info", and before it, of what has a name in its path,
//	            the pattern of the route: msg="Calling GET /images/{name:.*}/json"
//	up to 27    msg="Calling POST /v1.41/containers/create?name=x", and on a
//	            line of its own msg="form data: {...}"
//	28 and on   msg="handling POST request" method= request-url= form-data=,
//	            and for failures msg="error response for POST request" status=
//	podman      msg="APIHandler(id) -- GET /v4.0.0/libpod/info BEGIN", and an
//	            access log in Apache's combined format, also without a prefix
//	CRI-O       msg="Request: &ExecRequest{ContainerId:4f0c,Cmd:[sh],Tty:true,"
//
// Many programs in Go log in this form. What a container printed is a daemon's
// only if it is a call, a command run through the CRI, or one of a few messages;
// all else is left to package containerlog.
//
// # Time
//
// The line's own time; else that of the envelope; else that of the prefix, if
// it has a date and a zone. A terminal's DEBU[0007] has none.
//
// # Fields
//
// Every key of a line by its own name, and what is read out of calls:
// mapping.go has the table of all fields, which `tideline rules show --fields`
// prints.
//
// A call that runs a command is also seen as a process_creation with nothing
// but CommandLine. It is derived: the process may never have started.
//
// Facts name no principal, because the daemon does not know its clients. The
// outcome is unknown unless the line has a status: the trace is written before
// the call is served.
//
// # Grouping
//
// A POST of the form up to engine 27 is held back until its form data, and the
// two are one event. Nothing but their nearness ties them: the next line, or, for
// calls that make no sense without a body, one of the next 16 in the same second.
// Of two such calls served at the same moment the later gets the body that comes
// first, and the other body is an event of its own. In a log that has the newest first,
// a body waits for its call in the same way.
//
// # Where things are
//
// From a line to its keys:
//
//	format.go prefix.go                 what is a line of a daemon, and what stands in front of it
//	logrus.go terminal.go               its keys and values, in each spelling
//	reading.go                          what is read of one record
//
// From there to a call:
//
//	request.go url.go crirequest.go     method, path and query; the requests of CRI-O
//	route.go                            what a call does to what
//	body.go                             what is asked of its body
//
// Events:
//
//	decoder.go carry.go                 a call and its body are one event
//	view.go mapping.go                  the fields
//
// # Losses
//
// Below level debug there is no trace (Needs says so). Bodies of more than 4096
// bytes, or not of type JSON, are not logged; engines 28.0.0 to 28.0.4 log none.
// The engine masks values of the keys data, jointoken, password, secret,
// signingcakey and unlockkey. A line that was cut inside a quote is a gap, its
// head an event; a call is not read from it, if its path may be incomplete. So is one
// that breaks off where the next begins, which is read too.
//
// # Sources
//
// moby/moby: api/server/middleware/debug.go and httputils/httputil_handlers.go of
// tags v1.8 to v28; sirupsen/logrus: text_formatter.go and json_formatter.go;
// containers/podman: pkg/api/server/handler_api.go and handler_logging.go;
// containerd/containerd: internal/cri/instrument/instrumented_service.go;
// cri-o/cri-o: internal/log/interceptors, and the logs in its issues.
package dockerd
