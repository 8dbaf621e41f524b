package parsertest

import (
	"fmt"
	"strings"
	"time"

	"tideline/parsers"
)

// Render prints an event as one line, for Case.Want and for comparing runs:
//
//	2026-03-01T10:00:00Z alice list secrets kube-system/db allowed
//	2026-03-01T10:00:00Z alice create pods/exec prod/web unknown $ sh -c id [resource: verb=create code=403]
//
// Empty parts are "-". The parts in brackets are the views, each by the name
// of its kind and with the values of the fields asked for: a value that is null
// prints as null, one that is empty as "", and a field without values not at
// all. Positions are not part of it, so that an event renders the same wherever
// it stands.
func Render(f *parsers.Format, fields []string, ev *parsers.Event) string {
	var b strings.Builder
	b.WriteString(stamp(ev.Time))
	k := &ev.Facts
	for _, v := range [][]byte{k.Name, k.Action, k.Kind} {
		b.WriteByte(' ')
		b.WriteString(dash(v))
	}
	fmt.Fprintf(&b, " %s/%s %s", k.Namespace, k.Target, k.Outcome)
	if k.Command != nil {
		fmt.Fprintf(&b, " $ %s", k.Command)
	}
	for i := range ev.Views {
		renderView(&b, f, fields, &ev.Views[i])
	}
	return b.String()
}

func renderView(b *strings.Builder, f *parsers.Format, fields []string, v *parsers.View) {
	name := "?"
	if v.Kind >= 0 && v.Kind < len(f.Kinds) {
		name = f.Kinds[v.Kind].Name
	}
	var parts []string
	for i, field := range fields {
		for _, value := range v.Fields.Values(nil, i) {
			parts = append(parts, field+"="+show(value))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(b, " [%s: %s]", name, strings.Join(parts, " "))
	}
}

func show(value []byte) string {
	switch {
	case value == nil:
		return "null"
	case len(value) == 0:
		return `""`
	}
	return string(value)
}

func dash(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	return string(b)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.RFC3339Nano)
}
