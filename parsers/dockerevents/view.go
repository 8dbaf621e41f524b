package dockerevents

import (
	"slices"
	"strconv"
	"strings"

	"tideline/parsers/internal/jsonfields"
	"tideline/parsers/internal/spelling"
)

// A lookup is where a field comes from.
type lookup uint8

const (
	byPath lookup = iota
	byType
	byWhole   // the action, whole and split
	byVerb    // its first word
	byDetail  // what follows
	byCommand // what follows, if it is an exec
	byHealth
	byFront
	byID
	byName
	byImage
	byContainerID
	byPod
	byNamespace
)

var lookups = map[string]lookup{
	"Type": byType, "Action": byWhole, "action": byWhole, "docker.action": byVerb, "docker.cmd": byDetail, "CommandLine": byCommand,
	"docker.healthcheck": byHealth, "docker.foreground": byFront, "Actor.ID": byID, "Actor.Attributes.name": byName, "container_name": byName,
	"Actor.Attributes.image": byImage, "container.name": byName, "container.image": byImage, "container.id": byContainerID,
	"container.pod": byPod, "container.namespace": byNamespace,
}

// A field is one of Options.Fields, compiled.
type field struct {
	from lookup
	name string
	attr string          // behind Actor.Attributes.
	slot int             // of the cheap pass; -1: none
	path jsonfields.Path // in the engine's JSON
	alt  [2]jsonfields.Path
	all  jsonfields.Path // what a field of ours stands for
}

// everyOf names the members of the engine's JSON that fields of ours stand for.
// Where one is repeated, each of its values counts: which of them a reader of
// the log believes nobody knows.
var everyOf = map[lookup]string{
	byType: "Type", byID: "Actor.ID", byName: attributes + "name", byImage: attributes + "image", byContainerID: "Actor.ID",
	byPod: attributes + "io.kubernetes.pod.name", byNamespace: attributes + "io.kubernetes.pod.namespace",
}

func compile(asked []string) []field {
	out := make([]field, len(asked))
	for i, name := range asked {
		f := field{from: lookups[name], name: name, slot: -1, path: jsonfields.Compile(name), all: jsonfields.Compile(everyOf[lookups[name]])}
		if attr, ok := strings.CutPrefix(name, attributes); ok {
			f.attr = attr
			f.alt = [2]jsonfields.Path{jsonfields.Compile("Attributes." + attr), jsonfields.Compile("attributes." + attr)}
		}
		for slot, known := range slotNames {
			if known == name {
				f.slot = slot
			}
		}
		out[i] = f
	}
	return out
}

// A view is an event as rules for {product: docker, service: events} see it.
type view struct {
	h      *happening
	asked  []field
	health bool
	front  bool
	begins bool
}

var isTrue = []byte("true")

// Values implements parsers.Fields.
func (v *view) Values(dst [][]byte, i int) [][]byte {
	h, f := v.h, &v.asked[i]
	h.ready()
	if more := h.repeated(dst, f); len(more) > len(dst)+1 {
		return more
	}
	switch f.from {
	case byWhole, byVerb, byDetail, byCommand:
		if dst = h.parts(dst, f.from); f.from == byVerb && v.begins && !slices.ContainsFunc(dst, isCreation) {
			dst = append(dst, []byte(execCreated))
		}
		return dst
	case byType:
		return some(dst, h.typ)
	case byID:
		return some(dst, h.id)
	case byPod:
		return some(dst, h.pod)
	case byNamespace:
		return some(dst, h.namespace)
	case byContainerID:
		if string(h.typ) == "container" {
			return some(dst, h.id)
		}
		return some(dst, h.target)
	case byHealth:
		if v.health {
			return append(dst, isTrue)
		}
	case byFront:
		if v.front {
			dst = append(dst, isTrue)
		}
		return dst
	}
	n := len(dst)
	if dst = h.values(dst, f); len(dst) > n {
		return dst
	}
	switch f.from {
	case byName:
		return some(dst, h.name)
	case byImage:
		return some(dst, h.image)
	}
	return dst
}

// repeated appends every value of the member that a field of ours stands for.
func (h *happening) repeated(dst [][]byte, f *field) [][]byte {
	if h.form != engine || h.cheap || h.doc == nil || everyOf[f.from] == "" ||
		f.from == byContainerID && string(h.typ) != "container" {
		return dst
	}
	return h.doc.Values(dst, f.all)
}

func isCreation(verb []byte) bool { return string(verb) == execCreated }

func some(dst [][]byte, b []byte) [][]byte {
	if b == nil {
		return dst
	}
	return append(dst, b)
}

// parts appends of every action of the event what a field asks for.
func (h *happening) parts(dst [][]byte, from lookup) [][]byte {
	for _, whole := range h.actions {
		verb, detail := split(whole)
		switch {
		case from == byVerb:
			dst = append(dst, verb)
		case from == byWhole && detail == nil:
			dst = append(dst, whole)
		case from == byWhole:
			dst = append(dst, whole, verb)
		case detail != nil && (from == byDetail || strings.HasPrefix(string(verb), "exec_")):
			dst = append(dst, detail)
			if plain, changed := spelling.Plain(nil, detail); changed {
				dst = append(dst, plain)
			}
		}
	}
	return dst
}

// values appends a field as the record itself has it.
func (h *happening) values(dst [][]byte, f *field) [][]byte {
	switch {
	case h.form == text:
		return h.ofText(dst, f)
	case h.cheap && f.slot >= 0:
		if h.slots.Has(f.slot) {
			dst = append(dst, h.slots.Text(f.slot))
		}
		return dst
	case h.form == podman:
		n := len(dst)
		if dst = h.full().Values(dst, f.path); len(dst) == n && f.attr != "" {
			dst = h.doc.Values(dst, f.alt[0])
		}
		return dst
	case h.form == compose && f.attr != "":
		return h.full().Values(dst, f.alt[1])
	}
	return h.full().Values(dst, f.path)
}

// ofText gives a field of the text forms the name it has in JSON.
func (h *happening) ofText(dst [][]byte, f *field) [][]byte {
	switch f.name {
	case "status":
		return append(dst, h.actions...)
	case "id":
		return some(dst, h.id)
	case "from":
		return some(dst, h.image)
	case "time":
		if !h.time.IsZero() {
			dst = append(dst, strconv.AppendInt(nil, h.time.Unix(), 10))
		}
	case "timeNano":
		if !h.time.IsZero() {
			dst = append(dst, strconv.AppendInt(nil, h.time.UnixNano(), 10))
		}
	}
	for _, p := range h.pairs {
		if f.attr != "" && string(p.key) == f.attr {
			dst = append(dst, p.value)
		}
	}
	return dst
}

// Keywords implements parsers.Fields.
func (v *view) Keywords(dst [][]byte) [][]byte {
	h := v.h
	h.ready()
	if h.form != text {
		dst = h.full().Keywords(dst)
		return h.parts(dst, byVerb)
	}
	dst = some(some(some(dst, h.typ), h.id), h.image)
	dst = append(dst, h.actions...)
	for _, p := range h.pairs {
		dst = append(dst, p.value)
	}
	return dst
}

// An execView is a command that was run in a container, as rules about the
// creation of processes see it: derived, and with nothing but a command line.
type execView struct {
	command []byte
	asked   []field
}

// Values implements parsers.Fields.
func (v *execView) Values(dst [][]byte, i int) [][]byte {
	if v.asked[i].from == byCommand {
		dst = append(dst, v.command)
	}
	return dst
}

// Keywords implements parsers.Fields.
func (v *execView) Keywords(dst [][]byte) [][]byte { return append(dst, v.command) }
