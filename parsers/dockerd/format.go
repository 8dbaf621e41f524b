package dockerd

import (
	"bytes"
	"strings"
	"sync"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
	"tideline/parsers/internal/words"
)

// The views, as indices into Format.Kinds.
const (
	daemonView   = 0
	execCreation = 1
)

// Format is the log of a container daemon.
var Format = &parsers.Format{
	Name:  "dockerd",
	Title: "log of dockerd, containerd or podman's service: API trace and messages",
	Kinds: []parsers.Kind{
		{Name: "dockerd", Sources: []parsers.LogSource{{Product: "docker", Service: "dockerd"}}},
		{Name: "process_creation", Sources: []parsers.LogSource{{Product: "docker", Category: "process_creation"}}},
	},
	Sniff:      sniff,
	Stateful:   true,
	NewDecoder: newDecoder,
	Mapping:    mapping,
	Needs:      needs,
}

var debug = []string{"debug"}

// needs tells that calls of the API are traced at level debug only. At lower
// levels calls that failed with 500 or more are there too, and podman's; no
// rule should rest on them.
func needs(kind int, field string) []string {
	switch lookups[field] {
	case byVerb, byURL, byPath, byQuery, byStatus, byAction, byCommand, byContainer, byImage:
		return debug
	}
	if kind == execCreation || field == "form-data" || strings.HasPrefix(field, "body.") {
		return debug
	}
	return nil
}

// marks are words that of all programs which log with logrus only the daemons
// write.
var marks = []string{
	`msg="Calling `, `msg="handling `, `msg="form data: `, `msg="API listen on `, `msg="APIHandler`, "containerd", "dockerd", "libpod",
	"graphdriver", "overlay2", `msg="Loading containers`, `msg="ExecSync for`, "ExecSyncRequest", "/runtime.v1.", "docker.sock", `msg="@ - - [`, "module=libcontainerd", "moby",
	`"msg":"Calling `, `"msg":"handling `, `"msg":"API listen on `, `"msg": "Calling `, `"msg": "handling `, `"msg": "API listen on `,
}

const why = "no line with time=, level= and msg= of a container daemon"

// sniffed are to read with in sniff, which is asked of line after line.
var sniffed = sync.Pool{New: func() any { return new(reading) }}

// sniff is sure of lines of a daemon's form and words, and unsure of its form
// alone, which many programs in Go write.
func sniff(prefix []byte, path string) parsers.Verdict {
	r := sniffed.Get().(*reading)
	defer sniffed.Put(r)
	formed, lines := 0, 0
	for rest := prefix; len(rest) > 0 && lines < 20; {
		var text []byte
		text, rest, _ = bytes.Cut(rest, []byte("\n"))
		if text = words.Trim(text, " \t\r\x00"); len(text) == 0 {
			continue
		}
		lines++
		if len(text) <= 16<<10 && r.read(&parsers.Record{Data: text}) != parsers.ErrForeign {
			formed++
		}
	}
	if formed == 0 && !r.pretty(prefix) {
		return parsers.Verdict{Why: why}
	}
	for _, m := range marks {
		if bytes.Contains(prefix, []byte(m)) {
			return parsers.Verdict{Confidence: parsers.Likely + 20}
		}
	}
	if named(path) {
		return parsers.Verdict{Confidence: parsers.Likely}
	}
	return parsers.Verdict{Confidence: parsers.Maybe}
}

// pretty reports whether prefix begins with one line in JSON that was spread over several.
func (r *reading) pretty(prefix []byte) bool {
	text, ok := frame.Spread(prefix)
	return ok && r.read(&parsers.Record{Data: text}) != parsers.ErrForeign
}

// named reports whether a file is called like a daemon's log.
func named(path string) bool {
	base := path[strings.LastIndexAny(path, "/!")+1:]
	for _, d := range daemons {
		if strings.HasPrefix(base, d) || strings.Contains(base, "_"+d) {
			return true
		}
	}
	return false
}
