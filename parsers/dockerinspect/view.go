package dockerinspect

import (
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
)

// A lookup is where a field comes from.
type lookup uint8

const (
	byPath lookup = iota
	byMount
	byID
	byName
	byImage
	byPod
	byNamespace
)

var lookups = map[string]lookup{
	"container.id": byID, "container.name": byName, "container.image": byImage, "container.pod": byPod, "container.namespace": byNamespace,
}

// A field is one of Options.Fields, compiled: the paths by which it is looked
// up in objects of each shape, in order, until one gives a value.
type field struct {
	from  lookup
	paths [len(aliases)][]jsonfields.Path
	mount jsonfields.Path // below each mount of a config.v2.json
}

func compile(asked []string) []field {
	out := make([]field, len(asked))
	for i, name := range asked {
		f := field{from: lookups[name]}
		for s := range aliases {
			f.paths[s] = pathsOf(shape(s), name)
		}
		if rest, ok := strings.CutPrefix(name, "Mounts."); ok {
			f.from, f.mount = byMount, jsonfields.Compile(rest)
		}
		out[i] = f
	}
	return out
}

// pathsOf are the paths of a field in objects of one shape.
func pathsOf(s shape, name string) []jsonfields.Path {
	paths := []jsonfields.Path{jsonfields.Compile(name)}
	for _, a := range aliases[s] {
		rest, below := strings.CutPrefix(name, a.asked)
		if name == a.asked || below && strings.HasSuffix(a.asked, ".") {
			paths = append(paths, jsonfields.Compile(a.actual+rest))
		}
	}
	return paths
}

// A view is a description as rules for {product: docker, service: inspect} see
// it.
type view struct {
	asked []field
	shape shape
	value jsonfields.Value
	of    *parsers.Container
}

// Values implements parsers.Fields.
func (v *view) Values(dst [][]byte, i int) [][]byte {
	f := &v.asked[i]
	switch f.from {
	case byID:
		return text(dst, v.of.ID)
	case byName:
		return text(dst, v.of.Name)
	case byImage:
		return text(dst, v.of.Image)
	case byPod:
		return text(dst, v.of.Pod)
	case byNamespace:
		return text(dst, v.of.Namespace)
	}
	n := len(dst)
	for _, p := range f.paths[v.shape] {
		if dst = v.value.Values(dst, p); len(dst) > n {
			return dst
		}
	}
	if f.from == byMount {
		// config.v2.json has {"MountPoints":{"/data":{"Source":...}}}.
		for _, m := range v.value.Get("MountPoints").Members {
			dst = m.Values(dst, f.mount)
		}
	}
	return dst
}

func text(dst [][]byte, s string) [][]byte {
	if s == "" {
		return dst
	}
	return append(dst, []byte(s))
}

// Keywords implements parsers.Fields: every text, number and boolean.
func (v *view) Keywords(dst [][]byte) [][]byte { return keywords(dst, v.value) }

func keywords(dst [][]byte, v jsonfields.Value) [][]byte {
	switch v.Kind() {
	case jsonfields.Object:
		for _, m := range v.Members {
			dst = keywords(dst, m)
		}
	case jsonfields.Array:
		for m := range v.Items {
			dst = keywords(dst, m)
		}
	case jsonfields.Absent, jsonfields.Null:
	default:
		dst = append(dst, v.Text())
	}
	return dst
}
