package dockerevents

import (
	"bytes"
	"slices"
	"time"

	"tideline/parsers"
)

// learn remembers the line of k, of which h was read and the event at hand made,
// for those that will be like it, and says so of the event.
func (d *decoder) learn(k *sketch, base *parsers.Origin) {
	c := &d.cards
	if len(d.h.actions) != 1 {
		return
	}
	if c.cardTables == nil {
		c.cardTables = &cardTables{byHash: map[uint64]uint16{}}
	}
	set := &c.sets[k.hash>>32%cardSets]
	way := slices.Index(c.hashes[k.hash>>32%cardSets][:], k.hash)
	var extra []byte
	fit := false
	if way >= 0 {
		t := set[way]
		if extra, fit = t.fits(k); !fit || !t.base.Same(base) {
			if fit, t.missed = false, t.missed+1; t.missed < patience {
				return
			}
		}
	} else if !again(&c.seen[k.hash>>16%cardSets], k.hash) {
		return
	}
	var at cut
	if !at.take(k, &d.h) {
		return
	}
	if fit && string(extra) != string(at.rest[at.extra.from:at.extra.to]) {
		return // where a card has what an event has of its own, the line has some of the container
	}
	what, told := c.deed(k, &at, &d.h)
	if !fit {
		if way = d.renew(k, &at, way, base); way < 0 {
			return
		}
	}
	if t := set[way]; told && c.did(t, k.action(), at.rest[at.extra.from:at.extra.to]) < 0 {
		d.event.Like = c.likeness(t, c.add(t, what), d.role())
	}
}

// renew makes a card of a line, in that way of its set or in one that is found,
// which it returns; -1 if there is no room.
func (d *decoder) renew(k *sketch, at *cut, way int, base *parsers.Origin) int {
	c := &d.cards
	set := &c.sets[k.hash>>32%cardSets]
	if way < 0 {
		way = c.way(set)
	}
	if way < 0 || c.bytes >= maxCards && cap(set[way].text) < at.size() {
		return -1
	}
	if set[way] == nil {
		set[way] = &card{}
	}
	c.hashes[k.hash>>32%cardSets][way] = k.hash
	t := set[way]
	c.release(t)
	c.bytes -= cap(t.text)
	t.make(k, at, &d.h)
	c.bytes += cap(t.text)
	t.base, t.container = c.base(base), d.event.Origin.Container
	return way
}

// patience is how many lines in a row that do not fit a card make a new one of it.
const patience = 8

// maxBases is how many origins are remembered that cards share.
const maxBases = 8

// again reports whether hash was met before, and notes it.
func again(met *uint64, hash uint64) bool {
	was := *met
	*met = hash
	return was == hash
}

// way is where in its set a new card goes; -1 if there is room nowhere.
func (c *cards) way(set *[cardWays]*card) int {
	taken := slices.Index(set[:], nil)
	switch {
	case taken < 0:
		taken = cardWays
	case c.bytes < maxCards:
		return taken
	case taken == 0:
		return -1
	}
	c.next++
	return int(c.next) % taken
}

// base is an origin that cards share.
func (c *cards) base(o *parsers.Origin) *parsers.Origin {
	for _, b := range c.bases {
		if b.Same(o) {
			return b
		}
	}
	if len(c.bases) == maxBases {
		c.bases = c.bases[:0]
	}
	b := *o
	b.Time = time.Time{}
	c.bases = append(c.bases, &b)
	return &b
}

// make makes t of a line. What it held before is gone, but its memory is used.
func (t *card) make(k *sketch, at *cut, h *happening) {
	*t = card{layout: k.layout, text: slices.Grow(t.text[:0], at.size())}
	from := 0
	if t.twice = int16(at.twice); t.twice > 0 {
		t.text = append(t.text, at.rest[:at.twice]...)
		from = at.twice + len(k.action())
	}
	t.text = append(t.text, at.rest[from:at.extra.from]...)
	t.split = int16(len(t.text))
	t.text = append(t.text, at.rest[at.extra.to:at.seconds.from]...)
	t.times = int16(len(t.text))
	t.text = append(t.text, at.rest[at.seconds.to:at.nano.from]...)
	t.behind = int16(len(t.text))
	t.text = append(t.text, at.rest[at.nano.to:]...)
	t.end = int16(len(t.text))
	t.digits = [2]int16{int16(at.seconds.to - at.seconds.from), int16(at.nano.to - at.nano.from)}
	t.typ, t.target, t.namespace = t.keep(h.typ), t.keep(or(h.name, h.id)), t.keep(h.namespace)
	t.id, t.named = t.keep(h.id), len(h.id) > 0
	if string(h.typ) == string(containerType) {
		t.life = lifeKey(h.id)
	}
}

// keep copies b behind the text, unless it is there.
func (t *card) keep(b []byte) part {
	if at := bytes.Index(t.text, b); at >= 0 {
		return part{int16(at), int16(at + len(b))}
	}
	from := len(t.text)
	t.text = append(t.text, b...)
	return part{int16(from), int16(len(t.text))}
}

// add notes that something was done to t's container, and returns which of its
// deeds it is.
func (c *cards) add(t *card, what uint16) int {
	if t.count == maxDeeds {
		t.count--
		c.giveBack(t, int(t.count))
	}
	n := int(t.count)
	t.count++
	t.deeds[n], t.probes[n] = what, 0
	if t.named {
		t.probes[n] = execKey(t.told(t.id), c.deeds[what].command)
	}
	return n
}

// known is the number of the deed with that action and those attributes.
func (c *cards) known(k *sketch, extra []byte) (number uint16, ok bool) {
	number, ok = c.byHash[deedHash(k, extra)]
	if !ok {
		return 0, false
	}
	d := &c.deeds[number]
	return number, d.printed == (k.layout == printed) && d.is(k.action(), extra)
}

// deedHash is where to look for a deed.
func deedHash(k *sketch, extra []byte) uint64 {
	return mix(probeKey(k.action(), extra[:min(len(extra), 8)]), uint64(len(extra))<<2|uint64(k.layout)) | 1
}

// deed is the number of that of a line that was taken apart; false if it came for
// the first time.
func (c *cards) deed(k *sketch, at *cut, h *happening) (number uint16, ok bool) {
	extra := at.rest[at.extra.from:at.extra.to]
	if number, ok := c.known(k, extra); ok {
		return number, true
	}
	hash := deedHash(k, extra)
	if !again(&c.metDeeds[hash>>16%uint64(len(c.metDeeds))], hash) {
		return 0, false
	}
	if c.told += len(k.action()) + len(extra); len(c.deeds) == maxKinds || c.told > maxTold {
		c.forget()
		c.told = len(k.action()) + len(extra)
	}
	verb, _ := h.action()
	c.byHash[hash] = uint16(len(c.deeds))
	c.deeds = append(c.deeds, deed{printed: k.layout == printed, action: bytes.Clone(k.action()), extra: bytes.Clone(extra), hole: at.inExtra(),
		verb: bytes.Clone(verb), command: bytes.Clone(h.command()), turn: turns[string(verb)]})
	return uint16(len(c.deeds) - 1), true
}

// forget forgets all deeds.
func (c *cards) forget() {
	clear(c.byHash)
	clear(c.deeds)
	c.deeds = c.deeds[:0]
	for set := range c.sets {
		for _, t := range c.sets[set] {
			if t != nil {
				c.release(t)
			}
		}
	}
}

// release takes back the numbers of a card.
func (c *cards) release(t *card) {
	for ; t.count > 0; t.count-- {
		c.giveBack(t, int(t.count)-1)
	}
}

// giveBack takes back the numbers of the n-th deed of a card.
func (c *cards) giveBack(t *card, n int) {
	for k := range t.numbers {
		if number := t.numbers[k][n]; number > 0 {
			c.free = append(c.free, number)
			t.numbers[k][n] = 0
		}
	}
}

// likeness says that an event tells of the n-th deed of a card, in that role.
func (c *cards) likeness(t *card, n int, r role) parsers.Likeness {
	number := &t.numbers[r][n]
	if *number == 0 {
		*number = c.number()
		return parsers.Likeness{Number: int(*number), First: true, Loose: c.loose}
	}
	return parsers.Likeness{Number: int(*number), Loose: c.loose}
}

// number is one that nobody has; 0 if none is left.
func (c *cards) number() int32 {
	if n := len(c.free); n > 0 {
		number := c.free[n-1]
		c.free = c.free[:n-1]
		return number
	}
	if c.given == maxLikes {
		return 0
	}
	c.given++
	return c.given
}
