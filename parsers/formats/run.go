package formats

import (
	"tideline/parsers/internal/frame"
)

// run lets the decoder that took the last record read on by itself, as far as it
// can, and accounts for what it read. It reports whether that was anything. Its
// error is that of the sink.
func (l *lane) run(f *frame.Framer) (bool, error) {
	format := l.hints[0].format - 1
	if format < 0 || l.runners[format] == nil || l.joiner.holds() {
		return false, nil
	}
	text := f.Lines()
	if len(text) == 0 {
		return false, nil
	}
	lines, size, bad, err := l.runners[format].Run(text, f.Place(), &l.stream.origin, l.emits[format])
	l.account.read += int64(size)
	l.account.records += int64(lines)
	l.account.bytes.Events += int64(size)
	l.account.recognised[format] += int64(lines)
	f.Take(size, lines)
	l.unclaimed = l.unclaimed && lines == 0
	if err == nil {
		return lines > 0, nil
	}
	p := frame.Piece{Record: *bad, Size: int64(len(bad.Raw)) + 1}
	l.account.read += p.Size
	l.account.records++
	l.begin()
	if err := l.outcome(format, &p.Record, err); err != nil {
		return false, err
	}
	l.book(&p, true)
	f.Take(int(p.Size), 1)
	return true, nil
}
