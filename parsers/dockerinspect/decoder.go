package dockerinspect

import (
	"bytes"
	"fmt"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
)

type decoder struct {
	asked  []field
	parser jsonfields.Parser
	event  parsers.Event
	pos    [1]parsers.Pos
	raw    [1][]byte
	views  [1]parsers.View
	view   view
}

func newDecoder(o parsers.Options) parsers.Decoder { return &decoder{asked: compile(o.Fields)} }

// Decode implements parsers.Decoder.
func (d *decoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	s := bytes.TrimSpace(rec.Data)
	if rec.Origin.Stream != "" {
		// A description that a container printed is its output, and searched
		// as such: who prints it is more telling than what it describes.
		return parsers.ErrForeign
	}
	if len(s) == 0 || s[0] != '{' && s[0] != '[' {
		return parsers.ErrForeign
	}
	doc, damage := d.parser.Parse(s)
	root := doc.Root()
	if root.Kind() != jsonfields.Array {
		if shapeOf(root) == none {
			return parsers.ErrForeign
		}
		if err := d.emit(rec, root, emit); err != nil {
			return err
		}
		return damaged(doc, damage, s)
	}
	return d.decodeArray(rec, root, emit, damaged(doc, damage, s))
}

// decodeArray emits the members of an array that came as one record.
func (d *decoder) decodeArray(rec *parsers.Record, all jsonfields.Value, emit func(*parsers.Event) error, damage error) error {
	known, others := 0, 0
	for item := range all.Items {
		if shapeOf(item) == none {
			others++
			continue
		}
		known++
		if err := d.emit(rec, item, emit); err != nil {
			return err
		}
	}
	switch {
	case known == 0:
		return parsers.ErrForeign
	case damage == nil && others > 0:
		return &parsers.RecordError{Code: "inspect.other_objects", Kept: true,
			Reason: fmt.Sprintf("%d of %d members of the array describe no container or image", others, known+others)}
	}
	return damage
}

// Flush implements parsers.Decoder. Nothing is held back.
func (d *decoder) Flush(func(*parsers.Event) error) error { return nil }

// damaged says what of a record could not be read.
func damaged(doc *jsonfields.Doc, err error, s []byte) error {
	switch {
	case err != nil:
		return &parsers.RecordError{Code: "json.damaged", Kept: true, Reason: "only the members before the damage were read", Err: err}
	case doc.End() < len(s):
		return &parsers.RecordError{Code: "json.trailing", Kept: true, Reason: "bytes behind the object were not read"}
	case doc.Deep() || doc.Dropped():
		return &parsers.RecordError{Code: "json.too_large", Kept: true, Reason: "values beyond the limits of depth and number were not searched"}
	}
	return nil
}

var (
	configured    = []byte("configured")
	containerKind = []byte("container")
	imageKind     = []byte("image")
)

func (d *decoder) emit(rec *parsers.Record, v jsonfields.Value, emit func(*parsers.Event) error) error {
	ev := &d.event
	s := shapeOf(v)
	*ev = parsers.Event{Time: created(s, v), Origin: rec.Origin}
	if ev.Time.IsZero() && !rec.Origin.Time.IsZero() {
		ev.Time = rec.Origin.Time.UTC()
	}
	d.pos[0], d.raw[0] = rec.Pos, rec.Raw
	ev.Pos, ev.Raw = d.pos[:], d.raw[:]
	name := describe(&ev.Origin.Container, s, v)
	ev.Facts = parsers.Facts{
		Actor: parsers.UnknownActor, Action: configured, Kind: containerKind, Target: name, Outcome: parsers.Allowed,
		Namespace: []byte(ev.Origin.Container.Namespace),
	}
	if s == image || s == imageFile {
		ev.Facts.Kind = imageKind
	}
	d.view = view{asked: d.asked, shape: s, value: v, of: &ev.Origin.Container}
	d.views[0] = parsers.View{Kind: 0, Fields: &d.view}
	ev.Views = d.views[:]
	return emit(ev)
}

// first is the first text that a field of docker inspect has in an object.
func first(s shape, v jsonfields.Value, name string) []byte {
	for _, p := range pathsOf(s, name) {
		for _, b := range v.Values(nil, p) {
			if len(b) > 0 {
				return b
			}
		}
	}
	return nil
}

// created is when the thing described was made, or else was last started. The
// daemon writes the year 1 for never.
func created(s shape, v jsonfields.Value) time.Time {
	for _, name := range []string{"Created", "State.StartedAt"} {
		var t time.Time
		if t.UnmarshalText(first(s, v, name)) == nil && t.Year() > 1970 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// describe fills in the container and returns the name of the target.
func describe(c *parsers.Container, s shape, v jsonfields.Value) []byte {
	id := first(s, v, "Id")
	name := bytes.TrimPrefix(first(s, v, "Name"), []byte("/"))
	if s == image || s == imageFile {
		if tag := first(s, v, "RepoTags"); tag != nil {
			id = tag
		}
		fill(&c.Image, id)
		return id
	}
	fill(&c.ID, id)
	fill(&c.Image, first(s, v, "Config.Image"))
	fill(&c.Pod, first(s, v, "Config.Labels.io.kubernetes.pod.name"))
	fill(&c.Namespace, first(s, v, "Config.Labels.io.kubernetes.pod.namespace"))
	if k8s := first(s, v, "Config.Labels.io.kubernetes.container.name"); k8s != nil {
		fill(&c.Name, k8s)
	} else {
		fill(&c.Name, name)
	}
	switch {
	case len(name) > 0:
		return name
	case c.Name != "":
		return []byte(c.Name)
	}
	return []byte(c.ID)
}

// fill replaces what the path told by what the description says.
func fill(dst *string, s []byte) {
	if len(s) > 0 {
		*dst = string(s)
	}
}
