package echo

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"sync"

	"tideline/scanner/finding"
	"tideline/scanner/spill"
)

// quotes keep the evidence of hits that are kept as echoes, though a report may
// quote them: which of the acts without a principal belong to somebody, and are
// the first of a finding, is known when all logs are together. It lies in a
// temporary file, and few of it are ever read.
type quotes struct {
	mu      sync.Mutex
	file    *os.File // nil: all is in buf
	written int64
	buf     []byte
	words   map[string]uint64 // names of fields, and patterns: as many as rules have
	byWord  []string
}

const (
	// quoteBuffer is how much is gathered before it is written.
	quoteBuffer = 256 << 10
	// quoteHead is the size of what stands before each: the length of the rest.
	quoteHead = 4
)

// Of how the record of a quote is written down.
const (
	quoteCut = 1 << iota
	quoteBase64
)

// keep returns where the evidence of h is from now on.
func (q *quotes) keep(h *finding.Hit) (finding.Quote, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	at := q.written + int64(len(q.buf))
	b := append(q.buf, make([]byte, quoteHead)...)
	raw, how := h.Raw, byte(0)
	if h.RawCut {
		how |= quoteCut
	}
	if h.RawBase64 != "" {
		raw, how = h.RawBase64, how|quoteBase64
	}
	b = append(binary.AppendUvarint(append(b, how), uint64(len(raw))), raw...)
	for _, m := range h.Matched {
		b = binary.AppendUvarint(binary.AppendUvarint(b, q.word(m.Field)), q.word(m.Pattern))
		b = append(binary.AppendUvarint(b, uint64(len(m.Value))), m.Value...)
	}
	binary.LittleEndian.PutUint32(b[at-q.written:], uint32(int64(len(b))-(at-q.written)-quoteHead))
	if q.buf = b; len(b) < quoteBuffer {
		return finding.Quote{In: q, At: at}, nil
	}
	return finding.Quote{In: q, At: at}, q.flush()
}

func (q *quotes) word(s string) uint64 {
	i, ok := q.words[s]
	if !ok {
		if q.words == nil {
			q.words = map[string]uint64{}
		}
		i = uint64(len(q.byWord))
		q.words[s], q.byWord = i, append(q.byWord, s)
	}
	return i
}

func (q *quotes) flush() (err error) {
	if q.file == nil {
		if q.file, err = spill.UnnamedFile(); err != nil {
			return err
		}
	}
	n, err := q.file.Write(q.buf)
	q.written += int64(n)
	if err != nil {
		return spill.NoRoom("write temporary file", err)
	}
	q.buf = q.buf[:0]
	return nil
}

// Recall implements finding.Quotes.
func (q *quotes) Recall(at int64, h *finding.Hit) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	b, err := q.read(at)
	if err != nil {
		return fmt.Errorf("read temporary file: %w", err)
	}
	how, b := b[0], b[1:]
	raw := string(lengthened(&b))
	h.Raw, h.RawBase64, h.RawCut, h.Matched = raw, "", how&quoteCut != 0, nil
	if how&quoteBase64 != 0 {
		h.Raw, h.RawBase64 = "", raw
	}
	for len(b) > 0 {
		field, pattern := uvarint(&b), uvarint(&b)
		h.Matched = append(h.Matched, finding.Match{Field: q.byWord[field], Pattern: q.byWord[pattern], Value: string(lengthened(&b))})
	}
	return nil
}

// read returns what was kept at an offset. It is borrowed until the next keep.
func (q *quotes) read(at int64) ([]byte, error) {
	if at >= q.written {
		b := q.buf[at-q.written:]
		return b[quoteHead : quoteHead+binary.LittleEndian.Uint32(b)], nil
	}
	var head [quoteHead]byte
	if _, err := q.file.ReadAt(head[:], at); err != nil {
		return nil, err
	}
	b := make([]byte, binary.LittleEndian.Uint32(head[:]))
	_, err := io.ReadFull(io.NewSectionReader(q.file, at+quoteHead, int64(len(b))), b)
	return b, err
}

func uvarint(b *[]byte) uint64 {
	x, n := binary.Uvarint(*b)
	*b = (*b)[n:]
	return x
}

// lengthened takes bytes that have their number in front.
func lengthened(b *[]byte) []byte {
	n := uvarint(b)
	out := (*b)[:n]
	*b = (*b)[n:]
	return out
}

func (q *quotes) close() error {
	q.buf = nil
	if q.file == nil {
		return nil
	}
	return q.file.Close()
}
