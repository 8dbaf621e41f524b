package dockerevents

import "bytes"

// readText reads an event in one of the forms for people:
//
//	2025-03-01T10:00:00.123456789+08:00 container create 0fdb... (image=alpine, name=web)
//	2014-05-10T17:42:14.999999999Z 4386fb97867d: (from ubuntu:14.04) die      (up to 1.9)
//	[2013-09-03 15:49:26 +0200 CEST] 4386fb97867d: (from 12de384bfb10) start  (up to 1.2)
//	2019-03-02 10:33:42.312377447 -0600 CST container create 0fdb... (...)    (podman)
//	2025-03-01 10:00:00.123456 container create 0fdb... (...)                 (compose)
//	2025-03-01 10:00:00.1 +0000 UTC k8s.io /tasks/exec-added {"container_id":"..."}
//	Type=container  Status=create  ID=0fdb...                                 (a template of the manual's)
//
// cut says that the end is missing.
func (h *happening) readText(s []byte, cut bool) bool {
	if bytes.HasPrefix(s, []byte("Type=")) {
		return h.readTemplate(s)
	}
	if len(s) > 0 && s[0] == '[' {
		end := bytes.IndexByte(s[:min(len(s), 64)], ']')
		if end < 0 {
			return false
		}
		h.time = stamp(s[1:end])
		return !h.time.IsZero() && h.readOld(bytes.TrimLeft(s[end+1:], " "), cut)
	}
	t, rest, ok := leadingStamp(s)
	if !ok {
		return false
	}
	h.time = t
	first, after := word(rest)
	switch {
	case len(after) == 0:
	case types[string(first)]:
		h.typ = first
		return h.readNew(after, cut)
	case after[0] == '/':
		return h.readTopicLine(first, after)
	}
	return h.readOld(rest, cut)
}

// word cuts off the first word of s.
func word(s []byte) (w, rest []byte) {
	n := bytes.IndexByte(s, ' ')
	if n < 0 {
		return s, nil
	}
	return s[:n], bytes.TrimLeft(s[n:], " ")
}

// readNew reads what follows the type: action, id, attributes. Commands of an
// exec are not quoted and may contain anything, so that there the id is the
// last thing before a bracket that looks like one.
func (h *happening) readNew(s []byte, cut bool) bool {
	action, rest := word(s)
	closed := s[len(s)-1] == ')'
	if verb, _ := split(action); !actionsKnown[string(verb)] && !closed {
		return false
	}
	if action[len(action)-1] != ':' {
		id, attrs := word(rest)
		if len(id) > 0 && id[0] == '(' {
			id, attrs = nil, rest // an event of the daemon has no id in some versions
		}
		if cut && attrs == nil {
			id = nil // it may be incomplete
		}
		h.actions, h.id = append(h.actions, podmanAction(h.typ, action)), id
		h.readAttributes(attrs)
		if string(h.typ) == "image" && len(attrs) > 0 && attrs[0] != '(' && !cut {
			h.name = attrs // podman's
		}
		return true
	}
	from, to := idBeforeBracket(s)
	switch {
	case from > 0:
		h.id = s[from:to]
		h.readAttributes(s[to+1:])
		s = bytes.TrimRight(s[:from], " ")
	case !cut:
		// Without attributes the id is the last word.
		if n := bytes.LastIndexByte(s, ' '); n > 0 && isID(s[n+1:]) {
			h.id, s = s[n+1:], bytes.TrimRight(s[:n], " ")
		}
	}
	h.actions = append(h.actions, s)
	return true
}

// idBeforeBracket finds the last word that can be an id and is followed by " (".
func idBeforeBracket(s []byte) (from, to int) {
	for end := len(s); ; {
		to = bytes.LastIndex(s[:end], []byte(" ("))
		if to < 0 {
			return -1, -1
		}
		from = bytes.LastIndexByte(s[:to], ' ') + 1
		if isID(s[from:to]) {
			return from, to
		}
		end = to
	}
}

// isID reports whether a word is an id of 64 or 12 digits, or one that a manual
// shortened ("0fdb...ff37").
func isID(w []byte) bool {
	digits, dots := 0, 0
	for _, c := range w {
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
			digits++
		case c == '.':
			dots++
		default:
			return false
		}
	}
	return dots == 0 && (digits == 64 || digits == 12) || dots == 3 && digits >= 4 && len(w) < 32
}

// readAttributes reads "(k=v, k=v)". A value may contain ", " and "="; it ends
// where a comma is followed by a key.
func (h *happening) readAttributes(s []byte) {
	if len(s) == 0 || s[0] != '(' {
		return
	}
	s = bytes.TrimSuffix(s[1:], []byte(")"))
	for len(s) > 0 {
		n := nextKey(s)
		key, value, _ := bytes.Cut(s[:n], []byte("="))
		h.pairs = append(h.pairs, pair{key, value})
		s = bytes.TrimPrefix(s[n:], []byte(", "))
	}
	h.fromPairs()
}

// nextKey is the length of the first attribute of s.
func nextKey(s []byte) int {
	for i := 0; ; {
		n := bytes.Index(s[i:], []byte(", "))
		if n < 0 {
			return len(s)
		}
		if i += n; startsWithKey(s[i+2:]) {
			return i
		}
		i += 2
	}
}

func startsWithKey(s []byte) bool {
	for i, c := range s {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', c == '_', c == '.', c == '/', c == '-':
		default:
			return c == '=' && i > 0
		}
	}
	return false
}

// fromPairs takes the attributes that every event is described by. Labels of
// the container stand among them; the engine sets name and image last.
func (h *happening) fromPairs() {
	for _, p := range h.pairs {
		switch string(p.key) {
		case "name":
			h.name = p.value
		case "image":
			h.image = p.value
		case "container":
			h.target = p.value
		case "io.kubernetes.pod.name":
			h.pod = p.value
		case "io.kubernetes.pod.namespace":
			h.namespace = p.value
		case "io.kubernetes.container.name":
			h.container = p.value
		}
	}
}

// readOld reads what follows the time up to engine 1.9: "ID: (from IMAGE)
// ACTION", without the bracket for images.
func (h *happening) readOld(s []byte, cut bool) bool {
	id, rest, ok := bytes.Cut(s, []byte(": "))
	if !ok {
		return false
	}
	n := bytes.LastIndexByte(id, ' ') + 1
	if len(bytes.Trim(id[:n], "0123456789 ")) > 0 {
		return false
	}
	id = id[n:]
	from := false
	if image, ok := bytes.CutPrefix(rest, []byte("(from ")); ok {
		n := bytes.IndexByte(image, ')')
		if n < 0 {
			return false
		}
		h.image, rest, from = image[:n], bytes.TrimLeft(image[n+1:], " "), true
	}
	verb, detail := split(rest)
	if bytes.IndexByte(verb, ' ') >= 0 || len(verb) == 0 || len(id) == 0 {
		return false
	}
	if !actionsKnown[string(verb)] || !from && !isID(id) && !(imageActions[string(verb)] && detail == nil) {
		return false
	}
	if cut && detail == nil {
		return false // the word may be incomplete
	}
	h.id, h.typ = id, typeOf(rest)
	if from {
		h.typ = containerType
	}
	h.actions = append(h.actions, rest)
	return true
}

// readTopicLine reads an event as ctr prints it: namespace, topic, JSON.
func (h *happening) readTopicLine(namespace, s []byte) bool {
	topic, event := word(s)
	if len(event) == 0 || event[0] != '{' || bytes.Count(topic, []byte("/")) < 2 {
		return false
	}
	h.readTopic(topic)
	h.pairs = append(h.pairs, pair{[]byte("namespace"), namespace}, pair{[]byte("event"), event})
	h.id = containerID(event)
	return true
}

// readTemplate reads the output of a template that names its parts.
func (h *happening) readTemplate(s []byte) bool {
	for len(s) > 0 {
		n := nextPart(s)
		key, value, ok := bytes.Cut(bytes.TrimRight(s[:n], " "), []byte("="))
		if !ok {
			return false
		}
		switch string(key) {
		case "Type":
			h.typ = value
		case "Status", "Action":
			h.actions = append(h.actions, value)
		case "ID", "Actor.ID":
			h.id = value
		default:
			h.pairs = append(h.pairs, pair{key, value})
		}
		s = bytes.TrimLeft(s[n:], " ")
	}
	h.fromPairs()
	return types[string(h.typ)] && len(h.actions) > 0
}

// nextPart is the length of the first part of a template's output: up to a blank
// before a name that has a value. Of a command, which has blanks and may set
// variables, only two blanks or the id end it.
func nextPart(s []byte) int {
	command := bytes.HasPrefix(s, []byte("Status=exec_")) || bytes.HasPrefix(s, []byte("Action=exec_"))
	for i := 0; ; {
		n := bytes.IndexByte(s[i:], ' ')
		if n < 0 {
			return len(s)
		}
		i += n
		rest := bytes.TrimLeft(s[i:], " ")
		gap := len(s) - i - len(rest)
		if startsWithKey(rest) && (!command || gap > 1 || bytes.HasPrefix(rest, []byte("ID=")) || bytes.HasPrefix(rest, []byte("Actor.ID="))) {
			return i
		}
		i += gap
	}
}
