package dockerevents

import (
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/intern"
)

type decoder struct {
	h      happening
	probes probes
	lives  lives
	execs  execs
	names  intern.Table
	known  containers
	cards  cards

	own    parsers.Record                      // of Run
	emit   func(*parsers.Event) error          // of Run
	ofLine func(*parsers.Record) (bool, error) // line

	event  parsers.Event
	pos    [1]parsers.Pos
	raw    [1][]byte
	views  [2]parsers.View
	main   view
	exec   execView
	health bool
	front  bool  // the event is an attach by who starts the container
	begins bool  // it is the first that tells of an exec: see execs
	filled *card // whose facts event has; nil: none
}

func newDecoder(o parsers.Options) parsers.Decoder {
	d := &decoder{probes: probes{}, lives: lives{}, execs: execs{}, names: intern.Table{}, cards: newCards(&o)}
	d.ofLine = d.line
	asked := compile(o.Fields)
	d.main, d.exec = view{h: &d.h, asked: asked}, execView{asked: asked}
	d.views = [2]parsers.View{{Kind: eventView, Fields: &d.main}, {Kind: execCreation, Fields: &d.exec}}
	return d
}

// Decode implements parsers.Decoder.
func (d *decoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	var k sketch
	stenciled := d.cards.look(rec, &k)
	if stenciled && d.again(rec, &k) {
		return emit(&d.event)
	}
	return d.fresh(rec, &k, stenciled, emit)
}

// again makes the event of a record that fits a card; false: there is none.
func (d *decoder) again(rec *parsers.Record, k *sketch) bool {
	t, n := d.cards.find(k, &rec.Origin)
	return t != nil && d.fill(t, n, k, rec)
}

// fresh decodes a record that fits no card.
func (d *decoder) fresh(rec *parsers.Record, k *sketch, stenciled bool, emit func(*parsers.Event) error) error {
	damage := d.h.read(rec.Data, rec.Cut)
	if damage == parsers.ErrForeign {
		return damage
	}
	h := &d.h
	if h.time.IsZero() && damage == nil && !rec.Origin.Time.IsZero() {
		h.time = rec.Origin.Time.UTC()
	}
	d.filled = nil
	d.event = parsers.Event{Time: h.time, Origin: rec.Origin}
	d.place(rec)
	d.originOf(h)
	d.describe(h)
	if stenciled && damage == nil {
		d.learn(k, &rec.Origin)
	}
	if err := emit(&d.event); err != nil {
		return err
	}
	return damage
}

// place takes from a record where it stands.
func (d *decoder) place(rec *parsers.Record) {
	d.pos[0], d.raw[0] = rec.Pos, rec.Raw
	d.event.Pos, d.event.Raw = d.pos[:], d.raw[:]
}

// fill makes the event of the line of k, which tells of the n-th deed of card t;
// false: it is to be read like any other.
func (d *decoder) fill(t *card, n int, k *sketch, rec *parsers.Record) bool {
	at := k.time
	if k.layout != printed {
		seconds, nano := t.stamps(k.line)
		since, ok := instant(nano)
		if !ok || !decimal(seconds) {
			return false
		}
		at = time.Unix(0, since).UTC()
	}
	if at.IsZero() {
		return false
	}
	what := &d.cards.deeds[t.deeds[n]]
	d.rhythm(what.verb, t.probes[n], at)
	d.front = t.life != 0 && what.turn != noTurn && d.lives.turn(what.turn, t.life, at)
	d.h.unread = rec.Data
	ev := &d.event
	if d.filled != t { // events of one container follow one another
		d.filled = t
		ev.Origin, ev.Facts = rec.Origin, t.facts()
		ev.Origin.Container = t.container
	}
	ev.Time, ev.Origin.Time = at, rec.Origin.Time
	ev.Facts.Action, ev.Facts.Command = what.verb, what.command
	ev.Like = d.cards.likeness(t, n, d.role())
	d.place(rec)
	d.perspectives(ev.Facts.Command)
	return true
}

// Flush implements parsers.Decoder. Nothing is held back.
func (d *decoder) Flush(func(*parsers.Event) error) error { return nil }

// describe fills facts and views.
func (d *decoder) describe(h *happening) {
	verb, _ := h.action()
	command := h.command()
	d.rhythm(verb, execKey(h.id, command), h.time)
	d.front = false
	if what, key := turnOf(h.typ, verb), lifeKey(h.id); what != noTurn && key != 0 {
		d.front = d.lives.turn(what, key, h.time)
	}
	f := &d.event.Facts
	f.Actor, f.Name, f.Outcome = parsers.DockerClient, h.user, parsers.Allowed
	f.Action, f.Kind, f.Command = verb, h.typ, command
	f.Namespace, f.Target = h.namespace, or(h.name, h.id)

	d.perspectives(command)
}

// rhythm takes note of an event of an exec, of that key: whether it begins it, and whether
// it is a health check.
func (d *decoder) rhythm(verb []byte, key uint64, at time.Time) {
	d.begins, d.health = d.execs.begins(verb, key), false
	switch {
	case key == 0:
	case d.begins:
		d.health = d.probes.add(key, at)
	default:
		d.health = d.probes.is(key)
	}
}

// A role is what an event is besides what it says, so that events that say the same are
// judged apart. One of the engine, or of the client of itself, is a health check or comes
// with docker run.
type role uint8

const (
	ofItself role = 1 << iota
	beginning
	roles = 1 << iota
)

// role is that of the event at hand.
func (d *decoder) role() (r role) {
	if d.health || d.front {
		r |= ofItself
	}
	if d.begins {
		r |= beginning
	}
	return r
}

// perspectives are the views of an event.
func (d *decoder) perspectives(command []byte) {
	d.main.health, d.main.front, d.main.begins, d.exec.command = d.health, d.front, d.begins, command
	d.event.Views = d.views[:1]
	if command != nil && d.begins {
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
