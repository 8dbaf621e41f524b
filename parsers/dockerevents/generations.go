package dockerevents

import (
	"bytes"

	"tideline/parsers/internal/jsonfields"
)

// formOf tells the generation of a JSON event by keys that only it has; text if
// it is none.
func formOf(v jsonfields.Value) form {
	has := func(key string) bool { return v.Get(key).Kind() != jsonfields.Absent }
	stamped := has("time") || has("timeNano") || has("Time")
	switch {
	case v.Kind() != jsonfields.Object:
		return text
	case has("Topic") && has("Event"):
		return nerdctl
	case has("Type") && has("Status") && (has("Name") || has("ID") || stamped):
		return podman
	case has("type") && has("action") && has("id") && has("attributes"):
		return compose
	case has("Type") && (has("Action") || has("status")) && (has("Actor") || stamped || flat(v)):
		return engine
	case (has("status") || has("Action")) && stamped && has("id"):
		return engine
	case has("Command") && has("Type"), has("action") && has("container_name"): // of enriched feeds
		return engine
	}
	return text
}

// flat reports whether the actor is spelled in dotted keys, as by shippers that
// flatten objects.
func flat(v jsonfields.Value) bool {
	for key := range v.Members {
		if bytes.HasPrefix(key, []byte("Actor.")) {
			return true
		}
	}
	return false
}

// forms reads each generation.
var forms = [...]func(*happening, jsonfields.Value){
	engine: readEngine, podman: readPodman, compose: readCompose, nerdctl: readNerdctl,
}

// first is the first value of a dotted name.
func (h *happening) first(name string) []byte {
	var room [4][]byte
	for _, v := range h.doc.Values(room[:0], jsonfields.Compile(name)) {
		if len(v) > 0 {
			return v
		}
	}
	return nil
}

func (h *happening) labels(under string) {
	h.pod = h.first(under + "io.kubernetes.pod.name")
	h.namespace = h.first(under + "io.kubernetes.pod.namespace")
	h.container = h.first(under + "io.kubernetes.container.name")
}

func readEngine(h *happening, _ jsonfields.Value) {
	h.actions = h.doc.Values(h.actions, jsonfields.Compile("Action"))
	if len(h.actions) == 0 {
		h.actions = h.doc.Values(h.actions, jsonfields.Compile("status"))
	}
	if len(h.actions) == 0 {
		h.actions = h.doc.Values(h.actions, jsonfields.Compile("action"))
	}
	h.typed = h.first("Command")
	h.typ = h.first("Type")
	h.id, h.image = or(h.first("Actor.ID"), h.first("id")), or(h.first(attributes+"image"), h.first("from"))
	h.name, h.user, h.target = or(h.first(attributes+"name"), h.first("container_name")), h.first("user"), h.first(attributes+"container")
	h.labels(attributes)
	nano, seconds := h.first("timeNano"), h.first("time")
	if h.damage != nil && nano == nil {
		seconds = nil // what was cut off is more exact
	}
	if h.time = unix(nano, seconds); h.time.IsZero() {
		h.time = stamp(or(seconds, h.first("@timestamp")))
	}
}

// podmanWords are podman's names of what Docker calls otherwise. Its exec has
// no command.
var podmanWords = map[string][]byte{
	"died": []byte("die"), "remove": []byte("destroy"), "exec": []byte("exec_create"), "exec_died": []byte("exec_die"),
	"loadfromarchive": []byte("load"), "checkpoint": []byte("checkpoint"),
}

// podmanAction is Docker's word for one of podman's.
func podmanAction(typ, status []byte) []byte {
	if string(status) == "remove" && string(typ) != "container" {
		if string(typ) == "image" {
			return []byte("delete")
		}
		return status
	}
	if w := podmanWords[string(status)]; w != nil {
		return w
	}
	return status
}

func readPodman(h *happening, _ jsonfields.Value) {
	h.typ = h.first("Type")
	if status := h.first("Status"); status != nil {
		h.actions = append(h.actions, podmanAction(h.typ, status))
	}
	h.id, h.name, h.image = h.first("ID"), h.first("Name"), h.first("Image")
	h.labels("Attributes.")
	if h.time = stamp(h.first("Time")); h.time.IsZero() && h.damage == nil {
		h.time = unix(h.first("timeNano"), h.first("time"))
	}
}

func readCompose(h *happening, _ jsonfields.Value) {
	h.typ, h.id = h.first("type"), h.first("id")
	h.actions = h.doc.Values(h.actions, jsonfields.Compile("action"))
	h.name, h.image = h.first("attributes.name"), h.first("attributes.image")
	h.labels("attributes.")
	h.time = stamp(h.first("time"))
}

func readNerdctl(h *happening, v jsonfields.Value) {
	topic := h.first("Topic")
	h.readTopic(topic)
	h.id = h.first("ID") // the namespace is containerd's, not that of a pod
	h.labels("Labels.")
	h.time = stamp(h.first("Timestamp"))
	if inner := v.Get("Event"); inner.Kind() == jsonfields.String && h.id == nil {
		h.id = containerID(inner.Text())
	}
}

// topics are containerd's names of what Docker has a type and an action for.
var topics = map[string][2]string{
	"/tasks/exec-added": {"container", "exec_create"}, "/tasks/exec-started": {"container", "exec_start"},
	"/tasks/create": {"container", "init"}, "/tasks/start": {"container", "start"}, "/tasks/exit": {"container", "die"},
	"/tasks/delete": {"container", "cleanup"}, "/tasks/oom": {"container", "oom"}, "/tasks/paused": {"container", "pause"},
	"/tasks/resumed": {"container", "unpause"}, "/tasks/checkpointed": {"container", "checkpoint"},
	"/containers/create": {"container", "create"}, "/containers/update": {"container", "update"},
	"/containers/delete": {"container", "destroy"}, "/images/create": {"image", "create"}, "/images/update": {"image", "update"},
	"/images/delete": {"image", "delete"},
}

// readTopic takes type and action from a topic of containerd.
func (h *happening) readTopic(topic []byte) {
	if t, ok := topics[string(topic)]; ok {
		h.typ, h.actions = []byte(t[0]), append(h.actions, []byte(t[1]))
		return
	}
	kind, action, _ := bytes.Cut(bytes.TrimPrefix(topic, []byte("/")), []byte("/"))
	h.typ = bytes.TrimSuffix(kind, []byte("s"))
	if len(action) > 0 {
		h.actions = append(h.actions, action)
	}
}

// containerID finds the id in the JSON of an event of containerd, which is
// small: {"container_id":"4f0c","exec_id":"x"} or {"id":"4f0c",...}.
func containerID(event []byte) []byte {
	var p jsonfields.Parser
	doc, _ := p.Parse(event) // of a damaged one, what can be read
	for _, key := range []string{"container_id", "id", "name"} {
		if id := doc.Root().Get(key).Text(); len(id) > 0 {
			return id
		}
	}
	return nil
}
