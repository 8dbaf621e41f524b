package dockerevents

import (
	"bytes"
	"sync"

	"tideline/parsers"
	"tideline/parsers/internal/words"
)

// The views, as indices into Format.Kinds.
const (
	eventView    = 0
	execCreation = 1
)

// Format is the events of container engines.
var Format = &parsers.Format{
	Name:  "docker-events",
	Title: "docker events, and those of podman, compose, ctr and nerdctl: JSON and text",
	Kinds: []parsers.Kind{
		{Name: "docker-events", Sources: []parsers.LogSource{{Product: "docker", Service: "events"}}},
		{Name: "process_creation", Sources: []parsers.LogSource{{Product: "docker", Category: "process_creation"}}},
	},
	Sniff:      sniff,
	Stateful:   true, // health checks and docker run are told by what was before
	NewDecoder: newDecoder,
	Mapping:    mapping,
}

// sniffLines is how many lines of a stream are tried.
const sniffLines = 20

// sniffed are to read with in sniff, which is asked of line after line.
var sniffed = sync.Pool{New: func() any { return new(happening) }}

// sniff tries to read the first lines, or what may be one object over many.
func sniff(prefix []byte, _ string) parsers.Verdict {
	h := sniffed.Get().(*happening)
	defer sniffed.Put(h)
	lines, read := 0, 0
	for rest := prefix; len(rest) > 0 && lines < sniffLines; {
		var text []byte
		var whole bool
		text, rest, whole = bytes.Cut(rest, []byte("\n"))
		whole = whole || len(prefix) < parsers.SniffLen
		if text = words.Trim(text, " \t\r\x00\x1e"); len(text) == 0 {
			continue
		}
		lines++
		if len(text) <= 16<<10 && h.read(text, !whole) != parsers.ErrForeign {
			read++
		}
	}
	switch {
	case read > 0 && 2*read >= lines:
		return parsers.Verdict{Confidence: parsers.Certain}
	case read > 0:
		return parsers.Verdict{Confidence: parsers.Likely}
	case pretty(prefix, h):
		return parsers.Verdict{Confidence: parsers.Likely}
	}
	return parsers.Verdict{Why: `no JSON with "Type" and "Action" (or "status") and a time, and no line "TIME container start ID"`}
}

// pretty reports whether prefix starts with one event over several lines.
func pretty(prefix []byte, h *happening) bool {
	if bytes.IndexByte(prefix, '\n') < 0 {
		return false
	}
	s := bytes.TrimLeft(prefix, " \t\r\n\x00\x1e[")
	return len(s) > 0 && s[0] == '{' && bytes.IndexByte(s, '\n') >= 0 && h.read(s, true) != parsers.ErrForeign
}
