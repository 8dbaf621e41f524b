package dockerevents

import (
	"tideline/parsers"
	"tideline/parsers/internal/intern"
)

type decoder struct {
	asked  []field
	h      happening
	probes probes
	names  intern.Table
	known  containers

	event  parsers.Event
	pos    [1]parsers.Pos
	raw    [1][]byte
	views  [2]parsers.View
	main   view
	exec   execView
	health bool
}

func newDecoder(o parsers.Options) parsers.Decoder {
	return &decoder{asked: compile(o.Fields), probes: probes{}, names: intern.Table{}}
}

// Decode implements parsers.Decoder.
func (d *decoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	damage := d.h.read(rec.Data, rec.Cut)
	if damage == parsers.ErrForeign {
		return damage
	}
	h := &d.h
	if h.time.IsZero() && damage == nil && !rec.Origin.Time.IsZero() {
		h.time = rec.Origin.Time.UTC()
	}
	ev := &d.event
	*ev = parsers.Event{Time: h.time, Origin: rec.Origin}
	d.pos[0], d.raw[0] = rec.Pos, rec.Raw
	ev.Pos, ev.Raw = d.pos[:], d.raw[:]
	d.originOf(h)
	d.describe(h)
	if err := emit(ev); err != nil {
		return err
	}
	return damage
}

// Flush implements parsers.Decoder. Nothing is held back.
func (d *decoder) Flush(func(*parsers.Event) error) error { return nil }

// describe fills facts and views.
func (d *decoder) describe(h *happening) {
	verb, _ := h.action()
	command := h.command()
	d.health = false
	if command != nil && len(h.id) > 0 {
		if key := probeKey(h.id, command); string(verb) == "exec_create" {
			d.health = d.probes.add(key, h.time)
		} else {
			d.health = d.probes.is(key)
		}
	}
	f := &d.event.Facts
	f.Actor, f.Name, f.Outcome = parsers.DockerClient, h.user, parsers.Allowed
	f.Action, f.Kind, f.Command = verb, h.typ, command
	f.TargetN, f.Target = h.namespace, or(h.name, h.id)

	d.main = view{h: h, asked: d.asked, health: d.health}
	d.views[0] = parsers.View{Kind: eventView, Fields: &d.main}
	d.event.Views = d.views[:1]
	if command != nil && string(verb) == "exec_create" {
		d.exec = execView{command: command, asked: d.asked}
		d.views[1] = parsers.View{Kind: execCreation, Fields: &d.exec}
		d.event.Views = d.views[:2]
	}
}

// originOf fills in the container that the event is about.
func (d *decoder) originOf(h *happening) {
	c := &d.event.Origin.Container
	id := h.target
	if string(h.typ) == "container" {
		if *c == (parsers.Container{}) && len(h.id) > 0 {
			*c = *d.known.of(h)
			return
		}
		id = h.id
		fill(&c.Name, d.names.Of(or(h.container, h.name)))
		fill(&c.Image, d.names.Of(h.image))
	}
	fill(&c.ID, d.names.Of(id))
	fill(&c.Pod, d.names.Of(h.pod))
	fill(&c.Namespace, d.names.Of(h.namespace))
}

// fill replaces what the path or an envelope told by what the event says.
func fill(dst *string, s string) {
	if s != "" {
		*dst = s
	}
}
