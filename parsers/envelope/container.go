package envelope

import (
	"bytes"

	"tideline/parsers"
)

// An OutputLine is a line that a container printed, as its runtime wrote it
// down. Runtimes cut long lines: containerd and Docker after 16 KiB.
type OutputLine struct {
	Envelope string // of the runtime's format
	When     []byte // as written
	Stream   []byte // stdout or stderr
	Message  []byte // without a newline
	Partial  bool   // the line goes on in the next one of its stream
}

// ReadOutputLine reads a line of a container runtime. Its bytes are those of
// data where that needs no decoding.
func ReadOutputLine(data []byte) (OutputLine, bool) {
	if bytes.HasPrefix(data, []byte(`{"log":"`)) {
		return readJSONFile(data)
	}
	return readCRI(data)
}

// Carries reports whether the line may be, or begin, a record of another
// format.
func (l *OutputLine) Carries() bool { return carries(l.Message) }

// Enter returns the record that rec, of which l is the line, wraps.
func (l *OutputLine) Enter(rec *parsers.Record) *parsers.Record {
	in := enter(rec, l.Envelope)
	in.Origin.Time, in.Origin.Stream = stamp(l.When), string(l.Stream)
	return in
}

func openLine(l OutputLine, rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	in := l.Enter(rec)
	in.Cut = in.Cut || l.Partial
	return payload(in, l.Message, emit)
}

// cri is a line of a container's log as container runtimes write it: time,
// stream, tag, message.
var cri = Envelope{Name: "cri", Output: true, Open: openCRI}

func openCRI(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	line, ok := readCRI(rec.Data)
	if !ok || !line.Carries() {
		return false, nil
	}
	return openLine(line, rec, emit)
}

func readCRI(data []byte) (OutputLine, bool) {
	if len(data) < 20 || data[0] < '0' || data[0] > '9' {
		return OutputLine{}, false
	}
	when, rest, _ := bytes.Cut(data[:min(len(data), 128)], []byte(" "))
	stream, rest, _ := bytes.Cut(rest, []byte(" "))
	tag, _, ok := bytes.Cut(rest, []byte(" "))
	if !ok || len(tag) == 0 || (tag[0] != 'F' && tag[0] != 'P') || (string(stream) != "stdout" && string(stream) != "stderr") {
		return OutputLine{}, false
	}
	message := data[len(when)+len(stream)+len(tag)+3:]
	return OutputLine{Envelope: "cri", When: when, Stream: stream, Message: message, Partial: tag[0] == 'P'}, true
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
	}
	head := line[:min(len(line), 512)]
	return bytes.Contains(head, []byte("AUDIT: id=")) || bytes.Contains(head, []byte("audit(")) || bytes.Contains(head, []byte(" {\""))
}

// jsonFile is a line of Docker's json-file driver.
var jsonFile = Envelope{Name: "json-file", JSON: true, Output: true, Open: openJSONFile}

func openJSONFile(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	line, ok := readJSONFile(rec.Data)
	if !ok || !line.Carries() {
		return false, nil
	}
	return openLine(line, rec, emit)
}

func readJSONFile(data []byte) (OutputLine, bool) {
	var log, stream, when []byte
	only := bytes.HasPrefix(data, []byte(`{"log":"`)) && members(data, func(key, value []byte) bool {
		switch string(key) {
		case "log":
			log = value
		case "stream":
			stream = value
		case "time":
			when = value
		case "attrs":
		default:
			log = nil // of another shipper
			return false
		}
		return true
	})
	message, ok := text(log)
	name, _ := text(stream)
	if !only || !ok || name == nil {
		return OutputLine{}, false
	}
	line := OutputLine{Envelope: "json-file", When: when, Stream: name, Message: message}
	line.Message, ok = bytes.CutSuffix(message, []byte("\n"))
	line.Partial = !ok
	return line, true
}

// kubectlLogs is a line of "kubectl logs --prefix" or "--timestamps", of
// crictl, docker logs and must-gather: what stands before an event is the pod, a
// time, or both.
var kubectlLogs = Envelope{Name: "kubectl-logs", Output: true, Open: openKubectl}

func openKubectl(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	rest := rec.Data
	origin := rec.Origin
	if rest[0] == '[' {
		end := bytes.IndexByte(rest[:min(len(rest), 512)], ']')
		if end < 0 || !setPrefix(&origin, rest[1:end]) {
			return false, nil
		}
		rest = bytes.TrimLeft(rest[end+1:], " ")
	}
	if word, tail := cutWord(rest); len(word) >= 20 && word[0] >= '0' && word[0] <= '9' {
		if !carries(tail) {
			return false, nil
		}
		if t := stamp(word); !t.IsZero() {
			origin.Time, rest = t, tail
		}
	}
	if len(rest) == len(rec.Data) || !carries(rest) {
		return false, nil
	}
	in := enter(rec, "kubectl-logs")
	origin.Envelope = in.Origin.Envelope
	in.Origin = origin
	return payload(in, rest, emit)
}

// setPrefix reads "pod/NAME/CONTAINER".
func setPrefix(o *parsers.Origin, prefix []byte) bool {
	parts := bytes.Split(prefix, []byte("/"))
	if len(parts) != 3 || string(parts[0]) != "pod" {
		return false
	}
	o.Pod, o.Name = string(parts[1]), string(parts[2])
	return true
}
