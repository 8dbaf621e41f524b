package apirequest

import "bytes"

// An Info is what a request to the API server is about, as its authoriser sees it.
// Parts that a request does not have are nil. They are of what Read was given.
type Info struct {
	Verb                                   []byte // get, list, watch, create, update, patch, delete, deletecollection; of no resource the method in small letters
	Group, Version                         []byte // Group is empty, not nil, for the core group
	Namespace, Resource, Name, Subresource []byte
}

// IsResource reports whether the request is about objects of the API.
func (i *Info) IsResource() bool { return i.Resource != nil }

var (
	verbGet, verbList, verbWatch = []byte("get"), []byte("list"), []byte("watch")
	verbDelete, verbDeleteAll    = []byte("delete"), []byte("deletecollection")
	verbCreate, verbUpdate       = []byte("create"), []byte("update")
	verbPatch                    = []byte("patch")
	namespaces                   = []byte("namespaces")
)

// Read takes apart what a method asks for at a path, which is decoded, with a query,
// which is not. method is that of HTTP, or the verb that the API server logs in its
// place (LIST, WATCH and APPLY; k8s.io/apiserver, pkg/endpoints/metrics, CanonicalVerb
// and CleanVerb). Decoded text is appended to arena, which is returned.
func Read(arena, method, path, query []byte) (Info, []byte) {
	var i Info
	rest := bytes.Trim(path, "/")
	prefix, rest := cut(rest)
	switch {
	case string(prefix) == "api":
		i.Group = rest[:0]
	case string(prefix) == "apis":
		i.Group, rest = cut(rest)
	default:
		return Info{Verb: lower(&arena, method)}, arena
	}
	if i.Version, rest = cut(rest); len(rest) == 0 {
		return Info{Verb: lower(&arena, method)}, arena // a list of groups, versions or resources
	}
	i.Verb = verbOf(method)
	if word, tail := cut(rest); tail != nil && (string(word) == "watch" || string(word) == "proxy") {
		i.Verb, rest = word, tail
	}
	i.place(rest)
	if i.Name == nil {
		arena = i.collection(arena, method, query)
	}
	return i, arena
}

// cut is bytes.Cut at a slash; rest is nil if there is none.
func cut(b []byte) (word, rest []byte) {
	n := bytes.IndexByte(b, '/')
	if n < 0 {
		return b, nil
	}
	return b[:n:n], b[n+1:]
}

// verbOf is the verb of a method on one object.
func verbOf(method []byte) []byte {
	switch string(method) {
	case "GET", "HEAD", "LIST", "WATCH", "WATCHLIST":
		return verbGet
	case "POST":
		return verbCreate
	case "PUT":
		return verbUpdate
	case "PATCH", "APPLY":
		return verbPatch
	case "DELETE":
		return verbDelete
	}
	return nil
}

// place reads the parts of a path behind group and version:
// [namespaces NS] RESOURCE [NAME [SUBRESOURCE...]].
func (i *Info) place(rest []byte) {
	word, tail := cut(rest)
	if string(word) == "namespaces" && tail != nil {
		i.Namespace, rest = cut(tail)
		if sub, _ := cut(rest); rest == nil || string(sub) == "status" || string(sub) == "finalize" {
			i.Resource, i.Name, i.Subresource = namespaces, i.Namespace, Filled(sub)
			return
		}
		word, tail = cut(rest)
	}
	i.Resource = word
	if tail == nil {
		return
	}
	i.Name, rest = cut(tail)
	if rest == nil || string(i.Verb) == "proxy" || string(i.Verb) == "watch" {
		return
	}
	sub, _ := cut(rest)
	i.Subresource = Filled(sub)
}

// collection is about a request that names no object: it is about all of a kind,
// unless a field selector narrows it to one name.
func (i *Info) collection(arena, method, query []byte) []byte {
	switch {
	case string(i.Verb) == "delete":
		i.Verb = verbDeleteAll
		return arena
	case string(i.Verb) != "get" && string(i.Verb) != "watch":
		return arena
	}
	if string(i.Verb) == "get" {
		i.Verb = verbList
	}
	if string(method) == "WATCH" || string(method) == "WATCHLIST" {
		i.Verb = verbWatch
	}
	for len(query) > 0 {
		var param []byte
		param, query, _ = bytes.Cut(query, []byte("&"))
		key, value, _ := bytes.Cut(param, []byte("="))
		switch {
		case is(key, "watch"):
			if isTrue(value) {
				i.Verb = verbWatch
			}
		case is(key, "fieldSelector") && i.Name == nil:
			from := len(arena)
			arena = AppendDecoded(arena, value, true)
			i.Name = selected(arena[from:len(arena):len(arena)])
		}
	}
	return arena
}

// isTrue is a parameter of type bool as the API server reads it
// (k8s.io/apimachinery, pkg/runtime, Convert_Slice_string_To_bool).
func isTrue(value []byte) bool {
	return string(value) != "0" && !bytes.EqualFold(value, []byte("false"))
}

// selected is the name that a field selector, decoded, asks for; nil if it asks for
// no single one.
func selected(selector []byte) []byte {
	for term := range bytes.SplitSeq(selector, []byte(",")) {
		key, value, ok := bytes.Cut(term, []byte("="))
		if ok && string(key) == "metadata.name" {
			return Filled(bytes.TrimPrefix(value, []byte("=")))
		}
	}
	return nil
}

// lower is a word in small letters.
func lower(arena *[]byte, word []byte) []byte {
	switch string(word) { // nearly all
	case "GET", "LIST":
		return verbGet
	}
	from := len(*arena)
	for _, c := range word {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		*arena = append(*arena, c)
	}
	return Filled((*arena)[from:len(*arena):len(*arena)])
}

// Filled is b, or nil if it is empty: what a request does not have is nil.
func Filled(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}
