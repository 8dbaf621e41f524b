package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// maxItems is the most fields that journald gives an entry.
const maxItems = 1024

// Why fields of an entry are missing, beside damage of their payload.
var (
	errReference = errors.New("an entry refers to a place where no data is")
	errName      = errors.New("a data object is not NAME=value, or has a name that journald does not write")
	errItems     = fmt.Errorf("an entry of more than %d fields, which journald does not write", maxItems)
	errEmpty     = errors.New("an entry without a field")
	errRecord    = errors.New("an entry longer than --max-record, of which the head was read")
	errBudget    = errors.New("a journal whose entries repeat their fields far more than its size explains: long fields are given by their head")
)

// entry makes p the record of an ENTRY object.
func (c *Cutter) entry(p *frame.Piece, o object) {
	c.entries++
	a, items := c.readEntry(o)
	c.line.reset()
	var lost error
	for _, to := range items {
		lost = first(lost, c.take(to))
	}
	switch {
	case (o.size-entryHead)/c.layout.item > maxItems:
		lost = first(lost, errItems)
	case o.off+o.size > c.store.size:
		lost = first(lost, io.ErrUnexpectedEOF)
	case len(items) == 0:
		lost = first(lost, errEmpty)
	}
	c.record(p, a, parsers.Pos{Line: c.entries, Offset: o.off, Length: min(o.size, c.store.size-o.off)})
	if lost != nil {
		c.lose(p, "journal.field_lost", lost)
	}
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// record makes p a record of the fields in c.line.
func (c *Cutter) record(p *frame.Piece, a *address, at parsers.Pos) {
	*p = frame.Piece{Kind: frame.Record}
	p.Other = Other(c.line.get) // before spell gives the fields another order
	p.Record.Data = c.line.spell(a)
	p.Record.Raw = p.Record.Data
	p.Record.Pos = at
}

// lose says of a record that some of it is missing.
func (c *Cutter) lose(p *frame.Piece, code string, why error) {
	p.Code, p.Reason, p.Lost, p.Other = code, "fields of an entry could not be read, the others were: "+why.Error(), true, ""
}

// readEntry reads what an ENTRY object says, as far as it goes.
func (c *Cutter) readEntry(o object) (*address, []int64) {
	n := min((o.size-entryHead)/c.layout.item, maxItems)
	b := c.store.at(o.off, entryHead+n*c.layout.item)
	c.items = c.items[:0]
	if len(b) < entryHead {
		return nil, nil
	}
	a := &c.address
	*a = address{
		seqnum: binary.LittleEndian.Uint64(b[16:]), realtime: binary.LittleEndian.Uint64(b[24:]),
		monotonic: binary.LittleEndian.Uint64(b[32:]), xor: binary.LittleEndian.Uint64(b[56:]), seqnumID: c.header.seqnumID,
	}
	copy(a.boot[:], b[40:])
	for b = b[entryHead:]; int64(len(b)) >= c.layout.item; b = b[c.layout.item:] {
		c.items = append(c.items, c.layout.offset(b))
	}
	return a, c.items
}

// take adds the field in the DATA object at off to the line.
func (c *Cutter) take(off int64) error {
	payload, err := c.payload(off)
	n := fieldName(payload)
	if n == 0 {
		return first(err, errName)
	}
	name, value := payload[:n], payload[n+1:]
	if len(name) > 1 && name[0] == '_' && name[1] == '_' { // those of the entry itself
		return errName
	}
	if room := c.max - len(c.line.text); len(value) > room {
		value, err = value[:max(room, 0)], errRecord
	}
	if c.spent += int64(len(payload)); c.spent > c.budget && len(value) > shortValue {
		value, err = value[:shortValue], errBudget
	}
	c.line.add(name, value)
	return err
}

// What the entries of one journal may come to, spelled out: so much, and so many
// times its size. Beyond that only the first bytes of a value are given.
const (
	budgetBase  = 1 << 30
	budgetRatio = 64
	shortValue  = 512
)

// payload returns NAME=value of the DATA object at off, with an error as far as
// it can be read. It is valid until the next call.
func (c *Cutter) payload(off int64) ([]byte, error) {
	slot := &c.cache[uint64(off)/8%cacheSlots]
	if slot.off == off && off > 0 {
		return slot.payload, nil
	}
	o, ok := c.head(off)
	if !ok || off%8 != 0 || o.kind != typeData || o.size <= c.layout.payload {
		return nil, errReference
	}
	want := o.size - c.layout.payload
	method := compression(o.flags)
	b := c.store.at(off+c.layout.payload, min(want, maxField))
	var err error
	switch {
	case off+o.size > c.store.size:
		err = io.ErrUnexpectedEOF
	case want > maxField:
		err = errLong
	}
	if method != plain {
		var failed error
		b, failed = c.unpacker.unpack(method, b)
		err = first(err, failed)
	} else if c.store.file == nil {
		return b, err // as cheap as the cache
	}
	if err == nil && len(b) <= cacheLong {
		slot.off, slot.payload = off, append(slot.payload[:0], b...)
	}
	return b, err
}

// The fields that most entries share are short: cacheSlots of at most cacheLong
// bytes are kept.
const (
	cacheSlots = 4096
	cacheLong  = 512
)

type cached struct {
	off     int64
	payload []byte
}

// readPrograms are those whose entries some format should know.
var readPrograms = map[string]bool{
	"dockerd": true, "docker": true, "docker-current": true, "docker-containerd": true, "containerd": true, "podman": true,
	"conmon": true, "crio": true, "audit": true, "auditd": true, "audisp": true, "audispd": true, "audisp-syslog": true,
	"kube-apiserver": true, "k3s": true, "rke2": true, "laurel": true, "go-audit": true, "auditbeat": true, "osqueryd": true,
}

// Other says whose an entry is, of which get returns the fields, if that is no program of
// which we read logs; "" if it is, so that an entry which no format knows is a gap.
func Other(get func(name string) []byte) string {
	for _, name := range []string{"_AUDIT_TYPE", "PODMAN_EVENT", "CONTAINER_ID", "CONTAINER_ID_FULL", "CONTAINER_NAME"} {
		if get(name) != nil {
			return ""
		}
	}
	program := get("SYSLOG_IDENTIFIER")
	if readPrograms[string(program)] || readPrograms[string(get("_COMM"))] {
		return ""
	}
	if len(program) == 0 {
		program = get("_COMM")
	}
	return fmt.Sprintf("entries of programs whose logs are not looked at, the first of %.64q", program)
}
