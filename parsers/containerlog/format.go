package containerlog

import (
	"bytes"
	"strings"
	"sync"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
	"tideline/parsers/internal/words"
)

// Format is what containers wrote to stdout and stderr.
var Format = &parsers.Format{
	Name:  "container-log",
	Title: "output of containers: CRI, Docker's json-file, and text where the path says whose it is",
	Kinds: []parsers.Kind{
		{Name: "container-log", Sources: []parsers.LogSource{{Product: "container", Service: "stdout"}}},
	},
	Sniff:      sniff,
	Stateful:   true, // long lines are written in pieces
	NewDecoder: newDecoder,
	Mapping:    mapping,
}

// sniffLines is how many lines of a stream are tried.
const sniffLines = 20

// A sniffer is what sniff reads with, which is asked of line after line of one
// path.
type sniffer struct {
	entry
	path   string
	output bool // path is one at which output of containers lies
}

var sniffers = sync.Pool{New: func() any { return new(sniffer) }}

// isOutput is isOutput of a path that most often is the one before.
func (s *sniffer) isOutput(path string) bool {
	if s.path != path {
		s.path, s.output = path, isOutput(path)
	}
	return s.output
}

// sniff is sure of the forms that only runtimes write. Text can be anything:
// it is taken where the path is one at which output of containers lies.
func sniff(prefix []byte, path string) parsers.Verdict {
	e := sniffers.Get().(*sniffer)
	defer sniffers.Put(e)
	e.bar = 0
	lines, read, runtime, remarks := 0, 0, 0, 0
	for rest := prefix; len(rest) > 0 && lines < sniffLines; {
		var text []byte
		text, rest, _ = bytes.Cut(rest, []byte("\n"))
		if text = words.Trim(text, " \t\r\x00"); len(text) == 0 {
			continue
		}
		if isRemark(text) {
			remarks++
			continue
		}
		lines++
		if e.read(&parsers.Record{Data: text[:min(len(text), 64<<10)]}) != parsers.ErrForeign {
			read++
			if e.layout == cri || e.layout == jsonFile {
				runtime++
			}
		}
	}
	if read == 0 && e.pretty(prefix) {
		if read = lines; e.layout == jsonFile {
			runtime = lines
		}
	}
	switch {
	case runtime > 0 && 2*runtime >= lines:
		return parsers.Verdict{Confidence: parsers.Likely + 20}
	case read > 0:
		return parsers.Verdict{Confidence: parsers.Likely}
	case lines == 0 && remarks > 0, lines > 0 && e.isOutput(path) && isText(prefix):
		return parsers.Verdict{Confidence: parsers.Maybe}
	}
	return parsers.Verdict{Why: `no line "TIME stdout F ...", no JSON with "log", "stream" and "time", no "NAME-1  | ...", and the path is none of a container's output`}
}

// pretty reports whether prefix begins with one object of a runtime, or of a shipper,
// over several lines.
func (s *sniffer) pretty(prefix []byte) bool {
	text, ok := frame.Spread(prefix)
	return ok && s.read(&parsers.Record{Data: text}) != parsers.ErrForeign && (s.layout == jsonFile || s.layout == shipped)
}

// isOutput reports whether a path is one at which runtimes and collectors keep
// the output of containers as text.
func isOutput(path string) bool {
	path = strings.TrimSuffix(path, ".gz")
	base := path[strings.LastIndexAny(path, "/!")+1:]
	for _, dir := range []string{"log/pods/", "log/containers/", "/docker/containers/", "overlay-containers/", "/crio/containers/logs/", "podlogs/", "pods/logs/"} {
		if strings.Contains(path, dir) && !strings.HasSuffix(base, ".json") {
			return true
		}
	}
	for _, start := range []string{"docker_logs_", "podman_logs_", "crictl_logs_", "docker_container_logs", "podman_container_logs", "container_logs",
		"docker-compose-logs", "docker-compose.log", "docker_compose_logs", "compose-logs", "compose.log"} {
		if strings.HasPrefix(base, start) {
			return true
		}
	}
	if looseName(base) {
		return true
	}
	if base == "logs.txt" { // kubectl cluster-info dump
		return true
	}
	// must-gather: namespaces/<ns>/pods/<pod>/<container>/<container>/logs/current.log
	return strings.Contains(path, "namespaces/") && strings.Contains(path, "/pods/") && strings.Contains(path, "/logs/")
}

// looseName reports whether a file is called <namespace>_<pod>_<container>.log,
// by a loop around kubectl logs; a pod that a controller made has a dash.
func looseName(base string) bool {
	name, ok := strings.CutSuffix(base, ".log")
	if !ok || strings.Count(name, "_") != 2 {
		return false
	}
	parts := strings.Split(name, "_")
	if !strings.Contains(parts[1], "-") {
		return false
	}
	for _, p := range parts {
		if p == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
			return false
		}
	}
	return true
}

// isText reports whether bytes are text: few control characters and no NUL.
func isText(s []byte) bool {
	odd := 0
	for _, c := range s {
		switch {
		case c == 0:
			return false
		case c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x1b:
			odd++
		}
	}
	return odd <= len(s)/20
}
