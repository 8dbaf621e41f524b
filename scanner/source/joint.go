package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// joined reads the pieces of one file.
func (w *walk) joined(n *node, in Input) error {
	j := &joint{n: n}
	for _, name := range in.pieces {
		info, err := os.Lstat(name)
		if err != nil {
			n.note(denied(err))
			w.done(&n.member)
			return w.err()
		}
		j.pieces = append(j.pieces, piece{name: name, at: j.size, before: info})
		j.size += info.Size()
	}
	defer j.close()
	d := newDigest(&evidence{w: w, r: j})
	t := newTape(d)
	defer t.release()
	t.at, t.size = j, j.size
	return w.read(n, t, d, j.tell)
}

// A piece is one file of a joint.
type piece struct {
	name   string
	at     int64 // in the whole
	before fs.FileInfo
	sum    string // of what was read of it; empty before that
}

// maxToldPieces is of how many pieces the digests are told.
const maxToldPieces = 100

// A joint is a file in pieces. It holds one of them open for Read and one for ReadAt.
type joint struct {
	n      *node
	pieces []piece
	size   int64

	next int // the piece that is read, while file is open; else the one to be opened
	file *os.File
	sum  hash.Hash
	read int64 // of file

	mu   sync.Mutex
	spot int // the piece that is open as any
	any  *os.File
}

// Read implements io.Reader.
func (j *joint) Read(p []byte) (int, error) {
	for j.next < len(j.pieces) {
		q := &j.pieces[j.next]
		if j.file == nil {
			f, err := openEvidence(q.name, false)
			if err != nil {
				return 0, err
			}
			j.file, j.sum, j.read = f, sha256.New(), 0
		}
		left := q.before.Size() - j.read
		n, err := j.file.Read(p[:min(int64(len(p)), left)])
		if n > 0 || err == nil && left > 0 {
			j.sum.Write(p[:n])
			j.read += int64(n)
			return n, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		q.sum = hex.EncodeToString(j.sum.Sum(nil))
		j.n.changed(q.before, j.file, j.read)
		j.file.Close() // read only: nothing can be lost
		j.file = nil
		j.next++
	}
	return 0, io.EOF
}

// tell tells of what the whole was put together from.
func (j *joint) tell() {
	var list []string
	for i := range j.pieces[:min(len(j.pieces), maxToldPieces)] {
		if q := &j.pieces[i]; q.sum != "" {
			list = append(list, show(filepath.Base(q.name))+" sha256 "+q.sum)
		}
	}
	if more := len(j.pieces) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("%d more", more))
	}
	j.n.note(Remark{Code: CodePieces, Bytes: j.size, Reason: fmt.Sprintf("%d files read as one: %s", len(j.pieces), strings.Join(list, ", "))})
}

// ReadAt implements io.ReaderAt.
func (j *joint) ReadAt(p []byte, at int64) (n int, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.pieces {
		q := &j.pieces[i]
		if from := at + int64(n) - q.at; from >= 0 && from < q.before.Size() && n < len(p) {
			if err := j.turn(i); err != nil {
				return n, err
			}
			m, err := j.any.ReadAt(p[n:n+int(min(int64(len(p)-n), q.before.Size()-from))], from)
			if n += m; err != nil && n < len(p) {
				return n, err
			}
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// turn opens a piece for ReadAt.
func (j *joint) turn(i int) error {
	if j.any != nil && j.spot == i {
		return nil
	}
	f, err := openEvidence(j.pieces[i].name, false)
	if err != nil {
		return err
	}
	if j.any != nil {
		j.any.Close() // read only: nothing can be lost
	}
	j.any, j.spot = f, i
	return nil
}

func (j *joint) close() {
	for _, f := range []*os.File{j.file, j.any} {
		if f != nil {
			f.Close() // read only: nothing can be lost
		}
	}
}
