package journal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// IsExport reports whether a stream begins like "journalctl -o export", where
// every entry has its address first, or like "journalctl -o verbose".
func IsExport(prefix []byte) bool {
	if isVerbose(prefix) {
		return true
	}
	prefix = bytes.TrimLeft(prefix, "\r\n")
	for _, name := range [...]string{"__CURSOR=s=", "__REALTIME_TIMESTAMP=", "__SEQNUM="} {
		if bytes.HasPrefix(prefix, []byte(name)) {
			return true
		}
	}
	return false
}

// An Exporter cuts a stream in the journal export format (systemd.io, Journal
// Export Formats) into pieces like a Cutter does: Record.Data is the entry as a
// line of "journalctl -o json", Record.Raw are its bytes in the stream. A field
// is a line NAME=value, or, if its value is not text, NAME, a length in eight
// bytes and the value. An empty line ends an entry. What "journalctl -o verbose"
// printed is cut as well, see verbose.go. One goroutine uses it.
type Exporter struct {
	src  *bufio.Reader
	max  int
	of   func([]byte) int64 // see Measure; nil: len
	err  error              // of src
	off  int64              // of the next byte
	rows int64              // newlines before it

	text    []byte // the line in hand
	again   bool   // it begins the next entry
	line    line
	raw     []byte
	size    int64 // bytes of the piece in hand
	start   parsers.Pos
	over    bool // fields were left out because the entry is too long
	damaged bool // bytes were passed over because they are no field

	form form
	blob bool // a value was not printed
	mark bool // the piece in hand is no entry but what stands between them
}

// A form is what the stream is spelled in.
type form uint8

const (
	unknownForm form = iota
	exportForm
	verboseForm
)

// NewExporter returns an Exporter that reads r; max is the most bytes of an
// entry that are kept, 0 means frame.DefaultMaxRecord.
func NewExporter(r io.Reader, max int) *Exporter {
	if max <= 0 {
		max = frame.DefaultMaxRecord
	}
	return &Exporter{src: bufio.NewReaderSize(r, 256<<10), max: max}
}

// Measure makes size what says how many bytes of the stream some text was, where they
// are not as many: in UTF-16, as PowerShell keeps what a program prints.
func (e *Exporter) Measure(size func([]byte) int64) { e.of = size }

// Next replaces *p by the next piece, as frame.Framer.Next does.
func (e *Exporter) Next(p *frame.Piece) error {
	e.line.reset()
	if cap(e.raw) > 1<<20 {
		e.raw = nil
	}
	e.raw, e.size, e.over, e.damaged, e.blob, e.mark = e.raw[:0], 0, false, false, false, false
	if e.form == unknownForm {
		e.form = exportForm
		if head, _ := e.src.Peek(verboseHead); isVerbose(head) { // what it lacks is told when it is read
			e.form = verboseForm
		}
	}
	if e.form == verboseForm {
		for e.verboseLine() {
		}
	} else {
		for e.field() {
		}
	}
	*p = frame.Piece{Size: e.size}
	p.Record.Pos = e.start
	switch {
	case len(e.line.fields) > 0:
		p.Record.Raw = bytes.TrimRight(e.raw, "\r\n")
		p.Record.Pos.Length = int64(len(p.Record.Raw))
		p.Other = Other(e.line.get) // before spell gives the fields another order
		p.Record.Data = e.line.spell(nil)
		e.remark(p)
	case e.mark:
		p.Kind, p.Code, p.Reason = frame.Note, "journal.separator", "a line that journalctl puts around entries; it holds none"
	case e.damaged || e.over:
		p.Kind = frame.Gap
		e.remark(p)
	case e.size > 0:
		p.Kind, p.Code, p.Reason = frame.Note, "text.blank", "empty lines"
	default:
		return e.err
	}
	return nil
}

func (e *Exporter) remark(p *frame.Piece) {
	switch {
	case e.over:
		p.Code, p.Lost = "line.oversize", true
		p.Reason = "an entry of the journal is longer than the limit: fields of it were left out"
	case e.damaged:
		p.Code, p.Lost = "journal.damaged", true
		p.Reason = "bytes between the fields of an exported journal that are no field; it is damaged or cut"
	case e.blob:
		p.Code, p.Lost, p.Reason = "journal.field_lost", true, "a value that is not text was printed as its length alone; journalctl -o export has it"
	case e.err != nil && len(e.raw) > 0 && e.raw[len(e.raw)-1] != '\n':
		p.Code, p.Reason = "line.truncated_tail", "the stream ends within an entry; its last field is not whole"
	}
}

// field reads one line and what belongs to it. It reports false at the end of
// an entry.
func (e *Exporter) field() bool {
	if !e.again && !e.readLine() {
		return false
	}
	if bytes.HasPrefix(e.text, []byte("__CURSOR=")) && len(e.line.fields) > 0 && !e.again {
		e.again = true // the empty line is missing
		return false
	}
	if e.size == 0 {
		e.start = parsers.Pos{Line: e.rows + 1, Offset: e.off}
	}
	e.take(e.text)
	e.again = false
	// No field ends in CR: its value would have been written with its length before it.
	text := bytes.TrimRight(e.text, "\r\n")
	if len(text) == 0 {
		return len(e.line.fields) == 0 && !e.damaged && !e.over
	}
	name, value, plain := bytes.Cut(text, []byte("="))
	switch {
	case !isFieldName(name):
		e.damaged = true
	case plain:
		e.keep(name, value)
	default:
		e.long(bytes.Clone(name))
	}
	return true
}

// take counts bytes of the stream as those of the piece in hand.
func (e *Exporter) take(b []byte) {
	e.off += int64(len(b))
	if e.of != nil {
		e.size += e.of(b)
	} else {
		e.size += int64(len(b))
	}
	e.rows += int64(bytes.Count(b, []byte("\n")))
	if room := e.max - len(e.raw); room > 0 {
		e.raw = append(e.raw, b[:min(len(b), room)]...)
	}
}

func (e *Exporter) keep(name, value []byte) {
	if len(e.line.text)+len(name)+len(value) > e.max {
		e.over = true
		return
	}
	e.line.add(name, value)
}

// long reads a value that has its length before it.
func (e *Exporter) long(name []byte) {
	head, err := e.src.Peek(8)
	if err != nil { // cut
		e.damaged = true
		e.rest(head)
		return
	}
	n := binary.LittleEndian.Uint64(head)
	e.discard(8)
	if n > uint64(e.max) {
		// Either it is as long as it says, or its length is damaged: to read on
		// line by line finds the next entry in both cases.
		e.over = true
		return
	}
	value := make([]byte, 0, min(int(n), 64<<10))
	for uint64(len(value)) < n {
		part, err := e.src.Peek(int(min(n-uint64(len(value)), 64<<10)))
		value = append(value, part...)
		e.discard(len(part))
		if err != nil {
			e.err, e.damaged = err, true
			break
		}
	}
	e.keep(name, value)
	if end, err := e.src.Peek(1); err == nil && end[0] == '\n' {
		e.discard(1)
	} else if err == nil {
		e.damaged = true // no value is that long: what was taken for its length is none
	}
}

// discard takes n bytes that were looked at.
func (e *Exporter) discard(n int) {
	b, _ := e.src.Peek(n) // they are there
	e.take(b)
	e.src.Discard(len(b))
}

func (e *Exporter) rest(b []byte) {
	e.take(b)
	e.src.Discard(len(b))
}

// readLine reads up to a newline, or to the limit.
func (e *Exporter) readLine() bool {
	e.text = e.text[:0]
	if e.err != nil {
		return false
	}
	for len(e.text) < e.max {
		part, err := e.src.ReadSlice('\n')
		e.text = append(e.text, part...)
		if err == nil {
			break
		}
		if err != bufio.ErrBufferFull {
			e.err = err
			break
		}
	}
	return len(e.text) > 0
}

// isFieldName reports whether a name is one of the journal's: capitals, digits
// and underscores, at most 64 of them (systemd, journal_field_valid).
func isFieldName(b []byte) bool {
	if len(b) == 0 || len(b) > 64 {
		return false
	}
	for _, c := range b {
		if c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
