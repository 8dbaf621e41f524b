package kubehttp

import (
	"bytes"
	"time"

	"tideline/parsers/internal/jsonfields"
)

// isJSON reports whether an object may be a line of --logging-format=json that tells
// of a request (k8s.io/component-base, logs/json, 1.19 and later).
func isJSON(data []byte) bool {
	return len(data) > 0 && data[0] == '{' && bytes.Contains(data, []byte(`"HTTP"`)) && bytes.Contains(data, []byte(`"verb"`)) && bytes.Contains(data, []byte(`"URI"`))
}

// readJSON takes such an object apart; false if it is another. What stands before the
// damage in a damaged one is taken; damage is nil if there is none.
func (d *decoder) readJSON(data []byte) (ok bool, damage error) {
	doc, damage := d.json.Parse(data)
	root := doc.Root()
	if string(root.Get("msg").Text()) != "HTTP" {
		return false, nil
	}
	r := &d.read
	for key, value := range root.Members {
		switch {
		case string(key) == "ts":
			r.ts = milliseconds(value)
		case value.Kind() == jsonfields.Null:
		default:
			// Both texts are the parser's, which this decoder has for itself.
			r.add(key, value.Text())
		}
	}
	// An application may log of its own requests in this way; that of a component has both.
	return r.verb != nil && (r.uri != nil || damage != nil), damage
}

// milliseconds reads "ts": milliseconds since 1970 with a fraction, or, where a
// component was told so, RFC 3339.
func milliseconds(v jsonfields.Value) time.Time {
	text := v.Text()
	if v.Kind() == jsonfields.String {
		t, err := time.Parse(time.RFC3339Nano, string(text))
		if err != nil {
			return time.Time{}
		}
		return t.UTC()
	}
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	ms, ok := number(whole)
	if v.Kind() != jsonfields.Number || !ok || len(whole) != 13 {
		return time.Time{}
	}
	nanos := 0
	for i := range 6 {
		nanos *= 10
		if i < len(fraction) && fraction[i] >= '0' && fraction[i] <= '9' {
			nanos += int(fraction[i] - '0')
		}
	}
	return time.UnixMilli(int64(ms)).Add(time.Duration(nanos)).UTC()
}

// number is a decimal number; false if b is none, or longer than any here is.
func number(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, len(b) > 0 && len(b) < 18
}
