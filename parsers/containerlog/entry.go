package containerlog

import (
	"bytes"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/clock"
	"tideline/parsers/internal/jsonfields"
)

// A layout is how a runtime or a collector writes down what a container said.
type layout uint8

const (
	plain    layout = iota // the text alone: the path tells whose it is
	cri                    // Kubernetes runtimes, and podman's k8s-file
	jsonFile               // Docker's default
	shipped                // objects of log shippers
)

// fragment is the length, in bytes, at which Docker and containerd cut a line.
const fragment = 16 << 10

// An entry is one record taken apart. Bytes are the record's or the entry's.
type entry struct {
	layout  layout
	time    time.Time
	stream  []byte
	message []byte // without the newline at its end
	partial bool   // the line goes on in the next record of its stream
	short   bool   // partial, though not as long as fragments are

	pod, namespace, container, id, image, host []byte // from labels or a prefix
	cluster                                    []byte
	attrs                                      []byte // JSON object of labels and options

	bar int // column of the bar in the last prefix of compose; reset keeps it

	clock  clock.Clock
	text   []byte // unescaped strings
	parser jsonfields.Parser
	doc    *jsonfields.Doc // of an object that had to be parsed in full
}

func (e *entry) reset() {
	e.layout, e.partial, e.short = plain, false, false
	e.time, e.stream, e.message = time.Time{}, nil, nil
	e.pod, e.namespace, e.container, e.id, e.image, e.host, e.cluster, e.attrs = nil, nil, nil, nil, nil, nil, nil, nil
	e.doc = nil
	if e.text = e.text[:0]; cap(e.text) > 1<<20 {
		e.text = nil
	}
}

// read replaces e by what rec says. It returns ErrForeign, nil, or a
// *RecordError with Kept set.
func (e *entry) read(rec *parsers.Record) error {
	e.reset()
	data := rec.Data
	switch opened := rec.Origin.Envelope; {
	case strings.HasSuffix(opened, "cri"), strings.HasSuffix(opened, "json-file"):
		e.message = trimEnd(data)
		return nil
	case e.readCRI(data):
		return nil
	case len(data) > 0 && data[0] == '{':
		if err := e.readObject(data); err != parsers.ErrForeign {
			return err
		}
	}
	named := rec.Origin.Container != parsers.Container{}
	if !e.readPlain(data, named) && !named {
		return parsers.ErrForeign
	}
	return nil
}

// readCRI reads "TIME STREAM TAGS MESSAGE", of which the first tag says whether
// the line is whole, F, or goes on, P.
func (e *entry) readCRI(s []byte) bool {
	if len(s) < 20 || s[4] != '-' || s[10] != 'T' {
		return false
	}
	stamp, rest, _ := bytes.Cut(s, space)
	stream, rest, ok := bytes.Cut(rest, space)
	if !ok || string(stream) != "stdout" && string(stream) != "stderr" {
		return false
	}
	tags, message, _ := bytes.Cut(rest, space)
	tag, _, _ := bytes.Cut(tags, colon)
	if string(tag) != "F" && string(tag) != "P" {
		return false
	}
	t, ok := e.clock.Parse(stamp)
	if !ok {
		return false
	}
	e.layout, e.time, e.stream, e.message = cri, t, stream, trimEnd(message)
	e.partial = tag[0] == 'P'
	return true
}

var space, colon = []byte(" "), []byte(":")

// readPlain reads a line of text with what "docker logs -t", "docker compose
// logs", "kubectl logs --timestamps" and "--prefix" put before it. It reports
// whether the line itself tells that it is a container's; where that is known
// (named), compose is not asked.
func (e *entry) readPlain(s []byte, named bool) bool {
	e.layout = plain
	prefixed := false
	if rest, ok := bytes.CutPrefix(s, []byte("[pod/")); ok {
		if n := bytes.IndexByte(rest, ']'); n > 0 && bytes.Count(rest[:n], []byte("/")) == 1 {
			e.pod, e.container, _ = bytes.Cut(rest[:n], []byte("/"))
			s, prefixed = bytes.TrimPrefix(rest[n+1:], space), true
		}
	} else if !named {
		s, prefixed = e.readPrefixed(s)
	}
	if n := bytes.IndexByte(s, ' '); n >= 20 && n <= 40 && s[10] == 'T' {
		if t, ok := e.clock.Parse(s[:n]); ok {
			e.time, s = t, s[n+1:]
		}
	}
	e.message = trimEnd(s)
	return prefixed
}

// trimEnd cuts off the end of a line.
func trimEnd(s []byte) []byte {
	s = bytes.TrimSuffix(s, []byte("\n"))
	return bytes.TrimSuffix(s, []byte("\r"))
}
