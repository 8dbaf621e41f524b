package dockerinspect

import (
	"sync"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
	"tideline/parsers/internal/words"
)

// Format is descriptions of containers and images.
var Format = &parsers.Format{
	Name:  "docker-inspect",
	Title: "docker, podman and crictl inspect, config.v2.json, hostconfig.json, OCI configurations",
	Kinds: []parsers.Kind{
		{Name: "docker-inspect", Sources: []parsers.LogSource{{Product: "docker", Service: "inspect"}}},
	},
	Sniff:      sniff,
	NewDecoder: newDecoder,
	Mapping:    mapping,
}

// sniffed are to read with in sniff, which is asked of line after line.
var sniffed = sync.Pool{New: func() any { return new(jsonfields.Parser) }}

// sniff parses as much of the first object as it is shown.
func sniff(prefix []byte, _ string) parsers.Verdict {
	s := words.TrimLeft(prefix, " \t\r\n\x00")
	if len(s) > 0 && (s[0] == '{' || s[0] == '[') && mayHaveShape(s) {
		p := sniffed.Get().(*jsonfields.Parser)
		defer sniffed.Put(p)
		doc, _ := p.Parse(s) // most often cut
		root := doc.Root()
		for item := range root.Items {
			root = item
			break
		}
		if shapeOf(root) != none {
			return parsers.Verdict{Confidence: parsers.Likely + 20}
		}
	}
	return parsers.Verdict{Why: `no JSON object with "State" and "Config", with "NetworkMode" and "RestartPolicy", or with "ociVersion"`}
}
