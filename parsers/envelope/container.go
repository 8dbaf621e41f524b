package envelope

import (
	"bytes"

	"tideline/parsers"
)

// cri is a line of a container's log as container runtimes write it: time,
// stream, tag, message.
var cri = Envelope{Name: "cri", Output: true, Open: openCRI}

func openCRI(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	when, rest := cutWord(rec.Data)
	if len(when) < 20 || when[0] < '0' || when[0] > '9' {
		return false, nil
	}
	stream, rest := cutWord(rest)
	if s := string(stream); s != "stdout" && s != "stderr" {
		return false, nil
	}
	tag, message := cutWord(rest)
	if len(tag) == 0 || (tag[0] != 'F' && tag[0] != 'P') || !carries(message) {
		return false, nil
	}
	in := enter(rec, "cri")
	in.Origin.Time, in.Origin.Stream = stamp(when), string(stream)
	in.Cut = in.Cut || tag[0] == 'P'
	return payload(in, message, emit)
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
	if !bytes.HasPrefix(rec.Data, []byte(`{"log":"`)) {
		return false, nil
	}
	var log, stream, when []byte
	only := members(rec.Data, func(key, value []byte) bool {
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
	if !only || !ok || stream == nil || !carries(message) {
		return false, nil
	}
	in := enter(rec, "json-file")
	in.Origin.Time, in.Origin.Stream = stamp(when), str(stream)
	in.Cut = in.Cut || message[len(message)-1] != '\n'
	return payload(in, message, emit)
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
