package auditd

import (
	"bytes"
	"encoding/binary"
	"time"

	"tideline/parsers"
)

// twins tell which events are alike for the rules and for the statistics: most
// of a log is a few commands and calls again and again, that differ in their
// process ids, inodes and registers, in paths that no rule asks for and
// addresses that no rule knows. An event is written down as the numbers of the
// texts that matter; events written alike are twins, and are neither made nor
// matched again. Of the benchmark's log nine in ten are, at a fifth of the cost.
type twins struct {
	rules  parsers.Conditions // nil: twins are of no use
	texts  numbers
	keys   numbers
	key    []byte // of the event in hand
	values [][]byte

	origin parsers.Origin // of the last event
	number uint32         // of that origin

	// Columns that rules ask for, by what they are made of.
	exit, names               []int
	parent, address           []madeOf
	registers                 [4][]int
	item, inode, title, opens bool
}

// madeOf is a column and the values it is made of.
type madeOf struct {
	column int
	special
}

// Kinds of texts, above those of record types.
const (
	ofNode uint32 = 1<<16 + iota
	ofCall
	ofExit
	ofRegister
	ofTail
	ofName
	ofNameRest
	ofFamily
	ofIP
	ofPort
	ofSocketPath
	ofContainer
	ofParent
)

// Limits: what is beyond them has no twin.
const (
	maxTwinRecords = 12
	maxTwinText    = 4 << 10
)

// newTwins finds out what rules ask for. Rules that search for keywords, or
// look at what differs between twins, leave no events alike.
func newTwins(rules parsers.Conditions, columns []column, names *nameTable) (t twins) {
	if rules == nil || rules.Keywords() {
		return t
	}
	for i, c := range columns {
		if !rules.Asked(i) {
			continue
		}
		switch c.special {
		case theName, thePath:
			t.names = append(t.names, i)
		case theProctitle:
			t.title = true
		case theExit:
			t.exit = append(t.exit, i)
		case theOpenWrite:
			t.opens = true
		case theParentBase, theParentExe, theParentLine, theParentUser:
			t.parent = append(t.parent, madeOf{i, c.special})
		case theSockFamily, theSockIP, theSockPort, theSockPath, theDestIP, theDestPort:
			t.address = append(t.address, madeOf{i, c.special})
		case theProcessID, theParentID:
			return twins{}
		}
		switch c.id {
		case idPid, idPpid, idItems, idSaddr, idSADDR:
			return twins{}
		case idItem:
			t.item = true
		}
		t.inode = t.inode || names.names[c.id] == "inode"
		if c.id >= idA0 && c.id <= idA3 {
			t.registers[c.id-idA0] = append(t.registers[c.id-idA0], i)
		}
	}
	t.rules = rules
	return t
}

// of is the number of the event of a reading, 0 if it has no twins.
func (t *twins) of(rd *reading) uint32 {
	g := rd.g
	if t.rules == nil || len(g.recs) > maxTwinRecords || len(g.raws) != len(g.recs) || g.stamp.has&hasTime == 0 || g.crowded || g.local {
		return 0
	}
	origin := g.origin
	origin.Time = time.Time{} // of the envelope
	if origin != t.origin {
		t.origin = origin
		t.number++
	}
	t.key = t.key[:0]
	t.put(t.number)
	t.text(ofNode, g.text(g.node))
	t.lineage(rd)
	for i := range g.recs {
		r := &g.recs[i]
		if r.number == 0 || r.form != rawForm || r.body.len() > maxTwinText || !t.record(rd, r) {
			return 0
		}
	}
	return t.keys.of(0, t.key).number
}

func (t *twins) put(n uint32) { t.key = binary.LittleEndian.AppendUint32(t.key, n) }

func (t *twins) text(kind uint32, text []byte) { t.put(t.texts.of(kind, text).number) }

// inert reports whether a value may stand for any other in columns.
func (t *twins) inert(columns []int, value []byte) bool {
	for _, c := range columns {
		if !t.rules.Inert(c, value) {
			return false
		}
	}
	return true
}

// record writes a record down; it reports false if it has no twins.
func (t *twins) record(rd *reading, r *record) bool {
	body := rd.g.text(r.body)
	t.put(uint32(r.number)) // what follows it can be told from it, and from what it begins with
	switch {
	case r == rd.sys:
		return t.call(rd, r)
	case rd.sys == nil:
		t.text(uint32(r.number), afterPid(body))
	case r.is(typePath):
		t.path(body)
	case r.is(typeSockaddr):
		t.socket(rd)
	case r.is(typeProctitle) && !t.title && !isExec(rd.syscall):
		// nobody looks at it
	default:
		t.text(uint32(r.number), body)
	}
	return true
}

// afterPid is the body of a record of user space without the process id that
// it begins with.
func afterPid(body []byte) []byte {
	rest, ok := bytes.CutPrefix(body, []byte(" pid="))
	if !ok {
		return body
	}
	if n, end := digits(rest, 0); n > 0 && end < len(rest) && rest[end] == ' ' {
		return rest[end:]
	}
	return body
}

// call writes a SYSCALL record down: the call and its success, what it
// returned, its registers if somebody asks, and all that stands behind the
// process ids.
func (t *twins) call(rd *reading, r *record) bool {
	g := rd.g
	fields := g.of(r)
	if r.shape == nil {
		return false
	}
	success, tail := r.shape.parts()
	if tail == 0 {
		return false
	}
	t.text(ofCall, g.buf[fields[0].name.at:fields[success].value.end])
	t.returned(g.value(r, idExit))
	if t.opens {
		writes, known := rd.opensForWriting()
		t.flags(writes, known)
	}
	for i, columns := range t.registers {
		if len(columns) > 0 {
			t.orInert(ofRegister+uint32(i)<<8, columns, g.value(r, idA0+nameID(i)))
		}
	}
	t.text(ofTail, g.buf[fields[tail].name.at:r.body.end])
	return true
}

// returned writes the exit value down. Errors decide the outcome.
func (t *twins) returned(exit []byte) {
	if len(exit) == 0 || exit[0] < '0' || exit[0] > '9' {
		t.text(ofExit, exit)
		return
	}
	t.orInert(ofExit, t.exit, exit)
}

// orInert writes a value down, or that it is one of those that no rule knows.
func (t *twins) orInert(kind uint32, columns []int, value []byte) {
	if value != nil && t.inert(columns, value) {
		t.put(0)
		return
	}
	t.text(kind, value)
}

func (t *twins) flags(list ...bool) {
	n := uint32(0)
	for i, b := range list {
		if b {
			n |= 1 << i
		}
	}
	t.put(n)
}

// lineage writes down where the process comes from.
func (t *twins) lineage(rd *reading) {
	l := &rd.lineage
	t.flags(l.inside, len(l.container) > 0, l.parent != nil)
	if len(l.container) > 0 {
		t.text(ofContainer, l.container)
	}
	if l.parent != nil && len(t.parent) > 0 {
		t.put(t.parentClass(rd, l.parent))
	}
}

// parentClass is a number for what rules can see of a parent.
func (t *twins) parentClass(rd *reading, p *proc) uint32 {
	if p.class != 0 {
		return p.class
	}
	p.class = t.texts.of(ofParent, nil).number
	if len(p.exe) == 0 {
		return p.class
	}
	seen := []byte{0}
	if p.hasLine {
		seen[0] |= 1
	}
	if len(p.user) > 0 {
		seen[0] |= 2
	}
	for _, c := range t.parent {
		t.values = rd.lineageFields(t.values[:0], c.special)
		for _, v := range t.values {
			if !t.rules.Inert(c.column, v) {
				seen = append(append(append(seen, byte(c.special)), v...), 0)
			}
		}
	}
	p.class = t.texts.of(ofParent, seen).number
	return p.class
}

// socket writes the address of a call down.
func (t *twins) socket(rd *reading) {
	s := rd.socket()
	t.flags(s.family != nil, s.ip != nil, s.port != nil, s.path != nil)
	t.part(ofFamily, s.family, theSockFamily, theSockFamily)
	t.part(ofIP, s.ip, theSockIP, theDestIP)
	t.part(ofPort, s.port, theSockPort, theDestPort)
	t.part(ofSocketPath, s.path, theSockPath, theSockPath)
}

// part writes a part of an address down, unless no rule could know it.
func (t *twins) part(kind uint32, value []byte, one, other special) {
	for _, c := range t.address {
		if value != nil && (c.special == one || c.special == other) && !t.rules.Inert(c.column, value) {
			t.text(kind, value)
			return
		}
	}
	t.put(0)
}

// path writes a PATH record down, without its inode, and with its name only if
// a rule could know it.
func (t *twins) path(body []byte) {
	item, name, rest, ok := cutPath(body)
	if !ok || t.inode {
		t.text(uint32(typePath), body)
		return
	}
	if t.item {
		t.text(ofNameRest, item)
	}
	end := t.texts.of(ofNameRest, rest)
	if end.class == 0 {
		end.class = 1
		if bytes.Contains(rest, []byte(" nametype=NORMAL")) && bytes.Count(rest, []byte("nametype=")) == 1 {
			end.class = 2
		}
	}
	normal := end.class == 2
	t.put(end.number)
	n := t.texts.of(ofName, name)
	if n.class == 0 {
		number := n.number
		n.class = number
		if plain := quotedName(name); plain != nil && isClean(plain) && t.inert(t.names, plain) {
			n.class = 1<<31 | 1
		}
	}
	if normal {
		t.put(n.class)
	} else {
		t.put(n.number)
	}
}

// quotedName is what stands between quotes if it is an absolute path, else nil.
func quotedName(value []byte) []byte {
	if len(value) > 2 && value[0] == '"' && value[1] == '/' {
		return value[1 : len(value)-1]
	}
	return nil
}

// cutPath cuts the body of a PATH record as the kernel writes it into its item
// number, its name as it stands, and what follows the inode.
func cutPath(body []byte) (item, name, rest []byte, ok bool) {
	const first, second, third = " item=", " name=", " inode="
	if !bytes.HasPrefix(body, []byte(first)) {
		return nil, nil, nil, false
	}
	_, end := digits(body, len(first))
	item = body[len(first):end]
	if body = body[end:]; !bytes.HasPrefix(body, []byte(second)) {
		return nil, nil, nil, false
	}
	body = body[len(second):]
	if byteAt(body, 0) == '"' {
		end = quoteEnd(body, 1) + 1
	} else {
		end = bareEnd(body, 0)
	}
	if end > len(body) || !bytes.HasPrefix(body[end:], []byte(third)) {
		return nil, nil, nil, false
	}
	name, body = body[:end], body[end+len(third):]
	_, end = digits(body, 0)
	if end == 0 || byteAt(body, end) != ' ' || end == len(body) {
		return nil, nil, nil, false
	}
	return item, name, body[end:], true
}
