package source

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// An archive that is too large to be sent comes in pieces, each a file of its own:
//
//	must-gather.tar.gz.part-aa  must-gather.tar.gz.part-ab      split(1)
//	b.tar.00  b.tar.01                                          split -d
//	case.7z.001  case.7z.002                                    7-Zip, also for zip
//	case.z01  case.z02  case.zip                                zip -s
//
// Those that lie side by side are read as the one file that they were. Names alone do
// not make pieces: see areOneFile. A log that was split is none, for each part of it is a
// log.

// maxPieces is of how many pieces one file is put together.
const maxPieces = 10_000

// piecesOf lists the files that a file is to be read with, in order, itself among
// them; nil if it is to be read alone. name is what split and 7-Zip call the first
// piece, and zip the last.
func piecesOf(name string) []string {
	if isZipName(name) {
		names := series(name[:len(name)-2] + "01")
		if len(names) == 0 || !beginsWith(names[0], "PK\x07\x08") {
			return nil
		}
		return append(names, name)
	}
	if !startsSeries(name) {
		return nil
	}
	if names := series(name); len(names) > 1 && areOneFile(names) {
		return names
	}
	return nil
}

func isZipName(name string) bool {
	return strings.HasSuffix(name, ".zip") || strings.HasSuffix(name, ".ZIP")
}

// startsSeries reports whether a name may be that of a first piece.
func startsSeries(name string) bool {
	n := len(name)
	if n < 3 {
		return false
	}
	switch name[n-1] {
	case 'a':
		return name[n-2] == 'a'
	case '0', '1':
		for n > 0 && name[n-1] == '0' || n == len(name) {
			n--
		}
		return len(name)-n >= 2 && n > 0 && (name[n-1] < '0' || name[n-1] > '9')
	}
	return false
}

// series lists the regular files from a first name on, up to the first that is not
// there.
func series(name string) []string {
	var names []string
	for name != "" && len(names) < maxPieces && isFile(name) {
		names = append(names, name)
		if next := nextPiece(name); next == "" || isFile(next) {
			name = next
		} else {
			name = widerPiece(name)
		}
	}
	return names
}

func isFile(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// nextPiece counts on the digits or letters at the end of a name; "" if there is no
// next.
func nextPiece(name string) string {
	b := []byte(name)
	first, last := byte('0'), byte('9')
	if c := b[len(b)-1]; c >= 'a' {
		first, last = 'a', 'z'
	}
	for i := len(b) - 1; i >= 0 && first <= b[i] && b[i] <= last; i-- {
		if b[i] < last {
			b[i]++
			return string(b)
		}
		b[i] = first
	}
	return ""
}

// widerPiece is the name that split makes when it runs out of short ones.
func widerPiece(name string) string {
	for _, turn := range [][2]string{{"yz", "zaaa"}, {"zyzz", "zzaaaa"}, {"89", "9000"}, {"9899", "990000"}} {
		if stem, ok := strings.CutSuffix(name, turn[0]); ok {
			return stem + turn[1]
		}
	}
	return ""
}

// areOneFile reports whether files whose names are a series were one: all are of one
// size but the last, which is not larger; the first begins as something that is
// unpacked, and the second not as another of it, as members of a rotation would.
func areOneFile(names []string) bool {
	size := int64(-1)
	for i, name := range names {
		info, err := os.Lstat(name)
		switch {
		case err != nil || info.Size() == 0:
			return false
		case i == 0:
			size = info.Size()
		case info.Size() > size || info.Size() < size && i < len(names)-1:
			return false
		}
	}
	first, ok := identityOf(names[0])
	if !ok || first.codec == nil && first.container == noContainer {
		return false
	}
	second, ok := identityOf(names[1])
	return ok && (first.codec == nil || second.codec != first.codec) && (first.container == noContainer || second.container != first.container)
}

// identityOf is what a file begins as; false if that cannot be found out.
func identityOf(name string) (id identity, ok bool) {
	f, err := openEvidence(name, false)
	if err != nil {
		return id, false
	}
	defer f.Close() // read only: nothing can be lost
	t := newTape(f)
	defer t.release()
	id = identify(t)
	return id, t.failure() == nil
}

func beginsWith(name, magic string) bool {
	f, err := openEvidence(name, false)
	if err != nil {
		return false
	}
	defer f.Close() // read only: nothing can be lost
	head := make([]byte, len(magic))
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == magic
}

// joinFolder is join for what lies in a folder.
func (f *findRun) joinFolder(folder string, entries []fs.DirEntry) {
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && (isZipName(e.Name()) || startsSeries(e.Name())) {
			names = append(names, filepath.Join(folder, e.Name()))
		}
	}
	f.join(names)
}

// join finds out which of some files are pieces, so that each is read in its place.
func (f *findRun) join(names []string) {
	for _, name := range names {
		pieces := piecesOf(name)
		if pieces == nil {
			continue
		}
		f.pieces[filepath.Clean(name)] = pieces
		for _, p := range pieces {
			if p = filepath.Clean(p); p != filepath.Clean(name) {
				f.within[p] = true
			}
		}
	}
}

// input is a regular file, with the pieces that belong to it.
func (f *findRun) input(in Input) Input {
	pieces := f.pieces[filepath.Clean(in.name)]
	if pieces == nil {
		return in
	}
	in.pieces, in.Size = pieces, 0
	for _, name := range pieces {
		if info, err := os.Lstat(name); err == nil { // who reads it says what is wrong with it
			in.Size += info.Size()
		}
	}
	return in
}

// Apart are the files that an input is put together from, as inputs of their own; in
// itself, if it is one file.
func (in Input) Apart() []Input {
	if in.pieces == nil {
		return []Input{in}
	}
	var all []Input
	for _, name := range in.pieces {
		one := Input{Path: join(filepath.Dir(in.Path), filepath.Base(name)), name: name, must: in.must}
		if filepath.Clean(name) == filepath.Clean(in.name) {
			one.Path = in.Path
		}
		if info, err := os.Lstat(name); err == nil { // who reads it says what is wrong with it
			one.Size = info.Size()
		}
		all = append(all, one)
	}
	return all
}
