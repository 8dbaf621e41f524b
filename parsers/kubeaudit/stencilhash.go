package kubeaudit

import (
	"bytes"
	"hash/maphash"

	"tideline/parsers"
)

// Where to look for the stencils of a record is told by a hash of what does not
// change from one request of a client to its next: of as little as will do, since
// what differs within a hash is sorted out by few ways, and what differs beyond need
// is learned over and over.

var (
	auditIDKey   = []byte(`"auditID":"`)
	verbKey      = []byte(`","verb":"`)
	objectRefKey = []byte(`,"objectRef":{`)
	receivedKey  = []byte(`,"requestReceivedTimestamp":"`)
	beforeVerb   = [...][]byte{[]byte(`","stage":"`), []byte(`","requestURI":"`)}
	refKeys      = [...][]byte{[]byte(`"resource":"`), []byte(`,"namespace":"`), []byte(`,"name":"`)}
)

var quote = []byte{'"'}

const (
	auditIDSize = 36 // a UUID (RFC 9562, section 4)
	tokenSize   = 36 // the same
)

const (
	hashed         = 2048 // bytes within which the verb stands, and behind that the object
	unhashed       = 320  // at the end of records without an object, where the times may stand if not behind receivedKey
	stencilClasses = 16384
	classKinds     = 256
)

// A class is the records of one client that differ in the name of the object; two
// classes may share what is known of them. It tells whether that name helps to find
// their stencils: where somebody looks at names there is a stencil for each, and else
// one for all.
type class struct {
	open, shut uint32 // stencils with a hole for the name, and without, that were made or stood in the way
	nameless   bool   // the name does not help
	kind       *class // of all classes with this verb and resource, while this one is new: what it begins as
}

// count counts a stencil. A class does not change its mind for little, since all
// its stencils are lost then.
func (c *class) count(open bool) {
	if c.kind != nil {
		c.kind.count(open)
		c.kind = nil
	}
	if open {
		c.open++
	} else {
		c.shut++
	}
	switch {
	case c.shut > 2*c.open:
		c.nameless = false
	case c.open > 4*c.shut+1:
		c.nameless = true
	}
}

// hashOf is where to look for the stencils of a record; 0: it can have none. It
// is of what stands before the object, without the query, and without the name of
// the object as long as nobody looks at that.
func (s *stencils) hashOf(rec *parsers.Record, data []byte) uint64 {
	if s.off || rec.Cut || len(data) < 256 {
		return 0
	}
	from := s.behindID(data)
	if from < 0 {
		return 0
	}
	path, who, ref := headParts(data[from:])
	if path == nil {
		return 0
	}
	if !s.worth() {
		return 0
	}
	name, rest := nameIn(ref), []byte(nil)
	if at := segmentOf(path, name); at >= 0 {
		path, rest = path[:at], path[at+len(name):]
	} else {
		name = nil
	}
	h, verb := mix(maphash.Bytes(hashSeed, path), rest), who
	if at := bytes.IndexByte(who, tokenMark[1]); at > 0 && bytes.HasPrefix(who[at-1:], tokenMark) && len(who) > at+len(tokenMark)+tokenSize {
		h = mix(h, who[:at])
		who = who[at+len(tokenMark)+tokenSize:]
	}
	h = mix(h, who)
	if name == nil {
		return s.withName(h, nil, nil, nil)
	}
	verb, _, _ = bytes.Cut(verb[len(verbKey):], quote)
	resource, _, _ := bytes.Cut(bytes.TrimPrefix(ref, refKeys[0]), quote)
	return s.withName(h, name, verb, resource)
}

// hashOfHead is hashOf for a record that was read, whatever the order of its members.
func (s *stencils) hashOfHead(rec *parsers.Record, r *record) uint64 {
	if s.off || rec.Cut || len(r.data) < 256 || len(r.text(slotAuditID)) == 0 || !s.worth() {
		return 0
	}
	path, _, _ := bytes.Cut(r.head.Spelled(slotURI), []byte("?"))
	name, rest := r.text(slotName), []byte(nil)
	if at := segmentOf(path, name); at >= 0 {
		path, rest = path[:at], path[at+len(name):]
	} else {
		name = nil
	}
	h := mix(maphash.Bytes(hashSeed, path), rest)
	for _, slot := range [...]int{slotVerb, slotUser, slotAgent, slotResource, slotNamespace, slotCode} {
		h = mix(h, r.head.Spelled(slot))
	}
	for _, slot := range [...]int{slotIPs, slotPodName} {
		h = mix(h, r.first(slot))
	}
	return s.withName(h, name, r.text(slotVerb), r.text(slotResource))
}

// worth counts a record, and reports whether there were enough to have any stencils.
func (s *stencils) worth() bool {
	if s.met++; s.met < worthStencils {
		return false
	}
	if s.stencilTables == nil {
		s.stencilTables = new(stencilTables)
	}
	return true
}

// withName is a hash with the name of the object put in, where that helps. It sets the
// class.
func (s *stencils) withName(h uint64, name, verb, resource []byte) uint64 {
	s.class = nil
	if name == nil {
		return h | 1
	}
	if s.class = &s.classes[h>>20%stencilClasses]; s.class.open|s.class.shut == 0 && s.class.kind == nil {
		s.class.kind = &s.kinds[mix(maphash.Bytes(hashSeed, verb), resource)>>20%classKinds]
		s.class.nameless = s.class.kind.nameless
	}
	if !s.class.nameless {
		h = mix(h, name)
	}
	return h | 1
}

// mix adds a text to a hash.
func mix(h uint64, text []byte) uint64 { return h*0x9e3779b97f4a7c15 ^ maphash.Bytes(hashSeed, text) }

// Which stencils are found changes no report, and so may the seed differ from run to
// run: who writes a log cannot make his records meet.
var hashSeed = maphash.MakeSeed()

// behindID is the position behind the audit ID, -1 if that does not stand where API
// servers write it.
func (s *stencils) behindID(data []byte) int {
	at := s.idAt
	if !bytes.HasPrefix(data[at:], auditIDKey) {
		if at = bytes.Index(data[:160], auditIDKey); at < 0 {
			return -1
		}
		s.idAt = at
	}
	if at += len(auditIDKey) + auditIDSize; data[at] != '"' {
		return -1
	}
	return at
}

// headParts are what stands behind the audit ID: up to the path of the URI, from the
// verb to the reference to the object, and that. path is nil if they do not stand
// where API servers write them; ref is nil if there is none.
func headParts(data []byte) (path, who, ref []byte) {
	verb := verbIn(data[:min(len(data), hashed)])
	if verb < 0 {
		return nil, nil, nil
	}
	path, who = data[:verb], data[verb:]
	if query := bytes.IndexByte(path, '?'); query >= 0 {
		path = path[:query]
	}
	for from := 0; ; {
		// Where no object is, the times must not be hashed.
		at := bytes.IndexByte(who[from:min(len(who), hashed)], objectRefKey[rare])
		if at < 0 {
			return path, beforeTimes(who), nil
		}
		if at += from; at >= rare && bytes.HasPrefix(who[at-rare:], objectRefKey) {
			return path, who[:at-rare], who[at-rare+len(objectRefKey):]
		}
		from = at + 1
	}
}

// verbIn is where what stands before the verb does, in what stands behind the audit ID;
// -1: not there where API servers write it, behind stage and URI.
func verbIn(data []byte) int {
	at := 0
	for _, key := range beforeVerb {
		if !bytes.HasPrefix(data[at:], key) {
			return -1
		}
		at += len(key)
		end := bytes.IndexByte(data[at:], '"')
		if end < 0 {
			return -1
		}
		at += end
	}
	if !bytes.HasPrefix(data[at:], verbKey) {
		return -1
	}
	return at
}

// beforeTimes is the part of a record without an object up to where its times stand.
func beforeTimes(who []byte) []byte {
	who = who[:min(len(who), hashed)]
	if at := bytes.Index(who, receivedKey); at >= 0 {
		return who[:at]
	}
	return who[:max(0, len(who)-unhashed)]
}

// rare is where in objectRefKey a letter stands that is rare before it.
const rare = len(`,"object`)

// nameIn is the name of an object in a reference as API servers write it, nil if it
// has none.
func nameIn(ref []byte) []byte {
	for _, key := range refKeys {
		if !bytes.HasPrefix(ref, key) {
			continue
		}
		ref = ref[len(key):]
		end := bytes.IndexByte(ref[:min(len(ref), maxObjectName+1)], '"')
		if end <= 0 {
			return nil
		}
		if &key[0] == &refKeys[len(refKeys)-1][0] {
			return ref[:end]
		}
		ref = ref[end+1:]
	}
	return nil
}
