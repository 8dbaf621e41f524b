package source

import (
	"bytes"
	"strings"
)

// Something whose beginning is damaged is by its content nothing that is known, and would
// pass for a file without evidence. So bytes that should have been more than that are
// looked through for what is sound in them, and if nothing is, it is told (Member.Doubt):
// what an archive has beside its members or a codec behind its data, what begins with a
// magic number and goes on otherwise, and what is called compressed and is not. A name
// decides nothing else.

// headlessTrials are the trial decodes that the search for a sound member may take.
const headlessTrials = 1000

// leastHidden is the number of bytes in which nothing compressed can be that is evidence.
const leastHidden = 32

// headless finds out what lies behind a damaged beginning. id is what the content says.
// The tape is not moved.
func (w *walk) headless(n *node, t *tape, id identity) identity {
	window := t.peek(lookout)
	if len(window) < leastHidden || !foreign(bytes.Trim(window, "\x00")) {
		return id
	}
	whole := len(window) < lookout
	if _, found := findAlignedTarHeader(window, whole); found || called(n.member.Path, tarEndings[n.layers > 0]) {
		return identity{container: tarContainer, name: "tar"}
	}
	kinds, doubt := suspects(n, id.doubt)
	if doubt == "" {
		return id
	}
	if kinds == nil && containsLocal(window) {
		return identity{container: zipContainer, name: "zip"}
	}
	first := len(window)
	for _, k := range kinds {
		tries := headlessTrials
		if at, found := k.find(&tries)(window, whole); found && at < first {
			id, first = identity{codec: k}, at
		}
	}
	if id.codec == nil {
		n.member.Doubt = doubt
	}
	return id
}

// suspects are the codecs of which n may be, nil for a zip, and why; no reason if nothing
// speaks for any.
func suspects(n *node, begins string) ([]*codecKind, string) {
	if n.stray {
		return resynced, "these bytes belong to no member, and nothing known was found in them"
	}
	for _, k := range resynced {
		if why := suspicion(n, begins, k.name); why != "" {
			return []*codecKind{k}, why
		}
	}
	for _, what := range []string{"7z", "journal"} {
		if why := suspicion(n, begins, what); why != "" {
			return []*codecKind{}, why // nothing can be found in it
		}
	}
	return nil, suspicion(n, begins, "zip")
}

// suspicion is why n may be of a codec, or a zip.
func suspicion(n *node, begins, what string) string {
	switch {
	case what == begins:
		return "it begins like " + what + " and is none: it is damaged, or something else"
	case n.layers == 0 && called(n.member.Path, endings[what]):
		return "its name says " + what + " and it is none: its beginning is damaged, or it is something else"
	}
	return ""
}

// containsLocal reports whether a member of a zip begins in p.
func containsLocal(p []byte) bool {
	for at := 0; ; at++ {
		i := bytes.Index(p[at:], []byte("PK\x03\x04"))
		if i < 0 {
			return false
		}
		if at += i; isLocalHeader(p[at:]) {
			return true
		}
	}
}

// resynced are the codecs whose members can be found by what they begin with.
var resynced = []*codecKind{gzipKind, zstdKind, bzip2Kind, xzKind, lz4Kind}

// endings are those of names, by codec or what else it is.
var endings = map[string][]string{
	"gzip": {".gz", ".tgz"}, "zstd": {".zst", ".tzst"}, "bzip2": {".bz2", ".tbz", ".tbz2"}, "xz": {".xz", ".txz"}, "lz4": {".lz4"}, "zip": {".zip"}, "7z": {".7z"}, "journal": {".journal", ".journal~"},
}

// tarEndings are those of archives, as they are and in a codec. Their first member may be
// longer than what is in sight.
var tarEndings = map[bool][]string{
	false: {".tar"},
	true:  {".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.lz4"},
}

func called(path string, endings []string) bool {
	for _, ending := range endings {
		if len(path) > len(ending) && strings.EqualFold(path[len(path)-len(ending):], ending) {
			return true
		}
	}
	return false
}
