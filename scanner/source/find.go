package source

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Find walks the arguments in order and calls visit for each input and remark
// for each thing that is not read, in an order that depends on the names
// alone: within a folder by name, rotated files oldest first.
//
// A link named as an argument is followed, one met in a folder is not. Regular
// files are opened, and pipes that were named ("-" is standard input); never a
// device. Of a file with several names (hard links) the first is read. Pieces of
// one archive are one input. Find holds the names of the folders it is in, not those of the tree.
//
// It returns an error only from visit or ctx.
func Find(ctx context.Context, args []string, visit func(Input) error, remark func(Skipped)) error {
	f := &findRun{ctx: ctx, visit: visit, remark: remark, roots: map[[2]uint64]string{}, shared: map[[2]uint64]string{},
		pieces: map[string][]string{}, within: map[string]bool{}}
	for _, a := range args {
		f.expect(a)
	}
	f.join(args)
	for _, a := range args {
		if err := f.argument(a); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// A findRun is one run of Find over its arguments.
type findRun struct {
	ctx    context.Context
	visit  func(Input) error
	remark func(Skipped)

	roots  map[[2]uint64]string // arguments by identity; "" before they are reached
	shared map[[2]uint64]string // files with several names: the first
	pieces map[string][]string  // of files that are to be read in pieces, by their clean names
	within map[string]bool      // the other pieces
	stdin  bool
}

// maxShared bounds what is remembered of files with several names. Beyond it
// a file may be read under two of them.
const maxShared = 1 << 20

// expect remembers an argument, so that what two of them contain is read once.
func (f *findRun) expect(arg string) {
	if info, err := os.Stat(arg); err == nil && arg != "-" {
		if id, _, ok := fileID(info); ok {
			f.roots[id] = ""
		}
	}
}

func (f *findRun) skip(path string, r Remark) { f.remark(Skipped{Path: path, Remark: r}) }

// argument takes what a user named: links and pipes of theirs are followed and read.
func (f *findRun) argument(arg string) error {
	if arg == "-" {
		if f.stdin {
			f.skip(arg, Remark{Code: CodeDuplicate, Reason: "standard input was named before"})
			return nil
		}
		f.stdin = true
		return f.visit(Input{Path: "-", Size: -1})
	}
	info, err := os.Stat(arg)
	if err != nil {
		f.skip(arg, denied(err))
		return nil
	}
	if f.wasFound(arg, info) {
		return nil
	}
	mode := info.Mode()
	switch {
	case f.within[filepath.Clean(arg)]:
		return nil // it is told of with the whole
	case mode.IsDir():
		return f.folder(arg, arg)
	case mode.IsRegular():
		return f.visit(f.input(Input{Path: arg, Size: info.Size(), name: arg, must: true}))
	case mode&fs.ModeNamedPipe != 0:
		return f.visit(Input{Path: arg, Size: -1, name: arg, pipe: true})
	}
	f.skip(arg, Remark{Code: CodeDevice, Gap: true, Reason: "it is a " + kindOf(mode) + "; only files, folders and pipes are read",
		Lift: "make an image of it and scan that"})
	return nil
}

// wasFound reports whether path is an argument that was read already, alone or as
// part of another one.
func (f *findRun) wasFound(path string, info fs.FileInfo) bool {
	id, _, ok := fileID(info)
	if !ok {
		return false
	}
	first, root := f.roots[id]
	if root && first != "" {
		f.skip(path, Remark{Code: CodeDuplicate, Reason: "it was already read as " + show(first)})
		return true
	}
	if root {
		f.roots[id] = path
	}
	return false
}

// folder visits what is in a folder. path is what is shown, name what is
// opened.
func (f *findRun) folder(path, name string) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	entries, err := readFolder(name)
	if err != nil {
		f.skip(path, denied(err)) // what could be read of it is in entries
	}
	inRotation(entries)
	f.joinFolder(name, entries)
	for _, e := range entries {
		if err := f.entry(join(path, e.Name()), filepath.Join(name, e.Name()), e); err != nil {
			return err
		}
	}
	return nil
}

// entry takes what lies in a folder, where neither is.
func (f *findRun) entry(path, name string, e fs.DirEntry) error {
	mode := e.Type()
	if mode&fs.ModeSymlink != 0 {
		f.skip(path, Remark{Code: CodeFSLink, Reason: "a symbolic link" + target(name) + "; links in a folder are not followed",
			Lift: "name it as an argument to have it followed"})
		return nil
	}
	if !mode.IsDir() && !mode.IsRegular() {
		f.skip(path, Remark{Code: CodeFSSpecial, Reason: "it is a " + kindOf(mode) + "; only files and folders are read"})
		return nil
	}
	info, err := infoOf(name, e)
	if err != nil {
		f.skip(path, denied(err))
		return nil
	}
	if f.wasFound(path, info) {
		return nil
	}
	if mode.IsDir() {
		return f.folder(path, name)
	}
	if f.within[name] {
		delete(f.within, name)
		return nil // it is told of with the whole
	}
	if f.otherName(path, info) {
		return nil
	}
	return f.visit(f.input(Input{Path: path, Size: info.Size(), name: name}))
}

// otherName reports whether the file was seen under another name.
func (f *findRun) otherName(path string, info fs.FileInfo) bool {
	id, shared, ok := fileID(info)
	if !ok || !shared {
		return false
	}
	if first, seen := f.shared[id]; seen {
		f.skip(path, Remark{Code: CodeHardlink, Reason: "another name of " + show(first) + ", which was read"})
		return true
	}
	if len(f.shared) < maxShared {
		f.shared[id] = path
	}
	return false
}

func target(name string) string {
	to, err := os.Readlink(name)
	if err != nil {
		return ""
	}
	return " to " + show(to)
}

// join puts a name below an argument as it was typed: "./x" stays "./x/y".
func join(path, name string) string {
	if strings.HasSuffix(path, string(filepath.Separator)) {
		return path + name
	}
	return path + string(filepath.Separator) + name
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "folder"
	case mode&fs.ModeSymlink != 0:
		return "symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode&fs.ModeCharDevice != 0:
		return "character device"
	case mode&fs.ModeDevice != 0:
		return "device"
	}
	return "special file"
}
