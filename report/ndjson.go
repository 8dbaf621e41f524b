package report

import (
	"io"

	"tideline/scanner/finding"
)

// ndjsonWriter writes a finding a line: schema tideline.finding/1. Nothing else
// is on the stream; whether the scan was complete is said by the exit status
// and the closing summary.
type ndjsonWriter struct {
	maskCount
	w   io.Writer
	enc jsonEncoder
}

// newNDJSON writes findings to w as JSON lines.
func newNDJSON(w io.Writer, o Options) Writer {
	return &ndjsonWriter{w: w}
}

func (n *ndjsonWriter) Begin(*finding.Overview) error { return nil }

func (n *ndjsonWriter) Write(f *Shown) error {
	return writeLine(n.w, &n.enc, n.of(f))
}

func (n *ndjsonWriter) Close() error { return nil }

// writeLine writes v as one line of JSON.
func writeLine(w io.Writer, enc *jsonEncoder, v any) error {
	line, err := enc.encode(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
