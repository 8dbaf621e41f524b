package dockerevents

import (
	"bytes"

	"tideline/parsers"
)

// A daemon says the same of the same containers over and over: health checks
// run, containers are healthy. Such lines differ in the time and in the id of the
// exec, and in nothing else. They are told from what was read before in two
// parts, since a host has many containers but does few things to them: a card is
// what all events of a container have in common, a deed what was done. A line that
// is a card and a deed, byte for byte but for times and exec id, needs no pass of
// its own, and of one with the same card and the same deed as another whoever gets
// the event is told that it is like that one (parsers.Likeness).
//
// Nothing is guessed. Both halves were cut out of lines that were read like any
// other, along the grammar of what engines write (see cut): a deed's action is the
// inside of a string, or words before an id, its attributes are whole members of a
// kind that no card has. So each means the same beside any other half. In the
// holes stand digits, which mean themselves, and no rule decides by what is in
// them. What a line changes of what the decoder knows, the rhythm of health
// checks, is changed all the same.
type card struct {
	base   *parsers.Origin // that the lines came with, without a time
	text   []byte          // the line without action, attributes of the event, and times; then what facts are made of
	twice  int16           // where in text the action comes again; 0: it does not
	split  int16           // where in text attributes of the event stand
	times  int16           // where in text the first time stands; the other is before behind
	behind int16
	end    int16    // of the line in text
	digits [2]int16 // of the times; text for people has none
	layout layout
	named  bool   // the container has an id
	missed uint8  // lines with its hash in a row that did not fit
	life   uint64 // the key of lives; 0: it is no container

	count   int8                   // of what was done
	deeds   [maxDeeds]uint16       // what was done, by number; those that are met most come to stand first
	numbers [roles][maxDeeds]int32 // of the likeness of each, by role; 0: of none yet
	probes  [maxDeeds]uint64       // the key of probes of each; 0: it cannot be of a rhythm

	typ, target, namespace, id part // in text, for the facts: see happening; what is empty is absent
	container                  parsers.Container
}

// A deed is an action with the attributes that are the event's own, not the
// container's: an exec has an id, and a process that ended an exit code.
type deed struct {
	printed bool   // in text
	action  []byte // as spelled
	extra   []byte // attributes as spelled, with what separates them from the next
	hole    span   // of extra: the id of the exec; empty if it has none
	verb    []byte
	command []byte // of an exec
	turn    turn   // of the life of a container
}

type span struct{ from, to int }

// A part is a span of a card's text.
type part struct{ from, to int16 }

const (
	cardSets = 2048
	cardWays = 4
	maxDeeds = 16      // of a card
	maxKinds = 4096    // deeds that are known before all is forgotten
	maxLikes = 1 << 16 // numbers of likenesses

	maxCards = 6 << 20 // bytes of the lines of cards
	maxTold  = 2 << 20 // bytes of deeds

	worthCards = 64 // lines of a log that is worth having any
)

// cards are the stencils of one decoder. They are made when a log turns out to be
// long enough, and cost a few MiB more than maxCards and maxTold at most.
type cards struct {
	off    bool // rules decide by what the holes hold
	loose  bool // somebody asks for it, once a rule matched
	met    int  // lines, up to worthCards
	next   uint8
	minute minute
	*cardTables
}

type cardTables struct {
	hashes   [cardSets][cardWays]uint64 // of sets, which are looked for there first
	sets     [cardSets][cardWays]*card
	seen     [cardSets]uint64  // hashes met once: a container must come twice to be worth a card
	byHash   map[uint64]uint16 // number of the latest deed of a deedHash
	deeds    []deed            // by number
	metDeeds [cardSets]uint64  // hashes of deeds met once
	bases    []*parsers.Origin
	bytes    int     // of the lines of cards
	told     int     // bytes of deeds
	free     []int32 // numbers that were given back
	given    int32   // numbers that were ever given out
}

// holeFields are the fields that see into the holes.
var holeFields = []string{"time", "timeNano", attributes + "execID"}

func newCards(o *parsers.Options) cards {
	sees := func(fields []string) bool {
		for _, f := range fields {
			for _, hole := range holeFields {
				if len(f) <= len(hole) && bytes.EqualFold([]byte(f), []byte(hole[:len(f)])) {
					return true // itself, or an object around it
				}
			}
		}
		return false
	}
	asking := o.Asking()
	return cards{off: sees(o.Fields[:asking]), loose: sees(o.Fields[asking:])}
}

// look sketches a record; false: it can have no stencil.
func (c *cards) look(rec *parsers.Record, k *sketch) bool {
	if c.off || rec.Cut {
		return false
	}
	if c.met < worthCards {
		c.met++
		return false
	}
	k.of(blankless(rec.Data), &c.minute)
	return k.hash != 0
}

// find returns the card that the line of k fits, and which of its deeds; nil if
// there is none.
func (c *cards) find(k *sketch, base *parsers.Origin) (*card, int) {
	if c.cardTables == nil {
		return nil, 0
	}
	set := k.hash >> 32 % cardSets
	for way, hash := range &c.hashes[set] {
		if hash != k.hash {
			continue
		}
		t := c.sets[set][way]
		extra, ok := t.fits(k)
		if !ok || !t.base.Same(base) {
			return nil, 0
		}
		t.missed = 0
		if n := c.did(t, k.action(), extra); n >= 0 {
			return t, n
		}
		if what, ok := c.known(k, extra); ok {
			return t, c.add(t, what)
		}
		return nil, 0
	}
	return nil, 0
}

// fits reports whether the line of k is t's but for the deed, and returns the
// attributes that are the event's own.
func (t *card) fits(k *sketch) (extra []byte, ok bool) {
	line, action := k.line[k.to:], k.action()
	twice, split, times, behind := int(t.twice), int(t.split), int(t.times), int(t.behind)
	own := len(line) - int(t.end+t.digits[0]+t.digits[1])
	if twice > 0 {
		own -= len(action)
	}
	if own < 0 || t.layout != k.layout {
		return nil, false
	}
	if twice > 0 {
		if string(line[:twice]) != string(t.text[:twice]) || string(line[twice:twice+len(action)]) != string(action) {
			return nil, false
		}
		line = line[len(action):]
	}
	if string(line[twice:split]) != string(t.text[twice:split]) {
		return nil, false
	}
	extra, line = line[split:split+own], line[own:]
	if string(line[split:times]) != string(t.text[split:times]) {
		return nil, false
	}
	line = line[t.digits[0]:]
	if string(line[times:behind]) != string(t.text[times:behind]) {
		return nil, false
	}
	return extra, string(line[behind+int(t.digits[1]):]) == string(t.text[behind:t.end])
}

// stamps are the two times of a line that fits t, seconds and nanoseconds.
func (t *card) stamps(line []byte) (seconds, nano []byte) {
	end := len(line) - int(t.end-t.behind)
	begin := end - int(t.digits[1]+t.behind-t.times)
	return line[begin-int(t.digits[0]) : begin], line[end-int(t.digits[1]) : end]
}

// did is which of t's deeds a line tells of; -1 if none such was read of t before.
func (c *cards) did(t *card, action, extra []byte) int {
	for i, number := range t.deeds[:t.count] {
		if !c.deeds[number].is(action, extra) {
			continue
		}
		if i > 0 {
			t.swap(i, i-1)
			i--
		}
		return i
	}
	return -1
}

// swap exchanges two deeds.
func (t *card) swap(i, j int) {
	t.deeds[i], t.deeds[j] = t.deeds[j], t.deeds[i]
	t.probes[i], t.probes[j] = t.probes[j], t.probes[i]
	for k := range t.numbers {
		t.numbers[k][i], t.numbers[k][j] = t.numbers[k][j], t.numbers[k][i]
	}
}

func (d *deed) is(action, extra []byte) bool {
	return len(extra) == len(d.extra) && string(action) == string(d.action) &&
		string(extra[:d.hole.from]) == string(d.extra[:d.hole.from]) && string(extra[d.hole.to:]) == string(d.extra[d.hole.to:]) &&
		hexadecimal(extra[d.hole.from:d.hole.to])
}

// told is what of a card facts are made of.
func (t *card) told(s part) []byte {
	if s.from == s.to {
		return nil
	}
	return t.text[s.from:s.to:s.to]
}

// facts are those of all events of t's container, but for what was done.
func (t *card) facts() parsers.Facts {
	return parsers.Facts{
		Actor: parsers.DockerClient, Outcome: parsers.Allowed, Kind: t.told(t.typ),
		Namespace: t.told(t.namespace), Target: t.told(t.target),
	}
}
