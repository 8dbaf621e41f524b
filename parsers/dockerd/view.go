package dockerd

import (
	"bytes"
	"strings"
)

// A lookup is where a field comes from.
type lookup uint8

const (
	byKey lookup = iota // a key of the line itself
	byMessage
	byVerb
	byURL
	byPath
	byQuery
	byStatus
	byBody
	byAction
	byCommand
	byContainer
	byImage
	byLevel
)

var lookups = map[string]lookup{
	"msg": byMessage, "message": byMessage, "method": byVerb, "http.method": byVerb, "request-url": byURL,
	"http.path": byPath, "http.query": byQuery, "status": byStatus, "docker.action": byAction, "docker.cmd": byCommand,
	"CommandLine": byCommand, "container.id": byContainer, "container.image": byImage, "level": byLevel,
}

// A field is one of Options.Fields, compiled.
type field struct {
	from lookup
	name []byte // key, or name below "body."
}

func compile(names []string) []field {
	out := make([]field, len(names))
	for i, name := range names {
		out[i] = field{from: lookups[name], name: []byte(name)}
		if rest, ok := strings.CutPrefix(name, "body."); ok {
			out[i] = field{from: byBody, name: []byte(rest)}
		}
	}
	return out
}

// A view is a line as rules for {product: docker, service: dockerd} see it.
type view struct {
	r     *reading
	asked []field
}

// Values implements parsers.Fields.
func (v *view) Values(dst [][]byte, i int) [][]byte {
	r, f := v.r, &v.asked[i]
	switch f.from {
	case byKey:
		return keyed(dst, r, f.name)
	case byBody:
		return r.body.values(dst, r.req.body, f.name)
	case byVerb:
		return one(dst, r, r.req.method, f.name)
	case byStatus:
		return one(dst, r, r.req.status, f.name)
	case byURL:
		return one(dst, r, r.req.url, f.name)
	}
	if b := r.derived(f.from); b != nil {
		dst = append(dst, b)
	}
	return dst
}

func (r *reading) derived(from lookup) []byte {
	switch from {
	case byMessage:
		return r.line.msg
	case byLevel:
		return r.line.level
	case byPath:
		return r.req.path
	case byQuery:
		return r.req.query
	case byAction:
		if r.req.stage == noRequest && r.command != nil {
			return execCreate
		}
		return r.req.route.action
	case byCommand:
		return r.command
	case byContainer:
		return r.container
	case byImage:
		return r.image
	}
	return nil
}

// one appends what was read from a message, or else the values of the key.
func one(dst [][]byte, r *reading, read, key []byte) [][]byte {
	if read != nil {
		return append(dst, read)
	}
	return keyed(dst, r, key)
}

func keyed(dst [][]byte, r *reading, key []byte) [][]byte {
	for _, p := range r.line.pairs {
		if bytes.Equal(p.key, key) && len(key) > 0 {
			dst = append(dst, p.value)
		}
	}
	return dst
}

// Keywords implements parsers.Fields: all values of the line, and the decoded
// path and query, which can be spelled in more than one way in it.
func (v *view) Keywords(dst [][]byte) [][]byte {
	r := v.r
	for _, p := range r.line.pairs {
		if p.value != nil {
			dst = append(dst, p.value)
		}
	}
	if len(r.line.pairs) == 0 && r.line.msg != nil {
		dst = append(dst, r.line.msg)
	}
	if r.req.url != nil {
		dst = append(dst, r.req.path, r.req.query)
	}
	if r.req.body != nil {
		dst = append(dst, r.req.body)
	}
	return dst
}

// An execView is a command that was run in a container, as rules about the
// creation of processes see it: derived, and with nothing but a command line.
type execView struct {
	command []byte
	asked   []field
}

// Values implements parsers.Fields.
func (v *execView) Values(dst [][]byte, i int) [][]byte {
	if string(v.asked[i].name) == "CommandLine" {
		dst = append(dst, v.command)
	}
	return dst
}

// Keywords implements parsers.Fields.
func (v *execView) Keywords(dst [][]byte) [][]byte { return append(dst, v.command) }
