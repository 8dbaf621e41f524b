package scanner

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"tideline/parsers"
	"tideline/scanner/fileid"
	"tideline/scanner/finding"
	"tideline/scanner/ledger"
	"tideline/scanner/livelog"
	"tideline/scanner/state"
)

// codeLeft is the note on a line that is left for the next run.
const codeLeft = "line.left"

// leftFor is how many bytes at the end of f, which is size bytes long, a night leaves to
// the next one: an unfinished line, which is read with its end then. What was left before
// and has not changed since is read as it is: nobody goes on writing it. start
// is where reading begins; from is the source that f has grown from, if any.
func leftFor(f io.ReaderAt, start, size int64, from *state.Source) int64 {
	if from != nil && from.Left > 0 && from.Size+from.Left == size {
		return 0
	}
	left := livelog.Left(f, start, size)
	if from != nil && size-left < from.Length {
		return 0 // a part of it was read already
	}
	return left
}

// leaving reads a log that has no place to cut, but ends in an unfinished line, up to that
// line; nil if there is none. grown is what was read of it before, if anything was: it is
// read again.
func (w *nightWorker) leaving(in *nightInput, f *os.File, grown *state.Source) (*nightReading, error) {
	size := in.info.Size()
	left := livelog.LeftUncut(f, size)
	end := size - left
	if left == 0 || grown != nil && (end < grown.Length || grown.Left > 0 && grown.Size+grown.Left == size) {
		return nil, nil
	}
	r := &nightReading{source: state.Source{Read: in.in.Path, Size: end, Length: end, Left: left}}
	ends := []int64{end}
	if grown != nil {
		ends = []int64{grown.Length, end}
	}
	sums := fileid.GoOn(sha256.New(), 0, ends...)
	p, _, err := w.readPart(in.in.Path, io.NewSectionReader(f, 0, end), &resumption{}, sums)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	defer p.Close()
	r.source.Sum = sums.Sums()[end]
	if len(p.Ledger) != 1 || p.Ledger[0].Format == "" || r.source.Sum == "" || grown != nil && sums.Sums()[grown.Length] != grown.Sum {
		return nil, nil
	}
	noteWhole(&r.source, f, p)
	noteLeft(&p.Ledger[0], left, end)
	r.entries = p.Ledger
	return r, w.keep(in, r, p)
}

// noteLeft says in the entry of a log what was left of it.
func noteLeft(e *finding.Entry, left, end int64) {
	if left == 0 {
		return
	}
	r := ledger.Remarks{List: e.Notes}
	r.Add(finding.Remark{Code: codeLeft, Pos: parsers.Pos{Offset: end}, Count: 1,
		Reason: fmt.Sprintf("%d bytes of an unfinished line at its end were left for the next run", left)})
	r.Sort()
	e.Notes = r.List
}
