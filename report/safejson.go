package report

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A jsonEncoder writes values as JSON that is valid whatever the evidence
// holds, and harmless where it is shown: every character that a terminal could
// obey or that would be invisible is written as \uXXXX, which loses nothing.
// With embed, < > and & are escaped too, so that the text may stand inside a
// script element of HTML. It is reused: what encode returns is valid until the
// next call.
type jsonEncoder struct {
	embed bool
	buf   bytes.Buffer
	out   []byte
}

// encode gives v as JSON in one line, without a newline at its end. Keys are in
// the order of struct fields, those of maps sorted.
func (e *jsonEncoder) encode(v any) ([]byte, error) {
	e.buf.Reset()
	enc := json.NewEncoder(&e.buf)
	enc.SetEscapeHTML(e.embed)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	line := bytes.TrimSuffix(e.buf.Bytes(), []byte("\n"))
	if plainASCII(line) {
		return line, nil
	}
	e.out = appendSafeJSON(e.out[:0], line)
	return e.out, nil
}

// PrintJSON writes v as JSON and a newline: one line, or indented if indent is
// not empty. Like all JSON of this package it is safe on a terminal.
func PrintJSON(w io.Writer, v any, indent string) error {
	var e jsonEncoder
	text, err := e.encode(v)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if indent == "" {
		out.Write(text)
	} else if err := json.Indent(&out, text, "", indent); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = w.Write(out.Bytes())
	return err
}

func plainASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x7f {
			return false
		}
	}
	return true
}

// appendSafeJSON appends valid JSON text with its invisible characters
// escaped. Outside strings JSON is ASCII, so they can only be inside one.
func appendSafeJSON(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if c < 0x7f {
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r > 0xffff && invisible(r):
			high, low := utf16.EncodeRune(r)
			dst = appendUEscape(appendUEscape(dst, high), low)
		case invisible(r):
			dst = appendUEscape(dst, r)
		default:
			dst = append(dst, text[i:i+size]...)
		}
		i += size
	}
	return dst
}
