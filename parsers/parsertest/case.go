package parsertest

import (
	"bytes"
	"io"

	"tideline/parsers"
)

// A Case is one sound input of a format. Keep it small: the suite decodes it
// some ten times for each of its bytes.
type Case struct {
	Name string

	// Input is the stream, one record a line. Blank lines are no records.
	Input string
	// Records are used instead of Input for records that are not lines; in
	// the stream a newline follows each.
	Records []string

	Path    string         // Optional: the stream's path, a hint for Sniff
	Origin  parsers.Origin // Optional: given to every record
	Context string         // Optional: given to every record

	// Fields are the fields that the decoder is asked for; they are part of
	// what Render prints.
	Fields []string
	// Want are the events, as Render prints them. Optional: nil means any,
	// but then at least one.
	Want []string
	// Foreign are records that Decode must refuse with parsers.ErrForeign.
	Foreign []string
	// Unsniffed: Sniff need not recognise the input (a line that only has
	// meaning among others).
	Unsniffed bool
}

// A piece is one record of a stream and its place.
type piece struct {
	pos parsers.Pos
	raw []byte
	cut bool
}

// pieces returns the stream of a case and its records.
func (c Case) pieces() (stream []byte, records []piece) {
	if c.Records == nil {
		return []byte(c.Input), lines([]byte(c.Input))
	}
	line := int64(1)
	for _, r := range c.Records {
		pos := parsers.Pos{Line: line, Offset: int64(len(stream)), Length: int64(len(r))}
		stream = append(append(stream, r...), '\n')
		records = append(records, piece{pos: pos, raw: []byte(r)})
		line += int64(bytes.Count([]byte(r), []byte("\n"))) + 1
	}
	return stream, records
}

var bom = []byte("\xef\xbb\xbf")

// lines cuts a stream into lines without their ending. A byte order mark and
// NULs at the edges of a line belong to no record.
func lines(stream []byte) []piece {
	var out []piece
	offset := 0
	if bytes.HasPrefix(stream, bom) {
		offset = len(bom)
	}
	for n := int64(1); offset < len(stream); n++ {
		text := stream[offset:]
		next := len(stream)
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			text, next = text[:i], offset+i+1
		}
		head := bytes.TrimLeft(text, "\x00")
		offset += len(text) - len(head)
		text = bytes.TrimRight(head, "\r\x00")
		if len(bytes.TrimSpace(text)) > 0 {
			pos := parsers.Pos{Line: n, Offset: int64(offset), Length: int64(len(text))}
			out = append(out, piece{pos: pos, raw: text})
		}
		offset = next
	}
	return out
}

// cutAt returns what is left of records when their stream ends at n; the one
// that n falls into is marked as cut.
func cutAt(records []piece, n int) []piece {
	var out []piece
	for _, p := range records {
		left := int64(n) - p.pos.Offset
		if left <= 0 {
			break
		}
		if left < p.pos.Length {
			p.raw, p.pos.Length, p.cut = p.raw[:left], left, true
		}
		out = append(out, p)
	}
	return out
}

// readAll reads r to its end through a buffer of one odd size.
func readAll(r io.Reader) ([]byte, error) {
	var out []byte
	buf := make([]byte, 37)
	for {
		n, err := r.Read(buf)
		out = append(out, buf[:n]...)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
	}
}
