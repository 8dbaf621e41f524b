package kubeaudit

import (
	"strings"

	"tideline/parsers/internal/jsonfields"
)

// An object is what a path names, taken apart.
type object struct {
	group, version, namespace, resource, name, subresource string
}

// place reads the parts of a path behind group and version:
// [namespaces NS] RESOURCE [NAME [SUBRESOURCE...]].
func (o *object) place(parts []string) {
	if len(parts) >= 2 && parts[0] == "namespaces" {
		o.namespace = parts[1]
		if len(parts) == 2 || parts[2] == "status" || parts[2] == "finalize" {
			o.resource, o.name = "namespaces", parts[1]
			o.subresource = strings.Join(parts[2:], "/")
			return
		}
		parts = parts[2:]
	}
	for i, part := range parts {
		switch i {
		case 0:
			o.resource = part
		case 1:
			o.name = part
		case 2:
			o.subresource = part
		}
	}
}

// A writer spells out events in JSON.
type writer struct {
	buf   []byte
	comma bool
}

func (w *writer) open(bracket byte) { w.buf, w.comma = append(w.buf, bracket), false }

func (w *writer) close(bracket byte) { w.buf, w.comma = append(w.buf, bracket), true }

func (w *writer) separate() {
	if w.comma {
		w.buf = append(w.buf, ',')
	}
	w.comma = true
}

func (w *writer) key(name string) {
	w.separate()
	w.buf = append(jsonfields.AppendString(w.buf, []byte(name)), ':')
	w.comma = false
}

// text writes a member, if it has a value.
func (w *writer) text(name, value string) {
	if value == "" {
		return
	}
	w.key(name)
	w.value(value)
}

func (w *writer) value(text string) {
	w.separate()
	w.buf = jsonfields.AppendString(w.buf, []byte(text))
}

// raw writes a member that is JSON already.
func (w *writer) raw(name string, json []byte) {
	w.key(name)
	w.buf = append(w.buf, json...)
	w.comma = true
}

func (w *writer) texts(name string, values []string) {
	w.key(name)
	w.open('[')
	for _, v := range values {
		w.value(v)
	}
	w.close(']')
}

// user writes a user of a legacy line; its groups are a list of quoted names.
func (w *writer) user(name, user, groups string) {
	w.key(name)
	w.open('{')
	if user != "<none>" {
		w.text("username", user)
	}
	if list := quotedList(groups); len(list) > 0 {
		w.texts("groups", list)
	}
	w.close('}')
}

func (w *writer) object(name string, o object) {
	if o.resource == "" {
		return
	}
	w.key(name)
	w.open('{')
	w.text("resource", o.resource)
	w.text("namespace", o.namespace)
	w.text("name", o.name)
	w.text("apiGroup", o.group)
	w.text("apiVersion", o.version)
	w.text("subresource", o.subresource)
	w.close('}')
}

// status writes a responseStatus with that code, if it is one.
func (w *writer) status(code string) {
	if code == "" || len(code) > 3 || number([]byte(code)) < 0 {
		return
	}
	w.key("responseStatus")
	w.open('{')
	w.raw("code", []byte(strings.TrimLeft(code[:len(code)-1], "0")+code[len(code)-1:]))
	w.close('}')
}

// quotedList reads `"a","b"`.
func quotedList(s string) []string {
	var out []string
	for _, item := range strings.Split(s, ",") {
		if item = strings.Trim(item, `"\ `); item != "" && !strings.HasPrefix(item, "<") {
			out = append(out, item)
		}
	}
	return out
}
