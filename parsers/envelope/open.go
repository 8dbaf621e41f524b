package envelope

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"strconv"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// enter is rec in one envelope more. It is good until rec is entered again.
func enter(rec *parsers.Record, name string) *parsers.Record {
	var in *parsers.Record
	if rec.Room != nil {
		in = &rec.Room.Record
		rec.Room.Last = in.Origin
	} else {
		in = new(parsers.Record)
	}
	*in = *rec
	in.Context, in.Room = nil, nil
	in.Origin.Envelope = inside(rec.Origin.Envelope, name, last(rec).Envelope)
	return in
}

// last is the origin of what was taken out of a record like rec before.
func last(rec *parsers.Record) *parsers.Origin {
	if rec.Room == nil {
		return &noOrigin
	}
	return &rec.Room.Last
}

var noOrigin parsers.Origin

// same is name as text: before, if that is the same.
func same(before string, name []byte) string {
	if before == string(name) {
		return before
	}
	return string(name)
}

// inside joins names of envelopes; before is what may be the same.
func inside(outer, name, before string) string {
	if outer == "" {
		return name
	}
	if n := len(outer); len(before) == n+1+len(name) && before[:n] == outer && before[n] == '>' && before[n+1:] == name {
		return before
	}
	return outer + ">" + name
}

// truncated is what CloudWatch puts behind a message that it cut.
var truncated = []byte("[Truncated...]")

// payload emits in with what was inside.
func payload(in *parsers.Record, data []byte, emit func(*parsers.Record) error) (bool, error) {
	data = bytes.TrimSpace(data)
	if head, ok := bytes.CutSuffix(data, truncated); ok {
		data, in.Cut = head, true
	}
	if len(data) == 0 {
		return true, nil
	}
	if bytes.HasPrefix(data, gzipBase64) {
		return true, unpack(in, data, emit)
	}
	in.Data = data
	return true, emit(in)
}

// spread emits every record of a text that holds many.
func spread(in *parsers.Record, text io.Reader, emit func(*parsers.Record) error) error {
	f := frame.New(text, frame.Options{})
	defer f.Close()
	var p frame.Piece
	var one parsers.Record
	for f.Next(&p) == nil { // text fails only with io.EOF
		if p.Kind != frame.Record {
			continue
		}
		one = *in
		one.Data, one.Context = p.Record.Data, p.Record.Context
		one.Cut = one.Cut || p.Record.Cut
		if err := emit(&one); err != nil {
			return err
		}
	}
	return nil
}

// gzipBase64 is how gzip begins in base64.
var gzipBase64 = []byte("H4sI")

// maxUnpacked bounds what one base64 payload may become.
const maxUnpacked = 64 << 20

// unpack emits the records of a base64 payload, which may be compressed.
func unpack(in *parsers.Record, data []byte, emit func(*parsers.Record) error) error {
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(data)))
	n, err := base64.StdEncoding.Decode(raw, data)
	in.Cut = in.Cut || err != nil
	open := func() io.Reader { return bytes.NewReader(raw[:n]) }
	for range 2 { // Firehose may compress once more
		packed := open
		if !isGzip(packed()) {
			break
		}
		z, err := unpacked(packed())
		if err != nil {
			in.Cut = true
			break
		}
		size, err := io.Copy(io.Discard, z)
		in.Cut = in.Cut || err != nil || size == maxUnpacked
		open = func() io.Reader {
			z, _ := unpacked(packed()) // it was one a moment ago
			return soundPart{z}
		}
	}
	return spread(in, open(), emit)
}

func isGzip(r io.Reader) bool {
	var head [2]byte
	_, err := io.ReadFull(r, head[:])
	return err == nil && head == [2]byte{0x1f, 0x8b}
}

// unpacked reads what r has in gzip. That is read twice: once to find out whether it
// is whole, and once for its records, of which one after the other is held.
func unpacked(r io.Reader) (io.Reader, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	return io.LimitReader(z, maxUnpacked), nil
}

// soundPart ends where what it reads is damaged.
type soundPart struct{ r io.Reader }

func (s soundPart) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// isBase64 reports whether data could be the base64 form of a JSON object or
// of gzip.
func isBase64(data []byte) bool {
	for _, head := range []string{"H4sI", "eyJ", "eyAi", "ewog", "ewoJ", "W3s"} {
		if bytes.HasPrefix(data, []byte(head)) {
			return true
		}
	}
	return false
}

// epoch reads a number of milliseconds, microseconds or nanoseconds since
// 1970, which its size tells apart, or of seconds with a fraction.
func epoch(b []byte) time.Time {
	if b = bytes.Trim(b, `"`); len(b) == 0 || b[0] > '9' {
		return time.Time{}
	}
	s := string(b)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		switch {
		case n < 1e11:
			return time.Unix(n, 0).UTC()
		case n < 1e14:
			return time.UnixMilli(n).UTC()
		case n < 1e17:
			return time.UnixMicro(n).UTC()
		}
		return time.Unix(0, n).UTC()
	}
	whole, frac, _ := bytes.Cut([]byte(s), []byte("."))
	sec, err := strconv.ParseInt(string(whole), 10, 64)
	if err != nil || sec <= 0 || len(frac) > 9 {
		return time.Time{}
	}
	ns, err := strconv.ParseInt(string(frac)+"000000000"[len(frac):], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(sec, ns).UTC()
}

// layouts are the forms of time that envelopes use, with a zone or in UTC.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05.999999999 -0700 MST",
	"2006-01-02T15:04:05.999999999-0700", "2006-01-02 15:04:05.999999999 MST"} // journalctl and Splunk; BigQuery

// stamp reads a time as text or as a number; zero if it is neither.
func stamp(b []byte) time.Time {
	b = bytes.Trim(b, `"`)
	if len(b) < 10 || len(b) > 48 {
		return time.Time{}
	}
	if b[4] != '-' { // as in all layouts
		return epoch(b)
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, string(b)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
