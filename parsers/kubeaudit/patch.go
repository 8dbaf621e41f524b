package kubeaudit

import (
	"strings"

	"tideline/parsers/internal/jsonfields"
)

// maxPointer is how many steps of a JSON pointer are followed. The longest in
// a pod of a cron job has some fifteen.
const maxPointer = 64

// isPatch reports whether v is an operation of a JSON patch (RFC 6902) that
// brings a value.
func isPatch(v jsonfields.Value) bool {
	return v.Get("op").Kind() == jsonfields.String && v.Get("path").Kind() == jsonfields.String
}

// patched appends the objects that operations of JSON patches would make of
// nothing: {"op":"add","path":"/spec/hostPID","value":true} is
// {"spec":{"hostPID":true}}. It is JSON, an array of as many objects.
func patched(dst []byte, ops []jsonfields.Value) []byte {
	dst = append(dst, '[')
	first := true
	for _, op := range ops {
		value := op.Get("value")
		if !isPatch(op) || value.Kind() == jsonfields.Absent {
			continue
		}
		steps := strings.Split(string(op.Get("path").Text()), "/")
		if len(steps) > maxPointer {
			continue // leads to nothing that a pod has
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = nest(dst, steps[1:], value)
	}
	return append(dst, ']')
}

// nest appends value inside the containers that the steps of a JSON pointer
// (RFC 6901) lead through; a number, or "-" for the end, is a step into an array.
func nest(dst []byte, steps []string, value jsonfields.Value) []byte {
	if len(steps) == 0 {
		return value.AppendJSON(dst)
	}
	if s := steps[0]; s == "-" || s != "" && number([]byte(s)) >= 0 {
		return append(nest(append(dst, '['), steps[1:], value), ']')
	}
	key := strings.NewReplacer("~1", "/", "~0", "~").Replace(steps[0])
	dst = append(jsonfields.AppendString(append(dst, '{'), []byte(key)), ':')
	return append(nest(dst, steps[1:], value), '}')
}
