package envelope

import (
	"bytes"
	"hash/maphash"

	"tideline/parsers"
	"tideline/parsers/internal/klog"
)

// An OutputLine is a line that a container printed, as its runtime wrote it
// down. Runtimes cut long lines: containerd and Docker after 16 KiB.
type OutputLine struct {
	Envelope string // of the runtime's format
	When     []byte // as written
	Stream   []byte // stdout or stderr
	Message  []byte // without a newline
	Partial  bool   // the line goes on in the next one of its stream

	of      []byte // what else says whose the line is, as written
	shipper opener // that wrapped it; nil for a line as its runtime wrote it
}

// An opener is Envelope.Open.
type opener = func(*parsers.Record, func(*parsers.Record) error) (bool, error)

// Whose is the same for lines of one container and stream.
func (l *OutputLine) Whose() uint64 {
	var h maphash.Hash
	h.SetSeed(whoseSeed)
	_, _ = h.Write(l.Stream)
	_, _ = h.Write(l.of)
	return h.Sum64()
}

var whoseSeed = maphash.MakeSeed()

// ReadOutputLine reads a line of a container runtime. Its bytes are those of
// data where that needs no decoding, and else of room.
func ReadOutputLine(data []byte, room *parsers.Room) (OutputLine, bool) {
	if len(data) > 0 && data[0] == '{' {
		if line, ok := readJSONFile(data, room); ok {
			return line, true
		}
		return readShipped(data, room, false)
	}
	return readCRI(data)
}

// Carries reports whether the line may be, or begin, a record of another
// format. A part of one may be as short as that: conmon writes what it has read.
func (l *OutputLine) Carries() bool {
	return carries(l.Message) || l.Partial && string(l.Message) == "{"
}

// Carries is OutputLine.Carries for a line without what the runtime put before
// it.
func Carries(line []byte) bool { return carries(line) }

// Enter returns the record that rec, of which l is the line, wraps.
func (l *OutputLine) Enter(rec *parsers.Record) *parsers.Record {
	if l.shipper != nil {
		in := *rec
		in.Room = nil
		_, _ = l.shipper(&in, func(inner *parsers.Record) error { // it has the message, as the line was read
			in = *inner
			return nil
		})
		in.Cut = rec.Cut
		return &in
	}
	in := enter(rec, l.Envelope)
	in.Origin.Time, in.Origin.Stream = stamp(l.When), streamName(l.Stream)
	return in
}

func streamName(name []byte) string {
	switch string(name) {
	case "stdout":
		return "stdout"
	case "stderr":
		return "stderr"
	}
	return string(name)
}

func openLine(l OutputLine, rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	in := l.Enter(rec)
	in.Cut = in.Cut || l.Partial
	return payload(in, l.Message, emit)
}

// carries reports whether a container's line may be a record of another
// format. Most are not, and asking every format about each would cost more than
// reading it.
func carries(line []byte) bool {
	if len(line) < 2 {
		return false
	}
	switch line[0] {
	case '{':
		return true
	case 't', 'n': // type=, time=, node=
		return bytes.HasPrefix(line, []byte("type=")) || bytes.HasPrefix(line, []byte("time=")) || bytes.HasPrefix(line, []byte("node="))
	case '\x1b':
		return true
	case 'I', 'W', 'E', 'F', '"': // klog
		if klog.IsAccess(line) {
			return true
		}
	case '2': // of a year
		if isTimed(line) {
			return true
		}
	}
	head := line[:min(len(line), 512)]
	return bytes.Contains(head, []byte("AUDIT: id=")) || bytes.Contains(head, []byte("audit(")) || bytes.Contains(head, []byte(" {\""))
}

// isTimed reports whether a line begins like one of "docker events", of podman's or of
// CRI: a time, in one word or in four, and what the thing is or where it was printed.
func isTimed(line []byte) bool {
	if len(line) < 20 || line[4] != '-' {
		return false
	}
	skip := 1
	if line[10] == ' ' {
		skip = 4
	}
	rest := line
	for range skip {
		n := bytes.IndexByte(rest[:min(len(rest), 40)], ' ')
		if n < 0 {
			return false
		}
		rest = rest[n+1:]
	}
	n := bytes.IndexByte(rest[:min(len(rest), 16)], ' ')
	return n > 0 && timedWords[string(rest[:n])]
}

var timedWords = map[string]bool{"stdout": true, "stderr": true, "container": true, "image": true, "network": true, "volume": true}

// MayBreakOff is a quick look at an object: whether it may be a line that goes on in the
// next one, and may begin a record in JSON.
func MayBreakOff(object []byte) bool {
	if bytes.HasPrefix(object, []byte(`{"log":"`)) {
		return len(object) > 8 && object[8] == '{'
	}
	return likeJSONFile(object) && !bytes.Contains(object, []byte(`\n"`)) || mayBePart(object)
}
