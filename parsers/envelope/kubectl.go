package envelope

import (
	"bytes"

	"tideline/parsers"
)

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
