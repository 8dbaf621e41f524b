package scanner

import (
	"fmt"
	"strings"

	"tideline/scanner/text"
)

// A Template is a sentence with fields in it: "{user.username} listed all
// secrets of namespace {objectRef.namespace}". A part in square brackets is
// left out when a field in it has no value: "read {name}[ in {namespace}]".
// The names actor, action, target, outcome and command stand for what the
// finding says of them; any other is a field of the event.
type Template struct{ parts []part }

// A part is literal text, a field, or an optional group of parts.
type part struct {
	text  string
	field string
	group []part
}

// words are the names that stand for what the finding says: sink.look has them.
var words = [...]string{"actor", "target", "action", "outcome", "command"}

// maxTemplateValue caps one value in a sentence, in bytes.
const maxTemplateValue = 160

func literal(s string) Template {
	if s == "" {
		return Template{}
	}
	return Template{parts: []part{{text: s}}}
}

// ParseTemplate reads a template. Braces and brackets must be balanced;
// brackets do not nest.
func ParseTemplate(s string) (Template, error) {
	parts, rest, err := parseParts(s, false)
	if err != nil {
		return Template{}, fmt.Errorf("template %.80q: %w", s, err)
	}
	if rest != "" {
		return Template{}, fmt.Errorf("template %.80q: ] without [", s)
	}
	return Template{parts: parts}, nil
}

// parseParts reads parts to the end of s, or within a group to the bracket that closes it;
// rest is what follows.
func parseParts(s string, inGroup bool) (parts []part, rest string, err error) {
	for s != "" {
		i := strings.IndexAny(s, "{[]")
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			parts = append(parts, part{text: s[:i]})
			s = s[i:]
			continue
		}
		switch {
		case s[0] == ']' && inGroup:
			return parts, s[1:], nil
		case s[0] == ']':
			return nil, s, nil
		case s[0] == '[' && inGroup:
			return nil, "", fmt.Errorf("[ within [")
		case s[0] == '[':
			group, after, err := parseParts(s[1:], true)
			if err != nil {
				return nil, "", err
			}
			parts, s = append(parts, part{group: group}), after
		default:
			name, after, ok := strings.Cut(s[1:], "}")
			if !ok || name == "" {
				return nil, "", fmt.Errorf("{ without a name and }")
			}
			parts, s = append(parts, part{field: name}), after
		}
	}
	if inGroup {
		return nil, "", fmt.Errorf("[ without ]")
	}
	return parts, "", nil
}

// Empty reports whether the template yields nothing.
func (t Template) Empty() bool { return len(t.parts) == 0 }

// Fields are the names of the fields the template asks for.
func (t Template) Fields() []string { return partFields(nil, t.parts) }

func partFields(dst []string, parts []part) []string {
	for _, p := range parts {
		if p.field != "" {
			dst = append(dst, p.field)
		}
		dst = partFields(dst, p.group)
	}
	return dst
}

// Render fills the template in. look returns the values of a field; several
// are joined by commas, a missing one reads "(unknown)".
func (t Template) Render(look func(field string) []string) string {
	var room [templateRoom]byte
	filled, _ := renderParts(room[:0], t.parts, look)
	return string(filled)
}

// templateRoom is what most texts of templates have room in, in bytes.
const templateRoom = 256

// renderParts appends parts, and reports whether every field had a value.
func renderParts(dst []byte, parts []part, look func(string) []string) (filled []byte, whole bool) {
	whole = true
	for _, p := range parts {
		switch {
		case p.field != "":
			v := strings.Join(look(p.field), ", ")
			if v == "" {
				v, whole = "(unknown)", false
			}
			dst = append(dst, text.Shorten(v, maxTemplateValue)...)
		case p.group != nil:
			if with, all := renderParts(dst, p.group, look); all {
				dst = with
			}
		default:
			dst = append(dst, p.text...)
		}
	}
	return dst, whole
}

// value fills the template in for a name: "" if nothing is known.
func (t Template) value(look func(string) []string) string {
	var room [templateRoom]byte
	filled, whole := renderParts(room[:0], t.parts, look)
	if !whole {
		return ""
	}
	return string(filled)
}
