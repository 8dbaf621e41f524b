package dockerevents

import (
	"tideline/parsers"
	"tideline/parsers/internal/cheapjson"
	"tideline/parsers/internal/jsonfields"
	"tideline/parsers/internal/words"
)

// The slots of the cheap pass.
const (
	slotType = iota
	slotAction
	slotStatus
	slotID
	slotFrom
	slotScope
	slotTime
	slotTimeNano
	slotActor
	slotUser
	slotCommand
	slotName
	slotImage
	slotPod
	slotNamespace
	slotContainer
	slotTarget
	slotDriver
	slotDestination
	slotExecID
	slotExitCode
	slotHealth // that a feed was enriched with
	slots
)

// slotNames are the field names of the slots, as rules ask for them.
var slotNames = [slots]string{
	slotType: "Type", slotAction: "Action", slotStatus: "status", slotID: "id", slotFrom: "from", slotScope: "scope",
	slotTime: "time", slotTimeNano: "timeNano", slotActor: "Actor.ID", slotUser: "user", slotCommand: "Command",
	slotName: attributes + "name", slotImage: attributes + "image", slotPod: attributes + "io.kubernetes.pod.name",
	slotNamespace: attributes + "io.kubernetes.pod.namespace", slotContainer: attributes + "io.kubernetes.container.name",
	slotTarget: attributes + "container", slotDriver: attributes + "driver", slotDestination: attributes + "destination",
	slotExecID: attributes + "execID", slotExitCode: attributes + "exitCode",
	slotHealth: "docker.healthcheck",
}

const attributes = "Actor.Attributes."

// schema is what the cheap pass reads. Everything that boring events are
// judged by is in it.
var schema = compileSchema()

func compileSchema() *cheapjson.Schema {
	var all []cheapjson.Field
	for slot, name := range slotNames {
		f := cheapjson.Field{Type: cheapjson.Text, Slot: slot, Keys: []string{name}}
		switch {
		case slot == slotTime || slot == slotTimeNano:
			f.Type = cheapjson.Digits
		case slot == slotAction || slot == slotStatus:
			f.Type = cheapjson.Escaped // commands have quotes and ampersands
		case slot == slotActor:
			f.Keys = []string{"Actor", "ID"}
		case len(name) > len(attributes) && name[:len(attributes)] == attributes:
			f.Keys = []string{"Actor", "Attributes", name[len(attributes):]}
		}
		all = append(all, f)
	}
	return cheapjson.Compile(all...)
}

// readJSON reads an event of any generation of JSON. The engine's own are read
// by the cheap pass if it can.
// jsonKeys are keys of which each form of an event has one (see formOf); they may be
// spelled with escapes.
var jsonKeys = words.New(`"Topic"`, `"Type"`, `"attributes"`, `"status"`, `"Action"`, `"container_name"`, `\u`)

func (h *happening) readJSON(data []byte) error {
	if !jsonKeys.In(data) {
		return parsers.ErrForeign
	}
	h.raw = data
	if h.cheap = schema.Walk(data, &h.slots); h.cheap && h.readSlots() {
		return nil
	}
	h.cheap = false
	root := h.full().Root()
	if h.form = formOf(root); h.form == text {
		return parsers.ErrForeign
	}
	forms[h.form](h, root)
	if len(h.actions) == 0 && h.typed == nil && (h.damage == nil || h.typ == nil) {
		return parsers.ErrForeign
	}
	if len(h.typ) == 0 && len(h.actions) > 0 {
		h.typ = typeOf(h.actions[0])
	}
	return h.damaged()
}

// readSlots takes over what the cheap pass read, if that is an event of the
// engine. The full parse would say the same; a test holds the two together.
func (h *happening) readSlots() bool {
	s := &h.slots
	action := s.Text(slotAction)
	if action == nil {
		action = s.Text(slotStatus)
	}
	stamped := s.Has(slotTime) || s.Has(slotTimeNano)
	if action == nil || !(s.Has(slotType) && (stamped || s.Has(slotActor) || s.Has(slotName)) || stamped && s.Has(slotID)) {
		return false
	}
	h.form = engine
	h.actions = append(h.actions, action)
	if h.typ = s.Text(slotType); len(h.typ) == 0 {
		h.typ = typeOf(action)
	}
	get := func(slot int) []byte { return or(s.Text(slot), nil) }
	h.id, h.name, h.image = or(get(slotActor), get(slotID)), get(slotName), or(get(slotImage), get(slotFrom))
	h.typed, h.user, h.target = get(slotCommand), get(slotUser), get(slotTarget)
	h.pod, h.namespace, h.container = get(slotPod), get(slotNamespace), get(slotContainer)
	h.time = unix(s.Text(slotTimeNano), s.Text(slotTime))
	return true
}

// or is the first of a and b that is not empty, or nil.
func or(a, b []byte) []byte {
	switch {
	case len(a) > 0:
		return a
	case len(b) > 0:
		return b
	}
	return nil
}

// full parses the record in full, at most once.
func (h *happening) full() *jsonfields.Doc {
	if h.doc == nil {
		h.doc, h.damage = h.parser.Parse(h.raw)
	}
	return h.doc
}

// damaged says what of a record the full parse could not read.
func (h *happening) damaged() error {
	switch {
	case h.damage != nil:
		return &parsers.RecordError{Code: "json.damaged", Kept: true, Reason: "only the members before the damage were read", Err: h.damage}
	case h.doc.End() < len(h.raw):
		return &parsers.RecordError{Code: "json.trailing", Kept: true, Reason: "bytes behind the object were not read"}
	case h.doc.Deep() || h.doc.Dropped():
		return &parsers.RecordError{Code: "json.too_large", Kept: true, Reason: "values beyond the limits of depth and number were not searched"}
	}
	return nil
}
