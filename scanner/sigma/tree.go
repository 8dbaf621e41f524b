package sigma

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits of one file, so that no rule can exhaust the machine that loads it:
// aliases make YAML documents far larger than their text.
const (
	MaxFileBytes = 1 << 20 // of text
	maxNodes     = 1 << 17 // of all documents of a file, aliases expanded
	maxDepth     = 64      // of nesting
)

// kind is the shape of a node.
type kind uint8

const (
	scalar kind = iota
	list
	mapping
)

// A node is YAML with aliases and merge keys resolved. Scalars keep their
// spelling: what `yes` or 0123 means is the reader's business.
type node struct {
	kind  kind
	tag   string // !!str, !!int, !!float, !!bool, !!null, ...
	text  string
	line  int
	keys  []*node // of a mapping, all scalars
	items []*node // of a list, or the values of a mapping
}

// get returns the value of key in a mapping, or nil.
func (n *node) get(key string) *node {
	if n == nil || n.kind != mapping {
		return nil
	}
	for i, k := range n.keys {
		if k.text == key {
			return n.items[i]
		}
	}
	return nil
}

func (n *node) isNull() bool { return n.kind == scalar && n.tag == "!!null" }

// value decodes n, for keys that Sigma leaves to others.
func (n *node) value() any {
	switch n.kind {
	case list:
		out := make([]any, len(n.items))
		for i, it := range n.items {
			out[i] = it.value()
		}
		return out
	case mapping:
		out := make(map[string]any, len(n.items))
		for i, it := range n.items {
			out[n.keys[i].text] = it.value()
		}
		return out
	}
	return n.scalarValue()
}

func (n *node) scalarValue() any {
	switch n.tag {
	case "!!null":
		return nil
	case "!!bool":
		if b, err := strconv.ParseBool(n.text); err == nil {
			return b
		}
	case "!!int":
		if i, err := strconv.Atoi(n.text); err == nil {
			return i
		}
		if i, err := strconv.ParseInt(n.text, 0, 64); err == nil {
			return int(i)
		}
	case "!!float":
		if f, err := strconv.ParseFloat(n.text, 64); err == nil {
			return f
		}
	}
	return n.text
}

// digest identifies the content of n whatever its layout.
func (a *arena) digest(n *node) [32]byte {
	a.bytes = n.appendTo(a.bytes[:0])
	return sha256.Sum256(a.bytes)
}

// appendTo writes n so that different content is written differently.
func (n *node) appendTo(b []byte) []byte {
	b = append(b, byte('0'+n.kind))
	b = append(b, n.tag...)
	b = binary.AppendUvarint(append(b, 0), uint64(len(n.text)))
	b = append(b, n.text...)
	b = binary.AppendUvarint(b, uint64(len(n.items)))
	for i, it := range n.items {
		if n.kind == mapping {
			b = n.keys[i].appendTo(b)
		}
		b = it.appendTo(b)
	}
	return b
}

// documents reads all YAML documents of data. On a fault it returns those
// before it as well. They may live in a.
func documents(data []byte, a *arena) ([]*node, error) {
	if n, ok := plainYAML(data, a); ok {
		return []*node{n}, nil
	}
	return libraryDocuments(data)
}

// libraryDocuments is documents by the YAML library alone.
func libraryDocuments(data []byte) (docs []*node, err error) {
	// The YAML library reports its errors, but rules are hostile input and a
	// panic of it must not end the scan.
	defer func() {
		if r := recover(); r != nil {
			err = fault(0, "write the file as plain block-style YAML", "the YAML reader gave up: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(withoutVersion(data)))
	t := &treeReader{budget: maxNodes}
	for {
		var y yaml.Node
		if err := dec.Decode(&y); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return docs, yamlFault(err, data)
		}
		n, err := t.read(&y, 0)
		if err != nil {
			return docs, err
		}
		docs = append(docs, n)
	}
}

// withoutVersion makes a comment of each line %YAML 1.x before a document: the library
// refuses all but 1.1, though it reads what rules have of 1.2, which is that of today.
// Such a line stands at the beginning, or behind a line of three dots.
func withoutVersion(data []byte) []byte {
	version := []byte("%YAML 1.")
	if !bytes.Contains(data, version) {
		return data
	}
	out, before := bytes.Clone(data), true
	for at := 0; at < len(out); {
		line := out[at:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		switch text := bytes.TrimPrefix(bytes.TrimRight(line, " \t\r\n"), []byte("\xef\xbb\xbf")); {
		case before && bytes.HasPrefix(text, version):
			line[bytes.IndexByte(line, '%')] = '#'
		case len(text) > 0 && text[0] != '#' && text[0] != '%':
			before = string(text) == "..."
		}
		at += len(line)
	}
	return out
}

// A treeReader turns what the YAML library gives into nodes within limits.
type treeReader struct{ budget int }

// read makes a node of a YAML node, aliases written out.
func (t *treeReader) read(y *yaml.Node, depth int) (*node, error) {
	if t.budget--; t.budget < 0 {
		return nil, fault(y.Line, "write the rule out, without aliases that repeat aliases", "more than %d values in one file, aliases expanded", maxNodes)
	}
	if depth > maxDepth {
		return nil, fault(y.Line, "a rule needs no more than a handful of levels; an alias may not contain itself", "nested deeper than %d levels", maxDepth)
	}
	switch y.Kind {
	case yaml.DocumentNode:
		if len(y.Content) == 1 {
			return t.read(y.Content[0], depth)
		}
	case yaml.AliasNode:
		return t.read(y.Alias, depth+1)
	case yaml.SequenceNode:
		return t.list(y, depth)
	case yaml.MappingNode:
		return t.mapping(y, depth)
	case yaml.ScalarNode:
		if tag := y.ShortTag(); strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") {
			return nil, fault(y.Line, "quote the value if it begins with !, and leave the tag out otherwise", "a value has the tag %s, which no rule knows", quote(tag))
		}
		return &node{kind: scalar, tag: y.ShortTag(), text: y.Value, line: y.Line}, nil
	}
	return &node{kind: scalar, tag: "!!null", line: y.Line}, nil
}

func (t *treeReader) list(y *yaml.Node, depth int) (*node, error) {
	n := &node{kind: list, line: y.Line}
	for _, c := range y.Content {
		item, err := t.read(c, depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	return n, nil
}

// mapping reads a map. A key that appears twice is refused: one of its values would be
// lost.
func (t *treeReader) mapping(y *yaml.Node, depth int) (*node, error) {
	n := &node{kind: mapping, line: y.Line}
	seen := make(map[string]bool, len(y.Content)/2)
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, err := t.read(y.Content[i], depth+1)
		if err != nil {
			return nil, err
		}
		val, err := t.read(y.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		switch {
		case key.kind != scalar:
			return nil, fault(key.line, "use plain text as key", "a key is a list or a map")
		case key.tag == "!!merge":
			merged = append(merged, val)
			continue
		case seen[key.text]:
			return nil, fault(key.line, "put the values in one list, or rename one", "key %s appears twice in one map", quote(key.text))
		}
		seen[key.text] = true
		n.keys, n.items = append(n.keys, key), append(n.items, val)
	}
	return n, t.merge(n, seen, merged)
}

// merge adds what `<<` names where n has no such key of its own.
func (t *treeReader) merge(n *node, seen map[string]bool, merged []*node) error {
	for _, m := range merged {
		parts := []*node{m}
		if m.kind == list {
			parts = m.items
		}
		for _, p := range parts {
			if p.kind != mapping {
				return fault(p.line, "merge a map, or a list of maps", "`<<` names something that is not a map")
			}
			for i, k := range p.keys {
				if !seen[k.text] {
					seen[k.text] = true
					n.keys, n.items = append(n.keys, k), append(n.items, p.items[i])
				}
			}
		}
	}
	return nil
}
