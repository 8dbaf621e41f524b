package dockerevents

import (
	"bytes"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/cheapjson"
	"tideline/parsers/internal/jsonfields"
)

// A form is how an event was written down.
type form uint8

const (
	text    form = iota // lines of docker, podman, compose, ctr
	engine              // JSON of the engine's API
	podman              // JSON of podman's own
	compose             // JSON of docker compose
	nerdctl             // JSON of nerdctl, a wrapper around containerd's events
)

// A happening is one event, normalised to the words of the engine since 1.10.
// Bytes are the record's, or those of the parser that read it.
type happening struct {
	form    form
	typ     []byte
	actions [][]byte // whole: "exec_create: sh -c id"; more than one if the key is repeated
	id      []byte
	name    []byte
	image   []byte
	user    []byte // of enriched feeds; no engine writes one
	typed   []byte // the command of enriched feeds
	time    time.Time

	pod, namespace, container []byte // of the kubelet's labels
	target                    []byte // id of the container that a network or volume event is about

	pairs []pair // attributes, of the text forms

	cheap  bool // slots holds all there is to know of its fields
	slots  cheapjson.Record
	raw    []byte // JSON text
	parser jsonfields.Parser
	doc    *jsonfields.Doc // parsed when first asked for
	damage error           // of the parse

	buf [4][]byte // behind actions

	unread []byte // not nil: a record that is to be read before anything is looked up
}

// A pair is an attribute of a text form.
type pair struct{ key, value []byte }

func (h *happening) reset() {
	h.form, h.cheap, h.doc, h.damage, h.raw = text, false, nil, nil, nil
	h.typ, h.id, h.name, h.image = nil, nil, nil, nil
	h.user, h.typed = nil, nil
	h.pod, h.namespace, h.container, h.target = nil, nil, nil, nil
	h.time = time.Time{}
	h.actions, h.pairs = h.buf[:0], h.pairs[:0]
	h.unread = nil
}

// ready reads the record if that is still to be done.
func (h *happening) ready() {
	if h.unread != nil {
		_ = h.read(h.unread, false) // it was read once before: see card
	}
}

// read replaces h by the event that data is. It returns ErrForeign, a
// *RecordError with Kept set if the head of a damaged event was read, or nil.
func (h *happening) read(data []byte, cut bool) error {
	h.reset()
	data = blankless(data)
	if len(data) == 0 {
		return parsers.ErrForeign
	}
	if data[0] == '{' {
		return h.readJSON(data)
	}
	if !h.readText(data, cut) {
		return parsers.ErrForeign
	}
	return nil
}

// blankless is data without what may stand around an event. 0x1E: RFC 7464, of
// API 1.52 and later.
func blankless(data []byte) []byte {
	for len(data) > 0 && blank(data[0]) {
		data = data[1:]
	}
	for len(data) > 0 && blank(data[len(data)-1]) {
		data = data[:len(data)-1]
	}
	return data
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x1e }

// action is the first word of what happened, and what it was done with:
// "exec_create" and "sh -c id".
func (h *happening) action() (verb, detail []byte) {
	if len(h.actions) == 0 {
		return nil, nil
	}
	return split(h.actions[0])
}

// split cuts an action at its first ": ".
func split(action []byte) (verb, detail []byte) {
	verb, detail, ok := bytes.Cut(action, []byte(": "))
	if !ok {
		verb = bytes.TrimSuffix(action, []byte(":"))
		return verb, nil
	}
	return verb, detail
}

// command is the command line of an exec, or that of an enriched feed; nil of
// anything else. The engine puts a blank behind a program without arguments (moby,
// daemon/exec.go: Entrypoint + " " + strings.Join(Args, " ")).
func (h *happening) command() []byte {
	verb, detail := h.action()
	if bytes.HasPrefix(verb, execPrefix) {
		return bytes.TrimRight(detail, " ")
	}
	return h.typed
}

var (
	execPrefix    = []byte("exec_")
	containerType = []byte("container")
	imageType     = []byte("image")
)

// types are the objects that events are about, of Docker and of podman.
var types = wordSet("builder config container daemon image network node plugin secret service volume pod artifact machine system")

// actionsKnown are what happens to them. New engines add to the list: it serves only
// to recognise the oldest forms.
var actionsKnown = wordSet("archive-path attach checkpoint cleanup commit connect copy create delete destroy detach die died " +
	"disable disconnect enable exec exec_create exec_detach exec_die exec_died exec_start export extract-to-dir health_status " +
	"import init install kill load loadfromarchive mount oom pause prune pull pull-error push refresh reload remove rename renumber resize restart " +
	"restore save start stop sync tag top unmount unpause untag update")

// imageActions are those by which engines up to 1.9, which name no type, tell
// an image from a container.
var imageActions = wordSet("delete import load pull push save tag untag")

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range bytes.Fields([]byte(s)) {
		out[string(w)] = true
	}
	return out
}

// typeOf is the type of an event that names none.
func typeOf(action []byte) []byte {
	if verb, _ := split(action); imageActions[string(verb)] {
		return imageType
	}
	return containerType
}
