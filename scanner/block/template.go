package block

import (
	"fmt"
	"strings"

	"tideline/scanner/text"
)

// A Template is a sentence with fields in it: "{user.username} listed all
// secrets of namespace {objectRef.namespace}". A part in square brackets is
// left out when a field in it has no value: "read {name}[ in {namespace}]".
// The names actor, action, target, outcome and command stand for what the
// finding says of them; any other is a field of the event. Of "[a|b]" the first
// is taken that has all its values.
type Template struct{ parts []part }

// A part is literal text, a field, or an optional group: alternatives, each of
// them parts.
type part struct {
	text  string
	field string
	group [][]part
}

// IsWord reports whether a name stands for what the finding says, and is no field of the
// event.
func IsWord(name string) bool {
	switch name {
	case "actor", "target", "action", "outcome", "command":
		return true
	}
	return false
}

// maxTemplateValue caps one value in a sentence, in bytes.
const maxTemplateValue = 160

func literal(s string) Template {
	if s == "" {
		return Template{}
	}
	return Template{parts: []part{{text: s}}}
}

// parseTemplate reads a template. Braces and brackets must be balanced;
// brackets do not nest.
func parseTemplate(s string) (Template, error) {
	parts, rest, err := parseParts(s, "{[]")
	if err != nil {
		return Template{}, fmt.Errorf("template %.80q: %w", s, err)
	}
	if rest != "" {
		return Template{}, fmt.Errorf("template %.80q: ] without [", s)
	}
	return Template{parts: parts}, nil
}

// ends are what text ends at within a group.
const ends = "{[]|"

// parseParts reads parts to the end of s, or within a group to the bracket or the
// bar that ends them; rest is what follows, from there on. Text ends at one of stop.
func parseParts(s, stop string) (parts []part, rest string, err error) {
	for s != "" {
		i := strings.IndexAny(s, stop)
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			parts = append(parts, part{text: s[:i]})
			s = s[i:]
			continue
		}
		switch {
		case s[0] == ']' || s[0] == '|':
			return parts, s, nil
		case s[0] == '[' && stop == ends:
			return nil, "", fmt.Errorf("[ within [")
		case s[0] == '[':
			var group [][]part
			for group == nil || s[0] == '|' {
				one, after, err := parseParts(s[1:], ends)
				if err != nil {
					return nil, "", err
				}
				group, s = append(group, one), after
			}
			parts, s = append(parts, part{group: group}), s[1:]
		default:
			name, after, ok := strings.Cut(s[1:], "}")
			if !ok || name == "" {
				return nil, "", fmt.Errorf("{ without a name and }")
			}
			parts, s = append(parts, part{field: name}), after
		}
	}
	if stop == ends {
		return nil, "", fmt.Errorf("[ without ]")
	}
	return parts, "", nil
}

// Fields are the names of the fields the template asks for.
func (t Template) Fields() []string { return partFields(nil, t.parts) }

func partFields(dst []string, parts []part) []string {
	for _, p := range parts {
		if p.field != "" {
			dst = append(dst, p.field)
		}
		for _, one := range p.group {
			dst = partFields(dst, one)
		}
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
			for _, one := range p.group {
				if with, all := renderParts(dst, one, look); all {
					dst = with
					break
				}
			}
		default:
			dst = append(dst, p.text...)
		}
	}
	return dst, whole
}

// Value fills the template in for a name: "" if nothing is known.
func (t Template) Value(look func(string) []string) string {
	var room [templateRoom]byte
	filled, whole := renderParts(room[:0], t.parts, look)
	if !whole {
		return ""
	}
	return string(filled)
}

// Field is the field that is all of a template; "" if there is more or less.
func (t Template) Field() string {
	if len(t.parts) != 1 {
		return ""
	}
	return t.parts[0].field
}

// Literal is the text of a template that has no fields; ok is false if it has some.
func (t Template) Literal() (text string, ok bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) == 1 && t.parts[0].text != "":
		return t.parts[0].text, true
	}
	return "", false
}
