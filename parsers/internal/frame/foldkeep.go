package frame

import "bytes"

// foldMember is how many bytes are kept of a member behind the head of a folded
// object.
const foldMember = 64 << 10

// keeps are the members of a folded object that are kept behind its head. Those of
// names that records are not known by have half of the room at most: who pads a
// record with keys hides none that counts.
type keeps struct {
	out     []byte
	room    int  // bytes that out may have, with the bracket that ends it
	strange int  // so many of them are left for members of unknown names
	most    int  // bytes of a member
	first   bool // no member stands before out
}

func newKeeps(room int, closing []byte) keeps {
	return keeps{out: closing, room: room, strange: room / 2, most: max(1, min(foldMember, room/4))}
}

// add keeps a member, if there is room for it.
func (k *keeps) add(text []byte) {
	text = bytes.TrimLeft(text, ", \t\r\n")
	size := len(text) + 1
	known := recordNames[nameOf(text)]
	if len(text) == 0 || len(k.out)+size >= k.room || !known && size > k.strange {
		return
	}
	if !known {
		k.strange -= size
	}
	if !k.first {
		k.out = append(k.out, ',')
	}
	k.first = false
	k.out = append(k.out, text...)
}

// nameOf is the key that a member begins with.
func nameOf(text []byte) string {
	if len(text) == 0 || text[0] != '"' {
		return ""
	}
	if i := bytes.IndexByte(text[1:], '"'); i >= 0 {
		return string(text[1 : 1+i])
	}
	return ""
}

// recordNames are the names of the members that say who did what and when, in
// records and in what they are wrapped in.
var recordNames = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range []string{
		// audit.k8s.io, Event
		"kind", "apiVersion", "metadata", "level", "timestamp", "auditID", "stage", "requestURI", "verb", "user", "impersonatedUser",
		"sourceIPs", "userAgent", "objectRef", "responseStatus", "requestObject", "responseObject", "requestReceivedTimestamp",
		"stageTimestamp", "annotations",
		// Docker: events, inspect
		"status", "id", "from", "Type", "Action", "Actor", "scope", "time", "timeNano",
		"Id", "Name", "Created", "Path", "Args", "State", "Config", "HostConfig", "Image", "Mounts",
		// envelopes
		"log", "stream", "message", "MESSAGE", "@timestamp", "_raw", "_source", "kubernetes", "hostname", "host", "properties",
		"protoPayload", "resource", "insertId", "logName", "receiveTimestamp", "operation", "labels",
	} {
		m[name] = true
	}
	return m
}()

// closed says how to end text, the beginning of a member or of the whole object, of
// which w has walked through the last byte: so many bytes of it, and what closes
// all that is open in it but the outermost object. Of a string of some length the
// beginning stays; half a name or address would be another one.
func (w *walker) closed(text []byte) (n int, closing []byte) {
	want := w.want
	if want == inString || want == inKey {
		at := openQuote(text)
		switch cut := len(text) - openEscape(text); {
		case cut-at <= shortString:
			text, want = text[:at], wantBefore[want]
		case want == inString:
			text, closing = text[:cut], []byte{'"'}
		default:
			text, closing = text[:cut], []byte(`":null`)
		}
	}
	switch want {
	case wantColon:
		closing = []byte(":null")
	case inLiteral:
		text, closing = bytes.TrimRightFunc(text, func(r rune) bool { return r < 0x80 && literal[r] }), []byte("null")
	case wantValue, wantKey:
		if text = bytes.TrimRight(text, " \t\r\n"); bytes.HasSuffix(text, []byte{','}) {
			text = text[:len(text)-1]
		} else if want == wantValue && !bytes.HasSuffix(text, []byte{'['}) {
			closing = []byte("null")
		}
	}
	for depth := w.depth; depth > 1; depth-- {
		if w.objectAt(depth) {
			closing = append(closing, '}')
		} else {
			closing = append(closing, ']')
		}
	}
	return len(text), closing
}

// wantBefore is what was awaited where a string, or a key, begins.
var wantBefore = map[want]want{inString: wantValue, inKey: wantKey}

// shortString is up to what length a string of which the end is missing is left out.
const shortString = 1 << 10

// openQuote is where the string begins that has no end in text.
func openQuote(text []byte) int {
	for end := len(text); ; {
		at := bytes.LastIndexByte(text[:end], '"')
		before := bytes.TrimRight(text[:max(at, 0)], `\`)
		if (at-len(before))%2 == 0 || at < 0 {
			return max(at, 0)
		}
		end = at
	}
}

// openEscape is the length of the escape at the end of text, within a string, of
// which the end is missing; 0 if there is none.
func openEscape(text []byte) int {
	const longest = len(`\u0000`)
	for n := 1; n < longest && n <= len(text); n++ {
		if text[len(text)-n] != '\\' {
			continue
		}
		before := bytes.TrimRight(text[:len(text)-n], `\`)
		switch slants := len(text) - n - len(before); {
		case slants%2 == 1: // it is the letter of another escape
			return 0
		case n == 1 || text[len(text)-n+1] == 'u':
			return n
		}
		return 0
	}
	return 0
}
