// Package dockerevents reads the events of container engines: what was created,
// started, copied out of, committed and run in containers, and nothing about
// who did it.
//
// # Format
//
// JSON objects of every generation, on one line or many:
//
//	engine up to 1.9      {"status":"start","id":"4386","from":"ubuntu","time":1400000000}
//	engine since 1.10     {"Type":"container","Action":"start","Actor":{"ID":"...","Attributes":{...}},...}
//	                      with status, id and from before or behind, or without them
//	podman                {"Type":"container","Status":"died","ID":"...","Name":"web","Time":"...",...}
//	docker compose        {"type":"container","service":"web","action":"start","id":"...","attributes":{...}}
//	nerdctl               {"Timestamp":"...","Topic":"/tasks/start","Event":"{...}",...}
//	enriched feeds        {"action":"create","container_name":"web","user":"jenkins",...}
//
// and the lines that the same programs print for people, up to engine 1.9 and
// since, of podman, compose and ctr, and the template that the manual gives.
//
// Text is ambiguous: a command run by exec is not quoted and may contain
// brackets. Its id is the last thing that looks like one before a bracket.
//
// # Time
//
// timeNano, else time; podman's and containerd's own text. The zone that old
// manuals print, "Z07:00", and a missing one are read as UTC; so is compose's
// text, which is in the zone of whoever ran it.
//
// # Fields
//
// Those of the record by their names in JSON, whatever generation or text it is
// in, and derived ones: mapping.go has the table of all fields, which `tideline
// rules show --fields` prints.
//
// An exec_create is also seen as a process_creation with nothing but
// CommandLine. It is derived: the arguments were joined by blanks.
//
// Facts name DockerClient and no name: the engine does not say who asked. The
// outcome is allowed: what failed has no event.
//
// # Grouping
//
// Each record is an event. A health check leaves the same events as docker
// exec; it is told by the same command in the same container coming again after
// the same time, from the third on. An attach of docker run is told by the container
// not running yet (docker.foreground), and an exec by the first of its events that the log
// has: see execs.go. So the order of records matters.
//
// # Repetition
//
// Events that differ from an earlier one in nothing but times and the id of an exec,
// as those of health checks do, are recognised without being read again, and say so
// (Event.Like). A record is known in two halves:
//
//	card    what all events of a container have in common
//	deed    what was done to it: an action, with the attributes that are the event's own
//	sketch  a guess at where the two stand in a line, by which a card is looked for
//	cut     a line taken apart, as a card and a deed are made of it
//
// # Where things are
//
//	format.go decoder.go run.go           a record becomes an event
//	json.go generations.go text.go        in JSON of every generation, and in text
//	stamp.go happening.go                 its time, and what it says whatever it was written in
//	view.go mapping.go                    its fields
//	containers.go health.go lives.go execs.go  what is known of a container, its health checks, its beginning, its execs
//	stencil.go sketch.go cut.go learn.go  repetition, see above
//	carry.go reuse.go                     logs that grew; what serves the next stream
//
// # Losses
//
// Listing, inspecting, reading logs and copying the other way have no event
// (package dockerd shows them). An engine remembers 256 events. Labels of a
// container are copied over the attributes and may pass for any of them but
// name and image.
//
// # Sources
//
// moby/moby: daemon/events, daemon/events.go, api/types/events of tags v1.9 to
// v29, docs/reference/commandline/events.md; docker/cli: system/events.go and its
// goldens; docker/compose: cmd/compose/events.go; containers/podman:
// libpod/events; containerd/nerdctl: pkg/cmd/system/events.go.
package dockerevents
