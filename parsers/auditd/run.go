package auditd

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// Run implements parsers.Runner.
func (d *decoder) Run(text []byte, at parsers.Pos, origin *parsers.Origin, emit func(*parsers.Event) error) (lines, size int, bad *parsers.Record, err error) {
	rec := &d.rec
	rec.Origin, rec.Pos = *origin, at
	for size < len(text) {
		n := bytes.IndexByte(text[size:], '\n')
		line := text[size : size+n : size+n]
		if !runs(line) {
			break
		}
		rec.Data, rec.Raw, rec.Pos.Length = line, line, int64(n)
		switch err := d.Decode(rec, emit); err {
		case nil:
		case parsers.ErrForeign:
			return lines, size, nil, nil
		default:
			return lines, size, rec, err
		}
		lines++
		size += n + 1
		rec.Pos.Line++
		rec.Pos.Offset += int64(n) + 1
	}
	return lines, size, nil, nil
}

// runs reports whether a line may be read as it stands: it begins as auditd and
// syslog begin lines. What begins with a digit may be a part of a longer line.
func runs(line []byte) bool {
	if len(line) == 0 || len(line) > frame.MaxLine || line[len(line)-1] == '\r' {
		return false
	}
	c := line[0] | 0x20
	return 'a' <= c && c <= 'z' || line[0] == '<'
}
